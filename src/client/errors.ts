/**
 * Errors of the typed API that a store answered. Those without an answer are `BackendError`s.
 */
import { text } from '../base/bytes.ts'
import type { ReplyError } from '../base/reply.ts'

/** An error reply. `code` is its first word: `ERR`, `WRONGTYPE` … */
export class RedisError extends Error {
  readonly code: string
  constructor(error: ReplyError) {
    super(text(error.message))
    this.name = 'RedisError'
    this.code = error.code
  }
}
