/** ZSCORE, ZMSCORE, ZCARD, ZRANK, ZREVRANK, ZCOUNT and ZLEXCOUNT: looking at members and counting them. */
import { type Argv, type Bytes, upper } from '../../base/bytes.ts'
import { wrongArity } from '../../base/errors.ts'
import { Double, NIL_ARRAY, type Reply } from '../../base/reply.ts'
import { ZSET } from '../../keyspace/value.ts'
import { bytes, flag, key, many, newIn } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { arrayOf, dbl, int, nullable, tuple, when } from '../shape.ts'
import type { IndexRange } from './index-range.ts'
import { lexRange } from './lex-range.ts'
import { scoreRange } from './score-range.ts'

const common = { group: 'sorted-set', flags: ['readonly', 'fast'] } as const

const scoreOrNull = (score: number | undefined): Double | null => (score === undefined ? null : new Double(score))

/** ZSCORE key member */
export const zscore = command({
  ...common,
  name: 'ZSCORE',
  since: '1.2.0',
  summary: 'Gives the score of a member.',
  complexity: 'O(1)',
  args: [key('key', 'RO access'), bytes('member')],
  reply: nullable(dbl),
  run: ({ db }, { key, member }) => scoreOrNull(db.find(key, ZSET)?.score(member)),
})

/** ZMSCORE key member [member ...] */
export const zmscore = command({
  ...common,
  name: 'ZMSCORE',
  since: '6.2.0',
  summary: 'Gives the scores of several members.',
  complexity: 'O(N), N members named',
  args: [key('key', 'RO access'), many('members', bytes('member'))],
  reply: arrayOf(nullable(dbl)),
  run: ({ db }, { key, members }) => {
    const set = db.find(key, ZSET)
    return members.map((member) => scoreOrNull(set?.score(member)))
  },
})

/** ZCARD key */
export const zcard = command({
  ...common,
  name: 'ZCARD',
  since: '1.2.0',
  summary: 'Tells how many members a sorted set has.',
  complexity: 'O(1)',
  args: [key('key', 'RO')],
  reply: int,
  run: ({ db }, { key }) => db.find(key, ZSET)?.size ?? 0,
})

/** Where a member stands, counted from the lowest or from the highest, and with its score. */
function rankOf({ db }: Context, key: Bytes, member: Bytes, fromTop: boolean, withScore: boolean): Reply {
  const set = db.find(key, ZSET)
  const place = set?.rank(member) ?? -1
  if (set === undefined || place < 0) return withScore ? NIL_ARRAY : null
  const rank = fromTop ? set.size - 1 - place : place
  return withScore ? [rank, scoreOrNull(set.score(member))] : rank
}

/** A word more is refused as in Redis 7.0, where none could follow. */
const withScore = (argv: Argv): true | undefined => {
  if (argv.length === 3) return undefined
  if (argv.length > 4 || upper(argv[3]!) !== 'WITHSCORE') throw wrongArity(argv[0]!)
  return true
}

const ranks = {
  ...common,
  since: '2.0.0',
  complexity: 'O(log(N)), N members held',
  args: [key('key', 'RO access'), bytes('member'), newIn('7.2.0', flag('WITHSCORE'))],
  parse: (argv: Argv) => ({ key: argv[1]!, member: argv[2]!, withscore: withScore(argv) }),
  reply: when(nullable(int), { withscore: nullable(tuple(int, dbl)) }),
} as const

/** ZRANK key member [WITHSCORE] */
export const zrank = command({
  ...ranks,
  name: 'ZRANK',
  summary: 'Tells how many members stand below a member, and its score if asked.',
  run: (ctx, { key, member, withscore = false }) => rankOf(ctx, key, member, false, withscore),
})

/** ZREVRANK key member [WITHSCORE] */
export const zrevrank = command({
  ...ranks,
  name: 'ZREVRANK',
  summary: 'Tells how many members stand above a member, and its score if asked.',
  run: (ctx, { key, member, withscore = false }) => rankOf(ctx, key, member, true, withscore),
})

function count({ db }: Context, key: Bytes, range: IndexRange): number {
  const set = db.find(key, ZSET)
  if (set === undefined) return 0
  const { first, last } = range.span(set, false, 0)
  return Math.max(0, last - first + 1)
}

/** ZCOUNT key min max */
export const zcount = command({
  ...common,
  name: 'ZCOUNT',
  since: '2.0.0',
  summary: 'Counts the members with scores in a range.',
  complexity: 'O(log(N)), N members held',
  args: [key('key', 'RO access'), bytes('min', 'double'), bytes('max', 'double')],
  reply: int,
  run: (ctx, { key, min, max }) => count(ctx, key, scoreRange(min, max)),
})

/** ZLEXCOUNT key min max */
export const zlexcount = command({
  ...common,
  name: 'ZLEXCOUNT',
  since: '2.8.9',
  summary: 'Counts the members between two members, where all scores are equal.',
  complexity: 'O(log(N)), N members held',
  args: [key('key', 'RO access'), bytes('min'), bytes('max')],
  reply: int,
  run: (ctx, { key, min, max }) => count(ctx, key, lexRange(min, max)),
})
