/**
 * The entries of a stream, in the order of their ids.
 *
 * The one idea: a sorted array of chunks, each a sorted run of entries. Appending touches the last chunk only; finding
 * an id is a binary search over the chunks and one inside. Trimming drops whole chunks from the front. The chunk array
 * is a plain array: `shift` on one of 100,000 chunks (10 million entries) costs far less than the hundred entries it
 * frees, and an array below 16,000 is trimmed in place.
 *
 * Invariants: ids ascend strictly over all chunks, and no chunk is without entries. A chunk may be without *live*
 * entries only where Redis leaves such a node too (after an exact trim by id that met tombstones). `length` is the sum
 * of `live`, `byteSize` that of the chunks' sizes, `#heads` is in step with the chunks.
 */
import type { Bytes } from '../base/bytes.ts'
import { StreamChunk } from './stream-chunk.ts'
import type { StreamId } from './stream-id.ts'

/** How far a trim goes: whole nodes only (`~`), and at most `limit` entries (0: no limit). */
export interface TrimReach {
  readonly approximate: boolean
  readonly limit: number
}

/** `=`: exactly as many as asked. */
export const TRIM_EXACT: TrimReach = { approximate: false, limit: 0 }

/** The chunked, ordered entries of a stream. */
export class StreamLog {
  #chunks: StreamChunk[] = []
  /** The `ms` of each chunk's first id: a search that read the chunks would miss the cache at every step (1.4x slower). */
  #heads: number[] = []
  #length = 0
  #byteSize = 0

  /** How many entries there are. */
  get length(): number {
    return this.#length
  }

  /** Estimated heap bytes. */
  get byteSize(): number {
    return this.#byteSize
  }

  /** The chunks, for saving and for XINFO; not to be changed. */
  get chunks(): readonly StreamChunk[] {
    return this.#chunks
  }

  /**
   * Adds an entry; its id must follow all others. `fields` is name, value, name, value …, and the log takes the array
   * over.
   */
  append(id: StreamId, fields: Bytes[]): void {
    let contentBytes = 0
    for (let i = 0; i < fields.length; i++) contentBytes += fields[i]!.length
    let chunk = this.#chunks[this.#chunks.length - 1]
    if (chunk === undefined || chunk.isFullFor(contentBytes)) {
      chunk = StreamChunk.startingWith(fields)
      this.#chunks.push(chunk)
      this.#heads.push(id.ms)
      this.#byteSize += chunk.byteSize
    }
    const before = chunk.byteSize
    chunk.append(id, fields)
    this.#byteSize += chunk.byteSize - before
    this.#length++
  }

  /** Adds a whole node after all others, as a snapshot holds it: not empty, and its ids must follow all others. */
  appendChunk(chunk: StreamChunk): void {
    this.#chunks.push(chunk)
    this.#heads.push(chunk.idAt(0).ms)
    this.#length += chunk.live
    this.#byteSize += chunk.byteSize
  }

  /** The fields of an entry, or undefined when there is none (any more). */
  get(id: StreamId): readonly Bytes[] | undefined {
    const chunk = this.#chunks[this.#chunkIndexOf(id)]
    if (chunk === undefined) return undefined
    const index = chunk.lowerBound(id)
    return index < chunk.count && chunk.compareAt(index, id) === 0 ? chunk.fields[index] : undefined
  }

  /** Removes an entry; says whether it was there. */
  delete(id: StreamId): boolean {
    const chunkIndex = this.#chunkIndexOf(id)
    const chunk = this.#chunks[chunkIndex]
    if (chunk === undefined) return false
    const index = chunk.lowerBound(id)
    if (index === chunk.count || chunk.compareAt(index, id) !== 0 || chunk.fields[index] === undefined) return false
    this.#bury(chunk, index)
    if (chunk.live === 0) this.#dropChunk(chunkIndex)
    return true
  }

