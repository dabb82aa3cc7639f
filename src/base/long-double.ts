/**
 * INCRBYFLOAT's arithmetic: x86-64 long doubles, 80 bits wide, as strtold, `+` and `%.17Lf` see them.
 *
 * The one idea: a finite long double is exactly mantissa * 2^exponent with a mantissa below 2^64, so bigints compute
 * every step exactly and round once, to nearest, ties to even. Short integers take a path of plain numbers.
 */
import type { Bytes } from './bytes.ts'
import { parseHexFloat, roundShift } from './doubles.ts'
import { parseInteger } from './integers.ts'

/** A finite long double, mantissa * 2^exponent, or an infinity. The mantissa carries the sign and is below 2^64. */
interface LongDouble {
  readonly mantissa: bigint
  readonly exponent: number
}

type Parsed = LongDouble | 'infinity' | '-infinity' | undefined

/** Why two texts have no sum: one is no float, or the sum is not finite. */
export type LongDoubleFault = 'not-a-float' | 'not-finite'

/** A sum, or the reason there is none. */
export type LongDoubleSum =
  | { readonly sum: Bytes; readonly fault?: undefined }
  | { readonly sum?: undefined; readonly fault: LongDoubleFault }

const NOT_A_FLOAT: LongDoubleSum = { fault: 'not-a-float' }
const NOT_FINITE: LongDoubleSum = { fault: 'not-finite' }
const ZERO: LongDouble = { mantissa: 0n, exponent: 0 }

const MANTISSA_BITS = 64
/** Exponent of the last bit of the smallest subnormal. */
const MIN_EXPONENT = -16445
/** Values of 2^16384 and more overflow. */
const MAX_BITS = 16384
/** Redis copies the text into a buffer of this size, terminator included. */
const MAX_TEXT = 5 * 1024
const TEN_17 = 10n ** 17n

const DECIMAL = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?$/
const INFINITY = /^([+-]?)inf(?:inity)?$/i

/** a + b as INCRBYFLOAT computes and prints it. */
export function addLongDoubles(a: Bytes, b: Bytes): LongDoubleSum {
  if (a.length <= 15 && b.length <= 15) {
    const left = parseInteger(a)
    const right = left === undefined ? undefined : parseInteger(b)
    if (typeof left === 'number' && typeof right === 'number') return { sum: `${left + right}` as Bytes }
  }
  const left = parse(a)
  const right = parse(b)
  if (left === undefined || right === undefined) return NOT_A_FLOAT
  if (typeof left === 'string' || typeof right === 'string') return NOT_FINITE
  const sum = add(left, right)
  return sum === undefined ? NOT_FINITE : { sum: format(sum) }
}

/** Whether strtold, with Redis' refusals, takes this text as a float; infinities count. */
export function isLongDouble(word: Bytes): boolean {
  return parse(word) !== undefined
}

/**
 * Seconds in text to whole milliseconds, rounded up, as blocking commands read timeouts. `undefined` when it is no
 * float. What exceeds int64 becomes its minimum, as the C cast does: Redis answers "timeout is negative" then.
 */
export function parseMilliseconds(word: Bytes): number | undefined {
  const seconds = parse(word)
  if (seconds === undefined) return undefined
  if (typeof seconds === 'string') return -(2 ** 63)
  const product = round(seconds.mantissa * 1000n, seconds.exponent)
  if (product === undefined || bitLength(product.mantissa) + product.exponent > 63) return -(2 ** 63)
  if (product.exponent >= 0) return Number(product.mantissa << BigInt(product.exponent))
  const unit = 1n << BigInt(-product.exponent)
  const floor = product.mantissa / unit
  return Number(product.mantissa > floor * unit ? floor + 1n : floor)
}

/** A double printed as `%.17Lf` with trailing zeros removed, the form that GEOPOS uses. */
export function formatHuman(value: number): Bytes {
  if (Number.isSafeInteger(value)) return `${value}` as Bytes
  if (!Number.isFinite(value)) return (value > 0 ? 'inf' : value < 0 ? '-inf' : 'nan') as Bytes
  return format(split(value))
}

/** The exact mantissa and exponent of a finite double. */
function split(value: number): LongDouble {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const biased = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n
  return { mantissa: value < 0 ? -mantissa : mantissa, exponent: (biased === 0 ? 1 : biased) - 1075 }
}

