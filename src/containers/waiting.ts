/**
 * Waiting for entries.
 *
 * The one idea: a wait without a signal goes the way of all commands that wait; one that may be given up has a connection of its
 * own, which the signal closes.
 */
import { stayAwake } from '../base/clock.ts'
import type { Database } from '../client/database.ts'
import type { Methods } from '../client/methods/methods.ts'
import type { Promised } from '../client/returned.ts'

/** How long a read waits for entries when there are none. */
export interface Waiting {
  /** In milliseconds; Infinity waits for ever (and keeps no process alive by itself). Without it the read does not wait. */
  readonly blockMs?: number | undefined
  /** Ends the wait: the read rejects with the signal's reason. Entries that a group gave out at that moment stay pending. */
  readonly signal?: AbortSignal | undefined
}

/** Whatever runs commands. */
export type Commands = Methods<Promised, string>

/** Runs a read that may wait. */
export async function waitingOn<T>(
  db: Database,
  { blockMs, signal }: Waiting,
  run: (commands: Commands) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  if (blockMs === undefined) return run(db)
  // Sockets keep a process alive; a store in it does not, and the process would end before the time is up.
  const settle = db.features.kind === 'embedded' && Number.isFinite(blockMs) ? stayAwake() : undefined
  try {
    if (signal === undefined) return await run(db)
    await using connection = await db.dedicated()
    return await connection.until(signal, () => run(connection))
  } finally {
    settle?.()
  }
}

/** The word for it: Redis waits for ever at 0, which here is refused, for nobody can tell what is meant. */
export function blockOf(blockMs: number | undefined): { readonly block?: number } {
  if (blockMs === undefined) return {}
  if (blockMs === Number.POSITIVE_INFINITY) return { block: 0 }
  if (!Number.isFinite(blockMs) || blockMs <= 0) {
    throw new RangeError(`blockMs must be above 0, or Infinity to wait for ever, not ${blockMs}`)
  }
  return { block: Math.ceil(blockMs) }
}
