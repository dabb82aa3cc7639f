/**
 * Pending entries in the order of their ids: what a group, or one of its consumers, has been given and not yet
 * acknowledged.
 *
 * The one idea: a sorted array cut into blocks. Deliveries come in id order and land at the end, acknowledgements
 * mostly leave from the front, so both touch one short block; anything else is a binary search over the blocks, one
 * inside, and a move of at most `BLOCK_MAX` slots. The same entry object lies in the group's list and in its
 * consumer's.
 *
 * Invariants: ids ascend strictly; no block is empty or longer than `BLOCK_MAX`; `size` is the sum of their lengths.
 */
import { compareIds, type StreamId } from './stream-id.ts'

const BLOCK_MAX = 256

/** An entry that was delivered and not acknowledged. `O` is whoever holds it. */
export interface Pending<O> {
  readonly id: StreamId
  owner: O
  /** When it was last delivered. */
  deliveryTimeMs: number
  /** How many times it was delivered. */
  deliveryCount: number
}

/** Pending entries, ordered by id. */
export class PendingList<O> {
  #blocks: Pending<O>[][] = []
  #size = 0

  /** How many entries there are. */
  get size(): number {
    return this.#size
  }

  /** The entry with this id. */
  get(id: StreamId): Pending<O> | undefined {
    const block = this.#blocks[this.#blockIndexOf(id)]
    if (block === undefined) return undefined
    const entry = block[lowerBound(block, id)]
    return entry !== undefined && compareIds(entry.id, id) === 0 ? entry : undefined
  }

  /** Adds an entry whose id is not in the list. */
  add(entry: Pending<O>): void {
    const blocks = this.#blocks
    this.#size++
    const last = blocks[blocks.length - 1]
    if (last === undefined) {
      blocks.push([entry])
    } else if (compareIds(last[last.length - 1]!.id, entry.id) < 0) {
      if (last.length < BLOCK_MAX) last.push(entry)
      else blocks.push([entry])
    } else {
      this.#insert(Math.max(0, this.#blockIndexOf(entry.id)), entry)
    }
  }

  /** Removes the entry with this id; says which it was. */
  delete(id: StreamId): Pending<O> | undefined {
    const blockIndex = this.#blockIndexOf(id)
    const block = this.#blocks[blockIndex]
    if (block === undefined) return undefined
    const index = lowerBound(block, id)
    const entry = block[index]
    if (entry === undefined || compareIds(entry.id, id) !== 0) return undefined
    if (index === 0) block.shift()
    else if (index === block.length - 1) block.pop()
    else block.splice(index, 1)
    if (block.length === 0) this.#dropBlock(blockIndex)
    this.#size--
    return entry
  }

  /** The entry with the smallest id. */
  first(): Pending<O> | undefined {
    return this.#blocks[0]?.[0]
  }

  /** The entry with the largest id. */
  last(): Pending<O> | undefined {
    const block = this.#blocks[this.#blocks.length - 1]
    return block?.[block.length - 1]
  }

  /** At most `limit` entries from `start` on, both ends included; a list of its own, so the entries may go meanwhile. */
  slice(start: StreamId, end: StreamId, limit: number): Pending<O>[] {
    const found: Pending<O>[] = []
    if (limit <= 0) return found
    for (const entry of this.from(start)) {
      if (compareIds(entry.id, end) > 0) break
      found.push(entry)
      if (found.length >= limit) break
    }
    return found
  }

  /** Walks from `start` on, included. The list must not change meanwhile. */
  *from(start: StreamId): Generator<Pending<O>, void, undefined> {
    let blockIndex = Math.max(0, this.#blockIndexOf(start))
    let block = this.#blocks[blockIndex]
    if (block === undefined) return
    for (let i = lowerBound(block, start); block !== undefined; i = 0) {
      for (; i < block.length; i++) yield block[i]!
      block = this.#blocks[++blockIndex]
    }
  }

  /** The last block that starts at or before an id; -1 when all start after it. */
  #blockIndexOf(id: StreamId): number {
    const blocks = this.#blocks
    // Acknowledgements come from the front, history reads too.
    if (blocks.length > 1 && compareIds(blocks[1]![0]!.id, id) > 0) {
      return compareIds(blocks[0]![0]!.id, id) <= 0 ? 0 : -1
    }
    let low = 0
    let high = blocks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareIds(blocks[middle]![0]!.id, id) <= 0) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  #insert(blockIndex: number, entry: Pending<O>): void {
    const block = this.#blocks[blockIndex]!
    block.splice(lowerBound(block, entry.id), 0, entry)
    if (block.length <= BLOCK_MAX) return
    this.#blocks.splice(blockIndex + 1, 0, block.splice(BLOCK_MAX >> 1))
  }

  #dropBlock(index: number): void {
    if (index === 0) this.#blocks.shift()
    else this.#blocks.splice(index, 1)
  }
}

function lowerBound<O>(block: readonly Pending<O>[], id: StreamId): number {
  let low = 0
  let high = block.length
  if (high > 0 && compareIds(block[0]!.id, id) >= 0) return 0
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareIds(block[middle]!.id, id) < 0) low = middle + 1
    else high = middle
  }
  return low
}
