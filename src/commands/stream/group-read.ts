/** XREADGROUP: a consumer takes what its group has not been given yet, or looks through what it still owes. */
import type { Bytes } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { NIL_ARRAY, type Reply, ReplyError } from '../../base/reply.ts'
import { STREAM, typeOf } from '../../keyspace/value.ts'
import type { Consumer, ConsumerGroup } from '../../structures/consumer-group.ts'
import type { Stream } from '../../structures/stream.ts'
import { compareIds, formatId, MAX_ID, nextId, type StreamId, sameId } from '../../structures/stream-id.ts'
import { bytes, flag, halves, integer, key, option, optionOf, required } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { Block, type Outcome } from '../outcome.ts'
import { arrayOf, bulk, keyName, mapOf, nullable, pairsOf, tuple } from '../shape.ts'
import { byStream } from './entries.ts'
import { advanced, delivered, noGroup, obtainConsumer, reportedEffects } from './groups.ts'
import { readId } from './stream-id-arg.ts'

const TIMEOUT_INVALID = err('timeout is not an integer or out of range')
const NO_GROUP_OPTION = err('Missing GROUP option for XREADGROUP')
// Redis names XREAD and its `$` here too.
const NOT_BALANCED = err("Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.")
const DOLLAR = err(
  'The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.',
)
const STREAM_GONE = new ReplyError('UNBLOCKED the stream key no longer exists')
const GROUP_GONE = new ReplyError('NOGROUP the consumer group this client was blocked on no longer exists')

/** The most that a client woken without COUNT gets. */
const WOKEN_COUNT = 1000

/** What one call asks of each of its streams. */
interface Wish {
  readonly group: Bytes
  readonly consumer: Bytes
  /** 0: no limit. */
  readonly count: number
  readonly noack: boolean
}

/** XREADGROUP GROUP group consumer [COUNT count] [BLOCK milliseconds] [NOACK] STREAMS key [key ...] id [id ...] */
export const xreadgroup = command({
  name: 'XREADGROUP',
  group: 'stream',
  since: '5.0.0',
  summary: 'Gives a consumer what its group has not been given yet, or what it was given and has not acknowledged.',
  complexity: 'O(M), M entries given',
  flags: ['write', 'blocking', 'movablekeys'],
  args: [
    required(optionOf('group', 'GROUP', [bytes('group'), bytes('consumer')])),
    option('COUNT', integer('count')),
    option('BLOCK', integer('milliseconds', { min: 0, invalid: TIMEOUT_INVALID, outside: err('timeout is negative') })),
    flag('NOACK'),
    halves('streams', 'STREAMS', [key('key', 'RO access'), bytes('id')], NOT_BALANCED),
  ],
  // Keys behind a word can't be derived from the place of their argument.
  override: {
    keySpecs: [
      { flags: ['RO', 'access'], begin: { keyword: 'STREAMS', from: 4 }, find: { lastKey: -1, step: 1, limit: 2 } },
    ],
  },
  reply: nullable(mapOf(keyName, arrayOf(tuple(bulk, nullable(pairsOf(bulk, bulk)))))),
  run: (ctx, { group, count = 0, milliseconds, noack = false, streams }) => {
    // Options come in any order, so the grammar can't miss one.
    if (group === undefined) throw NO_GROUP_OPTION
    const wish: Wish = { group: group[0], consumer: group[1], count: Math.max(count, 0), noack }
    if (ctx.wakeKey !== undefined) return woken(ctx, ctx.wakeKey, wish) ?? new Block([], 'stream', 0, NIL_ARRAY)
    return readAll(ctx, wish, streams, milliseconds)
  },
  effects: reportedEffects,
})

