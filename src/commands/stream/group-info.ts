/** XINFO GROUPS and XINFO CONSUMERS: the groups of a stream, and who reads in them. */

import { type Bytes, raw } from '../../base/bytes.ts'
import { NO_SUCH_KEY } from '../../base/errors.ts'
import { MapReply, type Reply } from '../../base/reply.ts'
import type { Database } from '../../keyspace/database.ts'
import { type Reading, STREAM } from '../../keyspace/value.ts'
import type { Stream } from '../../structures/stream.ts'
import { formatId } from '../../structures/stream-id.ts'
import { bytes, key } from '../args/nodes.ts'
import { type Command, command } from '../command.ts'
import { arrayOf, bulk, int, nullable, record } from '../shape.ts'
import { noGroupOfKey } from './groups.ts'

const NAME = raw('name')
const CONSUMERS = raw('consumers')
const PENDING = raw('pending')
const LAST_DELIVERED_ID = raw('last-delivered-id')
const ENTRIES_READ = raw('entries-read')
const LAG = raw('lag')
const IDLE = raw('idle')

function existing(db: Database, key: Bytes): Reading<Stream> {
  const stream = db.find(key, STREAM)
  if (stream === undefined) throw NO_SUCH_KEY
  return stream
}

/** XINFO GROUPS key */
const groups = command({
  name: 'XINFO|GROUPS',
  group: 'stream',
  since: '5.0.0',
  summary: 'Lists the consumer groups of a stream.',
  complexity: 'O(N), N groups',
  flags: ['readonly'],
  args: [key('key', 'RO access')],
  reply: arrayOf(
    record({
      name: bulk,
      consumers: int,
      pending: int,
      'last-delivered-id': bulk,
      'entries-read': nullable(int),
      lag: nullable(int),
    }),
  ),
  run: ({ db }, { key }) => {
    const stream = existing(db, key)
    return stream.groups.values().map((group): Reply => {
      const { name, consumers, pending, lastDeliveredId, entriesRead = null } = group
      const sizes = [NAME, name, CONSUMERS, consumers.size, PENDING, pending.size]
      const lag = stream.lagOf(group) ?? null
      return new MapReply([...sizes, LAST_DELIVERED_ID, formatId(lastDeliveredId), ENTRIES_READ, entriesRead, LAG, lag])
    })
  },
})

/** XINFO CONSUMERS key group */
const consumers = command({
  name: 'XINFO|CONSUMERS',
  group: 'stream',
  since: '5.0.0',
  summary: 'Lists the consumers of a group.',
  complexity: 'O(N), N consumers',
  flags: ['readonly'],
  tips: ['nondeterministic_output'],
  args: [key('key', 'RO access'), bytes('group')],
  reply: arrayOf(record({ name: bulk, pending: int, idle: int })),
  run: ({ db, now }, { key, group: name }) => {
    const group = existing(db, key).groups.get(name)
    if (group === undefined) throw noGroupOfKey(key, name)
    return group.consumers.values().map((consumer): Reply => {
      const idle = Math.max(now - consumer.seenTimeMs, 0)
      return new MapReply([NAME, consumer.name, PENDING, consumer.pending.size, IDLE, idle])
    })
  },
})

/** The subcommands of XINFO that tell of groups. */
export const groupInfoCommands: readonly Command[] = [consumers, groups]
