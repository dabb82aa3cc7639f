/**
 * What the types of functions let compile, and what not: read by the compiler only. A line under `@ts-expect-error` that
 * compiles is an error itself.
 */
import {
  type BackgroundApi,
  type KeyEventData,
  type LinkedRedis,
  library,
  type RedisGlobal,
  type SectionApi,
} from '../../src/functions/index.ts'
import type { Database, MethodsOf, Received } from '../../src/index.ts'
import { holds } from './typed-api.ts'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

const stats = library('typed_stats', () => ({
  count: (client: SectionApi, name: string) => client.call<bigint>('incr', name),
  later: async (client: BackgroundApi, name: string) => client.block((held) => held.call<string | null>('get', name)),
  described: { run: () => ({ half: 0.5, when: [1n] }), flags: ['no-writes'] },
}))

declare module '../../src/index.ts' {
  interface Libraries {
    typed_stats: typeof stats
  }
}

/** Methods have the types of their functions. */
export async function methods(db: Database): Promise<void> {
  holds<Same<Awaited<ReturnType<MethodsOf<typeof stats>['count']>>, number | bigint>>()
  const { typed_stats: lib } = db.functions
  holds<Same<Awaited<ReturnType<typeof lib.later>>, string | null>>()
  const described = await db.functions.of(stats).described()
  holds<Same<typeof described, { half: number; when: (number | bigint)[] }>>()
  holds<Same<Received<Promise<void>>, 'undefined'>>()
  holds<Same<Received<Set<bigint>>, Set<number | bigint>>>()
  holds<Same<Received<unknown>, unknown>>()
  await lib.count(7)
  // @ts-expect-error: a name is missing
  await lib.count()
  // @ts-expect-error: words are no objects
  await lib.count({})
  // @ts-expect-error: no such function
  await lib.nosuch()
  // @ts-expect-error: no such library
  await db.functions.nosuch.f()
  // @ts-expect-error: verbosity ends at 3
  await db.functions.list({ verbosity: 4 })
}

/** What the global `redis` of a library takes: `declare const redis: RedisGlobal`. */
export function registering(redis: RedisGlobal): void {
  redis.registerFunction('f', (client, name) => {
    holds<Same<typeof name, string>>()
    // @ts-expect-error: a section has no sections
    client.block(() => 1)
    return client.call('get', name)
  })
  redis.registerAsyncFunction('g', async (client: BackgroundApi) => client.block((held) => held.isBlockAllowed()), {
    description: 'd',
    flags: [redis.functionFlags.NO_WRITES],
  })
  // @ts-expect-error: the background reaches data by `block` only
  redis.registerAsyncFunction('h', async (client: BackgroundApi) => client.call('get', 'k'))
  // @ts-expect-error: an option that is none
  redis.registerFunction('i', () => 1, { descripton: 'd' })
  // @ts-expect-error: only linked libraries have jobs
  redis.registerCron('nightly', '@daily', async () => {})
  redis.registerKeySpaceTrigger('t', 'p:', (client: SectionApi, data: KeyEventData) => {
    client.call('incr', `events:${data.event}`)
  })
}

/** What linked libraries have besides. */
export function linked(redis: LinkedRedis): void {
  redis.registerCron('nightly', '0 3 * * *', async (client) => client.block((held) => held.call('flushdb')))
  // @ts-expect-error: a schedule is a text
  redis.registerCron('nightly', 3, async () => {})
  // @ts-expect-error: functions only
  library('wrong', () => ({ f: 1 }))
}
