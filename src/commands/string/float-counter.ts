/** INCRBYFLOAT: 80-bit floats, as Redis computes on x86-64. */
import type { Bytes } from '../../base/bytes.ts'
import { err, NOT_A_FLOAT } from '../../base/errors.ts'
import { addLongDoubles } from '../../base/long-double.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { STRING } from '../../keyspace/value.ts'
import { bytes, key } from '../args/nodes.ts'
import { argvOf, command } from '../command.ts'
import { bulk } from '../shape.ts'
import { bytesOf } from './string-value.ts'

const NOT_FINITE = err('increment would produce NaN or Infinity')
const ZERO = '0' as Bytes

/** INCRBYFLOAT key increment */
export const incrbyfloat = command({
  name: 'INCRBYFLOAT',
  group: 'string',
  since: '2.6.0',
  summary: 'Adds a float to the number a string spells, which counts as 0 when it is missing; gives the new string.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  args: [key('key', 'RW access update'), bytes('increment', 'double')],
  reply: bulk,
  run: ({ db }, { key, increment }) => {
    const old = db.edit(key, STRING)
    const { sum, fault } = addLongDoubles(old === undefined ? ZERO : bytesOf(old), increment)
    if (fault !== undefined) throw fault === 'not-a-float' ? NOT_A_FLOAT : NOT_FINITE
    // Kept as bytes also when it spells an integer: Redis says `embstr` then. Copied, since the sum may be a rope.
    db.replace(key, Buffer.from(sum, 'latin1').latin1Slice() as Bytes)
    db.touched(key)
    db.event(EVENT.string, 'incrbyfloat', key)
    return sum
  },
  // The sum is not computed twice: another machine's floats may differ.
  effects: (_ctx, argv, reply) => [argvOf('SET', argv[1]!, reply as Bytes, 'KEEPTTL')],
})
