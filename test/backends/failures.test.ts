/** What goes wrong between us and a server ends in an error that says so, and nothing hangs. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Session } from '../../src/backend/backend.ts'
import { backendAt } from '../../src/backend/redis/open-redis.ts'
import { RedisBackend } from '../../src/backend/redis/redis-backend.ts'
import { raw } from '../../src/base/bytes.ts'
import { type Database, open } from '../../src/index.ts'
import { oracleMissing } from '../oracle/available.ts'
import { freePort } from '../oracle/redis-server.ts'
import { type Answer, FakeServer } from './fake-server.ts'
import { eventually, RedisProcess } from './redis-process.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** A fake server and a database on it, both ended with the test. */
async function fake(answer: Answer, options: Parameters<typeof open>[1] = {}) {
  const server = await FakeServer.start(answer)
  ends.push(() => server.stop())
  const db = await open(server.url, options)
  ends.push(() => db.close())
  return { server, db }
}

const LOST = { name: 'BackendError', code: 'CONNECTION_LOST' }

describe('a store that is not there', () => {
  test('is unreachable at once, by every kind of URL', async () => {
    const port = await freePort()
    const urls = [
      `redis://user:secret@127.0.0.1:${port}`,
      `rediss://127.0.0.1:${port}`,
      `unix:${join(tmpdir(), 'no-such-socket')}`,
      `redis+sentinel://127.0.0.1:${port}/mymaster`,
      `redis+cluster://127.0.0.1:${port},127.0.0.1:${port}`,
    ]
    for (const url of urls) {
      const failed = open(url)
      await expect(failed).rejects.toMatchObject({ name: 'BackendError', code: 'UNREACHABLE' })
      await expect(failed).rejects.not.toThrow(/secret/)
    }
  })

  test('is unreachable in time when it accepts and says nothing', async () => {
    const server = await FakeServer.start((_, socket) => void socket.pause())
    ends.push(() => server.stop())
    const silent = open(`${server.url}/1`, { connectTimeoutMs: 150 })
    await expect(silent).rejects.toMatchObject({ code: 'UNREACHABLE', message: /150 ms/ })
  })

  test('may be opened before it is there, when lazily', async () => {
    const port = await freePort()
    const db = await open(`redis://127.0.0.1:${port}`, { lazy: true, connectTimeoutMs: 100 })
    await expect(db.get('k')).rejects.toMatchObject({ code: 'UNREACHABLE' })
    const server = await FakeServer.start(() => '$1\r\nv\r\n', port)
    ends.push(() => server.stop())
    expect(await db.get('k')).toBe('v')
    await db.close()
  })

  test('ends what waits for it when the database is closed', async () => {
    const db = await open(`redis://127.0.0.1:${await freePort()}`, { lazy: true })
    const calls = [
      db.get('k'),
      db.blpop('l', 0),
      db.multi().get('k').exec(),
      db.transaction('k', async (tx) => tx.multi()),
    ]
    const rejected = Promise.all(calls.map((call) => expect(call).rejects.toMatchObject({ code: 'CLOSED' })))
    await sleep(60)
    await db.close()
    await rejected
  })
})

describe('a URL', () => {
  test.each([
    ['redis://a:b@:port', 'no host:port'],
    ['redis://a:secret@h:1/x', 'number of a database'],
    ['redis://h:1,h:2', 'redis+cluster:'],
    ['redis+sentinel://h:1', 'name of the master'],
    ['redis+cluster://h:1/2', 'only database 0'],
    ['redis://h?db=1', 'options of open'],
    ['redis:h', 'redis://host'],
    ['unix:', 'path of a socket'],
    ['redis://%zz@h', 'no escape'],
  ])('%s says what is wrong with it', async (url, why) => {
    const opened = open(url)
    await expect(opened).rejects.toMatchObject({ code: 'UNSUPPORTED', message: expect.stringContaining(why) })
    await expect(opened).rejects.not.toThrow(/secret/)
  })
})

