/**
 * TrackingTable: which clients may hold which keys in their caches.
 *
 * The one idea: a key stands here from its first read until it changes; then whoever read it is told once, and the key is
 * forgotten until it is read again. Keys have no database: a name that changes in any of them is news, as in Redis.
 *
 * Invariants: no entry is empty; `items` is the sum of all entries' sizes. Clients stand here by number, since one that
 * is gone stays until its keys change.
 */
import type { Bytes } from '../../base/bytes.ts'
import type { Random } from '../../base/random.ts'
import { IndexedMap } from '../../structures/indexed-map.ts'

export class TrackingTable {
  #readers = new IndexedMap<Set<number>>()
  /** Pairs of a key and a client. */
  items = 0

  get keys(): number {
    return this.#readers.size
  }

  /** Notes that a client has read a key. */
  remember(key: Bytes, client: number): void {
    const readers = this.#readers.get(key)
    if (readers === undefined) this.#readers.set(key, new Set([client]))
    else if (readers.has(client)) return
    else readers.add(client)
    this.items++
  }

  /** Who has read a key since it was last taken; it is forgotten. */
  take(key: Bytes): ReadonlySet<number> | undefined {
    const readers = this.#readers.get(key)
    if (readers === undefined) return undefined
    this.#readers.delete(key)
    this.items -= readers.size
    return readers
  }

  /** A key by chance; undefined when there is none. */
  randomKey(random: Random): Bytes | undefined {
    const slot = this.#readers.randomSlot(random)
    return slot < 0 ? undefined : this.#readers.keyAt(slot)
  }

  clear(): void {
    this.#readers = new IndexedMap()
    this.items = 0
  }
}
