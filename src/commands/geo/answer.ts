/** What a search found: put in order, and answered or stored. */
import type { Bytes } from '../../base/bytes.ts'
import type { Reply } from '../../base/reply.ts'
import type { Database } from '../../keyspace/database.ts'
import { EVENT } from '../../keyspace/reports.ts'
import type { Reading } from '../../keyspace/value.ts'
import { type Found, search } from '../../structures/geo-search.ts'
import { partialSort } from '../../structures/partial-sort.ts'
import { SortedSet } from '../../structures/sorted-set.ts'
import { distanceIn, placeReply } from './place.ts'
import { type Query, shapeOf } from './query.ts'

const NEAREST_FIRST = (a: Found, b: Found): number => a.distance - b.distance
const FARTHEST_FIRST = (a: Found, b: Found): number => b.distance - a.distance

/** What the query finds, in its order, no more than it wants. */
export function findAll(set: Reading<SortedSet>, query: Query): Found[] {
  const { centre, extent, order, count, any, withdist, storeDistance } = query
  if (centre === undefined || extent === undefined) return []
  // The nearest are meant, unless any will do.
  const wantedOrder = order ?? (count > 0 && !any ? 'ASC' : undefined)
  const wantsDistance = wantedOrder !== undefined || withdist || storeDistance
  const found = search(set, shapeOf(centre, extent), any ? count : 0, wantsDistance)
  const wanted = count === 0 ? found.length : Math.min(count, found.length)
  if (wantedOrder === undefined) return found.slice(0, wanted)
  const compare = wantedOrder === 'ASC' ? NEAREST_FIRST : FARTHEST_FIRST
  // Redis sorts all of them by merging, which is stable, and some of them by its own quicksort, which is not.
  if (wanted === found.length) return found.sort(compare)
  partialSort(found, wanted, compare)
  return found.slice(0, wanted)
}

/** A score as the integer that Redis casts it to. */
const asInteger = (score: number): number | bigint => {
  const whole = Math.trunc(score)
  return Number.isSafeInteger(whole) ? whole : BigInt(whole)
}

/** Members alone, or each with what was asked for: distance, score, place. */
export function answerOf(found: readonly Found[], query: Query): Reply {
  const { withdist, withhash, withcoord } = query
  if (!withdist && !withhash && !withcoord) return found.map(({ member }) => member)
  const unit = query.extent!.unit
  return found.map((each) => {
    const row: Reply[] = [each.member]
    if (withdist) row.push(distanceIn(each.distance, unit))
    if (withhash) row.push(asInteger(each.score))
    if (withcoord) row.push(placeReply(each.place))
    return row
  })
}

/** Stores what was found, by score or by distance in the query's unit; nothing found removes the key. Answers how many. */
export function storeAll(db: Database, key: Bytes, found: readonly Found[], query: Query, event: string): number {
  if (found.length > 0) {
    const unit = query.extent!.unit
    const scoreFor = ({ score, distance }: Found): number => (query.storeDistance ? distance / unit : score)
    db.put(key, SortedSet.of(found.map((each) => ({ member: each.member, score: scoreFor(each) }))))
    db.touched(key)
    db.event(EVENT.zset, event, key)
  } else if (db.remove(key)) {
    db.touched(key)
    db.event(EVENT.generic, 'del', key)
  }
  return found.length
}
