/** XGROUP: making, moving and removing the groups of a stream and their consumers. */
import type { Argv, Bytes } from '../../base/bytes.ts'
import { upper } from '../../base/bytes.ts'
import { err, INVALID_STREAM_ID } from '../../base/errors.ts'
import { OK, ReplyError } from '../../base/reply.ts'
import type { Database } from '../../keyspace/database.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { STREAM } from '../../keyspace/value.ts'
import type { ConsumerGroup } from '../../structures/consumer-group.ts'
import { Stream } from '../../structures/stream.ts'
import { MIN_ID } from '../../structures/stream-id.ts'
import { parseRangeEnd } from '../../structures/stream-id-text.ts'
import { bytes, called, flag, int64, key, option } from '../args/nodes.ts'
import { readInt64 } from '../args/values.ts'
import { command, container } from '../command.ts'
import type { Context } from '../context.ts'
import { helpOf } from '../help.ts'
import { int, ok } from '../shape.ts'
import { noGroupOfKey } from './groups.ts'
import { readId } from './stream-id-arg.ts'

const NO_KEY = err(
  'The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.',
)
const BUSY_GROUP = new ReplyError('BUSYGROUP Consumer Group name already exists')
const READ_RULE = { min: -1, outside: err('value for ENTRIESREAD must be positive or -1') } as const
const ENTRIES_READ = option('ENTRIESREAD', called('entries-read', int64('entriesRead', READ_RULE)))
const GROUP = bytes('group')
const ID = called('id | $', bytes('id'))

const wrongWords = (argv: Argv): ReplyError =>
  err(`unknown subcommand or wrong number of arguments for '${argv[1]!.slice(0, 128)}'. Try XGROUP HELP.`)

function existing(db: Database, key: Bytes): Stream {
  const stream = db.edit(key, STREAM)
  if (stream === undefined) throw NO_KEY
  return stream
}

function existingGroup(db: Database, key: Bytes, name: Bytes): { stream: Stream; group: ConsumerGroup } {
  const stream = existing(db, key)
  const group = stream.groups.get(name)
  if (group === undefined) throw noGroupOfKey(key, name)
  return { stream, group }
}

/** Checks the options as Redis does, each misfit being a misuse of the subcommand; says whether MKSTREAM was given. */
function checkOptions(argv: Argv, mkstreamAllowed: boolean): boolean {
  let mkstream = false
  for (let i = 5; i < argv.length; i++) {
    const word = upper(argv[i]!)
    if (mkstreamAllowed && word === 'MKSTREAM') mkstream = true
    else if (word === 'ENTRIESREAD' && i + 1 < argv.length) readInt64(argv[++i]!, READ_RULE)
    else throw wrongWords(argv)
  }
  return mkstream
}

const readCount = (given: number | bigint | undefined): number | undefined =>
  given === undefined || given === -1 ? undefined : Math.min(Number(given), Number.MAX_SAFE_INTEGER)

/** Reports a change of a group, where Redis answers before it tells. */
function groupChanged(db: Database, event: string, key: Bytes): void {
  db.changed()
  db.answered()
  db.event(EVENT.stream, event, key)
}

const common = { group: 'stream', complexity: 'O(1)' } as const

/** XGROUP CREATE key group id | $ [MKSTREAM] [ENTRIESREAD entries-read] */
const create = command({
  ...common,
  name: 'XGROUP|CREATE',
  since: '5.0.0',
  summary: 'Makes a consumer group of a stream.',
  flags: ['write', 'denyoom'],
  args: [key('key', 'RW insert'), GROUP, ID, flag('MKSTREAM'), ENTRIES_READ],
  reply: ok,
  fast: ({ db }, argv) => {
    const mkstream = checkOptions(argv, true)
    if (argv.length <= 8) return undefined
    // Repeated options are refused, but only after the key.
    if (db.edit(argv[2]!, STREAM) === undefined && !mkstream) throw NO_KEY
    throw wrongWords(argv)
  },
  run: ({ db }, { key, group, id, mkstream, entriesRead }) => {
    const found = db.edit(key, STREAM)
    if (found === undefined && !mkstream) throw NO_KEY
    const last = id === '$' ? (found?.lastId ?? MIN_ID) : readId(id)
    if (found?.groups.get(group) !== undefined) throw BUSY_GROUP
    const stream = found ?? new Stream()
    if (found === undefined) {
      db.put(key, stream)
      db.touched(key)
    }
    stream.addGroup(group, last, readCount(entriesRead))
    groupChanged(db, 'xgroup-create', key)
    return OK
  },
})

