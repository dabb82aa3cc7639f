/**
 * What TFUNCTION LIST says of triggers. The keys of each map are in alphabetical order; times are whole milliseconds.
 */
import { type Bytes, bytes, raw } from '../../base/bytes.ts'
import { MapReply, type Reply } from '../../base/reply.ts'
import { formatId } from '../../structures/stream-id.ts'
import type { KeyTrigger } from './key-trigger.ts'
import type { StreamProgress } from './stream-progress.ts'
import type { StreamTrigger } from './stream-trigger.ts'

/** A key space trigger: its name, or from verbosity 1 on a map. */
export function describeKeyTrigger({ name, registration, counts }: KeyTrigger, verbosity: number): Reply {
  if (verbosity === 0) return bytes(name)
  return mapOf([
    ['description', textOrNull(registration.description)],
    ['last_error', counts.lastError],
    ['last_execution_time', wholeMs(counts.lastMicros)],
    ['name', bytes(name)],
    ['num_failed', counts.failed],
    ['num_finished', counts.finished],
    ['num_success', counts.succeeded],
    ['num_trigger', counts.triggered],
    ['prefix', registration.prefix],
    ['total_execution_time', wholeMs(counts.totalMicros)],
  ])
}

/** A stream trigger: its name, from verbosity 1 on a map, from 2 on with the streams it reads. */
export function describeStreamTrigger(
  { name, registration, streams }: StreamTrigger,
  verbosity: number,
  isStream: (progress: StreamProgress) => boolean,
): Reply {
  if (verbosity === 0) return bytes(name)
  const known = verbosity > 1 ? [...streams.all].filter(isStream) : []
  return mapOf([
    ['description', textOrNull(registration.description)],
    ['name', bytes(name)],
    ['prefix', registration.prefix],
    ...(verbosity > 1 ? ([['streams', known.map(describeProgress)]] as const) : []),
    ['trim', registration.isStreamTrimmed],
    ['window', registration.window],
  ])
}

function describeProgress(progress: StreamProgress): Reply {
  const { lastRead, pending } = progress
  return mapOf([
    ['id_to_read_from', lastRead === undefined ? null : idReply(formatId(lastRead))],
    ['last_error', progress.lastError],
    ['last_lag', progress.lastLagMs],
    ['last_processed_time', wholeMs(progress.lastMicros)],
    ['name', progress.key],
    ['pending_ids', pending.map(({ id }) => idReply(formatId(id)))],
    ['total_dead_lettered', progress.deadLettered],
    ['total_lag', progress.totalLagMs],
    ['total_processed_time', wholeMs(progress.totalMicros)],
    ['total_record_failed', progress.failed],
    ['total_record_processed', progress.processed],
    ['total_record_retried', progress.retried],
  ])
}

const idReply = (id: Bytes): Reply => id

const wholeMs = (micros: number): number => Math.round(micros / 1000)

const textOrNull = (text: string | undefined): Reply => (text === undefined ? null : bytes(text))

function mapOf(entries: readonly (readonly [string, Reply])[]): MapReply {
  return new MapReply(entries.flatMap(([key, value]) => [raw(key), value]))
}
