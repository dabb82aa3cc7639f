/** Containers where keys lie apart: over the slots of a Cluster, under prefixes, in another thread, on a server that restarts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BackendError, type Database, open } from '../../src/index.ts'
import { openForTest } from '../../src/testing/index.ts'
import { RedisCluster } from '../backends/redis-cluster.ts'
import { eventually, RedisProcess } from '../backends/redis-process.ts'
import { oracleMissing } from '../oracle/available.ts'

const FOREVER = Number.POSITIVE_INFINITY
const KEYS = ['a', 'b', 'c', 'd', 'e']

describe.skipIf(oracleMissing)('Redis Cluster', () => {
  let cluster: RedisCluster
  let db: Database
  beforeAll(async () => {
    cluster = await RedisCluster.start()
    db = await open(cluster.url)
  })
  afterAll(async () => {
    await db.close()
    await cluster.stop()
  })

  test('a group reads streams of several slots, and waits for all of them at once', async () => {
    const group = db.consumerGroup('g', KEYS)
    expect(group.slots.length).toBe(KEYS.length)
    await group.create()
    for (const key of KEYS) await group.stream(key).addAll([{ key }, { key }])
    const read = await group.read({ count: 1 })
    expect(read.map(({ stream }) => stream)).toEqual(KEYS)
    expect((await group.read({ blockMs: 10 })).map(({ stream }) => stream)).toEqual(KEYS)
    expect(await group.read({ blockMs: 10 })).toEqual([])
    const waiting = group.read({ blockMs: FOREVER })
    await db.stream('d').add({ key: 'late' })
    expect((await waiting).map(({ stream, data }) => [stream, data])).toEqual([['d', { key: 'late' }]])
    expect((await group.pending()).map(({ stream }) => stream)).toEqual(
      KEYS.flatMap((key) => [key, key, ...(key === 'd' ? [key] : [])]),
    )
    for (const row of await group.pending()) expect(await group.stream(row.stream).ack(row.id)).toBe(1)
    expect(await group.pending()).toEqual([])
  })

  test('a wait over several slots is given up at once, and nothing is given to nobody', async () => {
    const group = db.consumerGroup('g2', KEYS)
    await group.create()
    await group.setId('$')
    const end = new AbortController()
    const waiting = expect(group.read({ blockMs: FOREVER, signal: end.signal })).rejects.toThrow('enough')
    await new Promise((resolve) => setTimeout(resolve, 20))
    end.abort(new Error('enough'))
    await waiting
    await db.stream('a').add({ n: 1 })
    await db.stream('b').add({ n: 2 })
    expect(await group.pending()).toEqual([])
    expect((await group.as('other').read()).length).toBe(2)
  })

  test('keys that a prefix puts into one slot are read together', async () => {
    const part = db.withPrefix('{one}')
    const series = part.timeSeries('ts', ['x', 'y'])
    expect(series.slots).toEqual([['x', 'y']])
    await series.create()
    await series.stream('y').add({ n: 1 }, new Date(1))
    await series.stream('x').add({ n: 2 }, new Date(2))
    expect((await series.read({ blockMs: FOREVER })).map(({ id }) => id)).toEqual(['1-0', '2-0'])
    expect(await db.xlen('{one}x')).toBe(1)
  })
})

describe('prefixes and threads', () => {
  test('under a prefix a stream has the name that it was asked for by', async () => {
    await using store = await openForTest()
    const part = store.db.withPrefix('app:')
    const group = part.consumerGroup('g', ['orders', 'refunds'])
    await group.create()
    await part.stream('orders').add({ n: 1 })
    const [message] = await group.read()
    expect(message!.stream).toBe('orders')
    expect(await message!.ack()).toBe(true)
    expect(await store.db.stream('app:orders').length()).toBe(1)
    const end = new AbortController()
    const next = part.stream('orders').read({ after: '$', blockMs: FOREVER, signal: end.signal })
    await part.stream('orders').add({ n: 2 })
    expect((await next)[0]?.data).toEqual({ n: '2' })
  })

  test('another thread has the same', async () => {
    const db = await open()
    const far = await open(db.port())
    const group = far.consumerGroup('g', 'jobs')
    await group.create()
    const end = new AbortController()
    const waiting = group.read({ blockMs: FOREVER, signal: end.signal })
    await db.stream('jobs').add({ n: 1 })
    expect((await waiting)[0]?.data).toEqual({ n: '1' })
    const given = expect(group.read({ blockMs: FOREVER, signal: end.signal })).rejects.toThrow('enough')
    await new Promise((resolve) => setTimeout(resolve, 10))
    end.abort(new Error('enough'))
    await given
    await far.close()
    await db.close()
  })

  test('a wait ends when its time on the store’s clock is up', async () => {
    await using store = await openForTest()
    const { db, clock } = store
    const waiting = db.stream('s').read({ after: '$', blockMs: 86_400_000 })
    await clock.advance(86_400_001)
    expect(await waiting).toEqual([])
  })

  test('a clock that goes back does not make ids go back', async () => {
    await using store = await openForTest({ startMs: 1_000_000 })
    const { db } = store
    const s = db.stream('s')
    await s.add({ n: 1 }, { id: '2000000-5' })
    const next = await s.add({ n: 2 })
    expect(next).toBe('2000000-6')
  })

  test('closing the database ends who waits', async () => {
    const db = await open()
    const waiting = expect(db.stream('s').read({ after: '$', blockMs: FOREVER })).rejects.toMatchObject({
      code: 'CLOSED',
    })
    const following = expect(db.stream('s').follow().next()).rejects.toMatchObject({ code: 'CLOSED' })
    await new Promise((resolve) => setTimeout(resolve, 5))
    await db.close()
    await waiting
    await following
  })
})

describe.skipIf(oracleMissing)('a redis-server that restarts', () => {
  test('who waits is told; what was given stays pending, and nothing is lost', async () => {
    const server = await RedisProcess.start(['appendonly yes', 'appendfsync always'])
    const db = await open(`redis://127.0.0.1:${server.port}`)
    try {
      const group = db.consumerGroup('g', 's')
      await group.create()
      const ids = await group.stream('s').addAll([{ n: 1 }, { n: 2 }])
      expect((await group.read({ count: 1 })).length).toBe(1)
      await group.read({ count: 1 })
      const waiting = group.read({ blockMs: FOREVER, signal: new AbortController().signal })
      const outcome = waiting.then(
        (messages) => messages.map(({ data }) => data.n),
        (error: unknown) => error instanceof BackendError && error.code,
      )
      const following = (async () => {
        for await (const { data } of db.stream('s').follow({ after: '$' })) return data.n
        return undefined
      })().catch((error: unknown) => error instanceof BackendError && error.code)
      await eventually('both wait', async () => /blocked_clients:2/.test(String(await db.info('clients'))))
      await server.kill()
      await server.start()
      expect(await outcome).toBe('CONNECTION_LOST')
      expect(await following).toBe('CONNECTION_LOST')
      expect((await group.pending()).map(({ id }) => id)).toEqual(ids)
      const later = await db.stream('s').add({ n: 3 })
      expect((await group.read()).map(({ id }) => id)).toEqual([later])
      expect(await db.stream('s').length()).toBe(3)
    } finally {
      await db.close()
      await server.stop()
    }
  })
})
