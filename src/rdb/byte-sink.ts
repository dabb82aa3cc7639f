/**
 * Bytes being written: a buffer that grows, and the lengths and strings of the format.
 *
 * The one idea: a sink is filled by one value after the other and drained whenever it is full, so that a snapshot needs
 * the memory of a chunk, not of a file. The checksum follows what is drained.
 */
import type { Bytes } from '../base/bytes.ts'
import { parseSafe } from '../base/integers.ts'
import { Crc64 } from './crc64.ts'
import { ENCODED, LENGTH, LENGTH_32, LENGTH_64 } from './format.ts'
import { highHalf, lowHalf } from './int64.ts'
import { compressLzf } from './lzf.ts'

/** A sink that holds so many bytes is full: drain it at the next chance. */
const CHUNK_BYTES = 1 << 16
/** Room for what a chunk goes beyond its end. */
const SPARE_BYTES = 1 << 12
/** Longer strings cannot be 32-bit integers. */
const LONGEST_INTEGER = 11
/** Up to here compression gains nothing (as in Redis). */
const LONGEST_PLAIN = 20
/** Longer strings are not compressed: a megabyte takes 5 ms, in which nobody is served. */
const LONGEST_COMPRESSED = 4 << 20
/** So much must compression gain (as in Redis). */
const LEAST_GAIN = 4
/** Strings up to this length are encoded and compressed in buffers that stay. */
const SCRATCH_BYTES = 1 << 16

const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES)
const packed = Buffer.allocUnsafeSlow(SCRATCH_BYTES)

/** A buffer that is written to at its end. */
export class ByteSink {
  buffer: Buffer
  /** Bytes written since the last drain. */
  at = 0
  /** Bytes drained so far. */
  drained = 0
  /** Over everything that was drained. */
  readonly checksum = new Crc64()
  readonly #compresses: boolean

  constructor(compresses = true, capacity = CHUNK_BYTES + SPARE_BYTES) {
    this.#compresses = compresses
    this.buffer = Buffer.allocUnsafeSlow(capacity)
  }

  /** Whether it is time to drain. */
  get isFull(): boolean {
    return this.at >= CHUNK_BYTES
  }

  /** Takes what was written; it is the caller's. */
  drain(): Uint8Array {
    const { buffer, at } = this
    this.checksum.update(buffer, 0, at)
    this.drained += at
    this.at = 0
    this.buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES + SPARE_BYTES)
    return buffer.subarray(0, at)
  }

  /** Makes room for so many bytes, and answers where they go. */
  room(count: number): number {
    const { at } = this
    if (at + count > this.buffer.length) this.#grow(at + count)
    this.at = at + count
    return at
  }

  byte(value: number): void {
    const at = this.room(1)
    this.buffer[at] = value
  }

  uint16(value: number): void {
    const at = this.room(2)
    this.buffer.writeUInt16LE(value, at)
  }

  uint32(value: number): void {
    const at = this.room(4)
    this.buffer.writeUInt32LE(value >>> 0, at)
  }

  /** Signed or unsigned: the bits are the same. */
  int64(value: number | bigint): void {
    const at = this.room(8)
    this.buffer.writeUInt32LE(lowHalf(value), at)
    this.buffer.writeUInt32LE(highHalf(value), at + 4)
  }

  /** The high byte first, as stream ids are. */
  bigEndian64(value: number | bigint): void {
    const at = this.room(8)
    this.buffer.writeUInt32BE(highHalf(value), at)
    this.buffer.writeUInt32BE(lowHalf(value), at + 4)
  }

  double(value: number): void {
    const at = this.room(8)
    this.buffer.writeDoubleLE(value, at)
  }

  /** The bytes of a string, and nothing else. */
  latin1(value: string): void {
    const at = this.room(value.length)
    this.buffer.latin1Write(value, at)
  }

  /** The bytes of a buffer, and nothing else. */
  bytes(value: Uint8Array): void {
    const at = this.room(value.length)
    this.buffer.set(value, at)
  }

  length(value: number | bigint): void {
    if (value < 64) this.byte(Number(value))
    else if (value < 16384) {
      this.byte((LENGTH.fourteen << 6) | (Number(value) >> 8))
      this.byte(Number(value) & 255)
    } else if (value < 2 ** 32) {
      this.byte(LENGTH_32)
      const at = this.room(4)
      this.buffer.writeUInt32BE(Number(value), at)
    } else {
      this.byte(LENGTH_64)
      this.bigEndian64(value)
    }
  }

  /** A string in the shortest encoding that Redis has for it. */
  string(value: Bytes): void {
    const { length } = value
    if (length <= LONGEST_INTEGER) {
      const integer = parseSafe(value)
      if (integer !== undefined && this.#encodedInteger(integer)) return
    } else if (length > LONGEST_PLAIN && length <= LONGEST_COMPRESSED && this.#compresses) {
      const input = length <= SCRATCH_BYTES ? scratch : Buffer.allocUnsafeSlow(length)
      input.latin1Write(value, 0)
      if (this.#compressed(input, length)) return
    }
    this.length(length)
    this.latin1(value)
  }

  /** The decimal form of an integer as a string. */
  integer(value: number): void {
    if (this.#encodedInteger(value)) return
    const text = `${value}`
    this.length(text.length)
    this.latin1(text)
  }

  /** The first bytes of a buffer as a string: never as an integer. */
  blob(value: Uint8Array, length: number): void {
    const mayGain = length > LONGEST_PLAIN && length <= LONGEST_COMPRESSED && this.#compresses
    if (mayGain && this.#compressed(value, length)) return
    this.length(length)
    const at = this.room(length)
    this.buffer.set(value.subarray(0, length), at)
  }

  #encodedInteger(value: number): boolean {
    // -0 is no integer; as a string it never gets here.
    if (value >= -128 && value <= 127) {
      this.byte((LENGTH.encoded << 6) | ENCODED.int8)
      this.byte(value & 255)
    } else if (value >= -32768 && value <= 32767) {
      this.byte((LENGTH.encoded << 6) | ENCODED.int16)
      this.uint16(value & 0xffff)
    } else if (value >= -2147483648 && value <= 2147483647) {
      this.byte((LENGTH.encoded << 6) | ENCODED.int32)
      this.uint32(value)
    } else return false
    return true
  }

  #compressed(input: Uint8Array, length: number): boolean {
    const room = length - LEAST_GAIN
    const out = room <= SCRATCH_BYTES ? packed : Buffer.allocUnsafeSlow(room)
    const size = compressLzf(input, 0, length, out, room)
    if (size === 0) return false
    this.byte((LENGTH.encoded << 6) | ENCODED.lzf)
    this.length(size)
    this.length(length)
    this.bytes(out.subarray(0, size))
    return true
  }

  #grow(least: number): void {
    const wider = Buffer.allocUnsafeSlow(Math.max(least, this.buffer.length * 2))
    wider.set(this.buffer.subarray(0, this.at))
    this.buffer = wider
  }
}
