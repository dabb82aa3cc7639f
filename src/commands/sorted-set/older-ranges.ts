/** ZRANGEBYSCORE, ZREVRANGEBYSCORE, ZRANGEBYLEX, ZREVRANGEBYLEX and ZREVRANGE: ZRANGE with an option in the name. */
import { bytes, integer, key } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'
import { command } from '../command.ts'
import { arrayOf, bulk, dbl, pairsOf, when } from '../shape.ts'
import { LIMIT, readRangeOptions, WITHSCORES } from './range-options.ts'
import { rankSelection, readSelection, replySelection } from './selection.ts'

const BY_RANK = { sort: 'rank', withscores: true } as const
const BY_SCORE = { sort: 'score', withscores: true } as const
// WITHSCORES is read with members too, for the error that is its own.
const BY_LEX = { sort: 'lex', withscores: true } as const

const common = {
  group: 'sorted-set',
  complexity: 'O(log(N)+M), N members held, M members given',
  flags: ['readonly'],
} as const

const withScores = when(arrayOf(bulk), { withscores: pairsOf(bulk, dbl) })

/** ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count] */
export const zrangebyscore = command({
  ...common,
  name: 'ZRANGEBYSCORE',
  since: '1.0.5',
  summary: 'Gives the members with scores in a range, from the lowest up.',
  args: [key('key', 'RO access'), bytes('min', 'double'), bytes('max', 'double'), WITHSCORES, LIMIT],
  parse: (argv) => ({ ...readRangeOptions(argv, 4, BY_SCORE), key: argv[1]!, min: argv[2]!, max: argv[3]! }),
  reply: withScores,
  deprecated: { since: '6.2.0', use: 'ZRANGE with BYSCORE' },
  run: ({ db }, { key, min, max, limit, withscores = false }) =>
    replySelection(db, key, readSelection('score', min, max, false, limit), withscores),
})

/** ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count] */
export const zrevrangebyscore = command({
  ...common,
  name: 'ZREVRANGEBYSCORE',
  since: '2.2.0',
  summary: 'Gives the members with scores in a range, from the highest down.',
  args: [key('key', 'RO access'), bytes('max', 'double'), bytes('min', 'double'), WITHSCORES, LIMIT],
  parse: (argv) => ({ ...readRangeOptions(argv, 4, BY_SCORE), key: argv[1]!, max: argv[2]!, min: argv[3]! }),
  reply: withScores,
  deprecated: { since: '6.2.0', use: 'ZRANGE with REV and BYSCORE' },
  run: ({ db }, { key, max, min, limit, withscores = false }) =>
    replySelection(db, key, readSelection('score', max, min, true, limit), withscores),
})

/** ZRANGEBYLEX key min max [LIMIT offset count] */
export const zrangebylex = command({
  ...common,
  name: 'ZRANGEBYLEX',
  since: '2.8.9',
  summary: 'Gives the members between two members, from the lowest up, where all scores are equal.',
  args: [key('key', 'RO access'), bytes('min'), bytes('max'), LIMIT],
  parse: (argv) => ({ ...readRangeOptions(argv, 4, BY_LEX), key: argv[1]!, min: argv[2]!, max: argv[3]! }),
  reply: arrayOf(bulk),
  deprecated: { since: '6.2.0', use: 'ZRANGE with BYLEX' },
  run: ({ db }, { key, min, max, limit }) =>
    replySelection(db, key, readSelection('lex', min, max, false, limit), false),
})

/** ZREVRANGEBYLEX key max min [LIMIT offset count] */
export const zrevrangebylex = command({
  ...common,
  name: 'ZREVRANGEBYLEX',
  since: '2.8.9',
  summary: 'Gives the members between two members, from the highest down, where all scores are equal.',
  args: [key('key', 'RO access'), bytes('max'), bytes('min'), LIMIT],
  parse: (argv) => ({ ...readRangeOptions(argv, 4, BY_LEX), key: argv[1]!, max: argv[2]!, min: argv[3]! }),
  reply: arrayOf(bulk),
  deprecated: { since: '6.2.0', use: 'ZRANGE with REV and BYLEX' },
  run: ({ db }, { key, max, min, limit }) =>
    replySelection(db, key, readSelection('lex', max, min, true, limit), false),
})

/** ZREVRANGE key start stop [WITHSCORES] */
export const zrevrange = command({
  ...common,
  name: 'ZREVRANGE',
  since: '1.2.0',
  summary: 'Gives the members between two ranks counted from the highest.',
  args: [key('key', 'RO access'), integer('start'), integer('stop'), WITHSCORES],
  parse: (argv) => ({
    ...readRangeOptions(argv, 4, BY_RANK),
    key: argv[1]!,
    start: readInteger(argv[2]!),
    stop: readInteger(argv[3]!),
  }),
  reply: withScores,
  deprecated: { since: '6.2.0', use: 'ZRANGE with REV' },
  run: ({ db }, { key, start, stop, withscores = false }) =>
    replySelection(db, key, rankSelection(start, stop, true), withscores),
})
