/**
 * MIGRATE between servers: ours and redis-server, in both directions, and what goes wrong on the way.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fromBuffer } from '../../src/base/bytes.ts'
import { type Database, open } from '../../src/index.ts'
import { readPayload } from '../../src/rdb/dump.ts'
import { FakeServer } from '../backends/fake-server.ts'
import { serve } from '../clients/served.ts'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import { textOf } from '../rdb/text-of.ts'

const FAR_MS = 4_102_444_800_000

/** The payloads may differ where both compress, so what they say is compared. */
const valuesOf = (db: Database, keys: readonly string[]): Promise<string[]> =>
  Promise.all(keys.map(async (key) => textOf(readPayload(fromBuffer((await db.buffers.dump(key)) ?? Buffer.of()))!)))

describe.skipIf(oracleMissing)('MIGRATE', () => {
  const ours = serve()
  const other = serve()
  let theirs: OracleServer
  let target: OracleServer
  beforeAll(async () => {
    theirs = await OracleServer.start()
    target = await OracleServer.start(['--requirepass', 'pw'])
  })
  afterAll(() => Promise.all([theirs.stop(), target.stop()]))

  /** What a source answers to lines in which PORT stands for the target's. */
  async function answers(port: number, lines: readonly string[]): Promise<string[]> {
    await using db = await open(`redis://127.0.0.1:${port}`)
    await using there = await open(`redis://:pw@127.0.0.1:${target.port}`)
    await db.flushall()
    await there.flushall()
    const said: string[] = []
    for (const line of lines) {
      const words = line.replaceAll('PORT', `${target.port}`).split(' ')
      const on = words[0] === 'there' ? there : db
      const argv = on === there ? words.slice(1) : words
      const reply = await on
        .call(...argv.map((word) => (word === "''" ? '' : word)))
        .catch((error: Error) => error.message)
      said.push(`${line}: ${JSON.stringify(reply)}`)
    }
    return said
  }

  test('answers and leaves behind what redis-server does', async () => {
    const lines = [
      'SET k v',
      'MIGRATE 127.0.0.1 PORT k 0 1000',
      'MIGRATE 127.0.0.1 PORT k 0 1000 AUTH bad',
      'MIGRATE 127.0.0.1 PORT k 99 1000 AUTH pw',
      'MIGRATE 127.0.0.1 PORT k 0 1000 AUTH pw COPY',
      'MIGRATE 127.0.0.1 PORT k 0 1000 AUTH pw COPY',
      'MIGRATE 127.0.0.1 PORT k 0 1000 AUTH pw COPY REPLACE',
      'EXISTS k',
      'MIGRATE 127.0.0.1 1 k 0 1000',
      'MIGRATE nohost.invalid 1 k 0 1000',
      'MIGRATE 127.0.0.1 70000 k 0 1000',
      'MIGRATE 127.0.0.1 xx k 0 1000',
      'MIGRATE 127.0.0.1 PORT k 0 -5 AUTH pw',
      'MIGRATE 127.0.0.1 PORT k 0 0 AUTH2 default pw REPLACE AUTH pw',
      'EXISTS k',
      'MSET a 1 b 2 c 3',
      'PEXPIREAT c 4102444800000',
      'there SET b 9',
      "MIGRATE 127.0.0.1 PORT '' 0 1000 AUTH pw KEYS a b c nope a",
      'KEYS *',
      'there MGET a b c k',
      'there TTL a',
      'RPUSH l 1 2 3',
      'MIGRATE 127.0.0.1 PORT l 3 1000 AUTH pw',
      'there EXISTS l',
      'there SWAPDB 0 3',
      'there LRANGE l 0 -1',
    ]
    expect(await answers(ours.port, lines)).toEqual(await answers(theirs.port, lines))
  })

  test.each(['to redis-server', 'from redis-server', 'among our own'])(
    '%s every type arrives as it was',
    async (way) => {
      const fromPort = way === 'from redis-server' ? theirs.port : ours.port
      const toPort = way === 'to redis-server' ? theirs.port : other.port
      await using from = await open(`redis://127.0.0.1:${fromPort}`)
      await using to = await open(`redis://127.0.0.1:${toPort}`)
      await Promise.all([from.flushall(), to.flushall()])
      await from.set('string', '1'.repeat(1000))
      await from.rpush('list', ['a', '1', 'x'.repeat(100)])
      await from.sadd('set', ['1', '2', 'three'])
      await from.hset('hash', { f: 'v', g: '2' })
      await from.zadd('zset', { a: 1.5, b: -1 })
      await from.xadd('stream', '1-1', { f: 'v' })
      await from.call('XGROUP', 'CREATE', 'stream', 'g', '0')
      await from.pexpireat('hash', FAR_MS)
      const keys = ['string', 'list', 'set', 'hash', 'zset', 'stream']
      const values = await valuesOf(from, keys)
      expect(await from.call('MIGRATE', '127.0.0.1', toPort, '', 0, 5000, 'KEYS', ...keys)).toBe('OK')
      expect(await from.dbsize()).toBe(0)
      expect(await valuesOf(to, keys)).toEqual(values)
      // The time to live travels as a difference, as in Redis.
      expect(Math.round(Number(await to.call('PEXPIRETIME', 'hash')) / 60_000)).toBe(FAR_MS / 60_000)
    },
  )
})

