/** HINCRBY and HINCRBYFLOAT: numbers in fields, 64-bit integers and 80-bit floats. */
import { type Bytes, raw } from '../../base/bytes.ts'
import { err, NOT_A_FLOAT, OVERFLOW } from '../../base/errors.ts'
import { addInt64, formatInteger, parseInteger } from '../../base/integers.ts'
import { addLongDoubles } from '../../base/long-double.ts'
import type { Reply } from '../../base/reply.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { HASH } from '../../keyspace/value.ts'
import { FieldHash } from '../../structures/field-hash.ts'
import { bytes, int64, key } from '../args/nodes.ts'
import { readInt64 } from '../args/values.ts'
import { argvOf, command } from '../command.ts'
import type { Context } from '../context.ts'
import { bulk, int } from '../shape.ts'
import { hpexpireatEffect } from './expire.ts'

const VALUE_NOT_AN_INTEGER = err('hash value is not an integer')
const VALUE_NOT_A_FLOAT = err('hash value is not a float')
const INCREMENT_NOT_FINITE = err('value is NaN or Infinity')
const SUM_NOT_FINITE = err('increment would produce NaN or Infinity')
const ZERO = raw('0')

const newHash = (): FieldHash => new FieldHash()

function add({ db }: Context, key: Bytes, field: Bytes, increment: number | bigint): Reply {
  const hash = db.obtain(key, HASH, newHash)
  const held = hash.get(field)
  const old = held === undefined ? 0 : parseInteger(held)
  if (old === undefined) throw VALUE_NOT_AN_INTEGER
  const sum = addInt64(old, increment)
  if (sum === undefined) throw OVERFLOW
  hash.update(field, formatInteger(sum))
  db.answered()
  db.touched(key)
  db.event(EVENT.hash, 'hincrby', key)
  return sum
}

/** HINCRBY key field increment */
export const hincrby = command({
  name: 'HINCRBY',
  group: 'hash',
  since: '2.0.0',
  summary: 'Adds to the integer in a field, which counts as 0 when it is missing; gives the sum.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  args: [key('key', 'RW access update'), bytes('field'), int64('increment')],
  reply: int,
  run: (ctx, { key, field, increment }) => add(ctx, key, field, increment),
  fast: (ctx, argv) => add(ctx, argv[1]!, argv[2]!, readInt64(argv[3]!)),
})

/** HINCRBYFLOAT key field increment */
export const hincrbyfloat = command({
  name: 'HINCRBYFLOAT',
  group: 'hash',
  since: '2.6.0',
  summary: 'Adds a float to the number in a field, which counts as 0 when it is missing; gives the new text.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  args: [key('key', 'RW access update'), bytes('field'), bytes('increment', 'double')],
  reply: bulk,
  run: ({ db }, { key, field, increment }) => {
    const { fault: bad } = addLongDoubles(ZERO, increment)
    if (bad !== undefined) throw bad === 'not-a-float' ? NOT_A_FLOAT : INCREMENT_NOT_FINITE
    const present = db.edit(key, HASH)
    const { sum, fault } = addLongDoubles(present?.get(field) ?? ZERO, increment)
    if (fault !== undefined) throw fault === 'not-a-float' ? VALUE_NOT_A_FLOAT : SUM_NOT_FINITE
    const hash = present ?? newHash()
    if (present === undefined) db.put(key, hash)
    // Copied, since the sum may be a rope.
    hash.update(field, raw(Buffer.from(sum, 'latin1').latin1Slice()))
    db.answered()
    db.touched(key)
    db.event(EVENT.hash, 'hincrbyfloat', key)
    return sum
  },
  // The sum is not computed twice: another machine's floats may differ.
  effects: ({ db }, argv, reply) => {
    const stored = argvOf('HSET', argv[1]!, argv[2]!, reply as Bytes)
    const deadline = db.edit(argv[1]!, HASH)?.deadline(argv[2]!)
    // Storing takes the deadline away.
    return deadline === undefined ? [stored] : [stored, hpexpireatEffect(argv[1]!, deadline, [argv[2]!])]
  },
})
