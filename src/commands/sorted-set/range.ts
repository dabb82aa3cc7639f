/** ZRANGE and ZRANGESTORE: neighbours by rank, score or member. */
import { EVENT } from '../../keyspace/reports.ts'
import { ZSET } from '../../keyspace/value.ts'
import { SortedSet } from '../../structures/sorted-set.ts'
import { bytes, flag, key, oneOf } from '../args/nodes.ts'
import { command } from '../command.ts'
import { arrayOf, bulk, dbl, int, pairsOf, when } from '../shape.ts'
import { LIMIT, readRangeOptions, sortOf, WITHSCORES } from './range-options.ts'
import { readSelection, replySelection, visitSelection } from './selection.ts'

const BY = oneOf('sortby', flag('BYSCORE'), flag('BYLEX'))
const REV = flag('REV')
const ALL = { withscores: true }
const NO_SCORES = { withscores: false }

/** ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES] */
export const zrange = command({
  name: 'ZRANGE',
  group: 'sorted-set',
  since: '1.2.0',
  summary: 'Gives the members in a range of ranks, scores or members, upwards or downwards.',
  complexity: 'O(log(N)+M), N members held, M members given',
  flags: ['readonly'],
  args: [key('key', 'RO access'), bytes('start'), bytes('stop'), ...BY, REV, LIMIT, WITHSCORES],
  parse: (argv) => ({ ...readRangeOptions(argv, 4, ALL), key: argv[1]!, start: argv[2]!, stop: argv[3]! }),
  reply: when(arrayOf(bulk), { withscores: pairsOf(bulk, dbl) }),
  run: ({ db }, args) => {
    const { key, start, stop, rev = false, limit, withscores = false } = args
    return replySelection(db, key, readSelection(sortOf(args), start, stop, rev, limit), withscores)
  },
})

/** ZRANGESTORE dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count] */
export const zrangestore = command({
  name: 'ZRANGESTORE',
  group: 'sorted-set',
  since: '6.2.0',
  summary: 'Stores the members in a range of ranks, scores or members under another key; answers how many.',
  complexity: 'O(log(N)+M), N members held, M members stored',
  flags: ['write', 'denyoom'],
  args: [key('dst', 'OW update'), key('src', 'RO access'), bytes('min'), bytes('max'), ...BY, REV, LIMIT],
  parse: (argv) => ({
    ...readRangeOptions(argv, 5, NO_SCORES),
    dst: argv[1]!,
    src: argv[2]!,
    min: argv[3]!,
    max: argv[4]!,
  }),
  reply: int,
  run: ({ db }, args) => {
    const { dst, src, min, max, rev = false, limit } = args
    const selection = readSelection(sortOf(args), min, max, rev, limit)
    const set = db.find(src, ZSET)
    const stored = new SortedSet()
    if (set !== undefined) visitSelection(set, selection, (member, score) => stored.set(member, score))
    if (stored.size > 0) {
      db.put(dst, stored)
      db.answered()
      db.touched(dst)
      db.event(EVENT.zset, 'zrangestore', dst)
      return stored.size
    }
    db.answered()
    if (db.remove(dst)) {
      db.touched(dst)
      db.event(EVENT.generic, 'del', dst)
    }
    return 0
  },
})
