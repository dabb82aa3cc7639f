/** HDEL: removing fields. */
import { EVENT } from '../../keyspace/reports.ts'
import { HASH } from '../../keyspace/value.ts'
import { bytes, key, many } from '../args/nodes.ts'
import { command } from '../command.ts'
import { int } from '../shape.ts'

/** HDEL key field [field ...] */
export const hdel = command({
  name: 'HDEL',
  group: 'hash',
  since: '2.0.0',
  summary: 'Removes fields and answers how many there were; a hash without fields is removed.',
  complexity: 'O(N), N fields named',
  flags: ['write', 'fast'],
  args: [key('key', 'RW delete'), many('fields', bytes('field'))],
  reply: int,
  run: ({ db }, { key, fields }) => {
    const hash = db.edit(key, HASH)
    if (hash === undefined) return 0
    let removed = 0
    for (const field of fields) if (hash.delete(field)) removed++
    if (removed === 0) return 0
    db.touched(key)
    db.event(EVENT.hash, 'hdel', key)
    db.dropIfEmpty(key, hash)
    return removed
  },
})
