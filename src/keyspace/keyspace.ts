/**
 * Keyspace: the numbered databases, the instant they are seen at, and what they report.
 *
 * The one idea: time stands still inside a unit. The engine sets `now` when a unit begins; expiry, idle times and
 * stream ids all read it.
 */

import { Database } from './database.ts'
import { KeyTable } from './key-table.ts'
import { Reports } from './reports.ts'

/** A primary removes keys that expired; a replica only hides them until its primary says so. */
export type Role = 'primary' | 'replica'

export class Keyspace {
  readonly databases: readonly Database[]
  readonly reports = new Reports()
  role: Role = 'primary'
  /** The unit's instant: milliseconds since the epoch. */
  now = 0
  /** The same in whole seconds: the clock of idle times. */
  seconds = 0
  hits = 0
  misses = 0
  expiredKeys = 0
  /** Called when a key gets a deadline, so that the engine can set its alarm. */
  onDeadline: ((whenMs: number) => void) | undefined = undefined

  constructor(databases = 16) {
    this.databases = Array.from({ length: databases }, (_, index) => new Database(this, index, this.newTable()))
  }

  /** Sets the unit's instant. */
  at(nowMs: number): void {
    this.now = nowMs
    this.seconds = Math.floor(nowMs / 1000)
  }

  /** Whether an expired key that is met is removed at once. */
  get removesExpired(): boolean {
    return this.role === 'primary'
  }

  newTable(): KeyTable {
    return new KeyTable()
  }

  deadlineSet(whenMs: number): void {
    if (this.onDeadline !== undefined) this.onDeadline(whenMs)
  }

  /** When the next key may be due, or Infinity. */
  get nextDeadline(): number {
    let next = Number.POSITIVE_INFINITY
    for (const db of this.databases) next = Math.min(next, db.nextDeadline)
    return next
  }
}