function parse(word: Bytes): Parsed {
  if (word.length === 0 || word.length >= MAX_TEXT) return undefined
  const decimal = DECIMAL.exec(word)
  if (decimal !== null) {
    return parseDecimal(decimal[1] === '-', decimal[2] ?? '', decimal[3] ?? '', Number(decimal[4] ?? 0))
  }
  const infinity = INFINITY.exec(word)
  if (infinity !== null) return infinity[1] === '-' ? '-infinity' : 'infinity'
  const hex = parseHexFloat(word)
  if (hex === undefined) return undefined
  return finite(round(hex.negative ? -hex.mantissa : hex.mantissa, hex.exponent), hex.mantissa === 0n)
}

function parseDecimal(negative: boolean, whole: string, fraction: string, power: number): Parsed {
  if (whole.length + fraction.length === 0) return undefined
  const size = BigInt(whole + fraction)
  if (size === 0n) return ZERO
  const digits = negative ? -size : size
  const exponent = power - fraction.length
  // Beyond these the result is an overflow or zero whatever the digits are: 5,119 of them at most.
  if (exponent > 5_000 || exponent < -11_000) return undefined
  if (exponent >= 0) return finite(round(digits * 10n ** BigInt(exponent), 0), false)
  return finite(divide(digits, 10n ** BigInt(-exponent)), false)
}

/** Text that overflows, or underflows to zero without being zero, is no float. */
function finite(value: LongDouble | undefined, zero: boolean): LongDouble | undefined {
  return value === undefined || (value.mantissa === 0n && !zero) ? undefined : value
}

/** numerator / denominator, rounded once. */
function divide(numerator: bigint, denominator: bigint): LongDouble | undefined {
  // Two bits more than the mantissa, and a sticky bit for the rest, round as the infinite quotient would.
  const shift = Math.max(0, MANTISSA_BITS + 3 + bitLength(denominator) - bitLength(numerator))
  const size = (numerator < 0n ? -numerator : numerator) << BigInt(shift)
  const quotient = size / denominator
  const sticky = quotient * denominator === size ? 0n : 1n
  const exact = (quotient << 1n) | sticky
  return round(numerator < 0n ? -exact : exact, -shift - 1)
}

function add(a: LongDouble, b: LongDouble): LongDouble | undefined {
  if (a.mantissa === 0n) return b
  if (b.mantissa === 0n) return a
  const exponent = Math.min(a.exponent, b.exponent)
  const left = a.mantissa << BigInt(a.exponent - exponent)
  return round(left + (b.mantissa << BigInt(b.exponent - exponent)), exponent)
}

/** Rounds an exact value to 64 bits of mantissa, fewer among the subnormals; `undefined` on overflow. */
function round(mantissa: bigint, exponent: number): LongDouble | undefined {
  if (mantissa === 0n) return ZERO
  const bits = bitLength(mantissa)
  const last = Math.max(bits + exponent - MANTISSA_BITS, MIN_EXPONENT)
  if (last <= exponent) return bits + exponent > MAX_BITS ? undefined : { mantissa, exponent }
  const size = roundShift(mantissa < 0n ? -mantissa : mantissa, last - exponent)
  if (bitLength(size) + last > MAX_BITS) return undefined
  return { mantissa: mantissa < 0n ? -size : size, exponent: last }
}

/** Bits of the absolute value; 0 for zero. */
function bitLength(value: bigint): number {
  const size = value < 0n ? -value : value
  if (size === 0n) return 0
  const hex = size.toString(16)
  return hex.length * 4 - 4 + (32 - Math.clz32(Number.parseInt(hex.charAt(0), 16)))
}

/** `%.17Lf` without trailing zeros, `-0` as `0`. */
function format(value: LongDouble): Bytes {
  const size = value.mantissa < 0n ? -value.mantissa : value.mantissa
  const scaled = roundShift(size * TEN_17, -value.exponent)
  if (scaled === 0n) return '0' as Bytes
  const sign = value.mantissa < 0n ? '-' : ''
  const whole = scaled / TEN_17
  const fraction = (scaled % TEN_17).toString().padStart(17, '0').replace(/0+$/, '')
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}` as Bytes
}
