/** ZREM and ZREMRANGEBYRANK, -SCORE, -LEX: removing members. */
import type { Bytes } from '../../base/bytes.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { ZSET } from '../../keyspace/value.ts'
import { bytes, integer, key, many } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { int } from '../shape.ts'
import { type IndexRange, RankRange } from './index-range.ts'
import { lexRange } from './lex-range.ts'
import { scoreRange } from './score-range.ts'

/** ZREM key member [member ...] */
export const zrem = command({
  name: 'ZREM',
  group: 'sorted-set',
  since: '1.2.0',
  summary: 'Removes members and answers how many there were; an empty sorted set is removed.',
  complexity: 'O(M*log(N)), M members named, N members held',
  flags: ['write', 'fast'],
  args: [key('key', 'RW delete'), many('members', bytes('member'))],
  reply: int,
  run: ({ db }, { key, members }) => {
    const set = db.edit(key, ZSET)
    if (set === undefined) return 0
    let removed = 0
    for (const member of members) if (set.delete(member)) removed++
    if (removed === 0) return 0
    db.touched(key)
    db.event(EVENT.zset, 'zrem', key)
    db.dropIfEmpty(key, set)
    return removed
  },
})

function removeRange({ db }: Context, key: Bytes, range: IndexRange, event: string): number {
  const set = db.edit(key, ZSET)
  if (set === undefined) return 0
  const { first, last } = range.span(set, false, 0)
  if (first > last) return 0
  set.deleteRange(first, last)
  db.touched(key)
  db.event(EVENT.zset, event, key)
  db.dropIfEmpty(key, set)
  return last - first + 1
}

const common = {
  group: 'sorted-set',
  complexity: 'O(log(N)+M), N members held, M members removed',
  flags: ['write'],
  reply: int,
} as const

/** ZREMRANGEBYRANK key start stop */
export const zremrangebyrank = command({
  ...common,
  name: 'ZREMRANGEBYRANK',
  since: '2.0.0',
  summary: 'Removes the members between two ranks and answers how many there were.',
  args: [key('key', 'RW delete'), integer('start'), integer('stop')],
  run: (ctx, { key, start, stop }) => removeRange(ctx, key, new RankRange(start, stop), 'zremrangebyrank'),
})

/** ZREMRANGEBYSCORE key min max */
export const zremrangebyscore = command({
  ...common,
  name: 'ZREMRANGEBYSCORE',
  since: '1.2.0',
  summary: 'Removes the members with scores in a range and answers how many there were.',
  args: [key('key', 'RW delete'), bytes('min', 'double'), bytes('max', 'double')],
  run: (ctx, { key, min, max }) => removeRange(ctx, key, scoreRange(min, max), 'zremrangebyscore'),
})

/** ZREMRANGEBYLEX key min max */
export const zremrangebylex = command({
  ...common,
  name: 'ZREMRANGEBYLEX',
  since: '2.8.9',
  summary: 'Removes the members between two members, where all scores are equal, and answers how many there were.',
  args: [key('key', 'RW delete'), bytes('min'), bytes('max')],
  run: (ctx, { key, min, max }) => removeRange(ctx, key, lexRange(min, max), 'zremrangebylex'),
})
