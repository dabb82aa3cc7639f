/** ZPOPMIN and ZPOPMAX, and what every popping command does and reports. */
import type { Bytes } from '../../base/bytes.ts'
import { NOT_POSITIVE } from '../../base/errors.ts'
import { Double, Pairs, type Reply } from '../../base/reply.ts'
import type { Database } from '../../keyspace/database.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { ZSET } from '../../keyspace/value.ts'
import type { SortedSet } from '../../structures/sorted-set.ts'
import { integer, key, optional } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { bulk, dbl, nullable, pairsOf, tuple, when } from '../shape.ts'

/** Which end of a sorted set. */
export type End = 'MIN' | 'MAX'

/** A member and its score, as replies say them. */
export type Popped = readonly [member: Bytes, score: Double]

/** Takes up to `count` pairs from an end, in the order in which they leave, and reports it; 1 or more. */
export function popPairs(db: Database, key: Bytes, set: SortedSet, end: End, count: number): Popped[] {
  const popped = take(set, end, count)
  db.event(EVENT.zset, end === 'MIN' ? 'zpopmin' : 'zpopmax', key)
  db.answered()
  db.dropIfEmpty(key, set)
  db.touched(key)
  return popped
}

function take(set: SortedSet, end: End, count: number): Popped[] {
  if (count === 1) {
    const { member, score } = (end === 'MIN' ? set.popMin() : set.popMax())!
    return [[member, new Double(score)]]
  }
  const popped: Popped[] = []
  const { size } = set
  const taken = Math.min(count, size)
  const first = end === 'MIN' ? 0 : size - taken
  set.deleteRange(first, first + taken - 1, (member, score) => popped.push([member, new Double(score)]))
  return end === 'MIN' ? popped : popped.reverse()
}

function pop({ db }: Context, key: Bytes, end: End, count: number | undefined): Reply {
  const set = db.edit(key, ZSET)
  if (set === undefined || count === 0) return []
  const popped = popPairs(db, key, set, end, count ?? 1)
  // Without a count RESP3 does not nest the one pair.
  return count === undefined ? popped[0]! : new Pairs(popped.flat())
}

const common = {
  group: 'sorted-set',
  since: '5.0.0',
  complexity: 'O(log(N)*M), N members held, M popped',
  flags: ['write', 'fast'],
  args: [key('key', 'RW access delete'), optional(integer('count', { min: 0, invalid: NOT_POSITIVE, read: 'end' }))],
  reply: when(nullable(tuple(bulk, dbl)), { count: pairsOf(bulk, dbl) }),
} as const

/** ZPOPMIN key [count] */
export const zpopmin = command({
  ...common,
  name: 'ZPOPMIN',
  summary: 'Takes the members with the lowest scores out of a sorted set.',
  run: (ctx, { key, count }) => pop(ctx, key, 'MIN', count),
  fast: (ctx, argv) => (argv.length === 2 ? pop(ctx, argv[1]!, 'MIN', undefined) : undefined),
})

/** ZPOPMAX key [count] */
export const zpopmax = command({
  ...common,
  name: 'ZPOPMAX',
  summary: 'Takes the members with the highest scores out of a sorted set.',
  run: (ctx, { key, count }) => pop(ctx, key, 'MAX', count),
  fast: (ctx, argv) => (argv.length === 2 ? pop(ctx, argv[1]!, 'MAX', undefined) : undefined),
})
