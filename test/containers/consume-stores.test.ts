/** Consumers over every kind of store: redis-server, a Cluster, a port, a prefix; a server that restarts, connections that die. */
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Delivery, readDeadLetter } from '../../src/containers/index.ts'
import { type Database, open } from '../../src/index.ts'
import { RedisCluster } from '../backends/redis-cluster.ts'
import { eventually, RedisProcess } from '../backends/redis-process.ts'
import { RedisSentinel } from '../backends/redis-sentinel.ts'
import { oracleMissing } from '../oracle/available.ts'
import { fill, gate, pendingOf } from './consume-rig.ts'

type M = Delivery<Record<string, string>>

/** Short, and long enough for a loaded machine: tests wait for what becomes so, never for a time. */
const QUICK = { claimAfterMs: 600, sweepMs: 100, backoff: () => 20, delayedPollMs: 50 } as const

/** What holds on every store; `keys` are streams of their own for each. */
function everywhere(opened: () => Promise<Database>): void {
  let db: Database
  beforeAll(async () => {
    db = await opened()
  })
  afterAll(() => db?.close())

  test('two consumers over three streams handle every entry, failures included, and leave nothing', async () => {
    const keys = ['orders', 'refunds', '{eu}:orders']
    const group = db.consumerGroup('all', keys)
    for (const key of keys) await fill(db, key, 40)
    const seen = new Map<string, number>()
    const handler = async (message: M): Promise<void> => {
      seen.set(`${message.stream} ${message.id}`, message.deliveries)
      if (message.data.n === '7' && message.deliveries === 1) throw new Error('once')
    }
    const consumers = ['a', 'b'].map((name) => group.as(name).consume(handler, { ...QUICK, concurrency: 5 }))
    await eventually('all handled', () => consumers.reduce((sum, { stats }) => sum + stats.processed, 0) >= 120)
    for (const consumer of consumers) await consumer.stop()
    expect(seen.size).toBe(120)
    for (const key of keys) expect(await pendingOf(db, key, 'all')).toBe(0)
    expect((await group.groupInfo())['orders']).toMatchObject({ pending: 0 })
  })

  test('a stop while a read waits is quick and leaves nothing behind', async () => {
    const group = db.consumerGroup('quiet', ['quiet', 'still'])
    const consumer = group.consume(() => {}, { ...QUICK, blockMs: 60_000 })
    await fill(db, 'quiet', 1)
    await eventually('handled', () => consumer.stats.processed === 1)
    await consumer.stop()
    await fill(db, 'quiet', 1)
    expect(await pendingOf(db, 'quiet', 'quiet')).toBe(0)
  })

  test('poison goes to dead letters in the slot of its stream, and comes back', async () => {
    const group = db.consumerGroup('poison', ['meals', '{eu}:meals'])
    for (const stream of group.keys) await fill(db, stream, 1)
    const handler = (): never => {
      throw new RangeError('poison')
    }
    const consumer = group.consume(handler, { ...QUICK, maxDeliveries: 3 })
    await eventually('dead', () => consumer.stats.deadLettered === 2)
    await consumer.stop()
    for (const stream of group.keys) {
      const [letter] = await db.xrange(group.deadLetterKey(stream), '-', '+')
      const found = readDeadLetter(letter![1])
      expect(found).toMatchObject({ cause: { stream, deliveries: 3, error: 'RangeError' }, fields: [['n', '0']] })
    }
    expect(await group.redrive()).toBe(2)
    expect(await db.xlen('meals')).toBe(2)
  })

  test('delayed messages come, and one consumer at a time keeps the order', async () => {
    const stream = db.stream('later')
    await stream.addDelayed({ n: 'second' }, { delayMs: 300 })
    await stream.addDelayed({ n: 'first' }, { delayMs: 1 })
    const group = db.consumerGroup('later', 'later')
    const seen: string[] = []
    const options = { ...QUICK, orderBy: () => 'all' }
    const consumers = ['a', 'b'].map((name) => group.as(name).consume((m) => seen.push(m.data.n!), options))
    await eventually('both', () => seen.length === 2)
    for (const consumer of consumers) await consumer.stop()
    expect(seen).toEqual(['first', 'second'])
  })

  test('what a dead consumer has left is claimed, and an abort leaves everything to others at once', async () => {
    const group = db.consumerGroup('crash', 'crash')
    await group.create()
    await fill(db, 'crash', 3)
    await group.as('dead').read()
    const consumer = group.as('b').consume(() => new Promise(() => {}), { ...QUICK, concurrency: 3 })
    await eventually('claimed', () => consumer.stats.claimed === 3)
    await consumer.abort()
    const left = { start: '-', end: '+', count: 9, idle: QUICK.claimAfterMs }
    expect((await db.xpending('crash', 'crash', left)).map((row) => [row[1], row[3]])).toEqual(
      Array.from({ length: 3 }, () => ['b', 2]),
    )
    const seen: number[] = []
    for await (const message of group.messages(QUICK)) {
      seen.push(message.deliveries)
      await message.ack()
      if (seen.length === 3) break
    }
    expect(seen).toEqual([3, 3, 3])
  })

  test('handlers that hang are given up; a loop ends with its signal', async () => {
    await fill(db, 'hang', 2)
    const group = db.consumerGroup('hang', 'hang')
    let isFirst = true
    const handler = (): unknown => {
      if (!isFirst) return undefined
      isFirst = false
      return new Promise(() => {})
    }
    const consumer = group.consume(handler, { ...QUICK, timeoutMs: 50 })
    await eventually('handled', () => consumer.stats.processed === 2)
    await consumer.stop()
    expect(consumer.stats.timedOut).toBeGreaterThan(0)
    const controller = new AbortController()
    const loop = (async () => {
      for await (const _ of group.messages({ ...QUICK, blockMs: 60_000, signal: controller.signal }));
    })()
    controller.abort(new Error('enough'))
    await expect(loop).rejects.toThrow('enough')
  })
}

