/** The store's files, as commands see them; absent where a store has no folder. */
import { err } from '../../base/errors.ts'
import type { Reply, ReplyError } from '../../base/reply.ts'

export interface PersistenceService {
  /** BGREWRITEAOF's reply: a rewrite of the log has been started, or will be. Throws `ReplyError`. */
  rewriteLog(): Reply
  /** DEBUG LOADAOF's reply: all data was forgotten, and read again from the log. Throws `ReplyError`. */
  reloadLog(): Reply
}

/** Snapshots of a store: its RDB file. Everything throws `ReplyError`. */
export interface SnapshotService {
  /** SAVE's reply: the file is on the disk. */
  save(): Reply
  /** BGSAVE's reply. `schedule`: wait for another snapshot to end; `later`: in the middle of a transaction. */
  saveInBackground(schedule: boolean, later: boolean): Reply
  /** DEBUG RELOAD's reply. */
  reload(options: ReloadOptions): Reply
  /** When the last save ended, in seconds since the epoch. */
  readonly lastSave: number
}

/** What DEBUG RELOAD does. */
export interface ReloadOptions {
  /** Writes the file first. */
  readonly save: boolean
  /** Forgets everything before the file is loaded. */
  readonly flush: boolean
  /** Keys that are there may be in the file too. */
  readonly merge: boolean
}

/** What commands about files answer where there are none. */
export const NO_FOLDER: ReplyError = err('This store has no folder: nothing is written to disk')
