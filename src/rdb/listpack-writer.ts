/**
 * Listpack, written.
 *
 * The one idea: one builder whose buffer is used again and again; what is finished is copied out by whoever asked for it,
 * before the next one begins. A string that is the plain decimal of a 64-bit integer is stored as that integer.
 */
import type { Bytes } from '../base/bytes.ts'
import { parseInteger } from '../base/integers.ts'
import { ByteSink } from './byte-sink.ts'

const HEADER_BYTES = 6
const END = 0xff
const MANY = 0xffff
const LONGEST_INTEGER = 20
/** A buffer that has grown beyond this is let go. */
const KEPT_BYTES = 1 << 20

/** Builds one listpack after the other. */
export class ListpackWriter {
  #sink = new ByteSink(false, 1 << 14)
  #count = 0

  /** Begins a new one. */
  begin(): void {
    if (this.#sink.buffer.length > KEPT_BYTES) this.#sink = new ByteSink(false, 1 << 14)
    this.#sink.at = HEADER_BYTES
    this.#count = 0
  }

  /** Bytes so far, without the end mark. */
  get size(): number {
    return this.#sink.at
  }

  /** Adds a string, which may turn out to be an integer. */
  add(value: Bytes): void {
    const { length } = value
    if (length > 0 && length <= LONGEST_INTEGER) {
      const integer = parseInteger(value)
      if (integer !== undefined) {
        this.integer(integer)
        return
      }
    }
    const sink = this.#sink
    const start = sink.at
    if (length < 64) sink.byte(0x80 | length)
    else if (length < 4096) {
      sink.byte(0xe0 | (length >> 8))
      sink.byte(length & 255)
    } else {
      sink.byte(0xf0)
      sink.uint32(length)
    }
    sink.latin1(value)
    this.#backLength(sink.at - start)
  }

  /** Adds an integer of 64 bits. */
  integer(value: number | bigint): void {
    const sink = this.#sink
    const start = sink.at
    if (typeof value === 'bigint' || value < -2147483648 || value > 2147483647) {
      sink.byte(0xf4)
      sink.int64(value)
    } else if (value >= 0 && value <= 127) {
      sink.byte(value)
    } else if (value >= -4096 && value <= 4095) {
      sink.byte(0xc0 | ((value >> 8) & 31))
      sink.byte(value & 255)
    } else if (value >= -32768 && value <= 32767) {
      sink.byte(0xf1)
      sink.uint16(value & 0xffff)
    } else if (value >= -8388608 && value <= 8388607) {
      sink.byte(0xf2)
      sink.uint16(value & 0xffff)
      sink.byte((value >> 16) & 255)
    } else {
      sink.byte(0xf3)
      sink.uint32(value)
    }
    this.#backLength(sink.at - start)
  }

  /** Ends it and writes it as a string. */
  finish(target: ByteSink): void {
    const sink = this.#sink
    sink.byte(END)
    sink.buffer.writeUInt32LE(sink.at, 0)
    sink.buffer.writeUInt16LE(Math.min(this.#count, MANY), 4)
    target.blob(sink.buffer, sink.at)
  }

  /** The length of an element behind it, seven bits a byte, to be read from the right. */
  #backLength(length: number): void {
    this.#count++
    const sink = this.#sink
    if (length <= 127) {
      sink.byte(length)
      return
    }
    const bytes = length < 16383 ? 2 : length < 2097151 ? 3 : length < 268435455 ? 4 : 5
    for (let i = bytes - 1; i >= 0; i--) {
      const seven = Math.floor(length / 128 ** i) & 127
      sink.byte(i === bytes - 1 ? seven : seven | 128)
    }
  }
}
