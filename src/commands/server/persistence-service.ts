/** The store's files, as commands see them; absent where a store has no folder. */
import { err } from '../../base/errors.ts'
import type { Reply, ReplyError } from '../../base/reply.ts'

export interface PersistenceService {
  /** BGREWRITEAOF's reply: a rewrite of the log has been started, or will be. Throws `ReplyError`. */
  rewriteLog(): Reply
}

/** What commands about files answer where there are none. */
export const NO_FOLDER: ReplyError = err('This store has no folder: nothing is written to disk')
