/**
 * Streams, written: nodes of entries, counters, groups, and what each consumer has not acknowledged.
 *
 * The one idea: our chunks are Redis' nodes, border by border, so each becomes one listpack. A deleted entry is written
 * without its fields, which are gone here: a tombstone that Redis takes for one.
 */
import type { Bytes } from '../base/bytes.ts'
import type { ConsumerGroup } from '../structures/consumer-group.ts'
import type { StreamChunk } from '../structures/stream-chunk.ts'
import { idMs, idSeq, MIN_ID, type StreamId } from '../structures/stream-id.ts'
import type { ByteSink } from './byte-sink.ts'
import { ENTRY } from './format.ts'
import { ListpackWriter } from './listpack-writer.ts'
import type { RdbReading } from './value.ts'
import type { Pieces } from './write-collection.ts'

const ID_BYTES = 16
const SAFE_END = 2 ** 53
/** "Not known", as an unsigned length. */
const UNKNOWN = 2n ** 64n - 1n

const pack = new ListpackWriter()

/** A stream in the form of Redis 7.0 (STREAM_LISTPACKS_2). */
export function* writeStream(sink: ByteSink, stream: Extract<RdbReading, { readonly type: 'stream' }>): Pieces {
  const { chunks } = stream.log
  sink.length(chunks.length)
  for (const chunk of chunks) {
    writeNode(sink, chunk)
    if (sink.isFull) yield undefined
  }
  sink.length(stream.size)
  lengthsId(sink, stream.lastId)
  lengthsId(sink, stream.firstId)
  lengthsId(sink, stream.maxDeletedId)
  sink.length(stream.entriesAdded)
  sink.length(stream.groups.size)
  for (const group of stream.groups.values()) yield* writeGroup(sink, group)
}

function lengthsId(sink: ByteSink, id: StreamId): void {
  sink.length(idMs(id))
  sink.length(idSeq(id))
}

function bytesId(sink: ByteSink, id: StreamId): void {
  if (id.rest === 0) {
    sink.bigEndian64(id.ms)
    sink.bigEndian64(id.seq)
    return
  }
  sink.bigEndian64(idMs(id))
  sink.bigEndian64(idSeq(id))
}

function writeNode(sink: ByteSink, chunk: StreamChunk): void {
  const master = chunk.idAt(0)
  const { masterNames } = chunk
  sink.length(ID_BYTES)
  bytesId(sink, master)
  pack.begin()
  pack.integer(chunk.live)
  pack.integer(chunk.count - chunk.live)
  pack.integer(masterNames.length)
  for (const name of masterNames) pack.add(name)
  pack.integer(0)
  for (let i = 0; i < chunk.count; i++) {
    const fields = chunk.fields[i]
    const same = fields !== undefined && hasNames(fields, masterNames)
    pack.integer((fields === undefined ? ENTRY.deleted : 0) | (same ? ENTRY.sameFields : 0))
    writeDistance(chunk.idAt(i), master)
    writeFields(fields ?? [], same)
  }
  pack.finish(sink)
}

function hasNames(fields: readonly Bytes[], names: readonly Bytes[]): boolean {
  if (fields.length !== 2 * names.length) return false
  for (let i = 0; i < names.length; i++) if (fields[2 * i] !== names[i]) return false
  return true
}

/** An id as its signed distances from the first of its node. */
function writeDistance(id: StreamId, master: StreamId): void {
  if (id.rest === 0 && master.rest === 0 && id.ms < SAFE_END && id.seq < SAFE_END && master.seq < SAFE_END) {
    pack.integer(id.ms - master.ms)
    pack.integer(id.seq - master.seq)
    return
  }
  pack.integer(BigInt.asIntN(64, idMs(id) - idMs(master)))
  pack.integer(BigInt.asIntN(64, idSeq(id) - idSeq(master)))
}

/** Values alone where the names are the master's; behind them the number of elements of the entry. */
function writeFields(fields: readonly Bytes[], same: boolean): void {
  const pairs = fields.length / 2
  if (!same) pack.integer(pairs)
  for (let i = same ? 1 : 0; i < fields.length; i += same ? 2 : 1) pack.add(fields[i]!)
  pack.integer(same ? pairs + 3 : 2 * pairs + 4)
}

function* writeGroup(sink: ByteSink, group: ConsumerGroup): Pieces {
  sink.string(group.name)
  lengthsId(sink, group.lastDeliveredId)
  sink.length(group.entriesRead ?? UNKNOWN)
  sink.length(group.pending.size)
  for (const { id, deliveryTimeMs, deliveryCount } of group.pending.from(MIN_ID)) {
    bytesId(sink, id)
    sink.int64(deliveryTimeMs)
    sink.length(deliveryCount)
    if (sink.isFull) yield undefined
  }
  sink.length(group.consumers.size)
  for (const { name, seenTimeMs, pending } of group.consumers.values()) {
    sink.string(name)
    sink.int64(seenTimeMs)
    sink.length(pending.size)
    for (const { id } of pending.from(MIN_ID)) {
      bytesId(sink, id)
      if (sink.isFull) yield undefined
    }
  }
}
