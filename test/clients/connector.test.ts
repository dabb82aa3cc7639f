/** ioredis over a connector: a store of this process, lent without a socket, is taken for a server. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, open } from '../../src/index.ts'

let db: Database
const opened: Redis[] = []
beforeEach(async () => {
  db = await open()
})
afterEach(async () => {
  for (const each of opened.splice(0)) each.disconnect()
  await db.close()
})

function client(options = {}): Redis {
  const redis = new Redis({ Connector: db.connector(), ...options })
  redis.on('error', () => undefined)
  opened.push(redis)
  return redis
}

test('it reads and writes the same data, bytes as they are, without a socket', async () => {
  const redis = client()
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
  expect(await redis.set('k', bytes)).toBe('OK')
  expect(await db.buffers.get('k')).toEqual(bytes)
  await db.hset('h', { name: 'Ada' })
  expect(await redis.hgetall('h')).toEqual({ name: 'Ada' })
  expect(await redis.client('INFO')).toMatch(/ addr=embedded:1 .* fd=-1 .* resp=2/)
})

test('a thousand calls and a pipeline are answered in order; large values come whole', async () => {
  const redis = client()
  const numbers = await Promise.all(Array.from({ length: 1000 }, () => redis.incr('n')))
  expect(numbers).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1))
  const pipeline = redis.pipeline()
  for (let i = 0; i < 1000; i++) pipeline.rpush('l', i).incr('h')
  await redis.lpush('h', 'no number')
  const replies = await pipeline.exec()
  expect(replies?.map(([error, reply]) => error?.message.split(' ')[0] ?? reply).slice(-2)).toEqual([1000, 'WRONGTYPE'])
  const large = Buffer.alloc(8_000_000, 'abc')
  await redis.set('large', large)
  const [one, two] = await Promise.all([redis.getBuffer('large'), redis.getBuffer('large')])
  expect(one!.equals(large) && two!.equals(large)).toBe(true)
})

test('duplicates wait, watch and listen on connections of their own', async () => {
  const redis = client()
  const [waiter, listener] = [redis.duplicate(), redis.duplicate()]
  opened.push(waiter, listener)
  const popped = waiter.blpop('jobs', 0)
  const heard: string[] = []
  listener.on('message', (channel, message) => heard.push(`${channel}: ${message}`))
  await listener.subscribe('news')
  expect(await redis.rpush('jobs', 'a')).toBe(1)
  expect(await popped).toEqual(['jobs', 'a'])
  expect(await db.publish('news', 'hello')).toBe(1)
  await expect.poll(() => heard).toEqual(['news: hello'])
  await redis.watch('w')
  await db.set('w', 'theirs')
  expect(await redis.multi().set('w', 'mine').exec()).toBeNull()
})

test('quit is answered, disconnect is heard, and both end the connection here', async () => {
  const [one, two] = [client(), client()]
  await Promise.all([one.ping(), two.ping()])
  const waiting = expect(two.blpop('l', 0)).rejects.toThrow(/closed/)
  const ended = Promise.all([one, two].map((each) => new Promise<void>((resolve) => each.once('end', resolve))))
  expect(await one.quit()).toBe('OK')
  two.disconnect()
  await waiting
  await ended
  expect(
    String(await db.call('CLIENT', 'LIST'))
      .trim()
      .split('\n'),
  ).toHaveLength(1)
  await one.connect()
  expect(await one.ping()).toBe('PONG')
})

test('disconnected before it connected, it is not connected', async () => {
  const redis = client()
  redis.disconnect()
  await new Promise<void>((resolve) => redis.once('end', resolve))
  expect(
    String(await db.call('CLIENT', 'LIST'))
      .trim()
      .split('\n'),
  ).toHaveLength(1)
})

test('a killed client connects anew, subscribes again, and repeats what was not answered', async () => {
  const redis = client()
  const heard: string[] = []
  const listener = client()
  listener.on('message', (_, message) => heard.push(message))
  await listener.subscribe('news')
  const popped = redis.blpop('l', 0)
  await redis.duplicate().quit()
  await expect.poll(async () => String(await db.call('CLIENT', 'LIST')).includes('cmd=blpop')).toBe(true)
  await db.call('CLIENT', 'KILL', 'SKIPME', 'YES')
  await expect.poll(() => db.publish('news', 'again')).toBe(1)
  await db.rpush('l', 'late')
  expect(await popped).toEqual(['l', 'late'])
  await expect.poll(() => heard).toContain('again')
})

test('a password, a user, a name and a database are given as to any server', async () => {
  await db.call('CONFIG', 'SET', 'requirepass', 'secret')
  const redis = client({ password: 'secret', db: 3, connectionName: 'me' })
  expect(await redis.client('INFO')).toMatch(/name=me .* db=3 /)
  await expect(client({ retryStrategy: null }).get('k')).rejects.toThrow(/NOAUTH/)
  await expect(client({ password: 'wrong', retryStrategy: null }).get('k')).rejects.toThrow()
})

test('what has waited and what comes later is refused when the store is closed, and nobody tries again', async () => {
  const redis = client()
  await redis.ping()
  const waiting = expect(redis.blpop('l', 0)).rejects.toThrow(/closed/)
  const ended = new Promise<void>((resolve) => redis.once('end', resolve))
  await db.close()
  await ended
  await waiting
  await expect(redis.ping()).rejects.toThrow(/closed/)
})

test('too many clients are told so', async () => {
  await db.call('CONFIG', 'SET', 'maxclients', '1')
  await client().ping()
  await expect(client({ retryStrategy: null, maxRetriesPerRequest: 0 }).ping()).rejects.toThrow()
  expect(String(await db.info('stats'))).toMatch(/rejected_connections:[1-9]/)
})

test("a slow reader stops the writer, and its buffers are limited as anyone's", async () => {
  await db.call('CONFIG', 'SET', 'client-output-buffer-limit', 'normal 4mb 0 0')
  const redis = client({ retryStrategy: null })
  await redis.ping()
  await db.set('large', 'x'.repeat(1_000_000))
  const { stream } = redis as unknown as { stream: NodeJS.ReadableStream }
  stream.pause()
  const replies = Promise.allSettled(Array.from({ length: 20 }, () => redis.get('large')))
  const ended = new Promise<void>((resolve) => redis.once('end', resolve))
  await expect
    .poll(
      async () =>
        String(await db.call('CLIENT', 'LIST'))
          .trim()
          .split('\n').length,
    )
    .toBe(1)
  stream.resume()
  await ended
  expect((await replies).filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0)
})

test('an open client keeps its process alive, one that quit does not', async () => {
  const program = (last: string) => `
    import { Redis } from 'ioredis'
    import { open } from '${new URL('../../src/index.ts', import.meta.url)}'
    const db = await open()
    const redis = new Redis({ Connector: db.connector() })
    await redis.ping()
    setTimeout(() => { console.log('goes on'); process.exit() }, 300).unref()
    ${last}`
  const run = async (last: string) => {
    const words = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', program(last)]
    return (await promisify(execFile)(process.execPath, words)).stdout.trim()
  }
  expect(await Promise.all([run('void redis.blpop("l", 0)'), run('await redis.quit()')])).toEqual(['goes on', ''])
})
