/** ZADD and ZINCRBY: giving members scores. */
import { type Argv, type Bytes, upper } from '../../base/bytes.ts'
import { parseDouble } from '../../base/doubles.ts'
import { err, SYNTAX } from '../../base/errors.ts'
import { Double, type Reply } from '../../base/reply.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { ZSET } from '../../keyspace/value.ts'
import { SortedSet } from '../../structures/sorted-set.ts'
import { bytes, double, flag, key, oneOf, tail } from '../args/nodes.ts'
import { readDouble } from '../args/values.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { dbl, int, nullable, when } from '../shape.ts'

const XX_AND_NX = err('XX and NX options at the same time are not compatible')
const GT_LT_NX = err('GT, LT, and/or NX options at the same time are not compatible')
const INCR_ONE_PAIR = err('INCR option supports a single increment-element pair')
const NOT_A_NUMBER = err('resulting score is not a number (NaN)')

const CH = flag('CH')
const INCR = flag('INCR')

const newSortedSet = (): SortedSet => new SortedSet()

/** ZADD's options. */
interface Options {
  nx?: true | undefined
  xx?: true | undefined
  gt?: true | undefined
  lt?: true | undefined
  ch?: true | undefined
  incr?: true | undefined
}

const NO_OPTIONS: Options = {}

/** Reads ZADD's words: what excludes each other is refused only once the pairs are known to be pairs. */
function parseAdd(argv: Argv): Options & { key: Bytes; pairs: Argv } {
  // One shape from the start: with options added one by one, this function topped the profile of ZADD CH.
  const options: Options = {
    nx: undefined,
    xx: undefined,
    gt: undefined,
    lt: undefined,
    ch: undefined,
    incr: undefined,
  }
  let at = 2
  while (at < argv.length && readOption(options, argv[at]!)) at++
  const words = argv.length - at
  if (words === 0 || words % 2 !== 0) throw SYNTAX
  const { nx, xx, gt, lt, ch, incr } = options
  if (nx && xx) throw XX_AND_NX
  if ((gt && nx) || (lt && nx) || (gt && lt)) throw GT_LT_NX
  if (incr && words > 2) throw INCR_ONE_PAIR
  return { key: argv[1]!, nx, xx, gt, lt, ch, incr, pairs: argv.slice(at) }
}

/** Notes the option that a word names; false when it names none. */
function readOption(options: Options, word: Bytes): boolean {
  switch (upper(word) as string) {
    case 'NX':
      options.nx = true
      return true
    case 'XX':
      options.xx = true
      return true
    case 'GT':
      options.gt = true
      return true
    case 'LT':
      options.lt = true
      return true
    case 'CH':
      options.ch = true
      return true
    case 'INCR':
      options.incr = true
      return true
    default:
      return false
  }
}

/** Whether the options let a member go from its score, if it has one, to another. */
function admits({ nx, xx, gt, lt }: Options, held: number | undefined, score: number): boolean {
  if (held === undefined) return !xx
  return !(nx || (lt && score >= held) || (gt && score <= held))
}

function add({ db }: Context, key: Bytes, pairs: Argv, options: Options): Reply {
  const scores: number[] = []
  for (let i = 0; i < pairs.length; i += 2) scores.push(readDouble(pairs[i]!))
  const set = options.xx ? db.edit(key, ZSET) : db.obtain(key, ZSET, newSortedSet)
  if (set === undefined) return 0
  const conditional = options.nx || options.xx || options.gt || options.lt
  let added = 0
  let updated = 0
  for (let i = 0; i < scores.length; i++) {
    const member = pairs[2 * i + 1]!
    const score = scores[i]!
    if (conditional && !admits(options, set.score(member), score)) continue
    const change = set.set(member, score)
    if (change === 'added') added++
    else if (change === 'updated') updated++
  }
  if (added + updated > 0) {
    db.answered()
    db.touched(key)
    db.event(EVENT.zset, 'zadd', key)
  }
  return options.ch ? added + updated : added
}

function increase({ db }: Context, key: Bytes, by: number, member: Bytes, options: Options): Reply {
  const set = options.xx ? db.edit(key, ZSET) : db.obtain(key, ZSET, newSortedSet)
  if (set === undefined) return null
  const held = set.score(member)
  const score = held === undefined ? by : held + by
  if (held !== undefined && options.nx) return null
  if (Number.isNaN(score)) throw NOT_A_NUMBER
  if (!admits(options, held, score)) return null
  if (set.set(member, score) !== 'same') {
    db.answered()
    db.touched(key)
    db.event(EVENT.zset, 'zincr', key)
  }
  return new Double(score)
}

/** ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...] */
export const zadd = command({
  name: 'ZADD',
  group: 'sorted-set',
  since: '1.2.0',
  summary: 'Gives members scores, adding those that are new; on conditions, or by adding to the score there is.',
  complexity: 'O(M*log(N)), M members named, N members held',
  flags: ['write', 'denyoom', 'fast'],
  args: [
    key('key', 'RW update'),
    ...oneOf('condition', flag('NX'), flag('XX')),
    ...oneOf('comparison', flag('GT'), flag('LT')),
    CH,
    INCR,
    tail('pairs', [double('score'), bytes('member')]),
  ],
  parse: parseAdd,
  reply: when(int, { incr: nullable(dbl) }),
  run: (ctx, args) => {
    const { key, pairs, incr } = args
    return incr ? increase(ctx, key, readDouble(pairs[0]!), pairs[1]!, args) : add(ctx, key, pairs, args)
  },
  fast: ({ db }, argv) => {
    if (argv.length !== 4) return undefined
    const score = parseDouble(argv[2]!)
    if (score === undefined) return undefined
    const key = argv[1]!
    const change = db.obtain(key, ZSET, newSortedSet).set(argv[3]!, score)
    if (change === 'same') return 0
    db.answered()
    db.touched(key)
    db.event(EVENT.zset, 'zadd', key)
    return change === 'added' ? 1 : 0
  },
})

/** ZINCRBY key increment member */
export const zincrby = command({
  name: 'ZINCRBY',
  group: 'sorted-set',
  since: '1.2.0',
  summary: 'Adds to the score of a member, which counts as 0 when it is missing; gives the sum.',
  complexity: 'O(log(N)), N members held',
  flags: ['write', 'denyoom', 'fast'],
  args: [key('key', 'RW access update'), double('increment'), bytes('member')],
  reply: dbl,
  run: (ctx, { key, increment, member }) => increase(ctx, key, increment, member, NO_OPTIONS),
})
