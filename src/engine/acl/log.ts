/**
 * The log of refusals: what users were not allowed to do, newest first.
 *
 * The one idea: someone who tries again and again must not wash the log out, so what equals one of the newest ten entries
 * within a minute is counted there and brings it to the front.
 */
import type { Bytes } from '../../base/bytes.ts'
import type { AclContext, AclLogEntry } from '../../commands/acl/port.ts'

const MERGED_FOR_MS = 60_000
const NEWEST = 10

/** What happened, and to whom. */
export interface Refused {
  readonly reason: AclLogEntry['reason']
  readonly context: AclContext
  readonly object: Bytes
  readonly username: Bytes
  readonly clientInfo: Bytes
  readonly atMs: number
}

interface Entry {
  readonly latest: Refused
  readonly count: number
}

export class AclLog {
  /** How many entries are kept; those beyond it go when the next one comes. */
  maxLength = 128
  #entries: Entry[] = []

  add(refused: Refused): void {
    const found = this.#entries.slice(0, NEWEST).findIndex(({ latest }) => merges(latest, refused))
    if (found >= 0) {
      const [entry] = this.#entries.splice(found, 1)
      this.#entries.unshift({ latest: refused, count: entry!.count + 1 })
      return
    }
    this.#entries.unshift({ latest: refused, count: 1 })
    if (this.#entries.length > this.maxLength) this.#entries.length = this.maxLength
  }

  latest(count: number, nowMs: number): AclLogEntry[] {
    return this.#entries
      .slice(0, count)
      .map(({ latest: { atMs, ...refused }, count }) => ({ ...refused, count, ageMs: nowMs - atMs }))
  }

  reset(): void {
    this.#entries = []
  }
}

const merges = (known: Refused, next: Refused): boolean =>
  known.reason === next.reason &&
  known.context === next.context &&
  Math.abs(next.atMs - known.atMs) <= MERGED_FOR_MS &&
  known.object === next.object &&
  known.username === next.username
