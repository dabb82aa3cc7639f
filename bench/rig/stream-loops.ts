/**
 * What is done with streams in benchmarks: by our containers, and by ioredis as one would write it by hand.
 *
 * The one idea: the same messages and the same promises. Both read through a group that begins anew with each round, both
 * acknowledge every message after its handler has resolved.
 */
import type { Redis } from 'ioredis'
import type { Database } from '../../src/index.ts'

/** The works, over some kind of client. */
export interface StreamLoops {
  /** Makes a stream with so many messages. */
  fill(count: number): Promise<void>
  add(count: number): Promise<void>
  read(count: number): Promise<void>
  /** Through a group, so many at a time, each acknowledged by itself. */
  readAndAck(count: number, atOnce: number): Promise<void>
  /** With handlers, so many at once. */
  consume(count: number, concurrency: number): Promise<void>
}

/** What is measured, by name. */
export const WORKS: Readonly<Record<string, (loops: StreamLoops, count: number) => Promise<void>>> = {
  'add, one after the other': (loops, count) => loops.add(count),
  'read, 100 at a time': (loops, count) => loops.read(count),
  'group: read 1, ack 1': (loops, count) => loops.readAndAck(count, 1),
  'group: read 100, ack 100': (loops, count) => loops.readAndAck(count, 100),
  'consume, concurrency 1': (loops, count) => loops.consume(count, 1),
  'consume, concurrency 64': (loops, count) => loops.consume(count, 64),
}

const FIELDS = { sensor: 'roof', value: '21.5' }
const PAGE = 100

/** A handler that does nothing, and takes a turn for it. */
const handle = async (): Promise<void> => {}

/** By `db.stream` and `db.consumerGroup`. */
export function byContainers(db: Database, name: string): StreamLoops {
  const key = `${name}:read`
  let groups = 0
  const begun = async () => {
    const group = db.consumerGroup(`g${groups++}`, key)
    await group.create()
    return group
  }
  return {
    fill: async (count) => {
      await db.del([key, `${name}:add`])
      await db.stream(key).addAll(Array.from({ length: count }, () => FIELDS))
    },
    add: async (count) => {
      const stream = db.stream(`${name}:add`)
      for (let i = 0; i < count; i++) await stream.add(FIELDS, { maxlen: 100_000 })
    },
    read: async (count) => {
      const stream = db.stream(key)
      let after = '0'
      for (let seen = 0; seen < count; ) {
        const messages = await stream.read({ after, count: PAGE })
        seen += messages.length
        after = messages.at(-1)!.id
      }
    },
    readAndAck: async (count, atOnce) => {
      const group = await begun()
      for (let seen = 0; seen < count; ) {
        const messages = await group.read({ count: atOnce })
        if (atOnce === 1) await messages[0]!.ack()
        else await group.stream(key).ack(...messages.map(({ id }) => id))
        seen += messages.length
      }
      await group.destroy()
    },
    consume: async (count, concurrency) => {
      const group = await begun()
      let left = count
      await new Promise<void>((resolve) => {
        const consumer = group.consume(
          async () => {
            await handle()
            if (--left === 0) void consumer.stop().then(resolve)
          },
          { concurrency },
        )
      })
      await group.destroy()
    },
  }
}

type Reply = [stream: string, entries: [id: string, fields: string[]][]][] | null

/** By ioredis, as its users write it. */
export function byIoredis(redis: Redis, name: string): StreamLoops {
  const key = `${name}:read`
  let groups = 0
  const begun = async (): Promise<string> => {
    const group = `g${groups++}`
    await redis.xgroup('CREATE', key, group, '0')
    return group
  }
  const next = async (group: string, count: number): Promise<string[]> => {
    const words = ['GROUP', group, 'c', 'COUNT', count, 'STREAMS', key, '>'] as const
    const reply = (await redis.call('XREADGROUP', ...words)) as Reply
    return reply?.[0]?.[1].map(([id]) => id) ?? []
  }
  return {
    fill: async (count) => {
      await redis.del(key, `${name}:add`)
      const pipeline = redis.pipeline()
      for (let i = 0; i < count; i++) pipeline.xadd(key, '*', 'sensor', FIELDS.sensor, 'value', FIELDS.value)
      await pipeline.exec()
    },
    add: async (count) => {
      const words = ['MAXLEN', '~', 100_000, '*', 'sensor', FIELDS.sensor, 'value', FIELDS.value] as const
      for (let i = 0; i < count; i++) await redis.xadd(`${name}:add`, ...words)
    },
    read: async (count) => {
      let after = '0'
      for (let seen = 0; seen < count; ) {
        const reply = await redis.xread('COUNT', PAGE, 'STREAMS', key, after)
        const entries = reply![0]![1]
        seen += entries.length
        after = entries.at(-1)![0]
      }
    },
    readAndAck: async (count, atOnce) => {
      const group = await begun()
      for (let seen = 0; seen < count; ) {
        const ids = await next(group, atOnce)
        await redis.xack(key, group, ...ids)
        seen += ids.length
      }
      await redis.xgroup('DESTROY', key, group)
    },
    consume: async (count, concurrency) => {
      const group = await begun()
      for (let seen = 0; seen < count; ) {
        const ids = await next(group, concurrency)
        await Promise.all(ids.map((id) => handle().then(() => redis.xack(key, group, id))))
        seen += ids.length
      }
      await redis.xgroup('DESTROY', key, group)
    },
  }
}
