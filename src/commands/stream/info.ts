/** XINFO STREAM: what a stream is made of; XINFO itself, which holds what tells about groups too. */
import { type Argv, type Bytes, raw, upper } from '../../base/bytes.ts'
import { err, NO_SUCH_KEY } from '../../base/errors.ts'
import { MapReply, type Reply } from '../../base/reply.ts'
import { type Reading, STREAM } from '../../keyspace/value.ts'
import type { Consumer, ConsumerGroup } from '../../structures/consumer-group.ts'
import type { PendingList } from '../../structures/pending-list.ts'
import { radixNodes } from '../../structures/radix-nodes.ts'
import type { Stream } from '../../structures/stream.ts'
import { formatId, MAX_ID, MIN_ID } from '../../structures/stream-id.ts'
import { choice, integer, key, option, optional } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'
import { command, container } from '../command.ts'
import type { Context } from '../context.ts'
import { helpOf } from '../help.ts'
import { arrayOf, bulk, int, nullable, record, tuple, when } from '../shape.ts'
import { entriesOf, entriesShape, entryShape } from './entries.ts'
import { groupInfoCommands } from './group-info.ts'

const USUAL_COUNT = 10

interface Wanted {
  readonly full: boolean
  /** Entries, and pending entries of each list; 0: all. */
  readonly count: number
}

const BRIEF: Wanted = { full: false, count: 0 }

/** Reads the options, which are looked at only when there is a stream. */
function readWanted(argv: Argv): Wanted {
  if (argv.length === 3) return BRIEF
  const [, name, , full, token, count] = argv
  const shaped = full !== undefined && upper(full) === 'FULL'
  if (shaped && argv.length === 4) return { full: true, count: USUAL_COUNT }
  if (!shaped || argv.length !== 6 || upper(token!) !== 'COUNT') {
    throw err(`unknown subcommand or wrong number of arguments for '${name!.slice(0, 128)}'. Try XINFO HELP.`)
  }
  const given = readInteger(count!)
  return { full: true, count: given < 0 ? USUAL_COUNT : given }
}

function existing({ db }: Context, key: Bytes): Reading<Stream> {
  const stream = db.find(key, STREAM)
  if (stream === undefined) throw NO_SUCH_KEY
  return stream
}

const FACTS = {
  length: int,
  'radix-tree-keys': int,
  'radix-tree-nodes': int,
  'last-generated-id': bulk,
  'max-deleted-entry-id': bulk,
  'entries-added': int,
  'recorded-first-entry-id': bulk,
} as const

const CONSUMER = record({ name: bulk, 'seen-time': int, 'pel-count': int, pending: arrayOf(tuple(bulk, int, int)) })

const GROUP = record({
  name: bulk,
  'last-delivered-id': bulk,
  'entries-read': nullable(int),
  lag: nullable(int),
  'pel-count': int,
  pending: arrayOf(tuple(bulk, bulk, int, int)),
  consumers: arrayOf(CONSUMER),
})

/** XINFO STREAM key [FULL [COUNT count]] */
const stream = command({
  name: 'XINFO|STREAM',
  group: 'stream',
  since: '5.0.0',
  summary: 'Tells the length, ids and counters of a stream, in full its entries and groups too.',
  complexity: 'O(1), in full O(N), N entries and pending entries told',
  flags: ['readonly'],
  args: [key('key', 'RO access'), optional(choice('full', ['FULL'])), option('COUNT', integer('count'))],
  reply: when(
    record({ ...FACTS, groups: int, 'first-entry': nullable(entryShape), 'last-entry': nullable(entryShape) }),
    {
      full: record({ ...FACTS, entries: entriesShape, groups: arrayOf(GROUP) }),
    },
  ),
  run: (ctx, { key, full, count = USUAL_COUNT }) => described(existing(ctx, key), { full: full !== undefined, count }),
  fast: (ctx, argv) => described(existing(ctx, argv[2]!), readWanted(argv)),
})

function described(stream: Reading<Stream>, { full, count }: Wanted): Reply {
  const facts: Record<string, Reply> = {
    length: stream.size,
    'radix-tree-keys': stream.log.chunks.length,
    'radix-tree-nodes': radixNodes(stream.log.chunks),
    'last-generated-id': formatId(stream.lastId),
    'max-deleted-entry-id': formatId(stream.maxDeletedId),
    'entries-added': stream.entriesAdded,
    'recorded-first-entry-id': formatId(stream.firstId),
  }
  if (full) {
    facts.entries = entriesOf(stream.range(MIN_ID, MAX_ID), count)
    facts.groups = stream.groups.values().map((group) => groupOf(stream, group, count))
  } else {
    facts.groups = stream.groups.size
    facts['first-entry'] = entriesOf(stream.range(MIN_ID, MAX_ID), 1)[0] ?? null
    facts['last-entry'] = entriesOf(stream.reverseRange(MAX_ID, MIN_ID), 1)[0] ?? null
  }
  return mapOfFacts(facts)
}

function groupOf(stream: Reading<Stream>, group: ConsumerGroup, count: number): Reply {
  return mapOfFacts({
    name: group.name,
    'last-delivered-id': formatId(group.lastDeliveredId),
    'entries-read': group.entriesRead ?? null,
    lag: stream.lagOf(group) ?? null,
    'pel-count': group.pending.size,
    pending: pendingOf(group.pending, count, true),
    consumers: group.consumers.values().map((consumer) =>
      mapOfFacts({
        name: consumer.name,
        'seen-time': consumer.seenTimeMs,
        'pel-count': consumer.pending.size,
        pending: pendingOf(consumer.pending, count, false),
      }),
    ),
  })
}

function pendingOf(list: PendingList<Consumer>, count: number, withOwner: boolean): Reply {
  return list.slice(MIN_ID, MAX_ID, count === 0 ? Infinity : count).map((entry) => {
    const times = [entry.deliveryTimeMs, entry.deliveryCount]
    return withOwner ? [formatId(entry.id), entry.owner.name, ...times] : [formatId(entry.id), ...times]
  })
}

const mapOfFacts = (facts: Readonly<Record<string, Reply>>): MapReply =>
  new MapReply(Object.entries(facts).flatMap(([name, value]): Reply[] => [raw(name), value]))

/** XINFO HELP */
const help = helpOf('XINFO', { group: 'stream', since: '5.0.0' }, [
  ['CONSUMERS <key> <groupname>', 'The consumers of <groupname>.'],
  ['GROUPS <key>', 'The groups of a stream.'],
  ['STREAM <key> [FULL [COUNT <count>]', 'What a stream is made of.'],
])

/** XINFO */
export const xinfo = container({
  name: 'XINFO',
  group: 'stream',
  since: '5.0.0',
  summary: 'Tells about streams, their groups and consumers.',
  // Redis gives this container no category of its group.
  override: { groupAcl: [] },
  subcommands: [stream, help, ...groupInfoCommands],
})
