/**
 * List: the value behind LPUSH and its family.
 *
 * The one idea: a deque of chunks. Both ends are O(1); an index walks whole chunks from the nearer end, which costs
 * n / 128 steps at worst, with list-max-listpack-size as it comes.
 *
 * Invariants: head and tail always exist; only a list of size 0 has an empty chunk; stored elements are flat strings.
 */
import { assert } from '../base/assert.ts'
import { type Bytes, EMPTY } from '../base/bytes.ts'
import { Chunk } from './chunk.ts'
import { epochs } from './epochs.ts'
import { stringBytes } from './indexed-keys.ts'
import { limits } from './limits.ts'

/** The list, its first chunk and that chunk's array. */
const EMPTY_BYTES = 200
/** The pointer to an element. */
const POINTER_BYTES = 8

/** Receives an element with its index; answering false ends the walk. */
export type ElementVisitor = (value: Bytes, index: number) => boolean

/** A deque of byte strings with access by index. */
export class List {
  readonly type = 'list'
  /** What the keyspace's memory account holds for this value: see keyspace/account.ts. */
  counted = 0
  /** The last snapshot that has this value, or was begun before the value was made: see epochs.ts. */
  epoch = epochs.current
  /** Elements held. */
  size = 0
  private head: Chunk
  private tail: Chunk
  private elementBytes = 0

  constructor() {
    this.head = this.tail = Chunk.first()
  }

  /** OBJECT ENCODING: redis-server 7.0 has one. */
  encoding(): 'quicklist' {
    return 'quicklist'
  }

  /** An estimate of the memory held, in bytes. */
  get byteSize(): number {
    return EMPTY_BYTES + this.elementBytes
  }

  /** Counts the memory held anew; answers by how much it has grown: see keyspace/account.ts. */
  recount(): number {
    const grown = this.byteSize - this.counted
    this.counted += grown
    return grown
  }

  /** Adds an element before the first. */
  pushHead(value: Bytes): void {
    let chunk = this.head
    if (chunk.from === 0 && !chunk.makeRoomBefore()) {
      const { listChunk } = limits
      chunk = new Chunk(listChunk, listChunk)
      chunk.next = this.head
      this.head.previous = chunk
      this.head = chunk
    }
    chunk.items[--chunk.from] = value
    this.grow(value)
  }

  /** Adds an element after the last. */
  pushTail(value: Bytes): void {
    let chunk = this.tail
    if (chunk.to === chunk.items.length && !chunk.makeRoomAfter()) {
      chunk = new Chunk(limits.listChunk, 0)
      chunk.previous = this.tail
      this.tail.next = chunk
      this.tail = chunk
    }
    chunk.items[chunk.to++] = value
    this.grow(value)
  }

  /** Takes the first element. */
  popHead(): Bytes | undefined {
    if (this.size === 0) return undefined
    const chunk = this.head
    const value = chunk.items[chunk.from]!
    chunk.items[chunk.from++] = EMPTY
    this.shrink(value)
    if (chunk.from === chunk.to) this.unlink(chunk)
    return value
  }

  /** Takes the last element. */
  popTail(): Bytes | undefined {
    if (this.size === 0) return undefined
    const chunk = this.tail
    const value = chunk.items[--chunk.to]!
    chunk.items[chunk.to] = EMPTY
    this.shrink(value)
    if (chunk.from === chunk.to) this.unlink(chunk)
    return value
  }

  /** The element at an index from the head, undefined outside 0..size-1. */
  get(index: number): Bytes | undefined {
    if (index < 0 || index >= this.size) return undefined
    const chunk = this.chunkAt(index)
    return chunk.items[chunk.from + offsetInChunk]!
  }

  /** Replaces the element at an index in 0..size-1. */
  set(index: number, value: Bytes): void {
    assert(index >= 0 && index < this.size, 'a replaced list element exists')
    const chunk = this.chunkAt(index)
    const slot = chunk.from + offsetInChunk
    this.elementBytes += stringBytes(value) - stringBytes(chunk.items[slot]!)
    chunk.items[slot] = value
  }

