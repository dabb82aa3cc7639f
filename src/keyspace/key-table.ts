/**
 * KeyTable: a database's keys with their values, deadlines and last use, in columns beside the slots.
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

  /** Adds a key that is not there and answers its slot. */
  add(key: Bytes, value: Value): number {
    this.set(key, value)
    return this.slotOf(key)
  }

  /** Removes the key at a slot and its deadline. */
  removeAt(slot: number): void {
    this.deadlines.clear(slot)
    this.deleteAt(slot)
  }

  touch(slot: number, second: number): void {
    this.#used.set(slot, second)
  }

  lastUsed(slot: number): number {
    return this.#used.get(slot)
  }

  protected override moved(from: number, to: number): void {
    super.moved(from, to)
    this.deadlines.moved(from, to)
    this.#used.set(to, this.#used.get(from))
  }
}
