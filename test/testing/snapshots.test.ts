/** Snapshots in memory: all data, as it was, as often as wanted, in one unit. */
import { expect, test } from 'vitest'
import { openForTest } from '../../src/testing/index.ts'

test('brings back every type with deadlines, groups and pending entries', async () => {
  await using store = await openForTest()
  const { db, clock } = store
  await db.mset({ text: 'hello', number: 42 })
  await db.append('text', ' world')
  await db.expire('number', 100)
  await db.rpush('list', ['a', 'b', 'c'])
  await db.hset('hash', { f: 1, g: 2 })
  await db.hexpire('hash', 50, 'f')
  await db.sadd('set', ['x', 'y'])
  await db.zadd('zset', { ada: 1.5, bob: 2 })
  await db.xadd('stream', '1-1', { f: 'v' })
  await db.xadd('stream', '2-1', { f: 'w' })
  await db.xgroup_create('stream', 'g', '0')
  await db.xreadgroup(['g', 'c'], { stream: '>' }, { count: 1 })
  const told = async () => [
    (await db.keys('*')).sort(),
    await db.mget(['text', 'number']),
    await db.pexpiretime('number'),
    await db.lrange('list', 0, -1),
    await db.hgetall('hash'),
    await db.hpexpiretime('hash', ['f', 'g']),
    await db.smembers('set'),
    await db.zrange('zset', 0, -1, { withscores: true }),
    await db.xinfo_stream('stream', { full: true }),
    await db.xpending('stream', 'g', { start: '-', end: '+', count: 10 }),
  ]
  const before = await told()
  const snapshot = await db.snapshot()
  for (let round = 0; round < 2; round++) {
    await db.append('text', '!')
    await db.lpop('list')
    await db.hset('hash', { h: 3 })
    await db.spop('set')
    await db.zincrby('zset', 5, 'ada')
    await db.xack('stream', 'g', '1-1')
    await db.xadd('stream', '3-1', { f: 'x' })
    await db.del('number')
    await db.set('new', 'key')
    expect(await told()).not.toEqual(before)
    await snapshot.restore()
    expect(await told()).toEqual(before)
  }
  clock.advance(50_000)
  expect(await db.hkeys('hash')).toEqual(['g'])
  clock.advance(50_000)
  expect(await db.exists('number')).toBe(0)
  // Deadlines are instants: this one has passed.
  await snapshot.restore()
  expect(await db.mget(['text', 'number'])).toEqual(['hello world', null])
})

test('those who watch and wait hear of it', async () => {
  await using store = await openForTest()
  const { db } = store
  await db.rpush('jobs', 'a')
  await db.set('watched', '1')
  const snapshot = await db.snapshot()
  await db.del('jobs')
  const popped = db.blpop('jobs', 0)
  let attempts = 0
  await db.transaction('watched', async (tx) => {
    if (attempts++ === 0) await snapshot.restore()
    return tx.multi().incr('watched')
  })
  expect(attempts).toBe(2)
  expect(await popped).toEqual(['jobs', 'a'])
})

test('is refused where the data is elsewhere, and after the end', async () => {
  const { db } = await openForTest()
  const snapshot = await db.snapshot()
  await db.close()
  await expect(snapshot.restore()).rejects.toMatchObject({ code: 'CLOSED' })
  await expect(db.snapshot()).rejects.toMatchObject({ code: 'CLOSED' })
})