describe('in process', () => everywhere(() => open('memory:')))

describe('under a prefix', () => everywhere(async () => open('memory:', { keyPrefix: 'app:' })))

describe('over a port', () => {
  let whole: Database
  beforeAll(async () => {
    whole = await open('memory:')
  })
  afterAll(() => whole.close())
  everywhere(async () => {
    // Through a channel, as between threads.
    const { port1, port2 } = new MessageChannel()
    const port = whole.port()
    port1.postMessage(port, [port])
    const received = receiveMessageOnPort(port2)
    port1.close()
    return open(received!.message)
  })
})

describe.skipIf(oracleMissing)('redis-server', () => {
  let server: RedisProcess
  beforeAll(async () => {
    server = await RedisProcess.start(['appendonly yes', 'appendfsync always'])
  })
  afterAll(() => server.stop())
  everywhere(() => open(`redis://127.0.0.1:${server.port}`))

  test('a server that restarts: what was pending is finished, what was not handled is', async () => {
    await using db = await open(`redis://127.0.0.1:${server.port}`)
    await fill(db, 'restart', 60)
    const group = db.consumerGroup('restart', 'restart')
    const half = gate()
    const seen = new Set<string>()
    const handler = async (message: M): Promise<void> => {
      seen.add(message.id)
      if (seen.size > 30) await half.opened
    }
    const consumer = group.consume(handler, { ...QUICK, concurrency: 4 })
    await eventually('half of it', () => seen.size > 30)
    await server.kill()
    half.open()
    await eventually('trouble', () => consumer.stats.troubles > 0)
    await server.start()
    await eventually('all handled', () => seen.size === 60)
    await consumer.stop()
    expect(await pendingOf(db, 'restart', 'restart')).toBe(0)
  })

  test('connections that are killed are made again', async () => {
    await using db = await open(`redis://127.0.0.1:${server.port}`)
    const seen: string[] = []
    const consumer = db.consumerGroup('kill', 'kill').consume((m) => seen.push(m.id), QUICK)
    await fill(db, 'kill', 5)
    await eventually('five', () => seen.length >= 5)
    await server.ask('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    await eventually('still there', async () => (await db.ping().catch(() => '')) === 'PONG')
    await fill(db, 'kill', 5)
    await eventually('ten', () => new Set(seen).size === 10)
    await consumer.stop()
    expect(await pendingOf(db, 'kill', 'kill')).toBe(0)
  })

  test('missing rights end a consumer with the store’s word', async () => {
    await server.ask('ACL', 'SETUSER', 'reader', 'on', '>pw', '~*', '&*', '+@all', '-xreadgroup')
    await using db = await open(`redis://reader:pw@127.0.0.1:${server.port}`)
    const consumer = db.consumerGroup('rights', 'rights').consume(() => {}, QUICK)
    await expect(consumer.done).rejects.toMatchObject({ code: 'NOPERM' })
  })
})

describe.skipIf(oracleMissing)('Redis Cluster', () => {
  let cluster: RedisCluster
  beforeAll(async () => {
    cluster = await RedisCluster.start()
  }, 60_000)
  afterAll(() => cluster?.stop())
  describe('whole', () => everywhere(() => open(cluster.url)))
  describe('under a prefix', () => everywhere(() => open(cluster.url, { keyPrefix: 'app:' })))
})

describe.skipIf(oracleMissing)('Redis behind Sentinels', () => {
  let servers: RedisSentinel
  beforeAll(async () => {
    servers = await RedisSentinel.start()
  })
  afterAll(() => servers?.stop())
  everywhere(() => open(servers.url))

  test('a failover: what the replica has is handled at least once, and nothing stays pending', async () => {
    await using db = await open(servers.url)
    await fill(db, 'failover', 40)
    const group = db.consumerGroup('failover', 'failover')
    const half = gate()
    const seen = new Set<string>()
    const handler = async (message: M): Promise<void> => {
      seen.add(message.id)
      if (seen.size > 20) await half.opened
    }
    const consumer = group.consume(handler, { ...QUICK, concurrency: 4 })
    await eventually('half of it', () => seen.size > 20)
    await eventually('a replica that has it', async () => (await db.wait(1, 1000)) === 1)
    await servers.master.kill()
    half.open()
    await eventually('trouble', () => consumer.stats.troubles > 0)
    await eventually('a new master', async () => /role:master/.test(await servers.replica.ask('INFO', 'replication')))
    await eventually('all handled', () => seen.size === 40)
    await consumer.stop()
    expect(await pendingOf(db, 'failover', 'failover')).toBe(0)
  })
})

test('a store that runs no scripts is refused at once', async () => {
  await using served = await open()
  const { url } = await served.listen()
  await using db = await open(url)
  const consumer = db.consumerGroup('g', 's').consume(() => {}, QUICK)
  await expect(consumer.done).rejects.toMatchObject({ code: 'UNSUPPORTED' })
})
