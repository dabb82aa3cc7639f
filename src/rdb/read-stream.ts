/**
 * Streams, read: nodes of entries, counters, groups, and what each consumer has not acknowledged.
 *
 * The one idea: an id is stored as its distance from the first of its node, so ids are counted modulo 2^64 and must come
 * out ascending over the whole stream. What Redis says twice (live and deleted entries, the length of the stream, which
 * consumer owns a pending entry) is compared.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Consumer, ConsumerGroup } from '../structures/consumer-group.ts'
import { Stream } from '../structures/stream.ts'
import { StreamChunk } from '../structures/stream-chunk.ts'
import { compareIds, MIN_ID, type StreamId, streamId } from '../structures/stream-id.ts'
import { StreamLog } from '../structures/stream-log.ts'
import type { ByteSource } from './byte-source.ts'
import { ENTRY } from './format.ts'
import { ListpackCursor } from './listpack.ts'

/** What a version of the form has: 1 (Redis 5), 2 (7.0: counters), 3 (7.2: when a consumer was last active). */
export type StreamForm = 1 | 2 | 3

const ID_BYTES = 16
/** An id, a moment and a count. */
const LEAST_PENDING_BYTES = 25
/** A name, a moment and a number of entries. */
const LEAST_CONSUMER_BYTES = 10
/** Signed, from here on it is negative: not known. */
const NEGATIVE = 2 ** 63

/** A stream, maybe without entries. */
export function readStream(source: ByteSource, form: StreamForm): Stream {
  const log = new StreamLog()
  let last = MIN_ID
  for (let left = source.count(2); left > 0; left--) {
    const chunk = readNode(source, last)
    last = chunk.idAt(chunk.count - 1)
    log.appendChunk(chunk)
  }
  const stream = new Stream(log)
  if (source.length() !== log.length) throw source.corrupt('a stream has a wrong number of entries')
  stream.lastId = lengthsId(source)
  if (compareIds(last, stream.lastId) > 0) throw source.corrupt('a stream has an entry after its last id')
  stream.entriesAdded = log.length
  if (form >= 2) {
    // The first id can be seen.
    lengthsId(source)
    stream.maxDeletedId = lengthsId(source)
    stream.entriesAdded = source.length()
  }
  for (let left = source.count(4); left > 0; left--) readGroup(source, stream, form)
  return stream
}

/** Two lengths as an id. */
function lengthsId(source: ByteSource): StreamId {
  const ms = source.exactLength()
  return streamId(ms, source.exactLength())
}

/** Sixteen bytes as an id. */
function bytesId(source: ByteSource): StreamId {
  const ms = source.bigEndian64()
  return streamId(ms, source.bigEndian64())
}

/** A node whose ids all come after `last`. */
function readNode(source: ByteSource, last: StreamId): StreamChunk {
  const key = source.nested()
  if (key.left !== ID_BYTES) throw source.corrupt('a node of a stream has no id')
  const ms = key.bigEndian64()
  const seq = key.bigEndian64()
  const pack = new ListpackCursor(source.nested())
  const live = pack.nextCount()
  const deleted = pack.nextCount()
  const names: Bytes[] = []
  for (let left = pack.nextCount(); left > 0; left--) names.push(pack.nextBytes())
  if (pack.nextInteger() !== 0) throw source.corrupt('a node of a stream has no end of its names')
  const chunk = new StreamChunk(names)
  let before = last
  while (pack.more) {
    const flags = pack.nextCount()
    const entryMs = plus(ms, pack.nextInteger())
    const id = streamId(entryMs, plus(seq, pack.nextInteger()))
    if (compareIds(id, before) <= 0) throw source.corrupt('the ids of a stream do not ascend')
    before = id
    const fields = readFields(source, pack, names, (flags & ENTRY.sameFields) !== 0)
    if ((flags & ENTRY.deleted) !== 0) chunk.appendDeleted(id)
    else if (fields.length === 0) throw source.corrupt('an entry of a stream has no fields')
    else chunk.append(id, fields)
  }
  if (chunk.count === 0) throw source.corrupt('a node of a stream has no entries')
  if (chunk.live !== live || chunk.count !== live + deleted) {
    throw source.corrupt('a node of a stream has a wrong number of entries')
  }
  return chunk
}

