/**
 * Deadlines: which key, or hash with such fields, expires next.
 *
 * The one idea: the column (slot -> deadline) is the truth; the heap is only an alarm. It holds at most one entry per
 * key, found through its position column. A later deadline leaves the entry where it is (a session refreshed on every
 * request costs O(1)); when the entry fires early it is re-armed. An earlier deadline moves it up.
 * Deadlines are absolute milliseconds; 0 in the column means none.
 */
import { Float64Column, Int32Column } from '../structures/column.ts'

export class Deadlines {
  readonly #deadline = new Float64Column()
  /** Position in the heap + 1, by slot; 0 means not in the heap. */
  readonly #position = new Int32Column()
  #when: number[] = []
  #slot: number[] = []
  #count = 0

  /** Keys that have a deadline. */
  get count(): number {
    return this.#count
  }

  get isEmpty(): boolean {
    return this.#count === 0
  }

  /** An estimate of the memory held, in bytes: two columns, and two numbers with their arrays' spare room in the heap. */
  get byteSize(): number {
    return this.#deadline.byteSize + this.#position.byteSize + this.#when.length * 20
  }

  /** The deadline of a slot, 0 when it has none. */
  of(slot: number): number {
    return this.#count === 0 ? 0 : this.#deadline.get(slot)
  }

  set(slot: number, when: number): void {
    if (this.#deadline.get(slot) === 0) this.#count++
    this.#deadline.set(slot, when)
    const at = this.#position.get(slot) - 1
    if (at < 0) this.#push(when, slot)
    else if (when < this.#when[at]!) {
      this.#when[at] = when
      this.#rise(at)
    }
  }

  /** Takes a slot's deadline away; true when it had one. */
  clear(slot: number): boolean {
    if (this.#count === 0 || this.#deadline.get(slot) === 0) return false
    this.#deadline.set(slot, 0)
    this.#count--
    const at = this.#position.get(slot) - 1
    if (at >= 0) this.#removeAt(at)
    return true
  }

  /** Follows a key that moves to another slot. */
  moved(from: number, to: number): void {
    if (this.#count === 0) return
    const when = this.of(from)
    const position = this.#position.get(from)
    this.#deadline.set(to, when)
    this.#position.set(to, position)
    this.#deadline.set(from, 0)
    this.#position.set(from, 0)
    if (position > 0) this.#slot[position - 1] = to
  }

  /** The slot that is due at `now`, or -1. Entries that fire early are re-armed on the way. */
  due(now: number): number {
    while (this.#when.length > 0 && this.#when[0]! <= now) {
      const slot = this.#slot[0]!
      const deadline = this.#deadline.get(slot)
      if (deadline <= now) return slot
      this.#when[0] = deadline
      this.#sink(0)
    }
    return -1
  }

  /** All deadlines as they are now, by slot; undefined when there is none. */
  copied(): Float64Column | undefined {
    return this.#count === 0 ? undefined : this.#deadline.copy()
  }

  /** When the alarm rings next (it may ring early), or Infinity. */
  get next(): number {
    return this.#when.length > 0 ? this.#when[0]! : Number.POSITIVE_INFINITY
  }

  /** Slots from here on are gone: gives back what they held. */
  trim(slots: number): void {
    this.#deadline.trim(slots)
    this.#position.trim(slots)
  }

  /** The slot of the heap's n-th entry: a sample of keys with a deadline. */
  sample(n: number): number {
    return this.#slot[n]!
  }

  #push(when: number, slot: number): void {
    this.#when.push(when)
    this.#slot.push(slot)
    this.#position.set(slot, this.#when.length)
    this.#rise(this.#when.length - 1)
  }

  #removeAt(at: number): void {
    this.#position.set(this.#slot[at]!, 0)
    const when = this.#when.pop()!
    const slot = this.#slot.pop()!
    if (at === this.#when.length) return
    this.#place(at, when, slot)
    this.#rise(at)
    this.#sink(this.#position.get(slot) - 1)
  }

  #rise(at: number): void {
    const when = this.#when[at]!
    const slot = this.#slot[at]!
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#when[parent]! <= when) break
      this.#place(at, this.#when[parent]!, this.#slot[parent]!)
      at = parent
    }
    this.#place(at, when, slot)
  }

  #sink(at: number): void {
    const when = this.#when[at]!
    const slot = this.#slot[at]!
    const size = this.#when.length
    for (;;) {
      let child = 2 * at + 1
      if (child >= size) break
      if (child + 1 < size && this.#when[child + 1]! < this.#when[child]!) child++
      if (this.#when[child]! >= when) break
      this.#place(at, this.#when[child]!, this.#slot[child]!)
      at = child
    }
    this.#place(at, when, slot)
  }

  #place(at: number, when: number, slot: number): void {
    this.#when[at] = when
    this.#slot[at] = slot
    this.#position.set(slot, at + 1)
  }
}
