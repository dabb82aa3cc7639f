/**
 * What a library registers, as data.
 *
 * The one idea: a registration is plain data with callbacks at known places, so that it can cross a boundary: inside the
 * guest a callback is a function (`C` is `Callback`), on the engine's side a `GuestCallback`.
 */
import type { Bytes } from '../base/bytes.ts'

export const FLAGS = ['no-writes', 'allow-oom', 'raw-arguments'] as const
export type FunctionFlag = (typeof FLAGS)[number]

export interface FunctionRegistration<C> {
  readonly name: string
  /** Registered by `registerAsyncFunction`. */
  readonly isAsync: boolean
  readonly description: string | undefined
  readonly flags: readonly FunctionFlag[]
  readonly callback: C
}

export interface KeySpaceTriggerRegistration<C> {
  readonly name: string
  readonly prefix: Bytes
  readonly description: string | undefined
  /** Only these events, all when undefined. */
  readonly events: readonly string[] | undefined
  /** Whether writes of libraries fire it too. */
  readonly includeLibraryWrites: boolean
  /** Whether it is told what a key held that was deleted, expired or evicted. */
  readonly oldValue: boolean
  readonly callback: C
  readonly onTriggerFired: C | undefined
}

export interface StreamTriggerRegistration<C> {
  readonly name: string
  readonly prefix: Bytes
  readonly description: string | undefined
  readonly window: number
  readonly isStreamTrimmed: boolean
  /** How often a failed entry is tried again, and how long after; undefined: never. */
  readonly retry: { readonly attempts: number; readonly backoffMs: number } | undefined
  /** The stream that entries go to when all attempts failed. */
  readonly deadLetter: Bytes | undefined
  readonly callback: C
}

export interface ClusterFunctionRegistration<C> {
  readonly name: string
  readonly callback: C
}

/** `registerCron`, for linked libraries. */
export interface CronRegistration<C> {
  readonly name: string
  readonly schedule: string
  readonly callback: C
}

export interface Registered<C> {
  readonly functions: readonly FunctionRegistration<C>[]
  readonly keySpaceTriggers: readonly KeySpaceTriggerRegistration<C>[]
  readonly streamTriggers: readonly StreamTriggerRegistration<C>[]
  readonly clusterFunctions: readonly ClusterFunctionRegistration<C>[]
  readonly crons: readonly CronRegistration<C>[]
}

/** The same registrations with other callbacks. */
export function withCallbacks<C, D>(from: Registered<C>, change: (callback: C) => D): Registered<D> {
  return {
    functions: from.functions.map((entry) => ({ ...entry, callback: change(entry.callback) })),
    keySpaceTriggers: from.keySpaceTriggers.map((entry) => ({
      ...entry,
      callback: change(entry.callback),
      onTriggerFired: entry.onTriggerFired === undefined ? undefined : change(entry.onTriggerFired),
    })),
    streamTriggers: from.streamTriggers.map((entry) => ({ ...entry, callback: change(entry.callback) })),
    clusterFunctions: from.clusterFunctions.map((entry) => ({ ...entry, callback: change(entry.callback) })),
    crons: from.crons.map((entry) => ({ ...entry, callback: change(entry.callback) })),
  }
}
