/**
 * What a store on disk offers to those who put it together: `DurableStore` (durable-store.ts) is the one there is.
 */
import type { Engine } from '../engine/engine.ts'
import type { Files } from './files.ts'

/** How a store is opened. Everything else is Redis' directives, in the engine's configuration. */
export interface DurableOptions {
  /** The machine's, unless a test puts others in. */
  readonly files?: Files
  /** Hears what a person should know: what was loaded, what was cut off, what failed. */
  readonly log?: DurableLog
  /**
   * Called when nothing more may be acknowledged: under `appendfsync always` a write or an fsync of the log has failed. A
   * server ends its process here. Without it all further calls are refused with the error.
   */
  readonly onFatal?: (error: DurabilityError) => void
}

export interface DurableLog {
  notice(text: string): void
  warning(text: string): void
}

/** A store that is open: the engine's data is in its folder, and follows it. */
export interface Durable {
  readonly engine: Engine
  /** Resolves when everything done so far is on the disk (fsync), by whatever policy. Rejects when it cannot be. */
  flush(): Promise<void>
  /** The same, at once. Throws when it cannot be. */
  flushNow(): void
  /** Writes the log anew from the data (BGREWRITEAOF), and resolves when that is done. Rejects when it failed. */
  rewrite(): Promise<void>
  /** Flushes and lets go of all files. */
  close(): Promise<void>
}

export type DurabilityErrorCode =
  /** A file is not what it should be: `path` and `offset` say where. */
  | 'CORRUPT'
  /** The log ends in the middle of a record, and `aof-load-truncated` is off. */
  | 'TRUNCATED'
  /** The disk has refused something; `cause` is a `FileError`. */
  | 'DISK'
  /** Another process has the folder open. */
  | 'LOCKED'
  /** The data is more than this process can hold. */
  | 'MEMORY'
  /** The folder holds what another version, or another configuration, has written. */
  | 'UNSUPPORTED'

/** What keeps a store from being opened, or from going on. */
export class DurabilityError extends Error {
  readonly code: DurabilityErrorCode
  readonly path: string
  /** Where in the file, in bytes; undefined where it is not about a place. */
  readonly offset: number | undefined
  constructor(code: DurabilityErrorCode, path: string, message: string, offset?: number, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'DurabilityError'
    this.code = code
    this.path = path
    this.offset = offset
  }
}
