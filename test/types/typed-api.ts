/**
 * What the typed API lets compile, and what not: read by the compiler only, with the tests' own settings. A line under
 * `@ts-expect-error` that compiles is an error itself.
 */
import { type Buffers, type Database, open, type Queue } from '../../src/index.ts'

/** Holds only when the two are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
/** Takes what is said to be true. */
export const holds = <_T extends true>(): void => {}

/** Wrong arguments don't compile. */
export async function wrongArguments(db: Database): Promise<void> {
  // @ts-expect-error: a key is missing
  await db.get()
  // @ts-expect-error: a key is no number
  await db.get(7)
  // @ts-expect-error: GET has no options
  await db.get('k', { ex: 1 })
  // @ts-expect-error: options are called by Redis' words, in lower case
  await db.set('k', 'v', { EX: 1 })
  // @ts-expect-error: a value is no object
  await db.set('k', {})
  // @ts-expect-error: a value is not missing
  await db.set('k', undefined)
  // @ts-expect-error: left and right only
  await db.lmpop(['k'], 'MIDDLE')
  // @ts-expect-error: an increment is a number
  await db.incrby('n', '1')
  // @ts-expect-error: one count, no list
  await db.lpop('l', { count: [1] })
  // @ts-expect-error: both ends of a window
  await db.zrange('z', 0, -1, { limit: [0] })
  // @ts-expect-error: a stream's entry has fields
  await db.xadd('s', '*')
  // @ts-expect-error: an operation is a tuple that begins with its word
  await db.bitfield('b', [['GRAB', 'u8', 0]])
  // @ts-expect-error: no such command
  await db.nosuch('k')
  // @ts-expect-error: what is about one connection has another way
  await db.select(1)
  // @ts-expect-error: a walk over keys knows no such type
  db.scan({ type: 'text' })
  // @ts-expect-error: a queue is bounded by a number
  await db.subscribe('c', { maxQueued: 'many' })
  // @ts-expect-error: a transaction returns the queue of its writes
  await db.transaction('k', async (tx) => tx.get('k'))
  // @ts-expect-error: a port is a number
  await db.listen({ port: '6379' })
  // @ts-expect-error: no such option of open
  await open('memory:', { prefix: 'app:' })
}

/** Results can't be taken for what they are not. */
export async function wrongUse(db: Database): Promise<void> {
  // @ts-expect-error: nothing may be there
  const text: string = await db.get('k')
  // @ts-expect-error: a number
  const length: string = await db.llen('l')
  // @ts-expect-error: a promise
  const unawaited: number = db.llen('l')
  // @ts-expect-error: at once, no promise
  db.sync.get('k').then(() => {})
  // @ts-expect-error: text, no buffer
  const buffer: Buffer | null = await db.get('k')
  // @ts-expect-error: with a count, a list
  const one: string | null = await db.lpop('l', { count: 2 })
  // @ts-expect-error: a Map, no object
  const field: string = (await db.hgetall('h')).f
  // @ts-expect-error: two replies
  const [, , third] = await db.pipeline().get('k').incr('n').exec()
  void [text, length, unawaited, buffer, one, field, third]
}

type Reply<F extends (...args: never[]) => unknown> = Awaited<ReturnType<F>>

/** Replies are what they are said to be. */
export async function replies(db: Database, buffers: Buffers): Promise<void> {
  const [got, n] = await db.multi().get('k').incr('n').exec()
  holds<Same<Exclude<typeof got, Error>, string | null>>()
  holds<Same<Exclude<typeof n, Error>, number>>()
  const popped = await db.lpop('l', { count: 2 })
  holds<Same<typeof popped, string[] | null>>()
  const bytes = await buffers.get('k')
  holds<Same<typeof bytes, Buffer | null>>()
  const at = db.sync.hget('h', 'f')
  holds<Same<typeof at, string | null>>()
  const entries = await db.xrange('s', '-', '+')
  holds<Same<typeof entries, [string, [string, string][]][]>>()
  const scored = await db.zrange('z', 0, -1, { withscores: true })
  holds<Same<typeof scored, [string, number][]>>()
  const near = await db.geosearch('g', { frommember: 'm', byradius: [1, 'KM'], withdist: true })
  holds<Same<(typeof near)[number]['distance'], number>>()
  const pending = await db.xpending('s', 'g', { start: '-', end: '+', count: 5 })
  holds<Same<typeof pending, [string, string, number, number][]>>()
  for await (const entry of db.hscan('h')) holds<Same<typeof entry, [string, string]>>()
  for await (const { message } of await buffers.subscribe('c')) holds<Same<typeof message, Buffer>>()
  holds<Same<Reply<Database['withPrefix']>, Database>>()
}

/** Queues grow by one reply with each command. */
export const queued = (db: Database): Queue<readonly ['OK' | null, number], string> =>
  db.pipeline().set('k', 'v').incr('n')
