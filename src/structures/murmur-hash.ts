/**
 * MurmurHash64A, the hash that Redis' HyperLogLogs are built on, as Austin Appleby published it, little-endian.
 *
 * The one idea: a 64-bit number is two 32-bit halves, and a product of them is put together from 16-bit parts; a BigInt
 * would be made for each of the dozen steps of each word. The result is left in two variables for the same reason.
 */
import type { Bytes } from '../base/bytes.ts'

const M_HIGH = 0xc6a4a793
const M_LOW = 0x5bd1e995
const M_LOW_LOW = M_LOW & 0xffff
const M_LOW_HIGH = M_LOW >>> 16
const R_ABOVE_32 = 47 - 32

/** The upper half of the last hash, signed: V8 keeps such an integer without an object of its own. */
export let hashHigh = 0
/** The lower half of the last hash, signed. */
export let hashLow = 0

/** Multiplies the halves by the hash's constant, modulo 2^64. */
function multiply(high: number, low: number): void {
  const low0 = low & 0xffff
  const low1 = low >>> 16
  const middle = low1 * M_LOW_LOW + ((low0 * M_LOW_LOW) >>> 16)
  const carry = low0 * M_LOW_HIGH + (middle & 0xffff)
  const above = low1 * M_LOW_HIGH + (middle >>> 16) + (carry >>> 16)
  hashHigh = (above + Math.imul(high, M_LOW) + Math.imul(low, M_HIGH)) | 0
  hashLow = Math.imul(low, M_LOW)
}

/** Four bytes as a number, the first the lowest; bytes beyond the end count as zero. */
function wordAt(value: Bytes, at: number): number {
  // charCodeAt beyond the end is NaN, which | 0 makes zero.
  return (
    value.charCodeAt(at) |
    (value.charCodeAt(at + 1) << 8) |
    (value.charCodeAt(at + 2) << 16) |
    (value.charCodeAt(at + 3) << 24)
  )
}

/** Hashes bytes with a 32-bit seed into `hashHigh` and `hashLow`. */
export function murmurHash64(value: Bytes, seed: number): void {
  const { length } = value
  multiply(0, length)
  let high = hashHigh
  let low = hashLow ^ seed
  const whole = length - (length % 8)
  for (let at = 0; at < whole; at += 8) {
    multiply(wordAt(value, at + 4), wordAt(value, at))
    multiply(hashHigh, hashLow ^ (hashHigh >>> R_ABOVE_32))
    multiply(high ^ hashHigh, low ^ hashLow)
    high = hashHigh
    low = hashLow
  }
  if (whole < length) {
    multiply(high ^ wordAt(value, whole + 4), low ^ wordAt(value, whole))
    high = hashHigh
    low = hashLow
  }
  multiply(high, low ^ (high >>> R_ABOVE_32))
  hashLow ^= hashHigh >>> R_ABOVE_32
}
