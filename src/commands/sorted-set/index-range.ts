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

/** Neighbours in a sorted set, counted from the lowest; there are none when the first lies above the last. */
export interface IndexRange {
  /** At least 0, possibly beyond the end. */
  first(set: Reading<SortedSet>): number
  /** Below the size, possibly below 0. */
  last(set: Reading<SortedSet>): number
}

/** From one rank to another, both included; negative ones count from the end. */
export class RankRange implements IndexRange {
  readonly start: number
  readonly stop: number

  constructor(start: number, stop: number) {
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
export class ReverseRankRange implements IndexRange {
  readonly ranks: RankRange

  constructor(start: number, stop: number) {
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
