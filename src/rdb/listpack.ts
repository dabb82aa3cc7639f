/**
 * Listpack, read: a run of short strings and integers, each with its length behind it.
 *
 * The one idea: a cursor that checks everything as it goes: the frame when it is made, each element's encoding, its bounds
 * and the length behind it (which only walks backwards read, but a damaged one would mislead Redis later), and the number of
 * elements at the end.
 */
import { type Bytes, EMPTY, raw } from '../base/bytes.ts'
import type { ByteSource } from './byte-source.ts'

/** Total bytes (4) and number of elements (2). */
const HEADER_BYTES = 6
const END = 0xff
/** The number of elements is not known: there are this many or more. */
const MANY = 0xffff

/** A walk over the elements of a listpack. */
export class ListpackCursor {
  /** The elements the header announces; undefined when they are too many for it. */
  readonly announced: number | undefined
  readonly #source: ByteSource
  #met = 0

  /** `source` holds the listpack and nothing else. */
  constructor(source: ByteSource) {
    const size = source.left
    if (size < HEADER_BYTES + 1) throw source.corrupt('a listpack is shorter than its header')
    if (source.uint32() !== size) throw source.corrupt('a listpack does not know its own size')
    const count = source.byte() | (source.byte() << 8)
    if (source.buffer[source.end - 1] !== END) throw source.corrupt('a listpack does not end')
    this.announced = count === MANY ? undefined : count
    this.#source = source
  }

  /** Whether another element follows. At the end the number of elements is checked. */
  get more(): boolean {
    const source = this.#source
    if (source.left > 1) return true
    if (this.announced !== undefined && this.announced !== this.#met) {
      throw source.corrupt(`a listpack of ${this.#met} elements announced ${this.announced}`)
    }
    return false
  }

  /** The next element as it is stored. */
  next(): Bytes | number | bigint {
    const source = this.#source
    if (source.left <= 1) throw source.corrupt('a listpack ends too early')
    const start = source.at
    const value = this.#element(source)
    this.#backLength(source, source.at - start)
    this.#met++
    // The end mark belongs to no element.
    if (source.left < 1) throw source.corrupt('an element of a listpack reaches over its end')
    return value
  }

  /** The next element as bytes. */
  nextBytes(): Bytes {
    const value = this.next()
    return typeof value === 'string' ? value : raw(`${value}`)
  }

  /** The next element, which must be an integer. */
  nextInteger(): number | bigint {
    const value = this.next()
    if (typeof value === 'string') throw this.#source.corrupt('a listpack holds a string in the place of an integer')
    return value
  }

  /** The next element, which must be an integer in 0..2^31-1. */
  nextCount(): number {
    const value = this.nextInteger()
    if (typeof value === 'bigint' || value < 0 || value > 0x7fffffff) {
      throw this.#source.corrupt(`a listpack holds ${value} in the place of a count`)
    }
    return value
  }

  #element(source: ByteSource): Bytes | number | bigint {
    const first = source.byte()
    if (first < 0x80) return first
    if (first < 0xc0) return this.#text(source, first & 63)
    if (first < 0xe0) return signed(((first & 31) << 8) | source.byte(), 13)
    if (first < 0xf0) return this.#text(source, ((first & 15) << 8) | source.byte())
    switch (first) {
      case 0xf0:
        return this.#text(source, source.uint32())
      case 0xf1:
        return signed(source.byte() | (source.byte() << 8), 16)
      case 0xf2:
        return signed(source.byte() | (source.byte() << 8) | (source.byte() << 16), 24)
      case 0xf3:
        return source.int32()
      case 0xf4:
        return source.int64()
    }
    throw source.corrupt(`${first} starts no element of a listpack`)
  }

  #text(source: ByteSource, length: number): Bytes {
    return length === 0 ? EMPTY : source.latin1(length)
  }

  /** Reads the length behind an element and compares it with what was read. */
  #backLength(source: ByteSource, length: number): void {
    let bytes = 1
    for (let rest = length >>> 7; rest > 0; rest >>>= 7) bytes++
    // Redis gives 16383, 2097151 and 268435455 a byte more than they need.
    if (length === 16383 || length === 2097151 || length === 268435455) bytes++
    let value = 0
    for (let i = 0; i < bytes; i++) {
      const byte = source.byte()
      if (byte > 127 !== i > 0) throw source.corrupt('the length behind an element of a listpack is damaged')
      value = value * 128 + (byte & 127)
    }
    if (value !== length) throw source.corrupt('the length behind an element of a listpack is wrong')
  }
}

/** The number that the lowest bits hold in two's complement. */
function signed(value: number, bits: number): number {
  const unused = 32 - bits
  return (value << unused) >> unused
}
