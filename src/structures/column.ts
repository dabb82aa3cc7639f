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

/** A column of values. Pushing fits V8: its growth steps end at 4,132, so a full chunk wastes under 1 %. */
export class Column<T> {
  private readonly chunks: T[][] = []
  length = 0

  get(slot: number): T {
    return this.chunks[slot >>> SHIFT]![slot & MASK]!
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
  protected readonly chunks: A[] = []

  protected abstract allocate(length: number): A

  /** The memory held, used or not. */
  get byteSize(): number {
    const first = this.chunks[0]
    return first === undefined ? 0 : first.byteLength + (this.chunks.length - 1) * CHUNK * first.BYTES_PER_ELEMENT
  }

  /** Gives back memory that slots from `slots` on held. They may read as 0 or as before: set them when they are used again. */
  trim(slots: number): void {
    // One empty chunk stays, so that a count that swings over a chunk's edge does not allocate each time.
    if (this.chunks.length > (slots >>> SHIFT) + 2) this.chunks.length = (slots >>> SHIFT) + 2
    const first = this.chunks[0]
    if (first === undefined || first.length <= SMALLEST || slots >= first.length >>> 2) return
    const smaller = this.allocate(Math.max(SMALLEST, first.length >>> 1))
    smaller.set(first.subarray(0, smaller.length))
    this.chunks.length = 1
    this.chunks[0] = smaller
  }

  clear(): void {
    this.chunks.length = 0
  }

  /** Makes room for a slot. Only the first chunk begins small. */
  protected grow(slot: number): void {
    const at = slot >>> SHIFT
    if (at > 0 || this.chunks.length > 1) {
      this.resizeFirst(CHUNK)
      while (this.chunks.length <= at) this.chunks.push(this.allocate(CHUNK))
    } else {
      let length = SMALLEST
      while (length <= slot) length *= 2
      this.resizeFirst(length)
    }
  }

  private resizeFirst(length: number): void {
    const first = this.chunks[0]
    if (first !== undefined && first.length >= length) return
    const larger = this.allocate(length)
    if (first !== undefined) larger.set(first)
    this.chunks[0] = larger
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

  protected override allocate(length: number): Int32Array {
    return new Int32Array(length)
  }
}
