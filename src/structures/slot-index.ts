/**
 * The index of a table: hash -> slot, by extendible hashing.
 *
 * The one idea: a directory, addressed by the hash's upper bits, of small open-addressing segments, addressed by its lower
 * bits. A single segment doubles up to 4,096 cells; from there a full segment splits in two, and only the directory (one
 * pointer per segment) doubles. So no insert ever pays for more than one segment, there is no second table to look in, and
 * splitting uses the stored hashes, never the keys. Deletion merges neighbours the same way back.
 *
 * A segment is one Int32Array: a cell is the pair [hash, slot + 1], 0 meaning empty; the two last numbers are the count of
 * its cells in use and its depth (how many upper bits all its hashes share).
 * Invariants: every filled cell is reached from its home by filled cells only (linear probing, deletes shift back);
 * a segment is never full; it stands in the directory 2^(directory depth - its depth) times, side by side.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Column } from './column.ts'

const SMALLEST = 8
const LARGEST = 4096
/** Cells take the lower 12 bits of the hash, so 20 are left for the directory. */
const DEEPEST = 20
/** Every typed array costs about this much besides its cells. */
const ARRAY_BYTES = 200

const scratch = new Int32Array(LARGEST * 2 + 2)

function segmentOf(cells: number, depth: number): Int32Array {
  const segment = new Int32Array(cells * 2 + 2)
  segment[segment.length - 1] = depth
  return segment
}

/** Fills the first free cell for a hash. The caller counts. */
function plant(segment: Int32Array, hash: number, mark: number): void {
  const mask = segment.length - 4
  let at = (hash << 1) & mask
  while (segment[at + 1] !== 0) at = (at + 2) & mask
  segment[at] = hash
  segment[at + 1] = mark
}

/** Where the cell of (hash, slot) is. It must exist. */
function cellOf(segment: Int32Array, hash: number, slot: number): number {
  const mask = segment.length - 4
  let at = (hash << 1) & mask
  while (segment[at + 1] !== slot + 1) at = (at + 2) & mask
  return at
}

/** Empties a cell, shifting back whatever only stood behind it because it was taken. */
function unplant(segment: Int32Array, at: number): void {
  const mask = segment.length - 4
  let hole = at
  let next = (hole + 2) & mask
  while (segment[next + 1] !== 0) {
    const home = (segment[next]! << 1) & mask
    if (((next - home) & mask) >= ((next - hole) & mask)) {
      segment[hole] = segment[next]!
      segment[hole + 1] = segment[next + 1]!
      hole = next
    }
    next = (next + 2) & mask
  }
  segment[hole + 1] = 0
}

/** Hash -> slot, for the keys of one column. */
export class SlotIndex {
  private readonly keys: Column<Bytes>
  private directory: Int32Array[]
  private depth = 0
  /** 31 - depth: in JavaScript `>>> 32` is `>>> 0`, so the directory is addressed by `hash >>> 1 >>> shift`. */
  private shift = 31
  /** Segments as deep as the directory: at 0 the directory can halve. */
  private deepest = 1
  /** Bytes held by all segments and the directory. */
  byteSize = 0

  constructor(keys: Column<Bytes>) {
    this.keys = keys
    this.directory = [segmentOf(SMALLEST, 0)]
    this.account()
  }

  /** The slot of a key, or -1. */
  find(hash: number, key: Bytes): number {
    const segment = this.directory[(hash >>> 1) >>> this.shift]!
    const mask = segment.length - 4
    let at = (hash << 1) & mask
    for (;;) {
      const mark = segment[at + 1]!
      if (mark === 0) return -1
      if (segment[at] === hash && this.keys.get(mark - 1) === key) return mark - 1
      at = (at + 2) & mask
    }
  }

  /** The slot of a key if it has one; else -1, and the key is entered under `slot`. */
  findOrAdd(hash: number, key: Bytes, slot: number): number {
    const segment = this.directory[(hash >>> 1) >>> this.shift]!
    const mask = segment.length - 4
    let at = (hash << 1) & mask
    for (;;) {
      const mark = segment[at + 1]!
      if (mark === 0) break
      if (segment[at] === hash && this.keys.get(mark - 1) === key) return mark - 1
      at = (at + 2) & mask
    }
    segment[at] = hash
    segment[at + 1] = slot + 1
    const count = segment[mask + 2]! + 1
    segment[mask + 2] = count
    // Three quarters of the cells, which are (mask + 2) / 2: fuller, and a miss passes 15 cells instead of 8.
    if (count > ((mask + 2) * 3) >>> 3) this.enlarge(segment, hash)
    return -1
  }

  /** Takes the cell of (hash, slot) out. */
  remove(hash: number, slot: number): void {
    const segment = this.directory[(hash >>> 1) >>> this.shift]!
    unplant(segment, cellOf(segment, hash, slot))
    const end = segment.length
    const count = segment[end - 2]! - 1
    segment[end - 2] = count
    if (count < end >>> 3) this.reduce(segment, hash)
  }

