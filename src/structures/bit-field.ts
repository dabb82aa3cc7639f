/**
 * Integers of any width up to 64 bits, at any bit of a string, and what happens when they overflow.
 *
 * The one idea: an integer is read and written as at most two parts of 32 bits, so that plain numbers do for all widths
 * up to 53; only wider ones, and sums beyond 2^53, are bigints. Bits past the end of the string read as 0.
 *
 * Invariant: values are normalised as everywhere (see base/integers.ts): a number while it is safe, a bigint beyond.
 */
import { assert } from '../base/assert.ts'
import { fitInt64 } from '../base/integers.ts'

/** `i8`, `u63`: how an integer is written. Widths are 1 to 64, to 63 without a sign. */
export interface FieldType {
  readonly signed: boolean
  readonly width: number
}

/** What becomes of an integer that does not fit: its low bits, the nearest that fits, or nothing. */
export type Overflow = 'WRAP' | 'SAT' | 'FAIL'

/** Wider integers need bigints. */
const NUMBER_WIDTH = 53
const WORD = 2 ** 32

/** The integer whose first bit stands at a position. */
export function readField(bytes: Uint8Array, length: number, position: number, type: FieldType): number | bigint {
  const { signed, width } = type
  const high = width > 32 ? readPart(bytes, length, position, width - 32) : 0
  const low = readPart(bytes, length, position + Math.max(0, width - 32), Math.min(width, 32))
  if (width <= NUMBER_WIDTH) {
    const value = high * WORD + low
    return signed && value >= 2 ** (width - 1) ? value - 2 ** width : value
  }
  const value = (BigInt(high) << 32n) | BigInt(low)
  return normal(signed ? BigInt.asIntN(width, value) : value)
}

/** Writes an integer that fits; the string is long enough. */
export function writeField(bytes: Uint8Array, position: number, { width }: FieldType, value: number | bigint): void {
  const high = typeof value === 'number' ? Math.floor(value / WORD) : Number(BigInt.asUintN(32, value >> 32n))
  const low = typeof value === 'number' ? value - high * WORD : Number(BigInt.asUintN(32, value))
  if (width > 32) writePart(bytes, position, width - 32, high)
  writePart(bytes, position + Math.max(0, width - 32), Math.min(width, 32), low)
}

/** What is stored when a 64-bit integer is given; undefined when it does not fit and `overflow` says FAIL. */
export function given(value: number | bigint, type: FieldType, overflow: Overflow): number | bigint | undefined {
  // Given integers have a sign, those stored without one are read from its bits: -1 is the largest there is.
  if (!type.signed) return fitted(value < 0 ? BigInt.asUintN(64, BigInt(value)) : value, type, overflow)
  // Redis compares with the room that is left, whose own computation overflows so far below: it takes these for too large.
  if (typeof value === 'bigint' && type.width < 64 && value <= BigInt(highest(type)) - (1n << 63n)) {
    return overflowed(value, type, overflow, highest(type))
  }
  return fitted(value, type, overflow)
}

/** What is stored for `value + increment`, `value` being one that fits; undefined as for `given`. */
export function increased(
  value: number | bigint,
  increment: number | bigint,
  type: FieldType,
  overflow: Overflow,
): number | bigint | undefined {
  if (typeof value === 'number' && typeof increment === 'number') {
    const sum = value + increment
    if (Number.isSafeInteger(sum)) return fitted(sum, type, overflow)
  }
  return fitted(BigInt(value) + BigInt(increment), type, overflow)
}

/** Any integer as what is stored for it. */
function fitted(value: number | bigint, type: FieldType, overflow: Overflow): number | bigint | undefined {
  const [least, most] = [lowest(type), highest(type)]
  if (value > most) return overflowed(value, type, overflow, most)
  if (value < least) return overflowed(value, type, overflow, least)
  return typeof value === 'number' ? value : normal(value)
}

function overflowed(
  value: number | bigint,
  { signed, width }: FieldType,
  overflow: Overflow,
  nearest: number | bigint,
): number | bigint | undefined {
  if (overflow === 'FAIL') return undefined
  if (overflow === 'SAT') return nearest
  if (typeof value === 'number' && width <= NUMBER_WIDTH) {
    const values = 2 ** width
    const wrapped = value - Math.floor(value / values) * values
    return signed && wrapped >= values / 2 ? wrapped - values : wrapped
  }
  const exact = BigInt(value)
  return normal(signed ? BigInt.asIntN(width, exact) : BigInt.asUintN(width, exact))
}

function highest({ signed, width }: FieldType): number | bigint {
  const bits = signed ? width - 1 : width
  return bits <= NUMBER_WIDTH ? 2 ** bits - 1 : (1n << BigInt(bits)) - 1n
}

function lowest({ signed, width }: FieldType): number | bigint {
  if (!signed) return 0
  return width <= NUMBER_WIDTH ? -(2 ** (width - 1)) : -(1n << BigInt(width - 1))
}

function normal(value: bigint): number | bigint {
  const fit = fitInt64(value)
  assert(fit !== undefined, 'fields hold 64-bit integers')
  return fit
}

/** Up to 32 bits as a number without a sign. */
function readPart(bytes: Uint8Array, length: number, position: number, width: number): number {
  let value = 0
  for (let at = position, left = width; left > 0; ) {
    const index = Math.floor(at / 8)
    const inThis = 8 - (at & 7)
    const taken = Math.min(left, inThis)
    const byte = index < length ? bytes[index]! : 0
    value = value * 2 ** taken + ((byte >> (inThis - taken)) & (2 ** taken - 1))
    at += taken
    left -= taken
  }
  return value
}

/** Writes the low bits of a number, up to 32. */
function writePart(bytes: Uint8Array, position: number, width: number, value: number): void {
  for (let end = position + width, left = width, rest = value; left > 0; ) {
    const index = Math.floor((end - 1) / 8)
    const shift = 7 - ((end - 1) & 7)
    const taken = Math.min(left, 8 - shift)
    const mask = 2 ** taken - 1
    bytes[index] = (bytes[index]! & ~(mask << shift)) | ((rest & mask) << shift)
    rest = Math.floor(rest / 2 ** taken)
    end -= taken
    left -= taken
  }
}
