/**
 * Ids of entries, as callers give them and as stores take them.
 *
 * The one idea: an id is its text `ms-seq`, exact up to 2^64-1 in both parts; whatever else names a place in a stream becomes
 * one. Text and numbers without a sequence are read as Redis reads them. A Date is a whole millisecond: as a lower end its
 * first id, as an upper end its last, and what comes `after` it comes after all of it.
 */

/** An instant, exact to the millisecond: a Date, or what has epoch milliseconds as Temporal's instants do. */
export type Instant = Date | { readonly epochMilliseconds: number }

/** A place in a stream: an id's text, milliseconds, an instant, either with a sequence, or whatever has an `id` (a message). */
export type IdLike =
  | string
  | number
  | bigint
  | Instant
  | readonly [at: Date | number | bigint, sequence: number | bigint]
  | { readonly ms: number | bigint; readonly seq?: number | bigint }
  | { readonly id: string }

/** The parts of an id, exact. */
export interface IdParts {
  readonly ms: bigint
  readonly seq: bigint
}

const PART_MAX = 2n ** 64n - 1n
const TEXT = /^([0-9]+)(?:-([0-9]+))?$/
/** Nineteen digits are below 2^64 whatever they are. */
const PLAIN = /^(?:0|[1-9][0-9]{0,18})-(?:0|[1-9][0-9]{0,18})$/

/** The smallest id there is, before every entry. */
export const FIRST_ID = '0-0'
/** The largest id there is. */
export const LAST_ID = `${PART_MAX}-${PART_MAX}`

/** What an id without a sequence gets for one. */
export type Missing = 'first' | 'last'

/** The text `ms-seq` of an id. Throws a RangeError for what can be none. */
export function idOf(like: IdLike, missing: Missing = 'first'): string {
  if (typeof like === 'string' && PLAIN.test(like)) return like
  const { ms, seq = missing === 'first' ? 0n : PART_MAX } = partsOf(like)
  return `${ms}-${seq}`
}

/** The two parts of an id; a missing sequence is 0. Throws a RangeError for what can be none. */
export function parseId(like: IdLike): IdParts {
  const { ms, seq = 0n } = partsOf(like)
  return { ms, seq }
}

/** Below 0, 0 or above 0 as `a` comes before, equals or follows `b`: by numbers, never by text. */
export function compareIds(a: IdLike, b: IdLike): number {
  const [left, right] = [parseId(a), parseId(b)]
  if (left.ms !== right.ms) return left.ms < right.ms ? -1 : 1
  return left.seq === right.seq ? 0 : left.seq < right.seq ? -1 : 1
}

/** The instant of an id's milliseconds; an invalid Date where these are beyond what a Date can hold. */
export function timeOf(id: IdLike): Date {
  return new Date(Number(parseId(id).ms))
}

/** The sequence of an id as a number; NaN where it is beyond 2^53-1, see `parseId`. */
export function sequenceOf(id: IdLike): number {
  const { seq } = parseId(id)
  return seq <= Number.MAX_SAFE_INTEGER ? Number(seq) : Number.NaN
}

/** Whether this names a whole millisecond rather than an id in it. */
export function isInstant(like: IdLike): like is Instant {
  return like instanceof Date || (typeof like === 'object' && 'epochMilliseconds' in like)
}

/** The last id that does not come after `like`: what XREAD and groups go on from. */
export function lastSeen(like: IdLike): string {
  return idOf(like, isInstant(like) ? 'last' : 'first')
}

function partsOf(like: IdLike): { readonly ms: bigint; readonly seq?: bigint } {
  if (typeof like === 'string') return partsOfText(like)
  if (typeof like === 'number' || typeof like === 'bigint') return { ms: part(like, like) }
  if (typeof like !== 'object' || like === null) throw noId(like)
  if (isInstant(like)) return { ms: instant(like) }
  if ('id' in like) return partsOfText(like.id)
  if ('ms' in like) return { ms: part(like.ms, like), ...(like.seq === undefined ? {} : { seq: part(like.seq, like) }) }
  if (!Array.isArray(like) || like.length !== 2) throw noId(like)
  const [at, sequence] = like
  return { ms: at instanceof Date ? instant(at) : part(at, like), seq: part(sequence, like) }
}

function partsOfText(given: string): { readonly ms: bigint; readonly seq?: bigint } {
  const [, ms, seq] = TEXT.exec(given) ?? []
  if (ms === undefined) throw noId(given)
  return { ms: part(BigInt(ms), given), ...(seq === undefined ? {} : { seq: part(BigInt(seq), given) }) }
}

function part(value: number | bigint, like: unknown): bigint {
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) throw noId(like)
  const exact = BigInt(value)
  if (exact < 0n || exact > PART_MAX) throw noId(like)
  return exact
}

/** What is below a millisecond is cut off; before 1970 there are no ids. */
function instant(at: Instant): bigint {
  const ms = at instanceof Date ? at.getTime() : at.epochMilliseconds
  if (Number.isNaN(ms) || ms < 0) throw noId(at)
  return BigInt(Math.floor(ms))
}

function noId(like: unknown): RangeError {
  const shown =
    typeof like === 'string' ? JSON.stringify(like.slice(0, 60)) : Array.isArray(like) ? `[${like}]` : `${like}`
  return new RangeError(
    `${shown} is no stream id: it is "ms-seq", milliseconds, a Date from 1970 on, or either with a sequence, each part 0 to 2^64-1`,
  )
}
