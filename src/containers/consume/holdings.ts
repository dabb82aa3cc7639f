/**
 * Holdings: the entries that this consumer has, by stream and id.
 *
 * The one idea: an entry that is held is never taken in a second time, whoever brings it (a sweep, a twin's history). Counts by
 * stand are kept, for they are asked for with every read.
 */
import type { Held, Stand } from './delivery.ts'

export class Holdings<T> {
  readonly #byStream = new Map<string, Map<string, Held<T>>>()
  readonly #counts: Record<Stand, number> = { queued: 0, running: 0, settling: 0, waiting: 0, open: 0, gone: 0 }
  /** Who waits for room, or for all to be gone. */
  readonly #watchers = new Set<() => void>()

  /** How many stand like this. */
  count(stand: Exclude<Stand, 'gone'>): number {
    return this.#counts[stand]
  }

  /** All that are held. */
  get size(): number {
    const { queued, running, settling, waiting, open } = this.#counts
    return queued + running + settling + waiting + open
  }

  has(stream: string, id: string): boolean {
    return this.#byStream.get(stream)?.has(id) === true
  }

  find(stream: string, id: string): Held<T> | undefined {
    return this.#byStream.get(stream)?.get(id)
  }

  add(held: Held<T>): void {
    let ids = this.#byStream.get(held.stream)
    if (ids === undefined) this.#byStream.set(held.stream, (ids = new Map()))
    ids.set(held.id, held)
    this.#counts[held.stand]++
  }

  /** Moves an entry on; false when it was gone already. */
  move(held: Held<T>, stand: Stand): boolean {
    if (held.stand === 'gone') return false
    this.#counts[held.stand]--
    held.stand = stand
    if (stand === 'gone') {
      held.alarm?.()
      held.alarm = undefined
      this.#byStream.get(held.stream)?.delete(held.id)
    } else this.#counts[stand]++
    this.tell()
    return true
  }

  /** Streams with something held. */
  streams(): string[] {
    return [...this.#byStream].filter(([, ids]) => ids.size > 0).map(([stream]) => stream)
  }

  of(stream: string): Held<T>[] {
    return [...(this.#byStream.get(stream)?.values() ?? [])]
  }

  all(): Held<T>[] {
    return this.streams().flatMap((stream) => this.of(stream))
  }

  /** Resolves once something is so, which is looked at whenever an entry moves, or when the signal is aborted. */
  until(isSo: () => boolean, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isSo() && signal?.aborted !== true) return
        this.#watchers.delete(look)
        signal?.removeEventListener('abort', look)
        resolve()
      }
      this.#watchers.add(look)
      signal?.addEventListener('abort', look)
      look()
    })
  }

  /** Those who wait look again. */
  tell(): void {
    if (this.#watchers.size > 0) for (const watcher of [...this.#watchers]) watcher()
  }
}
