/** XLEN: how long a stream is. */
import { STREAM } from '../../keyspace/value.ts'
import { key } from '../args/nodes.ts'
import { command } from '../command.ts'
import { int } from '../shape.ts'

/** XLEN key */
export const xlen = command({
  name: 'XLEN',
  group: 'stream',
  since: '5.0.0',
  summary: 'Counts the entries of a stream.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: [key('key', 'RO')],
  reply: int,
  run: ({ db }, { key }) => db.find(key, STREAM)?.size ?? 0,
})