describe('what is no reply', () => {
  test('to a command, is an unexpected reply; the next call has a new connection', async () => {
    let calls = 0
    const { db } = await fake(() => (calls++ === 0 ? 'HTTP/1.1 400 Bad Request\r\n\r\n' : '+OK\r\n'))
    await expect(db.set('k', 'v')).rejects.toMatchObject({ code: 'UNEXPECTED_REPLY', message: /not Redis' protocol/ })
    expect(await db.set('k', 'v')).toBe('OK')
  })

  test('of the right shape, is an unexpected reply', async () => {
    const { db } = await fake(() => '*1\r\n$1\r\na\r\n')
    await expect(db.get('k')).rejects.toMatchObject({
      code: 'UNEXPECTED_REPLY',
      message: 'GET was answered by 1 items in place of a string',
    })
    await expect(db.pipeline().incr('k').exec()).rejects.toMatchObject({ code: 'UNEXPECTED_REPLY' })
  })

  test('to anything asked, ends the connection before it is taken for another', async () => {
    const { db } = await fake(([name]) => (name === 'SET' ? '+OK\r\n+OK\r\n' : '$1\r\nv\r\n'))
    await db.set('k', 'v')
    await sleep(20)
    expect(await db.get('k')).toBe('v')
  })

  test('in time, is a lost connection; later calls are answered by their own replies', async () => {
    const late: Answer = ([name], socket) => {
      if (name !== 'INCR') return '$1\r\nv\r\n'
      setTimeout(() => socket.write(':1\r\n'), 120)
      return undefined
    }
    const { db } = await fake(late, { commandTimeoutMs: 50 })
    await expect(db.incr('n')).rejects.toMatchObject({ code: 'CONNECTION_LOST', message: /50 ms/ })
    await sleep(120)
    expect(await db.get('k')).toBe('v')
  })
})

describe('a connection that ends', () => {
  test('in the middle of a pipeline rejects all of it, and nothing is sent again', async () => {
    let writes = 0
    const { db, server } = await fake((_, socket) => {
      if (++writes === 3) socket.destroy()
      return '+OK\r\n'
    })
    const queue = db.pipeline()
    for (let i = 0; i < 10; i++) queue.set(`k${i}`, i)
    await expect(queue.exec()).rejects.toMatchObject(LOST)
    const calls = [db.get('a'), db.set('b', 1)]
    await Promise.allSettled(calls)
    expect(server.heard.filter((line) => line === 'SET k0 0')).toEqual(['SET k0 0'])
  })

  test('is replaced: reads are sent again, writes are not', async () => {
    let lives = 0
    const { db, server } = await fake(([name], socket) => {
      if (name === 'SELECT') return '+OK\r\n'
      if (lives++ < 2) return void socket.destroy()
      return name === 'GET' ? '$1\r\nv\r\n' : ':1\r\n'
    })
    expect(await db.get('k')).toBe('v')
    expect(server.heard).toEqual(['GET k', 'GET k', 'GET k'])
    lives = 0
    await expect(db.incr('n')).rejects.toMatchObject(LOST)
    await expect(db.multi().incr('n').exec()).rejects.toMatchObject(LOST)
    expect(await db.incr('n')).toBe(1)
  })

  test('again and again is given up', async () => {
    const { db, server } = await fake((_, socket) => void socket.destroy())
    await expect(db.get('k')).rejects.toMatchObject(LOST)
    expect(server.heard.length).toBeLessThan(6)
  })
})

describe.skipIf(oracleMissing)('redis-server', () => {
  let server: RedisProcess
  let url: string
  beforeAll(async () => {
    server = await RedisProcess.start(['requirepass right', 'user ada on >secret ~* +@all'])
    url = `127.0.0.1:${server.port}`
  })
  afterAll(() => server.stop())

  async function opened(): Promise<Database> {
    const db = await open(`redis://:right@${url}`, { connectTimeoutMs: 5000 })
    ends.push(() => db.close())
    return db
  }

  test('that wants another password says so in its own words', async () => {
    await expect(open(`redis://:wrong@${url}`)).rejects.toMatchObject({ name: 'RedisError', code: 'WRONGPASS' })
    await expect(open(`redis://${url}`)).rejects.toMatchObject({ name: 'RedisError', code: 'NOAUTH' })
    await expect(open(`redis+cluster://${url}`)).rejects.toMatchObject({ code: 'NOAUTH' })
    await expect(open(`redis://:right@${url}/99`)).rejects.toMatchObject({ message: 'ERR DB index is out of range' })
    await expect(open(`redis+cluster://:right@${url}`)).rejects.toMatchObject({ message: /cluster support disabled/ })
    await using db = await open(`redis://ada:secret@${url}`)
    expect(await db.acl_whoami()).toBe('ada')
    await using other = await open(`redis://${url}`, { username: 'ada', password: 'secret', connectionName: 'mine' })
    expect(await other.client_getname()).toBe('mine')
  })

  test('that denies MULTI refuses the unit, though its commands have run: the guide says so', async () => {
    const admin = await opened()
    await admin.acl_setuser('bob', ['on', '>secret', '~*', '+@all', '-multi'])
    await using db = await open(`redis://bob:secret@${url}`)
    await expect(db.multi().set('bob', 'was here').exec()).rejects.toMatchObject({ code: 'NOPERM' })
    expect(await db.get('bob')).toBe('was here')
  })

  test('that is killed in the middle of a pipeline rejects it, and is used again when it is back', async () => {
    const db = await opened()
    await db.set('k', 'v')
    const waiting = db.blpop('l', 0)
    await eventually('BLPOP waits', async () => /cmd=blpop/.test(await db.client_list()))
    server.signal('SIGSTOP')
    const queue = db.pipeline()
    for (let i = 0; i < 1000; i++) queue.incr('n')
    const written = queue.exec()
    const read = db.get('none')
    const failed = [expect(written).rejects.toMatchObject(LOST), expect(waiting).rejects.toMatchObject(LOST)]
    await sleep(50)
    await server.kill()
    await Promise.all(failed)
    await server.start()
    expect(await read).toBeNull()
    expect(await db.incr('n')).toBe(1)
  })

  test('that has not a command yet says which version brought it', async () => {
    const db = await opened()
    await expect(db.hexpire('h', 10, 'f')).rejects.toMatchObject({
      name: 'RedisError',
      message: /^ERR unknown command 'HEXPIRE'.* \(HEXPIRE came with Redis 7\.4\.0; this server is 7\.0\.\d+\)$/,
    })
    const [ttl] = await db.pipeline().httl('h', 'f').exec()
    expect(ttl).toMatchObject({ message: /came with Redis 7\.4/ })
  })

  test('gives a session its messages, in our own form, and its end', async () => {
    const backend = await backendAt(`redis://:right@${url}`, {})
    ends.push(() => backend.close())
    expect(backend).toBeInstanceOf(RedisBackend)
    const session: Session = await backend.session()
    const pushed: unknown[] = []
    session.onPush = ({ items }) => pushed.push(items.map(String))
    const end = new Promise<Error>((resolve) => {
      session.onEnd = resolve
    })
    const say = (...words: string[]) => session.call(undefined, words.map(raw))
    expect(await say('SUBSCRIBE', 'a', 'b')).toMatchObject({
      items: [{ items: ['subscribe', 'a', 1] }, { items: ['subscribe', 'b', 2] }],
    })
    expect(await say('PSUBSCRIBE', '\xff*')).toMatchObject({ items: [{ items: ['psubscribe', '\xff*', 3] }] })
    expect(await say('GET', 'k')).toMatchObject({ code: 'ERR' })
    const db = await opened()
    await db.publish('a', Buffer.from([0, 255]))
    await db.publish(Buffer.from([255, 1]), 'x')
    await eventually('messages', () => pushed.length === 2)
    expect(pushed).toEqual([
      ['message', 'a', '\0\xff'],
      ['pmessage', '\xff*', '\xff\x01', 'x'],
    ])
    expect(await say('UNSUBSCRIBE')).toMatchObject({
      items: [{ items: ['unsubscribe', 'a', 2] }, { items: ['unsubscribe', 'b', 1] }],
    })
    expect(await say('UNSUBSCRIBE')).toMatchObject({ items: ['unsubscribe', null, 1] })
    expect(await say('PUNSUBSCRIBE', '\xff*')).toMatchObject({ items: [{ items: ['punsubscribe', '\xff*', 0] }] })
    expect(await say('GET', 'none')).toBeNull()
    await db.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    expect(await end).toMatchObject(LOST)
    await expect(say('PING')).rejects.toMatchObject({ name: 'BackendError' })
  })
})
