/**
 * What stores tell of streams, groups and consumers, under names of ours.
 */
import type { Message } from './message.ts'

/** A stream's length, ids and counters. */
export interface StreamInfo<T> {
  readonly length: number
  /** How many groups read it. */
  readonly groups: number
  /** The last id that was ever added. */
  readonly lastId: string
  readonly maxDeletedId: string
  /** Entries ever added. */
  readonly entriesAdded: number
  readonly firstEntry: Message<T> | undefined
  readonly lastEntry: Message<T> | undefined
}

/** How far a group has come with one stream. */
export interface GroupInfo {
  readonly name: string
  readonly consumers: number
  /** Entries given and not acknowledged. */
  readonly pending: number
  readonly lastDeliveredId: string
  /** Entries given so far; null when the store can't tell. */
  readonly entriesRead: number | null
  /** Entries not given yet; null when the store can't tell. */
  readonly lag: number | null
}

/** A consumer of a group. */
export interface ConsumerInfo {
  readonly name: string
  readonly pending: number
  /** Since it last asked for anything. */
  readonly idleMs: number
}

/** One entry that was given and not acknowledged. */
export interface PendingEntry {
  readonly stream: string
  readonly id: string
  readonly consumer: string
  /** Since it was last given. */
  readonly idleMs: number
  /** How often it was given. */
  readonly deliveries: number
  readonly timestamp: Date
  readonly sequence: number
}

/** What a group has pending in one stream, counted. */
export interface PendingSummary {
  readonly total: number
  readonly min: string | undefined
  readonly max: string | undefined
  readonly byConsumer: ReadonlyMap<string, number>
}

interface GroupAnswer {
  readonly name: string
  readonly consumers: number
  readonly pending: number
  readonly 'last-delivered-id': string
  readonly 'entries-read': number | null
  readonly lag: number | null
}

/** XINFO GROUPS under our names. */
export function groupInfos(answers: readonly GroupAnswer[]): GroupInfo[] {
  return answers.map((answer) => ({
    name: answer.name,
    consumers: answer.consumers,
    pending: answer.pending,
    lastDeliveredId: answer['last-delivered-id'],
    entriesRead: answer['entries-read'] ?? null,
    lag: answer.lag ?? null,
  }))
}
