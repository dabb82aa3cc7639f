/** ioredis takes our server for a Redis. */
import { Redis } from 'ioredis'
import { afterEach, expect, test } from 'vitest'
import { serve } from './served.ts'

const server = serve()
const opened: Redis[] = []
afterEach(async () => {
  await opened[0]?.flushall()
  for (const each of opened.splice(0)) each.disconnect()
})

function client(options = {}): Redis {
  const redis = new Redis(server.port, options)
  opened.push(redis)
  return redis
}

test('a pipeline answers each command, errors in their places', async () => {
  const redis = client()
  expect(await redis.set('k', 'v', 'EX', 100)).toBe('OK')
  const replies = await redis.pipeline().get('k').incr('n').incr('k').mget('k', 'nothing').exec()
  expect(replies?.map(([error, value]) => error?.message ?? value)).toEqual([
    'v',
    1,
    'ERR value is not an integer or out of range',
    ['v', null],
  ])
})

test('a transaction runs whole, or not at all when a watched key has changed', async () => {
  const redis = client()
  const other = client()
  expect(await redis.multi().hset('h', { a: '1' }).hgetall('h').exec()).toEqual([
    [null, 1],
    [null, { a: '1' }],
  ])
  await redis.watch('w')
  await other.set('w', 'theirs')
  expect(await redis.multi().set('w', 'mine').exec()).toBeNull()
  expect(await redis.get('w')).toBe('theirs')
  await redis.watch('w')
  expect(await redis.multi().set('w', 'mine').exec()).toEqual([[null, 'OK']])
})

test('blocking commands wait for another client, or for their time', async () => {
  const redis = client()
  const pusher = client()
  const waiting = redis.blpop('l', 5)
  await pusher.rpush('l', 'x')
  expect(await waiting).toEqual(['l', 'x'])
  expect(await redis.brpop('l', 0.01)).toBeNull()
  const reading = redis.xread('BLOCK', 5000, 'STREAMS', 's', '$')
  await pusher.xadd('s', '1-1', 'f', 'v')
  expect(await reading).toEqual([['s', [['1-1', ['f', 'v']]]]])
})

test('messages come by channel and by pattern; a subscriber is put back when it connects anew', async () => {
  const publisher = client()
  const listener = client()
  const heard: string[] = []
  listener.on('message', (channel, message) => heard.push(`${channel}: ${message}`))
  listener.on('pmessage', (pattern, channel, message) => heard.push(`${pattern} ${channel}: ${message}`))
  expect(await listener.subscribe('news', 'weather')).toBe(2)
  await listener.psubscribe('w*')
  expect(await publisher.publish('news', 'one')).toBe(1)
  expect(await publisher.publish('weather', 'two')).toBe(2)
  await expect.poll(() => heard).toEqual(['news: one', 'weather: two', 'w* weather: two'])
  heard.length = 0
  await publisher.client('KILL', 'TYPE', 'pubsub')
  await expect.poll(() => publisher.publish('news', 'again')).toBe(1)
  await expect.poll(() => heard).toContain('news: again')
})

test('iterators of scans give everything', async () => {
  const redis = client()
  const names = Array.from({ length: 1000 }, (_, i) => `key:${i}`)
  await redis.mset(Object.fromEntries(names.map((name) => [name, '1'])))
  await redis.sadd('a-set', ...names)
  const found = new Set<string>()
  for await (const keys of redis.scanStream({ match: 'key:*', count: 50 })) for (const key of keys) found.add(key)
  expect(found.size).toBe(1000)
  const members = new Set<string>()
  for await (const some of redis.sscanStream('a-set')) for (const member of some) members.add(member)
  expect(members.size).toBe(1000)
})

test('bytes pass unharmed', async () => {
  const redis = client()
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
  await redis.set(bytes, bytes)
  expect(await redis.getBuffer(bytes)).toEqual(bytes)
})

test('a password, a name and a database are given when it connects; INFO says that it is ready', async () => {
  const admin = client()
  await admin.config('SET', 'requirepass', 'secret')
  const redis = client({ password: 'secret', db: 3, connectionName: 'me', enableReadyCheck: true })
  expect(await redis.client('GETNAME')).toBe('me')
  expect(await redis.client('INFO')).toContain(' db=3 ')
  await redis.config('SET', 'requirepass', '')
})