  /** Puts an element at an index in 0..size; what was there moves towards the tail. */
  insert(index: number, value: Bytes): void {
    if (index === 0) {
      this.pushHead(value)
      return
    }
    if (index === this.size) {
      this.pushTail(value)
      return
    }
    let chunk = this.chunkAt(index)
    let offset = offsetInChunk
    if (chunk.isFull) {
      const half = chunk.count >> 1
      const right = chunk.split(half)
      this.linkAfter(chunk, right)
      if (offset > half) {
        offset -= half
        chunk = right
      }
    }
    chunk.insert(offset, value)
    this.grow(value)
  }

  /** Keeps the elements from index `start` to index `stop`, both within the list; none when start > stop. */
  trim(start: number, stop: number): void {
    if (start > stop) {
      this.head = this.tail = Chunk.first()
      this.size = 0
      this.elementBytes = 0
      return
    }
    const drop = this.size - 1 - stop
    this.dropHead(start)
    this.dropTail(drop)
  }

  /**
   * Removes elements equal to a value and answers how many: the first `count` from the head, the last `-count` from
   * the tail, all when `count` is 0.
   */
  removeValue(value: Bytes, count: number): number {
    const fromTail = count < 0
    const limit = count === 0 ? this.size : Math.abs(count)
    let removed = 0
    let chunk: Chunk | undefined = fromTail ? this.tail : this.head
    while (chunk !== undefined && removed < limit) {
      const following: Chunk | undefined = fromTail ? chunk.previous : chunk.next
      removed += fromTail ? cutFromTail(chunk, value, limit - removed) : cutFromHead(chunk, value, limit - removed)
      if (chunk.from === chunk.to) this.unlink(chunk)
      else if (chunk.previous !== undefined) this.join(chunk.previous, chunk)
      chunk = following
    }
    this.size -= removed
    this.elementBytes -= removed * (stringBytes(value) + POINTER_BYTES)
    return removed
  }

  /** The elements from index `start` to index `stop`, both within 0..size-1, in order; none when start > stop. */
  slice(start: number, stop: number): Bytes[] {
    const out: Bytes[] = []
    if (start > stop) return out
    let chunk = this.chunkAt(start)
    let slot = chunk.from + offsetInChunk
    let left = stop - start + 1
    for (;;) {
      const end = Math.min(chunk.to, slot + left)
      left -= end - slot
      for (; slot < end; slot++) out.push(chunk.items[slot]!)
      if (left === 0) return out
      chunk = chunk.next!
      slot = chunk.from
    }
  }

  /** Walks from an index (within 0..size-1) to the tail, or to the head when `reverse`; the list must not change. */
  forEachFrom(index: number, reverse: boolean, visit: ElementVisitor): void {
    if (index < 0 || index >= this.size) return
    let chunk: Chunk | undefined = this.chunkAt(index)
    let slot = chunk.from + offsetInChunk
    if (reverse) {
      while (chunk !== undefined) {
        for (; slot >= chunk.from; slot--) if (!visit(chunk.items[slot]!, index--)) return
        chunk = chunk.previous
        if (chunk !== undefined) slot = chunk.to - 1
      }
      return
    }
    while (chunk !== undefined) {
      for (; slot < chunk.to; slot++) if (!visit(chunk.items[slot]!, index++)) return
      chunk = chunk.next
      if (chunk !== undefined) slot = chunk.from
    }
  }

  /** The index of the first element equal to a value, -1 when there is none. */
  indexOf(value: Bytes): number {
    let before = 0
    for (let chunk: Chunk | undefined = this.head; chunk !== undefined; chunk = chunk.next) {
      for (let slot = chunk.from; slot < chunk.to; slot++) {
        if (chunk.items[slot] === value) return before + slot - chunk.from
      }
      before += chunk.count
    }
    return -1
  }

  /**
   * The indexes of elements equal to a value, as LPOS counts them: from the `rank`-th match on (from the tail when
   * rank is negative), at most `count` (0: all), comparing at most `maxlen` elements (0: all).
   */
  positions(value: Bytes, rank: number, count: number, maxlen: number): number[] {
    const found: number[] = []
    const reverse = rank < 0
    let skip = Math.abs(rank) - 1
    let compared = 0
    this.forEachFrom(reverse ? this.size - 1 : 0, reverse, (element, index) => {
      if (element === value && --skip < 0) found.push(index)
      return !(count > 0 && found.length === count) && !(maxlen > 0 && ++compared === maxlen)
    })
    return found
  }