/** XGROUP SETID key group id | $ [ENTRIESREAD entries-read] */
const setid = command({
  ...common,
  name: 'XGROUP|SETID',
  since: '5.0.0',
  summary: 'Sets how far a consumer group has been given a stream.',
  flags: ['write'],
  args: [key('key', 'RW update'), GROUP, ID, ENTRIES_READ],
  reply: ok,
  fast: ({ db }, argv) => {
    checkOptions(argv, false)
    if (argv.length <= 7) return undefined
    // Repeated options are refused, but only after key and group.
    existingGroup(db, argv[2]!, argv[3]!)
    throw wrongWords(argv)
  },
  run: ({ db }, { key, group: name, id, entriesRead }) => {
    const { stream, group } = existingGroup(db, key, name)
    // The ends of a range are ids here, as nowhere else in XGROUP.
    const last = id === '$' ? stream.lastId : parseRangeEnd(id, 'first')
    if (last === undefined) throw INVALID_STREAM_ID
    group.lastDeliveredId = last
    group.entriesRead = readCount(entriesRead)
    groupChanged(db, 'xgroup-setid', key)
    return OK
  },
})

/** XGROUP DESTROY key group */
const destroy = command({
  ...common,
  name: 'XGROUP|DESTROY',
  since: '5.0.0',
  summary: 'Removes a consumer group with all it has pending.',
  complexity: 'O(N), N entries pending',
  flags: ['write'],
  args: [key('key', 'RW delete'), GROUP],
  reply: int,
  run: ({ db }, { key, group }) => {
    if (existing(db, key).groups.delete(group) === undefined) return 0
    groupChanged(db, 'xgroup-destroy', key)
    // Consumers that wait for the group learn that it is gone.
    db.ready(key)
    return 1
  },
})

/** XGROUP CREATECONSUMER key group consumer */
const createconsumer = command({
  ...common,
  name: 'XGROUP|CREATECONSUMER',
  since: '6.2.0',
  summary: 'Makes a consumer of a group.',
  flags: ['write', 'denyoom'],
  args: [key('key', 'RW insert'), GROUP, bytes('consumer')],
  reply: int,
  run: (ctx: Context, { key, group: name, consumer }) => {
    const { group } = existingGroup(ctx.db, key, name)
    if (group.consumers.get(consumer) !== undefined) return 0
    group.addConsumer(consumer, ctx.now)
    ctx.db.changed()
    ctx.db.event(EVENT.stream, 'xgroup-createconsumer', key)
    return 1
  },
})

/** XGROUP DELCONSUMER key group consumer */
const delconsumer = command({
  ...common,
  name: 'XGROUP|DELCONSUMER',
  since: '5.0.0',
  summary: 'Removes a consumer with all it has pending, and says how much that was.',
  complexity: 'O(N), N entries pending',
  flags: ['write'],
  args: [key('key', 'RW delete'), GROUP, bytes('consumer')],
  reply: int,
  run: ({ db }, { key, group: name, consumer }) => {
    const pending = existingGroup(db, key, name).group.removeConsumer(consumer)
    if (pending === undefined) return 0
    db.changed()
    db.event(EVENT.stream, 'xgroup-delconsumer', key)
    return pending
  },
})

/** XGROUP HELP */
const help = helpOf('XGROUP', { group: 'stream', since: '5.0.0' }, [
  [
    'CREATE <key> <groupname> <id|$> [option]',
    'Make a group that has been given everything up to <id>. Options:',
    '* MKSTREAM',
    '  make the stream too, when there is none',
    '* ENTRIESREAD entries_read',
    '  how many entries that was',
  ],
  ['CREATECONSUMER <key> <groupname> <consumer>', 'Make a consumer.'],
  ['DELCONSUMER <key> <groupname> <consumer>', 'Remove a consumer with all it has pending.'],
  ['DESTROY <key> <groupname>', 'Remove a group.'],
  ['SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]', 'Set how far a group has been given the stream.'],
])

/** XGROUP */
export const xgroup = container({
  name: 'XGROUP',
  group: 'stream',
  since: '5.0.0',
  summary: 'Makes, moves and removes consumer groups.',
  subcommands: [create, setid, destroy, createconsumer, delconsumer, help],
  // Redis puts the container into no group's category.
  override: { groupAcl: [] },
})
