/**
 * CRC-64 as Redis computes it (polynomial 0xad93d23594c935a9, reflected, starting at 0, nothing inverted).
 *
 * The one idea: a 64-bit number is two 32-bit halves; a table per half and byte position, eight positions, so that eight
 * bytes take sixteen look-ups and no bigint is made.
 */

const POLYNOMIAL_HIGH = 0x95ac9329
const POLYNOMIAL_LOW = 0xac4bc9b5
const POSITIONS = 8

/** Entry `256 * p + b`: what byte `b` becomes after `p` further bytes of zeros. */
const lowTable = new Int32Array(256 * POSITIONS)
const highTable = new Int32Array(256 * POSITIONS)

for (let byte = 0; byte < 256; byte++) {
  let low = byte
  let high = 0
  for (let bit = 0; bit < 8; bit++) {
    const carry = low & 1
    low = (low >>> 1) | (high << 31)
    high = high >>> 1
    if (carry !== 0) {
      low ^= POLYNOMIAL_LOW
      high ^= POLYNOMIAL_HIGH
    }
  }
  lowTable[byte] = low
  highTable[byte] = high
}
for (let at = 256; at < 256 * POSITIONS; at++) {
  const low = lowTable[at - 256]!
  const high = highTable[at - 256]!
  lowTable[at] = ((low >>> 8) | (high << 24)) ^ lowTable[low & 255]!
  highTable[at] = (high >>> 8) ^ highTable[low & 255]!
}

/** A checksum that grows with what it is given. */
export class Crc64 {
  /** The low 32 bits, as an int32. */
  low = 0
  /** The high 32 bits, as an int32. */
  high = 0

  /** Takes in the bytes from `from` to `to`, the latter excluded. */
  update(bytes: Uint8Array, from: number, to: number): void {
    let { low, high } = this
    let i = from
    for (const end = to - 7; i < end; i += 8) {
      const a = low ^ (bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24))
      const b = high ^ (bytes[i + 4]! | (bytes[i + 5]! << 8) | (bytes[i + 6]! << 16) | (bytes[i + 7]! << 24))
      const p7 = 1792 + (a & 255)
      const p6 = 1536 + ((a >>> 8) & 255)
      const p5 = 1280 + ((a >>> 16) & 255)
      const p4 = 1024 + (a >>> 24)
      const p3 = 768 + (b & 255)
      const p2 = 512 + ((b >>> 8) & 255)
      const p1 = 256 + ((b >>> 16) & 255)
      const p0 = b >>> 24
      low = lowTable[p7]! ^ lowTable[p6]! ^ lowTable[p5]! ^ lowTable[p4]!
      low ^= lowTable[p3]! ^ lowTable[p2]! ^ lowTable[p1]! ^ lowTable[p0]!
      high = highTable[p7]! ^ highTable[p6]! ^ highTable[p5]! ^ highTable[p4]!
      high ^= highTable[p3]! ^ highTable[p2]! ^ highTable[p1]! ^ highTable[p0]!
    }
    for (; i < to; i++) {
      const at = (low ^ bytes[i]!) & 255
      low = ((low >>> 8) | (high << 24)) ^ lowTable[at]!
      high = (high >>> 8) ^ highTable[at]!
    }
    this.low = low
    this.high = high
  }

  /** Whether the eight bytes at an offset, little endian, are this checksum. */
  equals(bytes: Uint8Array, at: number): boolean {
    return halfAt(bytes, at) === this.low && halfAt(bytes, at + 4) === this.high
  }
}

/** Four bytes, little endian, as an int32. */
function halfAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}
