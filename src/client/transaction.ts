/**
 * Optimistic transactions: read, decide, and write only if nothing that was read has changed.
 *
 * The one idea: WATCH on a connection of one's own, the body's reads on it, its writes as one unit; when a watched key
 * changed the body runs again. What the body does besides (outside of `tx`) happens at each attempt.
 */
import { type Backend, BackendError, type Session } from '../backend/backend.ts'
import { ReplyError } from '../base/reply.ts'
import { allCommands } from '../commands/all.ts'
import type { Text } from '../commands/args/nodes.ts'
import { lineOf } from './any-command.ts'
import { installMethods } from './command-methods.ts'
import { RedisError } from './errors.ts'
import type { Methods } from './methods/methods.ts'
import { PromiseSender } from './promise-sender.ts'
import { Queue, type Replies } from './queue.ts'
import type { Promised } from './returned.ts'

export interface TransactionOptions {
  /** How often the body runs again after a conflict; 100 unless given. */
  readonly retries?: number
}

/** What the body of a transaction works with: commands that run at once, and `multi()` for the writes. */
export interface Transaction extends Methods<Promised, string> {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: as Queue
export class Transaction extends PromiseSender {
  /** The writes: queue them and return the queue. */
  multi(): Queue<[], string> {
    return new Queue(this.runner, true)
  }
}

installMethods(Transaction.prototype, allCommands, 'text')

/** What a transaction does; the queue that it returns is run. */
export type TransactionBody<Q extends readonly unknown[]> = (tx: Transaction) => Promise<Queue<Q, string>>

/** Runs a transaction until no watched key changes under it. */
export async function transact<Q extends readonly unknown[]>(
  backend: Backend,
  keys: Text | readonly Text[],
  body: TransactionBody<Q>,
  { retries = 100 }: TransactionOptions = {},
): Promise<Replies<Q>> {
  const watched = typeof keys === 'string' || keys instanceof Uint8Array ? [keys] : keys
  const session = await backend.session()
  try {
    for (let attempt = 0; attempt <= retries; attempt++) {
      if (watched.length > 0) await command(session, 'WATCH', watched)
      const queue = await body(new Transaction(session))
      const replies = await queue.run()
      if (replies !== null) return replies
    }
  } finally {
    await session.close()
  }
  throw new BackendError('CONFLICT', `A watched key changed at each of ${retries + 1} attempts.`)
}

async function command(session: Session, name: string, words: readonly Text[]): Promise<void> {
  const line = lineOf([name, ...words])
  const reply = await session.call(line.command, line.argv)
  if (reply instanceof ReplyError) throw new RedisError(reply)
}
