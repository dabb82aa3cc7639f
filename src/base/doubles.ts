/**
 * Doubles as C reads and prints them: strtod with Redis' extra refusals, and `%.17g`.
 *
 * The one idea: JavaScript's own conversions are exact, so only their grammar and their shape need care. Two corners
 * differ: hexadecimal floats, which JavaScript lacks, and exact ties at the 17th digit, which C rounds to even and
 * `toPrecision` rounds up.
 */
import type { Bytes } from './bytes.ts'

const HEX = /^([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?(?:[pP]([+-]?[0-9]+))?$/
const INFINITY = /^([+-]?)inf(?:inity)?$/i
/** Longer hexadecimal texts are refused: a bigint ends at 2^30 bits. */
const MAX_HEX = 1 << 20
const SIGNIFICANT = /[1-9]/

/**
 * Reads a double by the rules of ZADD and its kin: decimal, exponent and hexadecimal forms and `inf`, `infinity` in
 * any case. `undefined` for blanks, trailing bytes, NaN, the empty string, and finite text that overflows or
 * underflows to zero.
 */
export function parseDouble(word: Bytes): number | undefined {
  const length = word.length
  if (length === 0) return undefined
  for (let i = 0; i < length; i++) {
    const code = word.charCodeAt(i)
    if (code >= 48 && code <= 57) continue
    // `.` `-` `+` `e` `E`: in this alphabet Number() takes what strtod takes, and nothing else but its own NaN.
    if (code !== 46 && code !== 45 && code !== 43 && code !== 101 && code !== 69) return parseUncommon(word)
  }
  const value = Number(word)
  if (Number.isNaN(value) || value === Infinity || value === -Infinity) return undefined
  return value === 0 && underflowed(word) ? undefined : value
}

function underflowed(word: Bytes): boolean {
  const exponent = word.search(/[eE]/)
  return SIGNIFICANT.test(exponent < 0 ? word : word.slice(0, exponent))
}

function parseUncommon(word: Bytes): number | undefined {
  const infinity = INFINITY.exec(word)
  if (infinity !== null) return infinity[1] === '-' ? -Infinity : Infinity
  const hex = parseHexFloat(word)
  if (hex === undefined) return undefined
  const value = scaleToDouble(hex.mantissa, hex.exponent)
  if (value === Infinity || (value === 0 && hex.mantissa !== 0n)) return undefined
  return hex.negative ? -value : value
}

/** A hexadecimal float in exact form: mantissa * 2^exponent. The exponent is clamped to ±100,000. */
export interface HexFloat {
  readonly negative: boolean
  readonly mantissa: bigint
  readonly exponent: number
}

/** Reads `0x1.8p3`, `undefined` when the text is no hexadecimal float. */
export function parseHexFloat(word: Bytes): HexFloat | undefined {
  if (word.length > MAX_HEX) return undefined
  const match = HEX.exec(word)
  if (match === null) return undefined
  const whole = match[2] ?? ''
  const fraction = match[3] ?? ''
  if (whole.length + fraction.length === 0) return undefined
  const power = Math.max(-100_000, Math.min(100_000, Number(match[4] ?? 0)))
  return {
    negative: match[1] === '-',
    mantissa: BigInt(`0x${whole}${fraction}`),
    exponent: power - 4 * fraction.length,
  }
}

function scaleToDouble(mantissa: bigint, exponent: number): number {
  if (mantissa === 0n) return 0
  const bits = mantissa.toString(2).length
  if (bits + exponent > 1024) return Infinity
  // The last bit a double can hold: 53 below the first one, or 2^-1074.
  const last = Math.max(bits + exponent - 53, -1074)
  const rounded = Number(roundShift(mantissa, last - exponent))
  // In two steps, since 2^last alone may lie below the smallest double's exponent range of `**`.
  const half = Math.trunc(last / 2)
  return rounded * 2 ** half * 2 ** (last - half)
}

/** value / 2^shift, rounded to nearest, ties to even; a negative shift multiplies. The value must not be negative. */
export function roundShift(value: bigint, shift: number): bigint {
  if (shift <= 0) return value << BigInt(-shift)
  const by = BigInt(shift)
  const quotient = value >> by
  const rest = value - (quotient << by)
  const half = 1n << (by - 1n)
  return rest > half || (rest === half && (quotient & 1n) === 1n) ? quotient + 1n : quotient
}

/** Prints a double as C's `%.17g`. NaN is `-nan`, which is what 0/0 yields on x86-64 and what Redis answers there. */
export function formatDouble(value: number): Bytes {
  if (Number.isSafeInteger(value)) return (value === 0 && 1 / value < 0 ? '-0' : `${value}`) as Bytes
  const size = Math.abs(value)
  if (size === Infinity) return (value > 0 ? 'inf' : '-inf') as Bytes
  if (Number.isNaN(value)) return '-nan' as Bytes
  // At most 15 exact digits: then the shortest form is the exact one.
  if (size < 1e7 && size >= 1e-4 && Number.isInteger(value * 256)) return `${value}` as Bytes
  if (size < 1e16 && Number.isInteger(value * 33554432)) return formatPossibleTie(value)
  if (size >= 1e-4 && size < 1e16) return stripZeros(value.toPrecision(17)) as Bytes
  return formatExponent(value.toExponential(16))
}

/**
 * A tie has 18 digits, the last one a 5. Then value = odd / 2^s with 2 <= s <= 25, so only multiples of 2^-25 come
 * here; their exact form has at most 16 + 25 digits.
 */
function formatPossibleTie(value: number): Bytes {
  const exact = value.toExponential(45)
  const sign = value < 0 ? 1 : 0
  const tie = exact.charCodeAt(sign + 18) === 53 && /^0*e/.test(exact.slice(sign + 19))
  const even = exact.charCodeAt(sign + 17) % 2 === 0
  if (tie && even) return formatExponent(exact.slice(0, sign + 18) + exact.slice(exact.indexOf('e')))
  return formatExponent(value.toExponential(16))
}

/** `d.ddd` * 10^exponent without an exponent, for -4 <= exponent <= 16. */
function placePoint(scientific: string, exponent: number): string {
  const sign = scientific.startsWith('-') ? '-' : ''
  const digits = scientific.slice(sign.length).replace('.', '')
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`
}

function stripZeros(decimal: string): string {
  if (!decimal.includes('.')) return decimal
  let end = decimal.length
  while (decimal.charCodeAt(end - 1) === 48) end--
  if (decimal.charCodeAt(end - 1) === 46) end--
  return decimal.slice(0, end)
}

/** `%g` from the digits of toExponential(16): fixed below 10^17, else an exponent of at least two digits. */
function formatExponent(scientific: string): Bytes {
  const at = scientific.indexOf('e')
  const exponent = Number(scientific.slice(at + 1))
  const digits = scientific.slice(0, at)
  if (exponent >= -4 && exponent < 17) return stripZeros(placePoint(digits, exponent)) as Bytes
  const size = Math.abs(exponent)
  return `${stripZeros(digits)}e${exponent < 0 ? '-' : '+'}${size < 10 ? '0' : ''}${size}` as Bytes
}
