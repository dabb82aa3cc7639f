/**
 * Growable: the form of a stored string that is written in place.
 *
 * The one idea: bytes in a buffer with spare room, so that APPEND is amortised O(1) and SETRANGE, SETBIT, BITFIELD and
 * PF* touch only what they change; as flat strings a thousand appends would copy a thousand times.
 *
 * Invariants: bytes past `length` are zero; whoever writes to `bytes` directly calls `changed()`.
 */
import { type Bytes, EMPTY } from '../base/bytes.ts'
import { epochs } from './epochs.ts'

const SMALLEST = 32
/** Up to here the room doubles; beyond, it grows by a quarter. */
const DOUBLING_END = 1 << 20
/** The longest text kept beside its bytes: a second copy of more would cost more memory than the reads save. */
const KEPT_TEXT = 1 << 14
/** The object, its buffer's header and the ArrayBuffer's. */
const FRAME_BYTES = 256
/** Shorter runs are copied char by char; a call into Node costs about 60 ns. */
const SHORT_RUN = 48

/** A string of bytes that grows and changes in place. */
export class Growable {
  /** The bytes, with spare room after `length`. */
  bytes: Buffer
  /** Bytes in use. */
  length: number
  /** What the keyspace's memory account holds for this value: see keyspace/account.ts. */
  counted = 0
  /** The last snapshot that has this value, or was begun before the value was made: see epochs.ts. */
  epoch = epochs.current
  private text: Bytes | undefined = undefined

  /** An empty string with room for some bytes. */
  constructor(capacity = SMALLEST) {
    // Not pooled, so zeroed and never a view of a shared slab.
    this.bytes = Buffer.alloc(capacity)
    this.length = 0
  }

  /** A growable copy of a string. */
  static from(value: Bytes): Growable {
    const growable = new Growable(value.length + SMALLEST)
    growable.append(value)
    return growable
  }

  /** An estimate of the memory held, in bytes. */
  get byteSize(): number {
    return FRAME_BYTES + this.bytes.length + (this.text === undefined ? 0 : this.text.length)
  }

  /** Counts the memory held anew; answers by how much it has grown: see keyspace/account.ts. */
  recount(): number {
    const grown = this.byteSize - this.counted
    this.counted += grown
    return grown
  }

  /** Says that `bytes` was written to. */
  changed(): void {
    this.text = undefined
  }

  /** Makes the string at least this long, filled with zero bytes. */
  extend(length: number): void {
    if (length <= this.length) return
    if (length > this.bytes.length) {
      const room = this.bytes.length < DOUBLING_END ? this.bytes.length * 2 : Math.ceil(this.bytes.length * 1.25)
      const wider = Buffer.alloc(Math.max(length, room))
      wider.set(this.bytes.subarray(0, this.length))
      this.bytes = wider
    }
    this.length = length
    this.text = undefined
  }

  /** Cuts the string to at most this length. */
  truncate(length: number): void {
    if (length >= this.length) return
    this.bytes.fill(0, length, this.length)
    this.length = length
    this.text = undefined
  }

  /** Adds bytes at the end. */
  append(value: Bytes): void {
    this.setRange(this.length, value)
  }

  /** Writes bytes at an offset; a gap after the old end is filled with zero bytes. Nothing is written for ''. */
  setRange(offset: number, value: Bytes): void {
    if (value.length === 0) return
    this.extend(offset + value.length)
    this.text = undefined
    if (value.length >= SHORT_RUN) {
      this.bytes.latin1Write(value, offset)
      return
    }
    const bytes = this.bytes
    for (let i = 0; i < value.length; i++) bytes[offset + i] = value.charCodeAt(i)
  }

  /** The bytes in from <= i < to, as far as the string goes; `from` is not negative. */
  range(from: number, to: number): Bytes {
    // The spare room is no part of the string.
    if (to > this.length) to = this.length
    return from >= to ? EMPTY : (this.bytes.latin1Slice(from, to) as Bytes)
  }

  /** The whole string. */
  toBytes(): Bytes {
    if (this.text !== undefined) return this.text
    const text = this.range(0, this.length)
    if (text.length <= KEPT_TEXT) this.text = text
    return text
  }

  /** What a snapshot needs of the string as it is now. */
  frozen(): Growable {
    return this.copy()
  }

  /** A string of its own with the same bytes. */
  copy(): Growable {
    const copy = new Growable(this.length + SMALLEST)
    copy.bytes.set(this.bytes.subarray(0, this.length))
    copy.length = this.length
    return copy
  }
}
