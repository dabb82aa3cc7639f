/**
 * Integers as Redis reads and adds them: signed 64-bit, written in one way only.
 *
 * The one idea: a value is a plain number while |n| <= 2^53-1 and a bigint beyond, never the other way round, so that
 * `typeof` and `===` are enough to compare two. Invariant: what leaves this file is normalised and fits int64.
 */
import type { Bytes } from './bytes.ts'

export const INT64_MAX = 9223372036854775807n
export const INT64_MIN = -9223372036854775808n

/**
 * Reads an integer by the rules of Redis' string2ll: no sign but one `-`, no leading zero, no `-0`, no blanks, in the
 * range of int64. `undefined` for everything else. Up to 15 digits nothing is allocated.
 */
export function parseInteger(word: Bytes): number | bigint | undefined {
  const length = word.length
  if (length === 1) {
    const digit = word.charCodeAt(0) - 48
    return digit >= 0 && digit <= 9 ? digit : undefined
  }
  const first = word.charCodeAt(0)
  const start = first === 45 ? 1 : 0
  const digits = length - start
  if (digits < 1 || digits > 19) return undefined
  const lead = word.charCodeAt(start) - 48
  if (!(lead >= 1 && lead <= 9)) return undefined
  let value = lead
  for (let i = start + 1; i < length; i++) {
    const digit = word.charCodeAt(i) - 48
    if (!(digit >= 0 && digit <= 9)) return undefined
    value = value * 10 + digit
  }
  if (digits <= 15) return start === 1 ? -value : value
  return fitInt64(BigInt(word))
}

/** Reads an integer that must be a plain number: `undefined` also when it lies beyond 2^53-1. */
export function parseSafe(word: Bytes): number | undefined {
  const value = parseInteger(word)
  return typeof value === 'number' ? value : undefined
}

/** Normalises an integer: a number when safe, a bigint within int64, `undefined` beyond. */
export function fitInt64(value: bigint): number | bigint | undefined {
  if (value >= -9007199254740991n && value <= 9007199254740991n) return Number(value)
  return value >= INT64_MIN && value <= INT64_MAX ? value : undefined
}

/** The exact sum of two 64-bit integers, `undefined` when it overflows. */
export function addInt64(a: number | bigint, b: number | bigint): number | bigint | undefined {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (sum >= -9007199254740991 && sum <= 9007199254740991) return sum
  }
  return fitInt64(BigInt(a) + BigInt(b))
}

/** The decimal form of an integer. */
export function formatInteger(value: number | bigint): Bytes {
  return `${value}` as Bytes
}
