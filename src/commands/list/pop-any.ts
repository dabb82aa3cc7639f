/** LMPOP and BLMPOP: popping from the first list that has something. */
import { type Bytes, upper } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { formatInteger } from '../../base/integers.ts'
import { isArray, NIL_ARRAY, type Reply } from '../../base/reply.ts'
import { LIST } from '../../keyspace/value.ts'
import { choice, integer, numkeys, option, timeout } from '../args/nodes.ts'
import { argvOf, command, type EffectsOf } from '../command.ts'
import type { Context } from '../context.ts'
import { Block } from '../outcome.ts'
import { arrayOf, bulk, keyName, nullable, tuple } from '../shape.ts'
import { type End, take, taken } from './pop.ts'

const NUMKEYS = err('numkeys should be greater than 0')
const KEYS = numkeys('keys', 'RW access delete', { invalid: NUMKEYS, outside: NUMKEYS })
const COUNT = option(
  'COUNT',
  integer('count', {
    min: 1,
    invalid: err('count should be greater than 0'),
    outside: err('count should be greater than 0'),
  }),
  'error',
)

/** What was popped repeats as a plain LPOP or RPOP; `numkeysAt` is where the number of keys stands. */
const asPop =
  (numkeysAt: number): EffectsOf =>
  (_ctx, argv, reply) => {
    if (!isArray(reply)) return []
    const [key, popped] = reply as readonly [Bytes, Reply]
    const where = argv[numkeysAt + 1 + Number(argv[numkeysAt])]!
    return [argvOf(upper(where) === 'LEFT' ? 'LPOP' : 'RPOP', key, formatInteger(isArray(popped) ? popped.length : 0))]
  }

/** LMPOP numkeys key [key ...] <LEFT | RIGHT> [COUNT count] */
export const lmpop = command({
  name: 'LMPOP',
  group: 'list',
  since: '7.0.0',
  summary: 'Pops elements from the first list among the given keys that has any.',
  complexity: 'O(N+M), N keys looked at, M elements popped',
  flags: ['write', 'movablekeys'],
  args: [KEYS, choice('where', ['LEFT', 'RIGHT']), COUNT],
  reply: nullable(tuple(keyName, arrayOf(bulk))),
  run: (ctx, { keys, where, count = 1 }) => popFirst(ctx, keys, where, count) ?? NIL_ARRAY,
  effects: asPop(1),
})

/** BLMPOP timeout numkeys key [key ...] <LEFT | RIGHT> [COUNT count] */
export const blmpop = command({
  name: 'BLMPOP',
  group: 'list',
  since: '7.0.0',
  summary: 'Pops elements from the first list among the given keys that has any, waiting for one.',
  complexity: 'O(N+M), N keys looked at, M elements popped',
  flags: ['write', 'blocking', 'movablekeys'],
  args: [timeout('timeout', 'end'), KEYS, choice('where', ['LEFT', 'RIGHT']), COUNT],
  reply: nullable(tuple(keyName, arrayOf(bulk))),
  run: (ctx, { keys, where, count = 1, timeout }) =>
    popFirst(ctx, keys, where, count) ?? new Block(keys, 'list', timeout, NIL_ARRAY),
  effects: asPop(2),
})

/** Pops from the first key holding a list, or from the one that woke the client. */
function popFirst({ db, wakeKey }: Context, keys: readonly Bytes[], where: End, count: number): Reply | undefined {
  for (const key of wakeKey === undefined ? keys : [wakeKey]) {
    const list = db.edit(key, LIST)
    if (list === undefined) continue
    const popped = take(list, where, count)
    db.answered()
    taken(db, key, list, where)
    return [key, popped]
  }
  return undefined
}
