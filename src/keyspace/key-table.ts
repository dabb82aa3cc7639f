/**
 * KeyTable: a database's keys with their values, deadlines and last use, in columns beside the slots.
 *
 * The one idea: a command looks its key up several times (edit, replace, expireAt), so the last one found is remembered
 * with its slot: comparing costs 5 ns, hashing 16 chars 30 ns.
 * Invariant: a remembered slot is living and still its key's; removing the key or moving it forgets it.
 */
import type { Bytes } from '../base/bytes.ts'
import { Int32Column } from '../structures/column.ts'
import { IndexedMap } from '../structures/indexed-map.ts'
import { Deadlines } from './deadlines.ts'
import type { Value } from './value.ts'

export class KeyTable extends IndexedMap<Value> {
  readonly deadlines = new Deadlines()
  /** When each key was last used, in whole seconds since the epoch. */
  readonly #used = new Int32Column()

  #lastKey: Bytes | undefined = undefined
  #lastSlot = -1

  override slotOf(key: Bytes): number {
    if (key === this.#lastKey) return this.#lastSlot
    const slot = super.slotOf(key)
    if (slot >= 0) this.#remember(key, slot)
    return slot
  }

  /** Adds a key that is not there and answers its slot. */
  add(key: Bytes, value: Value): number {
    const slot = ~this.claim(key)
    this.setAt(slot, value)
    this.#remember(key, slot)
    return slot
  }

  /** Removes the key at a slot and its deadline: the only way to remove one. */
  removeAt(slot: number): void {
    this.deadlines.clear(slot)
    this.deleteAt(slot)
    this.#lastKey = undefined
  }

  touch(slot: number, second: number): void {
    this.#used.set(slot, second)
  }

  lastUsed(slot: number): number {
    return this.#used.get(slot)
  }

  #remember(key: Bytes, slot: number): void {
    this.#lastKey = key
    this.#lastSlot = slot
  }

  protected override moved(from: number, to: number): void {
    super.moved(from, to)
    this.#lastKey = undefined
    this.deadlines.moved(from, to)
    this.#used.set(to, this.#used.get(from))
  }
}
