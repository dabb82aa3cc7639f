/** XPENDING: what a group was given and has not acknowledged. */
import { type Argv, type Bytes, upper } from '../../base/bytes.ts'
import { SYNTAX } from '../../base/errors.ts'
import { formatInteger } from '../../base/integers.ts'
import { NIL_ARRAY, type Reply } from '../../base/reply.ts'
import { STREAM } from '../../keyspace/value.ts'
import type { ConsumerGroup } from '../../structures/consumer-group.ts'
import { compareIds, formatId } from '../../structures/stream-id.ts'
import { bytes, integer, key, option, optional } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'
import { command } from '../command.ts'
import { arrayOf, bulk, dbl, int, nullable, pairsOf, tuple, when } from '../shape.ts'
import { noGroup } from './groups.ts'
import { readEnd, readStart } from './stream-id-arg.ts'

/** What a list of pending entries is limited to. */
interface Range {
  readonly start: Bytes
  readonly end: Bytes
  readonly count: number
  readonly minIdle: number
  readonly consumer: Bytes | undefined
}

/** The words by their places; numbers and ids are read before anything is looked up, the count before the ids. */
function parse(argv: Argv) {
  const found = { key: argv[1]!, group: argv[2]! }
  if (argv.length === 3) return found
  if (argv.length < 6 || argv.length > 9) throw SYNTAX
  const idle = upper(argv[3]!) === 'IDLE'
  const minIdle = idle ? readInteger(argv[4]!) : 0
  if (idle && argv.length < 8) throw SYNTAX
  const at = idle ? 5 : 3
  const count = readInteger(argv[at + 2]!)
  const start = argv[at]!
  const end = argv[at + 1]!
  readStart(start)
  readEnd(end)
  return { ...found, minIdle, start, end, count, consumer: argv[at + 3] }
}

/** XPENDING key group [IDLE min-idle-time] [start [end [count [consumer]]]] */
export const xpending = command({
  name: 'XPENDING',
  group: 'stream',
  since: '5.0.0',
  summary: 'Tells what a group has pending: how much for whom, or entry by entry.',
  complexity: 'O(N), N entries listed; O(1) for the summary',
  flags: ['readonly'],
  tips: ['nondeterministic_output'],
  args: [
    key('key', 'RO access'),
    bytes('group'),
    option('IDLE', { ...integer('minIdle'), label: 'min-idle-time' }),
    optional(bytes('start')),
    optional(bytes('end')),
    optional(integer('count')),
    optional(bytes('consumer')),
  ],
  parse,
  // How many are pending for whom is told as text.
  reply: when(tuple(int, nullable(bulk), nullable(bulk), nullable(pairsOf(bulk, dbl))), {
    start: arrayOf(tuple(bulk, bulk, int, int)),
  }),
  run: ({ db, now }, { key, group: name, minIdle = 0, start, end, count, consumer }) => {
    const group = db.find(key, STREAM)?.groups.get(name)
    if (group === undefined) throw noGroup(key, name)
    if (start === undefined || end === undefined || count === undefined) return summary(group)
    return entries(group, { start, end, count, minIdle, consumer }, now)
  },
})

function summary(group: ConsumerGroup): Reply {
  const first = group.pending.first()
  const last = group.pending.last()
  if (first === undefined || last === undefined) return [0, null, null, NIL_ARRAY]
  const owners: Reply[] = []
  for (const { name, pending } of group.consumers.values()) {
    if (pending.size > 0) owners.push([name, formatInteger(pending.size)])
  }
  return [group.pending.size, formatId(first.id), formatId(last.id), owners]
}

function entries(group: ConsumerGroup, range: Range, now: number): Reply {
  const found: Reply[] = []
  const owner = range.consumer === undefined ? undefined : group.consumers.get(range.consumer)
  if (range.count <= 0 || (range.consumer !== undefined && owner === undefined)) return found
  const end = readEnd(range.end)
  for (const entry of (owner ?? group).pending.from(readStart(range.start))) {
    if (compareIds(entry.id, end) > 0) break
    const idle = now - entry.deliveryTimeMs
    // Redis lets a minimum of 0 pass even what was delivered in the future.
    if (range.minIdle !== 0 && idle < range.minIdle) continue
    found.push([formatId(entry.id), entry.owner.name, Math.max(idle, 0), entry.deliveryCount])
    if (found.length === range.count) break
  }
  return found
}
