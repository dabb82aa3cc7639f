/**
 * Signed and unsigned 64-bit integers in bytes.
 *
 * The one idea: two 32-bit halves make a plain number while it is safe, and a bigint beyond: the form that
 * base/integers.ts keeps integers in.
 */

const HALF = 2 ** 32
/** Halves up to here are safe together with any low half. */
const SAFE_HIGH = 2 ** 21

/** From a signed high half and an unsigned low half. */
export function signed64(high: number, low: number): number | bigint {
  if (high < SAFE_HIGH && high > -SAFE_HIGH) return high * HALF + low
  const value = (BigInt(high) << 32n) | BigInt(low)
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value
}

/** From two unsigned halves. */
export function unsigned64(high: number, low: number): number | bigint {
  return high < SAFE_HIGH ? high * HALF + low : (BigInt(high) << 32n) | BigInt(low)
}

/** The low half of an integer in two's complement, unsigned. */
export function lowHalf(value: number | bigint): number {
  return typeof value === 'number' ? value >>> 0 : Number(value & 0xffffffffn)
}

/** The high half of an integer in two's complement, unsigned. */
export function highHalf(value: number | bigint): number {
  return typeof value === 'number' ? Math.floor(value / HALF) >>> 0 : Number((value >> 32n) & 0xffffffffn)
}
