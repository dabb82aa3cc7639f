/** INCR and its family: 64-bit integers, exact. */
import type { Bytes } from '../../base/bytes.ts'
import { err, NOT_AN_INTEGER, OVERFLOW } from '../../base/errors.ts'
import { addInt64, formatInteger, parseInteger } from '../../base/integers.ts'
import type { Reply } from '../../base/reply.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { STRING, type StringValue } from '../../keyspace/value.ts'
import { int64, key } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { int } from '../shape.ts'

const DECR_OVERFLOW = err('decrement would overflow')
const LOWEST = -9223372036854775808n

/** The integer that a stored string spells, exact; throws when it spells none. */
function integerOf(value: StringValue): number | bigint {
  if (typeof value === 'number') return value
  const parsed = parseInteger(typeof value === 'string' ? value : value.toBytes())
  if (parsed === undefined) throw NOT_AN_INTEGER
  return parsed
}

function add({ db }: Context, key: Bytes, by: number | bigint): Reply {
  const old = db.edit(key, STRING)
  const sum = addInt64(old === undefined ? 0 : integerOf(old), by)
  if (sum === undefined) throw OVERFLOW
  db.replace(key, typeof sum === 'number' ? sum : formatInteger(sum))
  db.touched(key)
  db.event(EVENT.string, 'incrby', key)
  return sum
}

const common = {
  group: 'string',
  since: '1.0.0',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  reply: int,
} as const

/** INCR key */
export const incr = command({
  ...common,
  name: 'INCR',
  summary: 'Adds one to the integer value of a key, which counts as 0 when it is missing.',
  args: [key('key', 'RW access update')],
  run: (ctx, { key }) => add(ctx, key, 1),
  fast: (ctx, argv) => add(ctx, argv[1]!, 1),
})

/** DECR key */
export const decr = command({
  ...common,
  name: 'DECR',
  summary: 'Takes one from the integer value of a key, which counts as 0 when it is missing.',
  args: [key('key', 'RW access update')],
  run: (ctx, { key }) => add(ctx, key, -1),
})

/** INCRBY key increment */
export const incrby = command({
  ...common,
  name: 'INCRBY',
  summary: 'Adds a number to the integer value of a key, which counts as 0 when it is missing.',
  args: [key('key', 'RW access update'), int64('increment')],
  run: (ctx, { key, increment }) => add(ctx, key, increment),
})

/** DECRBY key decrement */
export const decrby = command({
  ...common,
  name: 'DECRBY',
  summary: 'Takes a number from the integer value of a key, which counts as 0 when it is missing.',
  args: [key('key', 'RW access update'), int64('decrement')],
  run: (ctx, { key, decrement }) => {
    if (decrement === LOWEST) throw DECR_OVERFLOW
    return add(ctx, key, typeof decrement === 'number' ? -decrement : -decrement)
  },
})
