/**
 * Columns: dense, chunked arrays addressed by slot, that grow and shrink at the end only.
 *
 * The one idea: 4,096 elements to a chunk, so that growing never copies more than one chunk and a column that shrinks gives
 * its memory back. Invariants: a Column is filled for exactly the slots 0 <= slot < length; a number column reads 0 where
 * nothing was set, and takes no memory until something is.
 */

const SHIFT = 12
const CHUNK = 1 << SHIFT
const MASK = CHUNK - 1
const SMALLEST = 8
/** V8 moves a large array between generations without copying it: a million elements take 5 ms, chunk by chunk 9. */
const COPIED = 16

/** A column of values. Pushing fits V8: its growth steps end at 4,132, so a full chunk wastes under 1 %. */
export class Column<T> {
  private readonly chunks: T[][] = []
  length = 0

  get(slot: number): T {
    return this.chunks[slot >>> SHIFT]![slot & MASK]!
  }

  /** Stores at a filled slot. */
  set(slot: number, value: T): void {
    this.chunks[slot >>> SHIFT]![slot & MASK] = value
  }

  /** Stores at a filled slot, or at `length`: then the column grows by one. */
  put(slot: number, value: T): void {
    if (slot !== this.length) {
      this.chunks[slot >>> SHIFT]![slot & MASK] = value
    } else if ((slot & MASK) === 0) {
      this.chunks.push([value])
      this.length++
    } else {
      this.chunks[slot >>> SHIFT]!.push(value)
      this.length++
    }
  }

  /** The elements as they are now, in arrays of up to `COPIED` chunks; columns of one length give runs of the same lengths. */
  copied(): T[][] {
    const runs: T[][] = []
    for (let at = 0; at < this.chunks.length; at += COPIED) {
      runs.push(this.chunks[at]!.concat(...this.chunks.slice(at + 1, at + COPIED)))
    }
    return runs
  }

  /** Drops the last element. */
  pop(): void {
    const last = --this.length
    if ((last & MASK) === 0) this.chunks.pop()
    else this.chunks[last >>> SHIFT]!.pop()
  }

  clear(): void {
    this.chunks.length = 0
    this.length = 0
  }
}

/** What the two number columns share. Reading and writing stay apart: one site for both array types is slower. */
abstract class NumberColumn<A extends Float64Array | Int32Array> {
  /** A chunk is as long as its highest slot needed, rounded up to a power of two; one without a number is missing. */
  protected readonly chunks: (A | undefined)[] = []
  /** The memory held, used or not. */
  byteSize = 0

  protected abstract allocate(length: number): A

  /** Gives back memory that slots from `slots` on held. They may read as before or 0: set them when they are used again. */
  trim(slots: number): void {
    const at = slots >>> SHIFT
    // One chunk more stays, so that a count that swings over a chunk's edge does not allocate each time.
    while (this.chunks.length > at + 2) this.byteSize -= this.chunks.pop()?.byteLength ?? 0
    const chunk = this.chunks[at]
    if (chunk !== undefined && chunk.length > SMALLEST && (slots & MASK) < chunk.length >>> 2) {
      this.resize(at, chunk.length >>> 1)
    }
  }

  clear(): void {
    this.chunks.length = 0
    this.byteSize = 0
  }

  /** Gives an empty column the same numbers. */
  protected copyTo(other: NumberColumn<A>): void {
    for (const chunk of this.chunks) other.chunks.push(chunk === undefined ? undefined : this.copyOf(chunk))
    other.byteSize = this.byteSize
  }

  private copyOf(chunk: A): A {
    const copy = this.allocate(chunk.length)
    copy.set(chunk)
    return copy
  }

  /** Makes room for a slot. */
  protected grow(slot: number): void {
    const at = slot >>> SHIFT
    while (this.chunks.length <= at) this.chunks.push(undefined)
    let length = SMALLEST
    while (length <= (slot & MASK)) length *= 2
    this.resize(at, length)
  }

  private resize(at: number, length: number): void {
    const old = this.chunks[at]
    const next = this.allocate(length)
    if (old !== undefined) next.set(old.length > length ? old.subarray(0, length) : old)
    this.byteSize += next.byteLength - (old?.byteLength ?? 0)
    this.chunks[at] = next
  }
}

/** A column of float64 numbers, 8 bytes each. */
export class Float64Column extends NumberColumn<Float64Array> {
  get(slot: number): number {
    const chunk = this.chunks[slot >>> SHIFT]
    return chunk !== undefined && (slot & MASK) < chunk.length ? chunk[slot & MASK]! : 0
  }

  set(slot: number, value: number): void {
    const chunk = this.chunks[slot >>> SHIFT]
    if (chunk === undefined || (slot & MASK) >= chunk.length) this.grow(slot)
    this.chunks[slot >>> SHIFT]![slot & MASK] = value
  }

  /** A column of its own with the same numbers. */
  copy(): Float64Column {
    const copy = new Float64Column()
    this.copyTo(copy)
    return copy
  }

  protected override allocate(length: number): Float64Array {
    return new Float64Array(length)
  }
}

/** A column of int32 numbers, 4 bytes each. */
export class Int32Column extends NumberColumn<Int32Array> {
  get(slot: number): number {
    const chunk = this.chunks[slot >>> SHIFT]
    return chunk !== undefined && (slot & MASK) < chunk.length ? chunk[slot & MASK]! : 0
  }

  set(slot: number, value: number): void {
    const chunk = this.chunks[slot >>> SHIFT]
    if (chunk === undefined || (slot & MASK) >= chunk.length) this.grow(slot)
    this.chunks[slot >>> SHIFT]![slot & MASK] = value
  }

  /** A column of its own with the same numbers. */
  copy(): Int32Column {
    const copy = new Int32Column()
    this.copyTo(copy)
    return copy
  }

  protected override allocate(length: number): Int32Array {
    return new Int32Array(length)
  }
}
