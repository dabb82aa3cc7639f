/**
 * Index ranges: what ZRANGE and its kin have in common, whatever their bounds mean.
 *
 * The one idea: ranks, scores and members all select neighbours, so each kind of range only says which index is its
 * first and which its last. Bounds are read before the key is looked up: their errors come first.
 */

import type { Bytes } from '../../base/bytes.ts'
import type { Reading } from '../../keyspace/value.ts'
import type { SortedSet } from '../../structures/sorted-set.ts'
import { readInteger } from '../args/values.ts'

/** Two indexes, both included; there is nothing between them when the first lies above the last. */
export interface Span {
  readonly first: number
  readonly last: number
}

/** No index at all. */
export const NOTHING: Span = { first: 0, last: -1 }

/** Neighbours in a sorted set, counted from the lowest. */
export abstract class IndexRange {
  /** At least 0, possibly beyond the end. */
  abstract first(set: Reading<SortedSet>): number
  /** Below the size, possibly below 0. */
  abstract last(set: Reading<SortedSet>): number

  /** All of the range but `offset` members, skipped from its lower end, or from its upper one if `reverse`. */
  span(set: Reading<SortedSet>, reverse: boolean, offset: number): Span {
    if (offset < 0) return NOTHING
    const first = this.first(set)
    const last = this.last(set)
    return reverse ? { first, last: last - offset } : { first: first + offset, last }
  }
}

/** From one rank to another, both included; negative ones count from the end. */
export class RankRange extends IndexRange {
  readonly start: number
  readonly stop: number

  constructor(start: number, stop: number) {
    super()
    this.start = start
    this.stop = stop
  }

  first({ size }: Reading<SortedSet>): number {
    return this.start < 0 ? Math.max(0, size + this.start) : this.start
  }

  last({ size }: Reading<SortedSet>): number {
    return this.stop < 0 ? size + this.stop : Math.min(this.stop, size - 1)
  }
}

/** The same, where rank 0 is the highest. */
export class ReverseRankRange extends IndexRange {
  readonly ranks: RankRange

  constructor(start: number, stop: number) {
    super()
    this.ranks = new RankRange(start, stop)
  }

  first(set: Reading<SortedSet>): number {
    return set.size - 1 - this.ranks.last(set)
  }

  last(set: Reading<SortedSet>): number {
    return set.size - 1 - this.ranks.first(set)
  }
}

/** Reads two ranks. */
export const rankRange = (start: Bytes, stop: Bytes): RankRange => new RankRange(readInteger(start), readInteger(stop))
