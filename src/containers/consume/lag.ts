/**
 * Lag: how far a group is behind its stream.
 */
import type { Clock } from '../../base/clock.ts'
import type { Database } from '../../client/database.ts'
import { isNoGroup } from './trouble.ts'

/** How far a group is behind with one stream. */
export interface StreamLag {
  /** Entries not given to anyone yet; null when the store can't know (entries between were deleted, the group began in the middle). */
  readonly undelivered: number | null
  /** Entries given and not acknowledged. */
  readonly pending: number
  /** How long the oldest of these gave no sign of life; null when there are none. */
  readonly oldestPendingMs: number | null
  /** How old the first entry is that was not given to anyone; null when there is none. Known even where `undelivered` is not. */
  readonly behindMs: number | null
}

const NOTHING: StreamLag = { undelivered: null, pending: 0, oldestPendingMs: null, behindMs: null }

/** Asks the store. A group that does not exist has nothing pending and knows no lag. */
export async function lagOf(db: Database, stream: string, group: string, clock: Clock): Promise<StreamLag> {
  if ((await db.exists(stream)) === 0) return NOTHING
  const found = (await db.xinfo_groups(stream)).find(({ name }) => name === group)
  if (found === undefined) return NOTHING
  const next = await db.xrange(stream, `(${found['last-delivered-id']}`, '+', { count: 1 })
  const oldest = await db.xpending(stream, group, { start: '-', end: '+', count: 1 }).catch((error: unknown) => {
    if (isNoGroup(error)) return []
    throw error
  })
  const [first] = next
  return {
    undelivered: found.lag,
    pending: found.pending,
    oldestPendingMs: oldest[0]?.[2] ?? null,
    behindMs: first === undefined ? null : Math.max(0, clock.now() - Number.parseInt(first[0], 10)),
  }
}
