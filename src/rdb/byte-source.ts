/**
 * Bytes being read: a place in a buffer, and the lengths and strings of the format.
 *
 * The one idea: every read looks at what is left first, so nothing is read beyond the end and nothing is allocated on
 * the word of a length alone: a string of n bytes needs n bytes here (n / 88 if it is compressed), n elements need n.
 * Numbers are little endian unless they say otherwise.
 */
import { type Bytes, EMPTY, raw } from '../base/bytes.ts'
import { RdbError, type RdbErrorCode } from './error.ts'
import { ENCODED, LENGTH, LENGTH_32, LENGTH_64 } from './format.ts'
import { signed64, unsigned64 } from './int64.ts'
import { expandLzf, LZF_MOST_GAIN } from './lzf.ts'

/** What V8 holds as one string. */
const LONGEST_STRING = 536870888

/** A buffer, and how far it was read. */
export class ByteSource {
  readonly buffer: Buffer
  /** Bytes read so far. */
  at: number
  /** Where reading ends. */
  readonly end: number
  /** Where the buffer starts in the file, for error messages. */
  readonly base: number
  readonly #view: DataView

  constructor(bytes: Uint8Array, at = 0, end = bytes.length, base = 0) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.at = at
    this.end = end
    this.base = base
  }

  /** Bytes not yet read. */
  get left(): number {
    return this.end - this.at
  }

  /** An error about what is read now. */
  error(code: RdbErrorCode, sentence: string): RdbError {
    return new RdbError(code, this.base + this.at, sentence)
  }

  /** The error of a length or encoding that cannot be. */
  corrupt(sentence: string): RdbError {
    return this.error('RDB_CORRUPT', sentence)
  }

  /** Takes so many bytes, and answers where they start. */
  take(count: number): number {
    const { at } = this
    if (count > this.end - at) throw this.error('RDB_TRUNCATED', `${count} bytes should follow, there are ${this.left}`)
    this.at = at + count
    return at
  }

  byte(): number {
    return this.buffer[this.take(1)]!
  }

  uint32(): number {
    return this.#view.getUint32(this.take(4), true)
  }

  int32(): number {
    return this.#view.getInt32(this.take(4), true)
  }

  /** Signed. */
  int64(): number | bigint {
    const at = this.take(8)
    return signed64(this.#view.getInt32(at + 4, true), this.#view.getUint32(at, true))
  }

  /** Unsigned, the high byte first, as stream ids are. */
  bigEndian64(): number | bigint {
    const at = this.take(8)
    return unsigned64(this.#view.getUint32(at), this.#view.getUint32(at + 4))
  }

  double(): number {
    return this.#view.getFloat64(this.take(8), true)
  }

  /** A moment in milliseconds. */
  milliseconds(): number {
    return Number(this.int64())
  }

  /** So many bytes as a string of their own. */
  latin1(length: number): Bytes {
    if (length === 0) return EMPTY
    if (length > LONGEST_STRING)
      throw this.error('RDB_UNSUPPORTED', `a string of ${length} bytes is longer than V8 allows`)
    const at = this.take(length)
    return raw(this.buffer.latin1Slice(at, at + length))
  }

  /** A length, exact up to 2^64-1. */
  exactLength(): number | bigint {
    const first = this.byte()
    switch (first >> 6) {
      case LENGTH.six:
        return first & 63
      case LENGTH.fourteen:
        return ((first & 63) << 8) | this.byte()
      case LENGTH.wide:
        if (first === LENGTH_32) return this.#view.getUint32(this.take(4))
        if (first === LENGTH_64) return this.bigEndian64()
    }
    throw this.corrupt(`${first} starts no length`)
  }

  /** A number of things; what is beyond 2^53-1 is taken down to it. */
  length(): number {
    const length = this.exactLength()
    return typeof length === 'number' ? length : Number.MAX_SAFE_INTEGER
  }

  /** How many elements follow, of which each takes at least so many bytes. */
  count(leastBytes = 1): number {
    const count = this.length()
    if (count * leastBytes > this.left) {
      throw this.error('RDB_TRUNCATED', `${count} elements should follow in ${this.left} bytes`)
    }
    return count
  }

  /** A string in any of its encodings. */
  string(): Bytes {
    const value = this.stringOrInteger()
    return typeof value === 'number' ? raw(`${value}`) : value
  }

  /** The same; a number where it is stored as one. */
  stringOrInteger(): Bytes | number {
    const first = this.byte()
    if (first >> 6 !== LENGTH.encoded) {
      this.at--
      return this.latin1(this.length())
    }
    switch (first & 63) {
      case ENCODED.int8:
        return this.#view.getInt8(this.take(1))
      case ENCODED.int16:
        return this.#view.getInt16(this.take(2), true)
      case ENCODED.int32:
        return this.int32()
      case ENCODED.lzf: {
        const expanded = this.#expand()
        if (expanded.length > LONGEST_STRING) throw this.error('RDB_UNSUPPORTED', 'a string is longer than V8 allows')
        return raw(expanded.latin1Slice())
      }
    }
    throw this.corrupt(`${first} starts no string`)
  }

  /** A string as a source of its own: the listpacks, ziplists and intsets that are stored as strings. */
  nested(): ByteSource {
    const first = this.byte()
    if (first === (LENGTH.encoded << 6) + ENCODED.lzf) {
      const base = this.base + this.at
      const expanded = this.#expand()
      return new ByteSource(expanded, 0, expanded.length, base)
    }
    this.at--
    if (first >> 6 === LENGTH.encoded) throw this.corrupt('a packed value is stored as an integer')
    const length = this.length()
    const at = this.take(length)
    return new ByteSource(this.buffer, at, at + length, this.base)
  }

  #expand(): Buffer {
    const packed = this.length()
    const expanded = this.length()
    const from = this.take(packed)
    if (expanded > packed * LZF_MOST_GAIN) {
      throw this.corrupt(`${packed} compressed bytes cannot become ${expanded}`)
    }
    // Not pooled: small slabs shared with others would be kept alive by what is nested.
    const out = Buffer.allocUnsafeSlow(expanded)
    if (!expandLzf(this.buffer, from, from + packed, out)) throw this.corrupt('a compressed string does not expand')
    return out
  }
}