function readAll(ctx: Context, wish: Wish, streams: readonly Bytes[], timeoutMs: number | undefined): Outcome {
  const keys = streams.slice(0, streams.length / 2)
  const after = keys.map((key, i) => afterWhich(ctx, key, wish, streams[keys.length + i]!))
  const found: [Bytes, Reply][] = []
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    const stream = ctx.db.edit(key, STREAM)
    const group = stream?.groups.get(wish.group)
    if (stream === undefined || group === undefined) continue
    const id = after[i]
    if (id === undefined && !hasNews(stream, group)) continue
    const consumer = obtainConsumer(ctx, key, group, wish.consumer)
    ctx.db.changed()
    const entries =
      id === undefined
        ? takeNew(ctx, key, stream, group, consumer, wish)
        : owed(ctx, key, stream, group, consumer, id, wish.count)
    found.push([key, entries])
  }
  if (found.length > 0) return byStream(ctx, found)
  return timeoutMs === undefined ? NIL_ARRAY : new Block(keys, 'stream', timeoutMs, NIL_ARRAY)
}

/** After which id the history is wanted; undefined for new entries. */
function afterWhich({ db }: Context, key: Bytes, wish: Wish, word: Bytes): StreamId | undefined {
  const group = db.find(key, STREAM)?.groups.get(wish.group)
  if (group === undefined) throw noGroup(key, wish.group, ' in XREADGROUP with GROUP option')
  if (word === '$') throw DOLLAR
  if (word === '>') return undefined
  const id = readId(word)
  // Redis keeps `>` as the largest id there is.
  return sameId(id, MAX_ID) ? undefined : id
}

function hasNews(stream: Stream, group: ConsumerGroup): boolean {
  const newest = stream.newestId
  return newest !== undefined && compareIds(newest, group.lastDeliveredId) > 0
}

/** Gives entries that the group was not given before, and notes who has them. */
function takeNew(
  ctx: Context,
  key: Bytes,
  stream: Stream,
  group: ConsumerGroup,
  consumer: Consumer,
  { count, noack }: Wish,
): Reply[] {
  const entries: Reply[] = []
  const start = nextId(group.lastDeliveredId)
  if (start === undefined) return entries
  let moved = false
  const cursor = stream.range(start, MAX_ID)
  while (cursor.next()) {
    const { id } = cursor
    if (stream.advance(group, id)) moved = true
    entries.push([formatId(id), cursor.fields])
    if (!noack) delivered(ctx, key, group, group.deliver(id, consumer, ctx.now))
    if (entries.length === count) break
  }
  if (moved) advanced(ctx, key, group)
  return entries
}

/** What a consumer was given after `id` and has not acknowledged; entries gone from the stream have no fields. */
function owed(
  ctx: Context,
  key: Bytes,
  stream: Stream,
  group: ConsumerGroup,
  consumer: Consumer,
  id: StreamId,
  count: number,
): Reply[] {
  const start = nextId(id)
  if (start === undefined) return []
  return consumer.pending.slice(start, MAX_ID, count === 0 ? Infinity : count).map((entry): Reply => {
    const fields = stream.get(entry.id)
    if (fields === undefined) return [formatId(entry.id), NIL_ARRAY]
    entry.deliveryTimeMs = ctx.now
    entry.deliveryCount++
    delivered(ctx, key, group, entry)
    return [formatId(entry.id), fields]
  })
}

/** Serves a client that waited: undefined when there is nothing for it after all. */
function woken(ctx: Context, key: Bytes, wish: Wish): Reply | undefined {
  const value = ctx.db.editAny(key)
  if (value === undefined || typeOf(value) !== 'stream') throw STREAM_GONE
  const stream = value as Stream
  const group = stream.groups.get(wish.group)
  if (group === undefined) throw GROUP_GONE
  if (compareIds(stream.lastId, group.lastDeliveredId) <= 0) return undefined
  const consumer = obtainConsumer(ctx, key, group, wish.consumer)
  ctx.db.changed()
  const count = wish.count === 0 ? WOKEN_COUNT : wish.count
  return byStream(ctx, [[key, takeNew(ctx, key, stream, group, consumer, { ...wish, count })]])
}
