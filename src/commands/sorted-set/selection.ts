/**
 * Selections: the part of a sorted set that a range command answers or stores.
 *
 * The one idea: a range, a direction and a LIMIT come down to two indexes before any member is visited.
 */
import type { Bytes } from '../../base/bytes.ts'
import { Double, Pairs, type Reply } from '../../base/reply.ts'
import type { Database } from '../../keyspace/database.ts'
import { type Reading, ZSET } from '../../keyspace/value.ts'
import type { PairVisitor } from '../../structures/score-order.ts'
import type { SortedSet } from '../../structures/sorted-set.ts'
import { type IndexRange, RankRange, ReverseRankRange, rankRange } from './index-range.ts'
import { lexRange } from './lex-range.ts'
import type { Limit, Sort } from './range-options.ts'
import { scoreRange } from './score-range.ts'

const ALL: Limit = [0, -1]

/** What to select: neighbours, from the highest down if `reverse`, and of these a part. */
export interface Selection {
  readonly range: IndexRange
  readonly reverse: boolean
  readonly limit: Limit | undefined
}

/** Reads the bounds of a selection in the order of the words: a reverse range by score or member names its upper end first. */
export function readSelection(
  sort: Sort,
  start: Bytes,
  stop: Bytes,
  reverse: boolean,
  limit: Limit | undefined,
): Selection {
  if (sort === 'rank') {
    const ranks = rankRange(start, stop)
    return rankSelection(ranks.start, ranks.stop, reverse)
  }
  const read = sort === 'score' ? scoreRange : lexRange
  return { range: reverse ? read(stop, start) : read(start, stop), reverse, limit }
}

/** Everything from one rank to another; LIMIT means nothing here. */
export const rankSelection = (start: number, stop: number, reverse: boolean): Selection => ({
  range: reverse ? new ReverseRankRange(start, stop) : new RankRange(start, stop),
  reverse,
  limit: undefined,
})

/** Visits what is selected, in order. */
export function visitSelection(set: Reading<SortedSet>, selection: Selection, visit: PairVisitor): void {
  const { range, reverse, limit } = selection
  const [offset, count] = limit ?? ALL
  let { first, last } = range.span(set, reverse, offset)
  if (count >= 0) {
    if (reverse) first = Math.max(first, last - count + 1)
    else last = Math.min(last, first + count - 1)
  }
  if (first <= last) set.forEachRange(first, last, reverse, visit)
}

/** The members selected at a key, with their scores if asked for. */
export function replySelection(db: Database, key: Bytes, selection: Selection, withScores: boolean): Reply {
  const items: Reply[] = []
  const set = db.find(key, ZSET)
  if (set !== undefined) {
    if (withScores) visitSelection(set, selection, (member, score) => items.push(member, new Double(score)))
    else visitSelection(set, selection, (member) => items.push(member))
  }
  return withScores ? new Pairs(items) : items
}