/** Names and values of an entry in turn; checks the number of elements behind them. */
function readFields(source: ByteSource, pack: ListpackCursor, names: readonly Bytes[], same: boolean): Bytes[] {
  const fields: Bytes[] = []
  let elements = 3
  if (same) {
    for (const name of names) fields.push(name, pack.nextBytes())
    elements += names.length
  } else {
    const count = pack.nextCount()
    for (let left = count; left > 0; left--) fields.push(pack.nextBytes(), pack.nextBytes())
    elements += 1 + 2 * count
  }
  if (pack.nextInteger() !== elements) throw source.corrupt('an entry of a stream has a wrong length')
  return fields
}

/** The sum modulo 2^64. */
function plus(part: number | bigint, distance: number | bigint): number | bigint {
  if (typeof part === 'number' && typeof distance === 'number') {
    const sum = part + distance
    if (sum >= 0 && sum <= Number.MAX_SAFE_INTEGER) return sum
  }
  const sum = BigInt.asUintN(64, BigInt(part) + BigInt(distance))
  return sum <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(sum) : sum
}

/** An entry that was delivered, before its consumer is known. */
interface Delivered {
  readonly id: StreamId
  readonly timeMs: number
  readonly count: number
  owner: Consumer | undefined
}

function readGroup(source: ByteSource, stream: Stream, form: StreamForm): void {
  const name = source.string()
  const lastDeliveredId = lengthsId(source)
  const read = form >= 2 ? source.exactLength() : undefined
  if (stream.groups.get(name) !== undefined) throw source.corrupt('a stream has a group twice')
  // What older versions did not count is worked out, as Redis does.
  const entriesRead = read === undefined ? stream.entriesUpTo(lastDeliveredId) : countOf(read)
  const group = stream.addGroup(name, lastDeliveredId, entriesRead)
  const delivered = readDelivered(source)
  for (let left = source.count(LEAST_CONSUMER_BYTES); left > 0; left--) readConsumer(source, group, delivered, form)
  for (const { id, timeMs, count, owner } of delivered) {
    if (owner === undefined) throw source.corrupt('a pending entry has no consumer')
    group.addPending(id, owner, timeMs, count)
  }
}

function readDelivered(source: ByteSource): Delivered[] {
  const delivered: Delivered[] = []
  for (let left = source.count(LEAST_PENDING_BYTES); left > 0; left--) {
    const id = bytesId(source)
    const last = delivered.at(-1)
    if (last !== undefined && compareIds(last.id, id) >= 0) throw source.corrupt('pending entries do not ascend')
    delivered.push({ id, timeMs: source.milliseconds(), count: source.length(), owner: undefined })
  }
  return delivered
}

function readConsumer(source: ByteSource, group: ConsumerGroup, delivered: Delivered[], form: StreamForm): void {
  const name = source.string()
  const seenTimeMs = source.milliseconds()
  // When it last got something; seen times are all that is kept here.
  if (form >= 3) source.milliseconds()
  if (group.consumers.get(name) !== undefined) throw source.corrupt('a group has a consumer twice')
  const consumer = group.addConsumer(name, seenTimeMs)
  for (let left = source.count(ID_BYTES); left > 0; left--) {
    const entry = find(delivered, bytesId(source))
    if (entry === undefined) throw source.corrupt('a consumer holds what its group does not know')
    if (entry.owner !== undefined) throw source.corrupt('a pending entry has two consumers')
    entry.owner = consumer
  }
}

function find(delivered: readonly Delivered[], id: StreamId): Delivered | undefined {
  let low = 0
  let high = delivered.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareIds(delivered[middle]!.id, id) < 0) low = middle + 1
    else high = middle
  }
  const entry = delivered[low]
  return entry !== undefined && compareIds(entry.id, id) === 0 ? entry : undefined
}

/** A counter that may be -1, "not known". */
function countOf(read: number | bigint): number | undefined {
  return read >= NEGATIVE ? undefined : Math.min(Number(read), Number.MAX_SAFE_INTEGER)
}
