/**
 * A queue of alarms, earliest first: a binary heap whose forgotten entries are skipped when they surface.
 */
interface Alarm<T> {
  readonly when: number
  readonly order: number
  readonly item: T
}

export class AlarmQueue<T extends object> {
  #heap: Alarm<T>[] = []
  readonly #living = new Set<T>()
  #order = 0

  push(when: number, item: T): void {
    this.#living.add(item)
    this.#heap.push({ when, order: this.#order++, item })
    this.#rise(this.#heap.length - 1)
  }

  /** Drops an item before its time; the heap is rebuilt when most of it is dead. */
  forget(item: T): void {
    if (!this.#living.delete(item)) return
    if (this.#heap.length < 64 || this.#living.size * 2 > this.#heap.length) return
    const living = this.#heap.filter((alarm) => this.#living.has(alarm.item))
    this.#heap = living.sort(earlier)
  }

  /** Takes the earliest item that is due, or undefined. */
  due(now: number): T | undefined {
    this.#skipDead()
    const first = this.#heap[0]
    if (first === undefined || first.when > now) return undefined
    this.#pop()
    this.#living.delete(first.item)
    return first.item
  }

  /** When the earliest alarm rings, or Infinity. */
  get next(): number {
    this.#skipDead()
    return this.#heap[0]?.when ?? Number.POSITIVE_INFINITY
  }

  #skipDead(): void {
    while (this.#heap.length > 0 && !this.#living.has(this.#heap[0]!.item)) this.#pop()
  }

  #pop(): void {
    const last = this.#heap.pop()!
    if (this.#heap.length === 0) return
    this.#heap[0] = last
    this.#sink(0)
  }

  #rise(at: number): void {
    const alarm = this.#heap[at]!
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (earlier(this.#heap[parent]!, alarm) <= 0) break
      this.#heap[at] = this.#heap[parent]!
      at = parent
    }
    this.#heap[at] = alarm
  }

  #sink(at: number): void {
    const alarm = this.#heap[at]!
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.#heap.length) break
      if (child + 1 < this.#heap.length && earlier(this.#heap[child + 1]!, this.#heap[child]!) < 0) child++
      if (earlier(this.#heap[child]!, alarm) >= 0) break
      this.#heap[at] = this.#heap[child]!
      at = child
    }
    this.#heap[at] = alarm
  }
}

const earlier = <T>(a: Alarm<T>, b: Alarm<T>): number => a.when - b.when || a.order - b.order
