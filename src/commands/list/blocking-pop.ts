/** BLPOP and BRPOP: popping one element from the first list that has any, waiting for one. */
import { type Bytes, EMPTY } from '../../base/bytes.ts'
import { isArray, NIL_ARRAY, type Reply } from '../../base/reply.ts'
import { LIST } from '../../keyspace/value.ts'
import { key, many, timeout } from '../args/nodes.ts'
import { argvOf, command, type EffectsOf } from '../command.ts'
import type { Context } from '../context.ts'
import { Block, type Outcome } from '../outcome.ts'
import { bulk, keyName, nullable, tuple } from '../shape.ts'
import { type End, taken } from './pop.ts'

function popOrWait(ctx: Context, keys: readonly Bytes[], timeoutMs: number, end: End): Outcome {
  const { db, wakeKey } = ctx
  for (const key of wakeKey === undefined ? keys : [wakeKey]) {
    const list = db.edit(key, LIST)
    if (list === undefined) continue
    const element = end === 'LEFT' ? list.popHead() : list.popTail()
    db.answered()
    taken(db, key, list, end)
    return [key, element ?? EMPTY]
  }
  return new Block(keys, 'list', timeoutMs, NIL_ARRAY)
}

/** What was popped repeats as a plain pop of the key that gave it. */
const asPop =
  (name: 'LPOP' | 'RPOP'): EffectsOf =>
  (_ctx, _argv, reply: Reply) =>
    isArray(reply) ? [argvOf(name, reply[0] as Bytes)] : []

const common = {
  group: 'list',
  since: '2.0.0',
  complexity: 'O(N), N keys looked at',
  flags: ['write', 'noscript', 'blocking'],
  args: [many('keys', key('key', 'RW access delete')), timeout('timeout')],
  reply: nullable(tuple(keyName, bulk)),
} as const

/** BLPOP key [key ...] timeout */
export const blpop = command({
  ...common,
  name: 'BLPOP',
  summary: 'Takes the first element of the first list among the given keys that has any, waiting for one.',
  run: (ctx, { keys, timeout }) => popOrWait(ctx, keys, timeout, 'LEFT'),
  effects: asPop('LPOP'),
})

/** BRPOP key [key ...] timeout */
export const brpop = command({
  ...common,
  name: 'BRPOP',
  summary: 'Takes the last element of the first list among the given keys that has any, waiting for one.',
  run: (ctx, { keys, timeout }) => popOrWait(ctx, keys, timeout, 'RIGHT'),
  effects: asPop('RPOP'),
})