describe('on its way', () => {
  test('a key that changes is sent again, one that is removed is removed there', async () => {
    await using db = await open()
    await db.mset({ changes: 'old', goes: 'old', stays: 'v' })
    let rounds = 0
    // Between a key's arrival and its answer someone writes.
    const fake = await FakeServer.start((words) => {
      if (words[0] === 'SELECT' && rounds++ === 0) {
        db.sync.set('changes', 'new')
        db.sync.del('goes')
      }
      return words[0] === 'DEL' ? ':1\r\n' : '+OK\r\n'
    })
    try {
      expect(await db.migrate('127.0.0.1', fake.port, '', 0, 5000, { keys: ['changes', 'goes', 'stays'] })).toBe('OK')
      expect(await db.dbsize()).toBe(0)
      expect(
        fake.heard.map((line) =>
          line
            .replaceAll(/[^ -~]/g, '.')
            .split(' ')
            .slice(0, 2)
            .join(' '),
        ),
      ).toEqual([...['SELECT 0', 'RESTORE changes', 'RESTORE goes', 'RESTORE stays', 'RESTORE changes', 'DEL goes']])
      expect(fake.heard[4]).toMatch(/new.*REPLACE$/s)
    } finally {
      await fake.stop()
    }
  })

  test('keys that have left are reported: to watchers, to subscribers, to the log', async () => {
    await using db = await open('memory:', { engine: { config: { 'notify-keyspace-events': 'KEA' } } })
    const fake = await FakeServer.start((words) => (words[1] === 'refused' ? '-ERR no\r\n' : '+OK\r\n'))
    try {
      await db.mset({ k: 'v', refused: 'v' })
      await using events = await db.psubscribe('__keyevent@*__:del')
      const heard = events[Symbol.asyncIterator]()
      await expect(db.call('MIGRATE', '127.0.0.1', fake.port, '', 0, 5000, 'KEYS', 'k', 'refused')).rejects.toThrow(
        'ERR Target instance replied with error: ERR no',
      )
      expect((await heard.next()).value).toMatchObject({ message: 'k' })
      expect(await db.keys('*')).toEqual(['refused'])
    } finally {
      await fake.stop()
    }
  })

  test('a server that is silent, or goes, leaves the key here', async () => {
    await using db = await open()
    await db.set('k', 'v')
    const silent = await FakeServer.start(() => undefined)
    const leaving = await FakeServer.start((_, socket) => {
      socket.destroy()
      return undefined
    })
    try {
      for (const [port, timeoutMs] of [
        [silent.port, 30],
        [leaving.port, 60_000],
      ] as const) {
        await expect(db.migrate('127.0.0.1', port, 'k', 0, timeoutMs)).rejects.toThrow(
          'IOERR error or timeout reading to target instance',
        )
      }
      expect(await db.get('k')).toBe('v')
    } finally {
      await Promise.all([silent.stop(), leaving.stop()])
    }
  })

  test('nobody waits inside MULTI', async () => {
    await using db = await open()
    await db.set('k', 'v')
    const [reply] = await db.multi().migrate('127.0.0.1', 1, 'k', 0, 1000).exec()
    expect(String(reply)).toContain('MIGRATE waits for another server')
  })

  test('whoever may not touch a key cannot send it away behind another word', async () => {
    await using db = await open()
    const { url } = await db.listen()
    await db.call('ACL', 'SETUSER', 'app', 'on', '>pw', '~app:*', '+@all')
    await using app = await open(url.replace('//', '//app:pw@'))
    await db.mset({ secret: 'v', 'app:1': 'v' })
    const send = (...words: string[]): Promise<unknown> => app.call('MIGRATE', '127.0.0.1', 1, ...words)
    await expect(send('', '0', '100', 'KEYS', 'secret', 'KEYS', 'app:1')).rejects.toThrow('NOPERM')
    await expect(send('secret', '0', '100')).rejects.toThrow('NOPERM')
    await expect(send('', '0', '100', 'KEYS', 'app:1')).rejects.toThrow('IOERR')
  })
})
