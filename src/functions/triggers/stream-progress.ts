/**
 * StreamProgress: how far one trigger has come in one stream.
 *
 * The one idea: entries are read in order and finished in any order. What counts is the smallest that is not finished:
 * everything before it is done for ever, and that is all that is kept on disk. What was finished behind it is delivered
 * again after a crash; nothing is skipped.
 *
 * Invariants: the pending entries ascend; `done` < the first of them, and nothing lies between; `done` never goes back.
 */
import type { Bytes } from '../../base/bytes.ts'
import { MIN_ID, type StreamId } from '../../structures/stream-id.ts'

/** An entry that was handed to the callback and is not finished. */
export class PendingEntry {
  readonly id: StreamId
  readonly fields: readonly Bytes[]
  /** When it was handed over first, in microseconds. */
  readonly startedAt: number
  /** How often the callback was called for it. */
  attempts = 0
  /** The largest id that was finished between this entry and the next one that is pending. */
  followedBy: StreamId | undefined = undefined

  constructor(id: StreamId, fields: readonly Bytes[], startedAt: number) {
    this.id = id
    this.fields = fields
    this.startedAt = startedAt
  }
}

export class StreamProgress {
  readonly db: number
  readonly key: Bytes
  /** Everything up to here is finished. */
  done: StreamId
  /** The last entry that was read; undefined when none was. */
  lastRead: StreamId | undefined
  /** Whether an entry was read since this was made, here or before a restart. */
  readonly pending: PendingEntry[] = []
  /** The stream is gone, or the trigger: what still comes for it is ignored. */
  isForgotten = false
  processed = 0
  failed = 0
  retried = 0
  deadLettered = 0
  lastError: Bytes | null = null
  lastLagMs = 0
  totalLagMs = 0
  lastMicros = 0
  totalMicros = 0

  /** `done` is where a progress that was kept goes on. */
  constructor(db: number, key: Bytes, done?: StreamId) {
    this.db = db
    this.key = key
    this.done = done ?? MIN_ID
    this.lastRead = done
  }

  /** Notes an entry that is handed over: the next one. */
  hand(entry: PendingEntry): void {
    this.lastRead = entry.id
    this.pending.push(entry)
  }

  /** Notes that an entry is finished, with an error or not. True when it was the oldest: `done` has moved. */
  finish(
    entry: PendingEntry,
    error: Bytes | undefined,
    now: { readonly ms: number; readonly micros: number },
  ): boolean {
    const at = this.pending.indexOf(entry)
    this.pending.splice(at, 1)
    this.#count(entry, error, now)
    const last = entry.followedBy ?? entry.id
    if (at > 0) this.pending[at - 1]!.followedBy = last
    else this.done = last
    return at === 0
  }

  #count(entry: PendingEntry, error: Bytes | undefined, now: { readonly ms: number; readonly micros: number }): void {
    this.processed++
    this.lastMicros = now.micros - entry.startedAt
    this.totalMicros += this.lastMicros
    // Ids may be in the future, or no time at all.
    this.lastLagMs = Math.max(now.ms - entry.id.ms, 0)
    this.totalLagMs += this.lastLagMs
    if (error === undefined) return
    this.failed++
    this.lastError = error
  }
}
