/**
 * Dedicated: every command over a connection of one's own, for calls that wait.
 *
 * The one idea: a call that waits can be given up without harm to others only where nobody else's calls follow it. So who wants
 * to end a wait closes the connection under it; what the store hands out at that very moment is as if its reader had died.
 */
import type { Session } from '../backend/backend.ts'
import { Transaction } from './transaction.ts'

/** A connection of one's own: `await using connection = await db.dedicated()`. */
export class Dedicated extends Transaction implements AsyncDisposable {
  readonly #session: Session

  constructor(session: Session) {
    super(session)
    this.#session = session
  }

  /** Runs calls until they are answered or the signal is aborted: then it rejects with the signal's reason, and is closed. */
  async until<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
    if (signal === undefined) return run()
    signal.throwIfAborted()
    let abort = (): void => {}
    const aborted = new Promise<never>((_resolve, reject) => {
      abort = () => {
        reject(signal.reason)
        void this.close()
      }
    })
    signal.addEventListener('abort', abort, { once: true })
    try {
      return await Promise.race([run(), aborted])
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  /** Ends it; calls that wait are rejected. */
  close(): Promise<void> {
    return this.#session.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
