/**
 * EvictionPool: the best keys to take that samples have shown so far.
 *
 * The one idea: Redis' own approximation. A few keys are sampled for each one that goes, but what was nearly taken is
 * remembered in a pool of 16, so that after a while the worst of all stand in it.
 * Invariant: worths never fall from front to back; the last is taken first.
 */
import type { Bytes } from '../../base/bytes.ts'

const SIZE = 16

interface Entry {
  readonly db: number
  readonly key: Bytes
  readonly worth: number
}

export class EvictionPool {
  readonly #entries: Entry[] = []

  /** Offers a key; the greater its worth, the sooner it goes. */
  offer(db: number, key: Bytes, worth: number): void {
    const entries = this.#entries
    let at = 0
    while (at < entries.length && entries[at]!.worth < worth) at++
    if (entries.length === SIZE) {
      if (at === 0) return
      entries.shift()
      at--
    }
    entries.splice(at, 0, { db, key, worth })
  }

  /** Takes the best one out; undefined when the pool is empty. It may be gone since. */
  take(): Entry | undefined {
    return this.#entries.pop()
  }

  clear(): void {
    this.#entries.length = 0
  }
}
