/**
 * Reading stream ids: `ms`, `ms-seq`, and in their places `-`, `+`, `ms-*`.
 *
 * The one idea: a reader returns undefined for what is no id; the error text is the command's business. What passes is
 * what Redis lets pass, which reads a part with C's strtoull when the plain form fails: blanks in front, a plus sign,
 * leading zeros, and a minus sign before a number with leading zeros (which wraps), and stops at a NUL byte.
 */
import type { Bytes } from '../base/bytes.ts'
import { MAX_ID, MIN_ID, type StreamId, streamId } from './stream-id.ts'

const LONGEST_ID = 127
const LONGEST_EXACT = 15
const PART_MAX = 2n ** 64n - 1n
const SEQ_MAX = PART_MAX
const MINUS = 45
const LOOSE_PART = /^[ \t\n\v\f\r]*([+-]?)([0-9]+)$/

/** Which sequence an id without one stands for. */
export type MissingSeq = 'first' | 'last'

/** What XADD was given: an id, or (`anySeq`) milliseconds whose sequence the stream chooses. */
export interface NewId {
  readonly id: StreamId
  readonly anySeq: boolean
}

/** Reads `ms` or `ms-seq`. */
export function parseId(word: Bytes, missing: MissingSeq): StreamId | undefined {
  return parse(word, missing, false)?.id
}

/** Reads the end of a range: `-`, `+`, `ms` or `ms-seq`. The `(` of an exclusive end is the caller's. */
export function parseRangeEnd(word: Bytes, missing: MissingSeq): StreamId | undefined {
  if (word === '-') return MIN_ID
  if (word === '+') return MAX_ID
  return parse(word, missing, false)?.id
}

/** Reads the id of a new entry: `ms`, `ms-seq` or `ms-*`. A lone `*` is the caller's. */
export function parseNewId(word: Bytes): NewId | undefined {
  return parse(word, 'first', true)
}

function parse(word: Bytes, missing: MissingSeq, starAllowed: boolean): NewId | undefined {
  if (word.length > LONGEST_ID) return undefined
  const end = word.indexOf('\0')
  const given: string = end < 0 ? word : word.slice(0, end)
  const dash = given.indexOf('-')
  if (dash < 0) {
    const ms = parsePart(given)
    return ms === undefined ? undefined : { id: streamId(ms, missing === 'first' ? 0 : SEQ_MAX), anySeq: false }
  }
  const ms = parsePart(given.slice(0, dash))
  if (ms === undefined) return undefined
  const rest = given.slice(dash + 1)
  if (starAllowed && rest === '*') return { id: streamId(ms, 0), anySeq: true }
  const seq = parsePart(rest)
  return seq === undefined ? undefined : { id: streamId(ms, seq), anySeq: false }
}

function parsePart(digits: string): number | bigint | undefined {
  if (digits.length > LONGEST_EXACT) return parseLoose(digits)
  let value = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return parseLoose(digits)
    value = value * 10 + digit
  }
  return digits.length === 0 ? undefined : value
}

function parseLoose(digits: string): bigint | undefined {
  const match = LOOSE_PART.exec(digits)
  if (match === null) return undefined
  const [, sign, number = ''] = match
  // A canonical negative number is read as signed, and refused, before strtoull sees it.
  if (sign === '-' && isCanonicalNegative(digits, number)) return undefined
  const value = BigInt(number)
  if (value > PART_MAX) return undefined
  return sign === '-' ? BigInt.asUintN(64, -value) : value
}

function isCanonicalNegative(digits: string, number: string): boolean {
  return digits.charCodeAt(0) === MINUS && !number.startsWith('0') && BigInt(number) <= 2n ** 63n
}