  /** Removes the oldest entries until `maxLength` are left, as far as `reach` allows; returns how many it removed. */
  trimToLength(maxLength: number, reach: TrimReach): number {
    const before = this.#length
    while (this.#length > maxLength) {
      const chunk = this.#chunks[0]!
      if (reach.limit > 0 && before - this.#length + chunk.live > reach.limit) break
      if (this.#length - chunk.live >= maxLength) {
        this.#dropChunk(0)
        continue
      }
      if (reach.approximate) break
      while (this.#length > maxLength) this.#bury(chunk, chunk.firstLiveIndex())
    }
    return before - this.#length
  }

  /** Removes the entries before an id, as far as `reach` allows; returns how many it removed. */
  trimBelow(minId: StreamId, reach: TrimReach): number {
    const before = this.#length
    for (let chunk = this.#chunks[0]; chunk !== undefined; chunk = this.#chunks[0]) {
      if (reach.limit > 0 && before - this.#length + chunk.live > reach.limit) break
      if (chunk.compareAt(chunk.count - 1, minId) >= 0) {
        if (!reach.approximate) this.#buryBelow(chunk, minId)
        break
      }
      this.#dropChunk(0)
    }
    return before - this.#length
  }

  /** The id of the oldest entry. */
  firstId(): StreamId | undefined {
    for (const chunk of this.#chunks) {
      const index = chunk.firstLiveIndex()
      if (index >= 0) return chunk.idAt(index)
    }
    return undefined
  }

  /** The id of the newest entry. */
  lastId(): StreamId | undefined {
    for (let i = this.#chunks.length - 1; i >= 0; i--) {
      const chunk = this.#chunks[i]!
      const index = chunk.lastLiveIndex()
      if (index >= 0) return chunk.idAt(index)
    }
    return undefined
  }

  /** Walks from `start` up to `end`, both included. */
  range(start: StreamId, end: StreamId): StreamCursor {
    const chunkIndex = this.#chunkIndexOf(start)
    if (chunkIndex < 0) return new StreamCursor(this.#chunks, 0, -1, end, 1)
    return new StreamCursor(this.#chunks, chunkIndex, this.#chunks[chunkIndex]!.lowerBound(start) - 1, end, 1)
  }

  /** Walks from `end` down to `start`, both included. */
  reverseRange(end: StreamId, start: StreamId): StreamCursor {
    const chunkIndex = this.#chunkIndexOf(end)
    const chunk = this.#chunks[chunkIndex]
    if (chunk === undefined) return new StreamCursor(this.#chunks, -1, 0, start, -1)
    const index = chunk.lowerBound(end)
    const found = index < chunk.count && chunk.compareAt(index, end) === 0
    return new StreamCursor(this.#chunks, chunkIndex, found ? index + 1 : index, start, -1)
  }

  /** The log as it is now, to be read only. */
  frozen(): StreamLog {
    const frozen = new StreamLog()
    for (const chunk of this.#chunks) frozen.appendChunk(chunk.frozen())
    return frozen
  }

  /** A copy of its own. */
  copy(): StreamLog {
    const copy = new StreamLog()
    for (const chunk of this.#chunks) copy.appendChunk(chunk.copy())
    return copy
  }

  /** The last chunk that starts at or before an id; -1 when all start after it. */
  #chunkIndexOf(id: StreamId): number {
    const chunks = this.#chunks
    const heads = this.#heads
    const { ms } = id
    let high = chunks.length
    // Readers ask for the tail far more often than for the rest.
    if (high > 0 && chunks[high - 1]!.compareAt(0, id) <= 0) return high - 1
    let low = 0
    while (low < high) {
      const middle = (low + high) >>> 1
      const head = heads[middle]!
      if (head < ms || (head === ms && chunks[middle]!.compareAt(0, id) <= 0)) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  #bury(chunk: StreamChunk, index: number): void {
    const before = chunk.byteSize
    chunk.bury(index)
    this.#byteSize += chunk.byteSize - before
    this.#length--
  }

  #buryBelow(chunk: StreamChunk, minId: StreamId): void {
    for (let i = chunk.firstLiveIndex(); i >= 0 && chunk.compareAt(i, minId) < 0; i = chunk.firstLiveIndex()) {
      this.#bury(chunk, i)
    }
  }

  #dropChunk(index: number): void {
    const chunk = this.#chunks[index]!
    this.#length -= chunk.live
    this.#byteSize -= chunk.byteSize
    if (index === 0) {
      this.#chunks.shift()
      this.#heads.shift()
    } else {
      this.#chunks.splice(index, 1)
      this.#heads.splice(index, 1)
    }
  }
}

/**
 * A walk over live entries in either direction: `while (cursor.next()) use(cursor.id, cursor.fields)`.
 * It is void once the log changes.
 */
export class StreamCursor {
  /** The entry's names and values; meaningless before the first `next` and after the last. */
  fields: readonly Bytes[] = []
  readonly #chunks: readonly StreamChunk[]
  readonly #end: StreamId
  readonly #step: 1 | -1
  #chunkIndex: number
  #index: number

  constructor(chunks: readonly StreamChunk[], chunkIndex: number, index: number, end: StreamId, step: 1 | -1) {
    this.#chunks = chunks
    this.#chunkIndex = chunkIndex
    this.#index = index
    this.#end = end
    this.#step = step
  }

  /** The entry's id. */
  get id(): StreamId {
    return this.#chunks[this.#chunkIndex]!.idAt(this.#index)
  }

  /** Moves to the next entry; false at the end of the range. */
  next(): boolean {
    const step = this.#step
    for (;;) {
      const chunk = this.#chunks[this.#chunkIndex]
      if (chunk === undefined) return false
      for (let i = this.#index + step; i >= 0 && i < chunk.count; i += step) {
        const fields = chunk.fields[i]
        if (fields === undefined) continue
        const beyond = chunk.compareAt(i, this.#end) * step > 0
        this.#index = beyond ? i - step : i
        if (!beyond) this.fields = fields
        return !beyond
      }
      this.#chunkIndex += step
      this.#index = step > 0 ? -1 : (this.#chunks[this.#chunkIndex]?.count ?? 0)
    }
  }
}
