/** MGET, MSET and MSETNX: many strings at once. */
import type { Bytes } from '../../base/bytes.ts'
import { wrongArity } from '../../base/errors.ts'
import { OK, type Reply } from '../../base/reply.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { type Reading, type StringValue, typeOf, type Value } from '../../keyspace/value.ts'
import { bytes, key, many, tail } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { arrayOf, bulk, int, nullable, ok } from '../shape.ts'
import { bytesOf, stored } from './string-value.ts'

const isString = (value: Reading<Value>): value is Reading<StringValue> => typeOf(value as Value) === 'string'

/** The strings at argv[from] and on; null for a key that is missing or no string. */
function readAll({ db }: Context, words: readonly Bytes[], from: number): Reply {
  const found: (Bytes | null)[] = []
  for (let i = from; i < words.length; i++) {
    const value = db.findAny(words[i]!)
    found.push(value !== undefined && isString(value) ? bytesOf(value) : null)
  }
  return found
}

function storeAll({ db }: Context, pairs: readonly Bytes[]): void {
  for (let i = 0; i < pairs.length; i += 2) {
    const key = pairs[i]!
    db.put(key, stored(pairs[i + 1]!))
    db.touched(key)
    db.event(EVENT.string, 'set', key)
  }
}

/** MGET key [key ...] */
export const mget = command({
  name: 'MGET',
  group: 'string',
  since: '1.0.0',
  summary: 'Gives the strings at many keys; null for what is missing or no string.',
  complexity: 'O(N), N keys',
  flags: ['readonly', 'fast'],
  args: [many('keys', key('key', 'RO access'))],
  reply: arrayOf(nullable(bulk)),
  tips: ['request_policy:multi_shard'],
  run: (ctx, { keys }) => readAll(ctx, keys, 0),
  fast: (ctx, argv) => readAll(ctx, argv, 1),
})

/** MSET key value [key value ...] */
export const mset = command({
  name: 'MSET',
  group: 'string',
  since: '1.0.1',
  summary: 'Stores many strings at once.',
  complexity: 'O(N), N keys',
  flags: ['write', 'denyoom'],
  args: [tail('pairs', [key('key', 'OW update'), bytes('value')], wrongArity('MSET'))],
  reply: ok,
  tips: ['request_policy:multi_shard', 'response_policy:all_succeeded'],
  run: (ctx, { pairs }) => {
    storeAll(ctx, pairs)
    return OK
  },
})

/** MSETNX key value [key value ...] */
export const msetnx = command({
  name: 'MSETNX',
  group: 'string',
  since: '1.0.1',
  summary: 'Stores many strings at once, unless one of the keys is there.',
  complexity: 'O(N), N keys',
  flags: ['write', 'denyoom'],
  args: [tail('pairs', [key('key', 'OW insert'), bytes('value')], wrongArity('MSETNX'))],
  reply: int,
  tips: ['request_policy:multi_shard', 'response_policy:agg_min'],
  run: (ctx, { pairs }) => {
    for (let i = 0; i < pairs.length; i += 2) if (ctx.db.has(pairs[i]!)) return 0
    storeAll(ctx, pairs)
    return 1
  },
})
