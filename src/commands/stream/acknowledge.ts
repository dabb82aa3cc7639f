/** XACK: consumers say what they are done with. */
import { STREAM } from '../../keyspace/value.ts'
import { bytes, key, many } from '../args/nodes.ts'
import { command } from '../command.ts'
import { int } from '../shape.ts'
import { readId } from './stream-id-arg.ts'

/** XACK key group id [id ...] */
export const xack = command({
  name: 'XACK',
  group: 'stream',
  since: '5.0.0',
  summary: 'Takes entries off what a group has pending, and says how many were there.',
  complexity: 'O(1) for each id',
  flags: ['write', 'fast'],
  args: [key('key', 'RW update'), bytes('group'), many('ids', bytes('id'))],
  reply: int,
  run: ({ db }, { key, group: name, ids }) => {
    const group = db.find(key, STREAM)?.groups.get(name)
    if (group === undefined) return 0
    db.edit(key, STREAM)
    let count = 0
    for (const id of ids.map((id) => readId(id))) if (group.acknowledge(id)) count++
    if (count > 0) db.changed()
    return count
  },
})
