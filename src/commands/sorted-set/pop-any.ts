/** ZMPOP and BZMPOP: popping from the first sorted set that has something. */
import { type Bytes, upper } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { formatInteger } from '../../base/integers.ts'
import { isArray, NIL_ARRAY, type Reply } from '../../base/reply.ts'
import { ZSET } from '../../keyspace/value.ts'
import { choice, integer, numkeys, option, timeout } from '../args/nodes.ts'
import { argvOf, command, type EffectsOf } from '../command.ts'
import type { Context } from '../context.ts'
import { Block } from '../outcome.ts'
import { arrayOf, bulk, dbl, keyName, nullable, tuple } from '../shape.ts'
import { type End, popPairs } from './pop.ts'

const NUMKEYS = err('numkeys should be greater than 0')
const COUNT_TEXT = err('count should be greater than 0')
const KEYS = numkeys('keys', 'RW access delete', { invalid: NUMKEYS, outside: NUMKEYS })
const COUNT = option('COUNT', integer('count', { min: 1, invalid: COUNT_TEXT, outside: COUNT_TEXT }), 'error')

/** What was popped repeats as a plain ZPOPMIN or ZPOPMAX; `numkeysAt` is where the number of keys stands. */
const asPop =
  (numkeysAt: number): EffectsOf =>
  (_ctx, argv, reply) => {
    if (!isArray(reply)) return []
    const [key, popped] = reply as readonly [Bytes, Reply]
    const where = argv[numkeysAt + 1 + Number(argv[numkeysAt])]!
    const count = formatInteger(isArray(popped) ? popped.length : 0)
    return [argvOf(upper(where) === 'MIN' ? 'ZPOPMIN' : 'ZPOPMAX', key, count)]
  }

/** Pops from the first key holding a sorted set, or from the one that woke the client. */
function popFirst({ db, wakeKey }: Context, keys: readonly Bytes[], where: End, count: number): Reply | undefined {
  for (const key of wakeKey === undefined ? keys : [wakeKey]) {
    const set = db.edit(key, ZSET)
    if (set !== undefined) return [key, popPairs(db, key, set, where, count)]
  }
  return undefined
}

const common = {
  group: 'sorted-set',
  since: '7.0.0',
  complexity: 'O(K)+O(M*log(N)), K keys looked at, M members popped of N',
  reply: nullable(tuple(keyName, arrayOf(tuple(bulk, dbl)))),
} as const

/** ZMPOP numkeys key [key ...] <MIN | MAX> [COUNT count] */
export const zmpop = command({
  ...common,
  name: 'ZMPOP',
  summary: 'Pops members from the first sorted set among the given keys that has any.',
  flags: ['write', 'movablekeys'],
  args: [KEYS, choice('where', ['MIN', 'MAX']), COUNT],
  run: (ctx, { keys, where, count = 1 }) => popFirst(ctx, keys, where, count) ?? NIL_ARRAY,
  effects: asPop(1),
})

/** BZMPOP timeout numkeys key [key ...] <MIN | MAX> [COUNT count] */
export const bzmpop = command({
  ...common,
  name: 'BZMPOP',
  summary: 'Pops members from the first sorted set among the given keys that has any, waiting for one.',
  flags: ['write', 'blocking', 'movablekeys'],
  args: [timeout('timeout', 'end'), KEYS, choice('where', ['MIN', 'MAX']), COUNT],
  run: (ctx, { keys, where, count = 1, timeout }) =>
    popFirst(ctx, keys, where, count) ?? new Block(keys, 'zset', timeout, NIL_ARRAY),
  effects: asPop(2),
})
