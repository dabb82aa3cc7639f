/**
 * How many bytes Redis' listpack would take, without building one.
 *
 * The one idea: limits such as stream-node-max-bytes are about listpack bytes, and approximate trimming shows where
 * they fell, so the sizes must be Redis' own to the byte. An element is a head, its data and a backward length.
 * A string that is the plain decimal form of a signed 64-bit integer is stored as that integer.
 */

/** The header (total bytes, element count) and the end mark of a listpack. */
export const LISTPACK_FRAME_BYTES = 7

const LONGEST_INTEGER = 20
const LONGEST_EXACT = 15
const INT64_MAX = 2n ** 63n - 1n
const INT64_MIN = -(2n ** 63n)
const ZERO = 48
const NINE = 57
const MINUS = 45

/** The bytes of an integer element; every integer beyond 32 bits takes the same. */
export function listpackIntegerBytes(value: number): number {
  if (value >= 0 && value <= 127) return 2
  if (value >= -4096 && value <= 4095) return 3
  if (value >= -32768 && value <= 32767) return 4
  if (value >= -8388608 && value <= 8388607) return 5
  if (value >= -2147483648 && value <= 2147483647) return 6
  return 10
}

/** The bytes of a string element, which may turn out to be an integer. */
export function listpackStringBytes(value: string): number {
  const length = value.length
  if (length > 0 && length <= LONGEST_INTEGER && value.charCodeAt(0) <= NINE) {
    const integer = integerBytes(value)
    if (integer > 0) return integer
  }
  const data = length < 64 ? length + 1 : length < 4096 ? length + 2 : length + 5
  return data + backwardBytes(data)
}

function backwardBytes(data: number): number {
  if (data <= 127) return 1
  if (data < 16383) return 2
  if (data < 2097151) return 3
  return data < 268435455 ? 4 : 5
}

/** The bytes of a canonical integer, or 0 for anything else. */
function integerBytes(value: string): number {
  const negative = value.charCodeAt(0) === MINUS
  const start = negative ? 1 : 0
  const digits = value.length - start
  if (digits === 0) return 0
  if (value.charCodeAt(start) === ZERO && value.length > 1) return 0
  for (let i = start; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if (code < ZERO || code > NINE) return 0
  }
  if (digits <= LONGEST_EXACT) return listpackIntegerBytes(Number(value))
  const exact = BigInt(value)
  return exact >= INT64_MIN && exact <= INT64_MAX ? 10 : 0
}
