/**
 * Three ways to call a store, over whoever has `get`, `set` and a pipeline: our database and ioredis' clients alike.
 *
 * The one idea: one loop for all contenders, so that only what is called differs. Half of the commands are SETs, half GETs.
 */
import type { Database } from '../../src/index.ts'

/** What the loops need of a client. */
export interface Store {
  set(key: string, value: string): Promise<unknown>
  get(key: string): Promise<string | null>
  /** Runs as many commands as there are keys, sent together; the replies in order. */
  together(keys: readonly string[]): Promise<readonly unknown[]>
  close(): Promise<void> | void
}

/** How commands follow one another, by the name that tables show. */
export const WAYS = {
  'one after the other': async (store: Store, count: number) => {
    for (let i = 0; i < count; i += 2) {
      await store.set(KEYS[i % AT_ONCE]!, VALUE)
      check(await store.get(KEYS[i % AT_ONCE]!))
    }
  },
  '1,000 at once': async (store: Store, count: number) => {
    for (let done = 0; done < count; done += AT_ONCE) {
      const replies = await Promise.all(KEYS.map((key, i) => (i % 2 === 0 ? store.set(key, VALUE) : store.get(key))))
      if (replies.length !== AT_ONCE) throw new Error('a reply is missing')
    }
  },
  'pipelines of 1,000': async (store: Store, count: number) => {
    for (let done = 0; done < count; done += AT_ONCE) {
      const replies = await store.together(KEYS)
      if (replies.length !== AT_ONCE) throw new Error('a reply is missing')
    }
  },
} as const

const AT_ONCE = 1000
const KEYS: readonly string[] = Array.from({ length: AT_ONCE }, (_, n) => `key:${String(n).padStart(12, '0')}`)
const VALUE = 'value:0123456789'

function check(value: string | null): void {
  if (value !== VALUE) throw new Error(`GET answered ${value}`)
}

/** Our database as a store of the loops. */
export function ofDatabase(db: Database): Store {
  return {
    set: (key, value) => db.set(key, value),
    get: (key) => db.get(key),
    together: (keys) => {
      const queue = db.pipeline()
      for (const [i, key] of keys.entries()) i % 2 === 0 ? queue.set(key, VALUE) : queue.get(key)
      return queue.exec()
    },
    close: () => db.close(),
  }
}

/** The part of ioredis' clients that the loops use; ioredis-mock has it, too. */
export interface IoredisLike {
  set(key: string, value: string): Promise<unknown>
  get(key: string): Promise<string | null>
  pipeline(): IoredisPipeline
  disconnect(): void
}

interface IoredisPipeline {
  set(key: string, value: string): unknown
  get(key: string): unknown
  exec(): Promise<readonly unknown[] | null>
}

/** A client of ioredis, or of its mock, as a store of the loops. */
export function ofIoredis(redis: IoredisLike): Store {
  return {
    set: (key, value) => redis.set(key, value),
    get: (key) => redis.get(key),
    together: async (keys) => {
      const pipeline = redis.pipeline()
      for (const [i, key] of keys.entries()) i % 2 === 0 ? pipeline.set(key, VALUE) : pipeline.get(key)
      return (await pipeline.exec()) ?? []
    },
    close: () => redis.disconnect(),
  }
}
