/**
 * Doubles printed with a fixed number of decimals, as C's `%.4f` and `%f` do.
 *
 * The one idea: `toFixed` rounds the exact value as C does, but for ties, which C gives to the even digit, and for sizes
 * from 10^21 on, which it prints with an exponent.
 */
import { type Bytes, raw } from './bytes.ts'

/** Prints a double with so many decimals, at least 1. */
export function formatFixed(value: number, decimals: number): Bytes {
  if (!Number.isFinite(value)) return raw(Number.isNaN(value) ? '-nan' : value > 0 ? 'inf' : '-inf')
  if (Math.abs(value) >= 1e21) return raw(`${BigInt(value)}.${'0'.repeat(decimals)}`)
  if (value === 0) return raw(`${1 / value < 0 ? '-' : ''}0.${'0'.repeat(decimals)}`)
  // Half of the last decimal is a multiple of this power of two, so nothing else can be a tie; and one digit more is exact.
  if (Number.isInteger(value * 2 ** (decimals + 1))) {
    const exact = value.toFixed(decimals + 1)
    const isTie = exact.charCodeAt(exact.length - 1) === 53
    if (isTie && exact.charCodeAt(exact.length - 2) % 2 === 0) return raw(exact.slice(0, -1))
  }
  return raw(value.toFixed(decimals))
}
