/** BZPOPMIN and BZPOPMAX: popping one member from the first sorted set that has any, waiting for one. */
import type { Bytes } from '../../base/bytes.ts'
import { isArray, NIL_ARRAY, type Reply } from '../../base/reply.ts'
import { ZSET } from '../../keyspace/value.ts'
import { key, many, timeout } from '../args/nodes.ts'
import { argvOf, command, type EffectsOf } from '../command.ts'
import type { Context } from '../context.ts'
import { Block, type Outcome } from '../outcome.ts'
import { bulk, dbl, keyName, nullable, tuple } from '../shape.ts'
import { type End, popPairs } from './pop.ts'

function popOrWait({ db, wakeKey }: Context, keys: readonly Bytes[], timeoutMs: number, end: End): Outcome {
  for (const key of wakeKey === undefined ? keys : [wakeKey]) {
    const set = db.edit(key, ZSET)
    if (set === undefined) continue
    const [member, score] = popPairs(db, key, set, end, 1)[0]!
    return [key, member, score]
  }
  return new Block(keys, 'zset', timeoutMs, NIL_ARRAY)
}

/** What was popped repeats as a plain pop of the key that gave it. */
const asPop =
  (name: 'ZPOPMIN' | 'ZPOPMAX'): EffectsOf =>
  (_ctx, _argv, reply: Reply) =>
    isArray(reply) ? [argvOf(name, reply[0] as Bytes)] : []

const common = {
  group: 'sorted-set',
  since: '5.0.0',
  complexity: 'O(log(N)+M), N members held, M keys looked at',
  flags: ['write', 'noscript', 'blocking', 'fast'],
  args: [many('keys', key('key', 'RW access delete')), timeout('timeout')],
  reply: nullable(tuple(keyName, bulk, dbl)),
} as const

/** BZPOPMIN key [key ...] timeout */
export const bzpopmin = command({
  ...common,
  name: 'BZPOPMIN',
  summary: 'Takes the lowest member of the first sorted set among the given keys that has any, waiting for one.',
  run: (ctx, { keys, timeout }) => popOrWait(ctx, keys, timeout, 'MIN'),
  effects: asPop('ZPOPMIN'),
})

/** BZPOPMAX key [key ...] timeout */
export const bzpopmax = command({
  ...common,
  name: 'BZPOPMAX',
  summary: 'Takes the highest member of the first sorted set among the given keys that has any, waiting for one.',
  run: (ctx, { keys, timeout }) => popOrWait(ctx, keys, timeout, 'MAX'),
  effects: asPop('ZPOPMAX'),
})
