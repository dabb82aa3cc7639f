/**
 * Chunk: a short run of list elements with free room at both ends.
 *
 * The one idea: a window [from, to) moves inside one array (of at most 128 slots, if list-max-listpack-size says nothing
 * else), so that pushes and pops at either end touch one slot, and chunks chained in order make a deque of any length.
 *
 * Invariants: slots outside the window hold EMPTY (nothing popped is kept alive); a chunk in a list of more than one
 * is never empty.
 */
import { type Bytes, EMPTY } from '../base/bytes.ts'
import { limits } from './limits.ts'

const FIRST = 4
/** Elements for which each of the sizes -1 to -5 stands: 4, 8, 16, 32 and 64 kB of elements of 64 bytes. */
const SIZES = [64, 128, 256, 512, 1024]
const MOST = 32_767

/** The most elements of a chunk under a value of list-max-listpack-size: a number of elements, or a size from -1 to -5. */
export function chunkLength(setting: number): number {
  if (setting >= 0) return Math.min(Math.max(setting, 1), MOST)
  return SIZES[Math.min(-setting, SIZES.length) - 1]!
}

/** A window of elements inside one array, chained to its neighbours. */
export class Chunk {
  items: Bytes[]
  /** The slot of the first element. */
  from: number
  /** The slot after the last element. */
  to: number
  previous: Chunk | undefined = undefined
  next: Chunk | undefined = undefined

  /** An empty chunk whose window starts at a slot. */
  constructor(capacity: number, from: number) {
    this.items = new Array<Bytes>(capacity).fill(EMPTY)
    this.from = from
    this.to = from
  }

  /** A small chunk: most lists are short, and 128 slots are a kilobyte. */
  static first(): Chunk {
    return new Chunk(Math.min(FIRST, limits.listChunk), 0)
  }

  get count(): number {
    return this.to - this.from
  }

  /** Whether no element more may come in. */
  get isFull(): boolean {
    return this.count === this.items.length && this.items.length >= limits.listChunk
  }

  /** Makes a free slot before the window; false when the chunk has no room there. */
  makeRoomBefore(): boolean {
    if (this.from > 0) return true
    const { count, items } = this
    if (count <= items.length >> 1) {
      this.shift(items.length - this.to)
      return true
    }
    if (items.length >= limits.listChunk) return false
    const wider = new Array<Bytes>(Math.min(items.length * 2, limits.listChunk)).fill(EMPTY)
    const from = wider.length - count
    for (let i = 0; i < count; i++) wider[from + i] = items[i]!
    this.items = wider
    this.from = from
    this.to = wider.length
    return true
  }

  /** Makes a free slot after the window; false when the chunk has no room there. */
  makeRoomAfter(): boolean {
    const { items, count, from } = this
    if (this.to < items.length) return true
    if (count <= items.length >> 1) {
      this.shift(-from)
      return true
    }
    if (items.length >= limits.listChunk) return false
    const wider = new Array<Bytes>(Math.min(items.length * 2, limits.listChunk)).fill(EMPTY)
    for (let i = 0; i < count; i++) wider[i] = items[from + i]!
    this.items = wider
    this.from = 0
    this.to = count
    return true
  }

  /** Puts an element at an offset in 0..count; the chunk is not full. */
  insert(offset: number, value: Bytes): void {
    const { items } = this
    if (this.to === items.length && !this.makeRoomAfter()) {
      this.shift(-1)
    }
    const slot = this.from + offset
    for (let i = this.to; i > slot; i--) this.items[i] = this.items[i - 1]!
    this.items[slot] = value
    this.to++
  }

  /** Takes out `count` elements from an offset on. */
  cut(offset: number, count: number): void {
    const { items } = this
    const end = this.to - count
    for (let i = this.from + offset; i < end; i++) items[i] = items[i + count]!
    items.fill(EMPTY, end, this.to)
    this.to = end
  }

  /** Moves the elements from an offset on into a new chunk. */
  split(offset: number): Chunk {
    const slot = this.from + offset
    const right = new Chunk(Math.max(limits.listChunk, this.to - slot + 1), 0)
    for (let i = slot; i < this.to; i++) right.items[right.to++] = this.items[i]!
    this.items.fill(EMPTY, slot, this.to)
    this.to = slot
    return right
  }

  /** An equal chunk without neighbours. */
  copy(): Chunk {
    const copy = new Chunk(0, 0)
    copy.items = this.items.slice()
    copy.from = this.from
    copy.to = this.to
    return copy
  }

  /** Moves the window by a number of slots that keeps it inside. */
  private shift(by: number): void {
    const { items, from, to } = this
    // Loops: Array.prototype.copyWithin takes 3 us for 100 elements, a loop 0.1 us.
    if (by > 0) {
      for (let i = to - 1; i >= from; i--) items[i + by] = items[i]!
      items.fill(EMPTY, from, Math.min(to, from + by))
    } else {
      for (let i = from; i < to; i++) items[i + by] = items[i]!
      items.fill(EMPTY, Math.max(from, to + by), to)
    }
    this.from += by
    this.to += by
  }
}
