/**
 * What running a command gives: a reply, or one of two ways of answering later. Blocking is a value, never a wait.
 */
import type { Argv, Bytes } from '../base/bytes.ts'
import type { Reply } from '../base/reply.ts'

/** The types of value that a client can wait for. */
export type WaitType = 'list' | 'zset' | 'stream'

/**
 * Park this client until one of `keys` holds a `type` that satisfies it, then run the command again with `wakeKey` set.
 * Where blocking is not allowed (MULTI, scripts) the answer is `onTimeout` at once.
 */
export class Block {
  readonly keys: readonly Bytes[]
  readonly type: WaitType
  /** Whole milliseconds; 0 waits for ever. */
  readonly timeoutMs: number
  readonly onTimeout: Reply
  /** The words to run when woken, where they differ from what was sent (XREAD's `$` resolved). */
  readonly resume: Argv | undefined
  constructor(keys: readonly Bytes[], type: WaitType, timeoutMs: number, onTimeout: Reply, resume?: Argv) {
    this.keys = keys
    this.type = type
    this.timeoutMs = timeoutMs
    this.onTimeout = onTimeout
    this.resume = resume
  }
}

/** An answer that engine-level code owes (TFCALLASYNC). The promise gives the reply and never rejects. */
export class Later {
  readonly promise: Promise<Reply>
  constructor(promise: Promise<Reply>) {
    this.promise = promise
  }
}

export type Outcome = Reply | Block | Later
