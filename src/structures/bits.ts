/**
 * Bits: reading, counting, finding and combining the bits of a string.
 *
 * The one idea: bit 0 is the highest bit of the first byte, and whatever walks over many bytes walks over 32-bit words,
 * with single bytes only at the ends. Which byte of a word comes first matters to none of it: counting and combining
 * don't ask, and finding only skips words of equal bits.
 *
 * Invariants: ranges lie within the bytes; bit positions are plain numbers, beyond 2^31 for long strings.
 */

/** A bit's value. */
export type Bit = 0 | 1

/** From so many bytes on, words pay for the view that they are read through. */
const WORDS_FROM = 64

/** The bit at a position; bits past the end are 0. */
export function bitAt(bytes: Uint8Array, length: number, position: number): Bit {
  const at = Math.floor(position / 8)
  return at < length ? inByte(bytes[at]!, position) : 0
}

/** The bit of a byte that stands at a position of its string. */
export function inByte(byte: number, position: number): Bit {
  return ((byte >> (7 - (position & 7))) & 1) === 1 ? 1 : 0
}

/** Writes a bit and gives the one that was there. */
export function writeBit(bytes: Uint8Array, position: number, bit: Bit): Bit {
  const at = Math.floor(position / 8)
  const mask = 128 >> (position & 7)
  const byte = bytes[at]!
  bytes[at] = bit === 1 ? byte | mask : byte & ~mask
  return (byte & mask) === 0 ? 0 : 1
}

/** How many bits are set in bytes from <= i < to. */
export function countBits(bytes: Uint8Array, from: number, to: number): number {
  let count = 0
  let at = from
  if (to - from >= WORDS_FROM) {
    const first = firstWord(bytes, from)
    while (at < first) count += ones(bytes[at++]!)
    const words = wordsOf(bytes, first, to)
    for (let i = 0; i < words.length; i++) count += ones(words[i]!)
    at += words.length * 4
  }
  while (at < to) count += ones(bytes[at++]!)
  return count
}

/** How many bits are set from the first position to the last, both included. */
export function countBitsBetween(bytes: Uint8Array, first: number, last: number): number {
  if (first > last) return 0
  const [from, to] = [Math.floor(first / 8), Math.floor(last / 8)]
  const outside = ones(bytes[from]! & ~(255 >> (first & 7))) + ones(bytes[to]! & (127 >> (last & 7)))
  return countBits(bytes, from, to + 1) - outside
}

/** The first position of a bit in bytes from <= i < to, -1 when there is none. */
export function findBit(bytes: Uint8Array, bit: Bit, from: number, to: number): number {
  const skipped = bit === 1 ? 0 : 255
  let at = from
  if (to - from >= WORDS_FROM) {
    const first = firstWord(bytes, from)
    while (at < first && bytes[at] === skipped) at++
    if (at === first) {
      const words = wordsOf(bytes, first, to)
      const skippedWord = bit === 1 ? 0 : -1
      let i = 0
      while (i < words.length && words[i] === skippedWord) i++
      at += i * 4
    }
  }
  while (at < to && bytes[at] === skipped) at++
  return at < to ? at * 8 + leadingOf(bytes[at]!, bit) : -1
}

/** The first position of a bit from the first position to the last, both included; -1 when there is none. */
export function findBitBetween(bytes: Uint8Array, bit: Bit, first: number, last: number): number {
  if (first > last) return -1
  const [from, to] = [Math.floor(first / 8), Math.floor(last / 8)]
  // The first byte as if all that stands before the range were the other bit.
  const head = bit === 1 ? bytes[from]! & (255 >> (first & 7)) : bytes[from]! | (~(255 >> (first & 7)) & 255)
  const inHead = leadingOf(head, bit)
  const found = inHead < 8 ? from * 8 + inHead : findBit(bytes, bit, from + 1, to + 1)
  return found > last ? -1 : found
}

/** How bits are combined. */
export type BitOperation = 'AND' | 'OR' | 'XOR' | 'NOT'

/** A string of bytes, some of which may be spare room. */
export interface BitSource {
  readonly bytes: Uint8Array
  readonly length: number
}

/**
 * Combines strings, shorter ones as if filled up with zero bytes, into `into`: all zeros, as long as the longest or
 * longer. NOT takes one string.
 */
export function combineBits(operation: BitOperation, sources: readonly BitSource[], into: Uint8Array): void {
  const [first, ...others] = sources
  if (first === undefined) return
  into.set(first.bytes.subarray(0, first.length))
  if (operation === 'NOT') invert(into, first.length)
  for (const other of others) COMBINE[operation](into, other)
}

// A loop of its own for each operation: a function called for every word would cost more than the words.
const COMBINE: Readonly<Record<BitOperation, (into: Uint8Array, other: BitSource) => void>> = {
  AND: (into, { bytes, length }) => {
    const [mine, theirs] = paired(into, bytes, length)
    for (let i = 0; i < mine.length; i++) mine[i]! &= theirs[i]!
    for (let i = mine.length * 4; i < length; i++) into[i]! &= bytes[i]!
    into.fill(0, length)
  },
  OR: (into, { bytes, length }) => {
    const [mine, theirs] = paired(into, bytes, length)
    for (let i = 0; i < mine.length; i++) mine[i]! |= theirs[i]!
    for (let i = mine.length * 4; i < length; i++) into[i]! |= bytes[i]!
  },
  XOR: (into, { bytes, length }) => {
    const [mine, theirs] = paired(into, bytes, length)
    for (let i = 0; i < mine.length; i++) mine[i]! ^= theirs[i]!
    for (let i = mine.length * 4; i < length; i++) into[i]! ^= bytes[i]!
  },
  NOT: (into, { length }) => invert(into, length),
}

function invert(into: Uint8Array, length: number): void {
  const words = wordsOf(into, 0, length)
  for (let i = 0; i < words.length; i++) words[i] = ~words[i]!
  for (let i = words.length * 4; i < length; i++) into[i] = ~into[i]!
}

const NO_WORDS = new Int32Array(0)

/** The whole words of both, none when they are few. */
function paired(into: Uint8Array, other: Uint8Array, length: number): readonly [mine: Int32Array, theirs: Int32Array] {
  if (length < WORDS_FROM) return [NO_WORDS, NO_WORDS]
  return [wordsOf(into, 0, length), wordsOf(other, 0, length)]
}

/** The first byte from `from` on at which a word may start. */
const firstWord = (bytes: Uint8Array, from: number): number => from + (-(bytes.byteOffset + from) & 3)

/** The bytes from <= i < to as words, without a rest of less than four: a view, or a copy where words can't start. */
function wordsOf(bytes: Uint8Array, from: number, to: number): Int32Array {
  const count = Math.floor((to - from) / 4)
  const at = bytes.byteOffset + from
  if (at % 4 === 0) return new Int32Array(bytes.buffer, at, count)
  return new Int32Array(new Uint8Array(bytes.subarray(from, from + count * 4)).buffer)
}

/** How many bits of a word are set. */
function ones(word: number): number {
  const pairs = (word - ((word >>> 1) & 0x55555555)) | 0
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Where in a byte a bit comes first; 8 or more when it does not. */
const leadingOf = (byte: number, bit: Bit): number => Math.clz32(bit === 1 ? byte : ~byte & 255) - 24