  /** What a snapshot needs of the list as it is now: a copy of each chunk, 2 ms for a million elements. */
  frozen(): List {
    return this.copy()
  }

  /** A list of its own with the same elements. */
  copy(): List {
    const copy = new List()
    copy.head = copy.tail = this.head.copy()
    for (let chunk = this.head.next; chunk !== undefined; chunk = chunk.next) {
      const twin = chunk.copy()
      twin.previous = copy.tail
      copy.tail.next = twin
      copy.tail = twin
    }
    copy.size = this.size
    copy.elementBytes = this.elementBytes
    return copy
  }

  private grow(value: Bytes): void {
    this.size++
    this.elementBytes += stringBytes(value) + POINTER_BYTES
  }

  private shrink(value: Bytes): void {
    this.size--
    this.elementBytes -= stringBytes(value) + POINTER_BYTES
  }

  /** The chunk of an index in 0..size-1; its offset goes to `offsetInChunk`. */
  private chunkAt(index: number): Chunk {
    if (index < this.size >> 1) {
      let chunk = this.head
      while (index >= chunk.count) {
        index -= chunk.count
        chunk = chunk.next!
      }
      offsetInChunk = index
      return chunk
    }
    let chunk = this.tail
    let behind = this.size - 1 - index
    while (behind >= chunk.count) {
      behind -= chunk.count
      chunk = chunk.previous!
    }
    offsetInChunk = chunk.count - 1 - behind
    return chunk
  }

  private linkAfter(chunk: Chunk, right: Chunk): void {
    right.previous = chunk
    right.next = chunk.next
    if (chunk.next !== undefined) chunk.next.previous = right
    else this.tail = right
    chunk.next = right
  }

  /** Takes an emptied chunk out of the chain; the last one stays. */
  private unlink(chunk: Chunk): void {
    const { previous, next } = chunk
    if (previous === undefined && next === undefined) return
    if (previous !== undefined) previous.next = next
    else this.head = next!
    if (next !== undefined) next.previous = previous
    else this.tail = previous!
  }

  /** Moves the right chunk's elements into its left neighbour when both together fill less than half a chunk. */
  private join(left: Chunk, right: Chunk): void {
    if (left.count + right.count > limits.listChunk >> 1) return
    for (let slot = right.from; slot < right.to; slot++) left.insert(left.count, right.items[slot]!)
    this.unlink(right)
  }

  private dropHead(count: number): void {
    while (count > 0) {
      const chunk = this.head
      const run = Math.min(count, chunk.count)
      for (let end = chunk.from + run; chunk.from < end; chunk.from++) {
        this.shrink(chunk.items[chunk.from]!)
        chunk.items[chunk.from] = EMPTY
      }
      count -= run
      if (chunk.from === chunk.to) this.unlink(chunk)
    }
  }

  private dropTail(count: number): void {
    while (count > 0) {
      const chunk = this.tail
      const run = Math.min(count, chunk.count)
      for (let end = chunk.to - run; chunk.to > end; ) {
        this.shrink(chunk.items[--chunk.to]!)
        chunk.items[chunk.to] = EMPTY
      }
      count -= run
      if (chunk.from === chunk.to) this.unlink(chunk)
    }
  }
}

/** Where `chunkAt` found its index: a second result without an object. */
let offsetInChunk = 0

function cutFromHead(chunk: Chunk, value: Bytes, limit: number): number {
  const { items, to } = chunk
  let kept = chunk.from
  let removed = 0
  for (let slot = chunk.from; slot < to; slot++) {
    const item = items[slot]!
    if (removed < limit && item === value) removed++
    else items[kept++] = item
  }
  items.fill(EMPTY, kept, to)
  chunk.to = kept
  return removed
}

function cutFromTail(chunk: Chunk, value: Bytes, limit: number): number {
  const { items, from } = chunk
  let kept = chunk.to
  let removed = 0
  for (let slot = chunk.to - 1; slot >= from; slot--) {
    const item = items[slot]!
    if (removed < limit && item === value) removed++
    else items[--kept] = item
  }
  items.fill(EMPTY, from, kept)
  chunk.from = kept
  return removed
}