  /** Tells that the key with this hash moved from one slot to another. */
  move(hash: number, from: number, to: number): void {
    const segment = this.directory[(hash >>> 1) >>> this.shift]!
    segment[cellOf(segment, hash, from) + 1] = to + 1
  }

  clear(): void {
    this.directory = [segmentOf(SMALLEST, 0)]
    this.depth = 0
    this.shift = 31
    this.deepest = 1
    this.account()
  }

  /** The most cells that any look-up passes: tests prove with it that no input makes the table slow. */
  longestProbe(): number {
    let longest = 0
    for (const segment of new Set(this.directory)) {
      const mask = segment.length - 4
      for (let at = 0; at <= mask; at += 2) {
        const distance = ((at - (segment[at]! << 1)) & mask) >>> 1
        if (segment[at + 1] !== 0 && distance >= longest) longest = distance + 1
      }
    }
    return longest
  }

  private account(): void {
    this.byteSize = this.directory[0]!.byteLength + ARRAY_BYTES + 8
  }

  private enlarge(segment: Int32Array, hash: number): void {
    const cells = (segment.length - 2) >>> 1
    const depth = segment[segment.length - 1]!
    if (cells < LARGEST || depth === DEEPEST) this.resize(segment, hash, cells * 2)
    else this.split(segment, hash)
  }

  private reduce(segment: Int32Array, hash: number): void {
    const cells = (segment.length - 2) >>> 1
    const shared = segment[segment.length - 1]! > 0
    if (shared && cells === LARGEST) this.merge(segment, hash)
    else if (cells > SMALLEST && segment[segment.length - 2]! < cells >>> 3) this.resize(segment, hash, cells >>> 1)
  }

  /** Rebuilds one segment with another number of cells. */
  private resize(segment: Int32Array, hash: number, cells: number): void {
    const end = segment.length
    const next = segmentOf(cells, segment[end - 1]!)
    for (let at = 0; at < end - 2; at += 2) {
      if (segment[at + 1] !== 0) plant(next, segment[at]!, segment[at + 1]!)
    }
    next[next.length - 2] = segment[end - 2]!
    this.install(next, hash, segment[end - 1]!)
    this.byteSize += next.byteLength - segment.byteLength
  }

  /** Moves the half of a segment whose next upper bit is set to a new segment; the other half stays in its memory. */
  private split(segment: Int32Array, hash: number): void {
    const end = segment.length
    const depth = segment[end - 1]!
    if (depth === this.depth) this.doubleDirectory()
    const upper = segmentOf(LARGEST, depth + 1)
    scratch.set(segment)
    segment.fill(0)
    segment[end - 1] = depth + 1
    const bit = 1 << (31 - depth)
    let moved = 0
    for (let at = 0; at < end - 2; at += 2) {
      const mark = scratch[at + 1]!
      if (mark === 0) continue
      const stored = scratch[at]!
      if ((stored & bit) === 0) {
        plant(segment, stored, mark)
      } else {
        plant(upper, stored, mark)
        moved++
      }
    }
    upper[end - 2] = moved
    segment[end - 2] = scratch[end - 2]! - moved
    this.install(upper, hash | bit, depth + 1)
    if (depth + 1 === this.depth) this.deepest += 2
    this.byteSize += upper.byteLength + ARRAY_BYTES
  }

  /** Empties the neighbour that differs in the last shared bit into this segment, if both are small. */
  private merge(segment: Int32Array, hash: number): void {
    const end = segment.length
    const depth = segment[end - 1]!
    const other = this.directory[((hash ^ (1 << (32 - depth))) >>> 1) >>> this.shift]!
    const together = segment[end - 2]! + (other[end - 2] ?? 0)
    if (other[end - 1] !== depth || other.length !== end || together > (end * 7) >>> 5) return
    for (let at = 0; at < end - 2; at += 2) {
      if (other[at + 1] !== 0) plant(segment, other[at]!, other[at + 1]!)
    }
    segment[end - 2] = together
    segment[end - 1] = depth - 1
    this.install(segment, hash, depth - 1)
    this.byteSize -= other.byteLength + ARRAY_BYTES
    if (depth === this.depth) {
      this.deepest -= 2
      while (this.deepest === 0) this.halveDirectory()
    }
  }

  /** Puts a segment into every place of the directory that belongs to the first `depth` bits of a hash. */
  private install(segment: Int32Array, hash: number, depth: number): void {
    const places = 1 << (this.depth - depth)
    const first = ((hash >>> 1) >>> this.shift) & -places
    for (let i = first; i < first + places; i++) this.directory[i] = segment
  }

  private doubleDirectory(): void {
    const old = this.directory
    const next: Int32Array[] = []
    for (const segment of old) next.push(segment, segment)
    this.byteSize += old.length * 8
    this.directory = next
    this.depth++
    this.shift--
    this.deepest = 0
  }

  private halveDirectory(): void {
    const next: Int32Array[] = []
    for (let i = 0; i < this.directory.length; i += 2) next.push(this.directory[i]!)
    this.byteSize -= next.length * 8
    this.directory = next
    this.depth--
    this.shift++
    for (const segment of next) if (segment[segment.length - 1] === this.depth) this.deepest++
  }
}
