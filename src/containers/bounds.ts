/**
 * Bounds of a slice: what lies between two places of a stream.
 *
 * The one idea: `from` and `to` belong to it, `after` and `before` do not, and an end that is not said is open. An end without a
 * sequence is a whole millisecond.
 */
import { type IdLike, idOf, lastSeen } from './id.ts'

/** The ends of a slice; '-' and '+' are the open ends by name. */
export interface Bounds {
  /** The first id that belongs to it. */
  readonly from?: IdLike | undefined
  /** The last id that belongs to it. */
  readonly to?: IdLike | undefined
  /** The id before its first. */
  readonly after?: IdLike | undefined
  /** The id behind its last. */
  readonly before?: IdLike | undefined
}

/** The lower end in XRANGE's words. */
export function lowerEnd({ from, after }: Bounds): string {
  if (from !== undefined && after !== undefined) throw new TypeError('a slice begins from an id or after it, not both')
  if (after !== undefined) return `(${lastSeen(after)}`
  return from === undefined || from === '-' ? '-' : idOf(from, 'first')
}

/** The upper end in XRANGE's words. */
export function upperEnd({ to, before }: Bounds): string {
  if (to !== undefined && before !== undefined) throw new TypeError('a slice ends at an id or before it, not both')
  if (before !== undefined) return `(${idOf(before, 'first')}`
  return to === undefined || to === '+' ? '+' : idOf(to, 'last')
}

/** Whether nothing can lie between: Redis refuses these ends in place of giving nothing. */
export function isBare(lower: string, upper: string): boolean {
  return upper === '(0-0' || lower === '(18446744073709551615-18446744073709551615'
}

/** A count, checked; undefined passes. */
export function countOf(count: number | undefined): { readonly count?: number } {
  if (count === undefined) return {}
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`count must be a positive integer, not ${count}`)
  return { count }
}
