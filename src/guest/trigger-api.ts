/**
 * What authors of triggers see: the data that callbacks are given, and the options of registering. Types only.
 */
import type { BackgroundApi, SectionApi } from './api.ts'

/** What a key held that is gone. */
export interface OldValue {
  readonly type: 'string' | 'list' | 'set' | 'zset' | 'hash' | 'stream'
  /** A string's text; lists and sets as arrays; hashes and sorted sets as arrays of pairs; null for what is no text. */
  readonly value: unknown
  /** The same with `ArrayBuffer` in place of text. */
  readonly value_raw: unknown
}

/** What happened to a key. `onTriggerFired` may add to it for the callback. */
export interface KeyEventData {
  /** `set`, `del`, `expired`, `hset`: the names of key space notifications. */
  readonly event: string
  /** The key; null when it is not UTF-8. */
  readonly key: string | null
  readonly key_raw: ArrayBuffer
  /** With `oldValue`, for `del`, `expired` and `evicted`. */
  readonly old?: OldValue
  [added: string]: unknown
}

/** An entry of a stream. What is not UTF-8 is null, part by part. */
export interface StreamEntryData {
  readonly id: readonly [ms: bigint, seq: bigint]
  readonly stream_name: string | null
  readonly stream_name_raw: ArrayBuffer
  /** Names and values, in order: a name may come twice. */
  readonly record: readonly (readonly [name: string | null, value: string | null])[]
  readonly record_raw: readonly (readonly [name: ArrayBuffer, value: ArrayBuffer])[]
}

export interface KeySpaceTriggerOptions {
  readonly description?: string
  /** Called at the instant of the event, also inside MULTI; it may read and add to `data`, and may not write. */
  readonly onTriggerFired?: (client: SectionApi, data: KeyEventData) => void
  /** Only these events: `['set', 'expired']`. */
  readonly events?: readonly string[]
  /** Also for what libraries write, other triggers included, up to 16 deep. */
  readonly includeLibraryWrites?: boolean
  /** Whether `data.old` says what the key held. */
  readonly oldValue?: boolean
}

export interface StreamTriggerOptions {
  readonly description?: string
  /** How many entries of a stream may be in work at once; 1 unless given, which keeps their order. */
  readonly window?: number
  /** Removes what every trigger of the stream has finished. */
  readonly isStreamTrimmed?: boolean
  /** How often a failed entry is tried again, and how long it waits before: twice as long each time. */
  readonly retry?: { readonly attempts?: number; readonly backoffMs?: number }
  /** The stream that gets an entry when nothing helped. */
  readonly deadLetter?: string | ArrayBuffer
}

/** A plain callback runs in the unit that caused it, an async one after it. */
export type KeySpaceCallback =
  | ((client: SectionApi, data: KeyEventData) => unknown)
  | ((client: BackgroundApi, data: KeyEventData) => Promise<unknown>)
export type StreamCallback =
  | ((client: SectionApi, data: StreamEntryData) => unknown)
  | ((client: BackgroundApi, data: StreamEntryData) => Promise<unknown>)
