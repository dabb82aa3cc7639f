/**
 * FrozenTable: the keys of a database as they were at one moment, with values, deadlines and stamps.
 *
 * The one idea: a table's columns are copied whole, as memory is copied, and not key by key: some milliseconds for a
 * million keys. Strings and numbers never change, so they need nothing more; values that change in place are only pointed
 * at, and whoever is about to change one asks `PreImages` first. What has been walked is let go of, chunk by chunk.
 */
import { assert } from '../base/assert.ts'
import type { Bytes } from '../base/bytes.ts'
import type { Float64Column, Int32Column } from '../structures/column.ts'
import type { Value } from './value.ts'

/** A key as it was. */
export interface FrozenKey {
  readonly key: Bytes
  /** What was stored: as it is now, if it changes in place. */
  readonly value: Value
  /** In absolute milliseconds; undefined when it had none. */
  readonly deadline: number | undefined
  /** How it was used (usage.ts), if that was asked for; else 0. */
  readonly stamp: number
}

/** What a table is made of. */
export interface FrozenColumns {
  readonly size: number
  readonly expiring: number
  readonly fieldsExpire: boolean
  readonly keys: Bytes[][]
  readonly values: Value[][]
  readonly deadlines: Float64Column | undefined
  readonly stamps: Int32Column | undefined
}

export class FrozenTable {
  /** How many keys there are. */
  readonly size: number
  /** How many of them have a deadline. */
  readonly expiring: number
  /** Whether fields of some hash have deadlines. */
  readonly fieldsExpire: boolean
  readonly #keys: Bytes[][]
  readonly #values: Value[][]
  readonly #deadlines: Float64Column | undefined
  readonly #stamps: Int32Column | undefined

  constructor(columns: FrozenColumns) {
    this.size = columns.size
    this.expiring = columns.expiring
    this.fieldsExpire = columns.fieldsExpire
    this.#keys = columns.keys
    this.#values = columns.values
    this.#deadlines = columns.deadlines
    this.#stamps = columns.stamps
  }

  /** Each key once, in the order of the slots. Only one walk is possible. */
  *walk(): Generator<FrozenKey, void, undefined> {
    let slot = 0
    for (let at = 0; at < this.#keys.length; at++) {
      const keys = this.#keys[at]!
      const values = this.#values[at]!
      assert(keys.length === values.length, 'a frozen table is walked once')
      for (let i = 0; i < keys.length; i++) {
        const deadline = this.#deadlines?.get(slot) || undefined
        yield { key: keys[i]!, value: values[i]!, deadline, stamp: this.#stamps?.get(slot) ?? 0 }
        slot++
      }
      this.#keys[at] = []
      this.#values[at] = []
    }
  }
}
