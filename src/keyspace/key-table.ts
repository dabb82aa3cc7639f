/**
 * KeyTable: a database's keys with their values, deadlines and use, in columns beside the slots.
 *
 * The one idea: what was found is found again soon, by the same command (edit, replace, expireAt) or by the next. So slots
 * are remembered under a few of the key's last chars: to compare with the key that stands there takes 5 to 10 ns, to hash
 * 16 chars 30 ns. A remembered slot is a guess, and needs no upkeep: it counts only if that key lives there now.
 */
import { assert } from '../base/assert.ts'
import type { Bytes } from '../base/bytes.ts'
import { glanceAt } from '../base/glance.ts'
import { Int32Column } from '../structures/column.ts'
import { FieldHash } from '../structures/field-hash.ts'
import { IndexedMap } from '../structures/indexed-map.ts'
import { Deadlines } from './deadlines.ts'
import { FrozenTable } from './frozen-table.ts'
import type { Value } from './value.ts'

/** How many slots are remembered: a power of two. */
const GUESSES = 4096
const NO_GUESSES = new Int32Array(1)

export class KeyTable extends IndexedMap<Value> {
  readonly deadlines = new Deadlines()
  /** Of hashes whose fields have deadlines: when the earliest field is due, or a moment before that. */
  readonly fieldDeadlines = new Deadlines()
  /** What the memory account holds for the table with its keys, and for the values: see account.ts. */
  counted = 0
  valueBytes = 0
  /** How each key was used: its stamp, see usage.ts. */
  private readonly used = new Int32Column()

  /** Allocated by the first key. */
  private guesses = NO_GUESSES

  /** Whether no key, and no field of a hash, has a deadline. */
  get isTimeless(): boolean {
    return this.deadlines.isEmpty && this.fieldDeadlines.isEmpty
  }

  override slotOf(key: Bytes): number {
    const guesses = this.guesses
    const at = glanceAt(key) & (guesses.length - 1)
    const guess = guesses[at]!
    if (this.holds(guess, key)) return guess
    const slot = super.slotOf(key)
    if (slot >= 0) guesses[at] = slot
    return slot
  }

  /** Adds a key that is not there and answers its slot. */
  add(key: Bytes, value: Value): number {
    return this.placed(key, ~this.claim(key), value)
  }

  /** Adds a key and answers its slot; -1, and nothing done, when it is there already. */
  addNew(key: Bytes, value: Value): number {
    const claimed = this.claim(key)
    return claimed >= 0 ? -1 : this.placed(key, ~claimed, value)
  }

  private placed(key: Bytes, slot: number, value: Value): number {
    this.place(slot, value)
    if (this.guesses === NO_GUESSES) this.guesses = new Int32Array(GUESSES)
    this.guesses[glanceAt(key) & (GUESSES - 1)] = slot
    return slot
  }

  /** Removes the key at a slot and its deadline: the only way to remove one. */
  removeAt(slot: number): void {
    this.deadlines.clear(slot)
    this.fieldDeadlines.clear(slot)
    this.deleteAt(slot)
  }

  /** The hash at a slot that has deadlines of fields. */
  hashAt(slot: number): FieldHash {
    const value = this.valueAt(slot)
    assert(value instanceof FieldHash, 'what has deadlines of fields is a hash')
    return value
  }

  /** Follows what was stored at a slot; answers when its earliest field is due, or Infinity: most have no such field. */
  follow(slot: number, value: Value): number {
    const when = value instanceof FieldHash ? value.nextDeadline : Number.POSITIVE_INFINITY
    if (when === Number.POSITIVE_INFINITY) this.fieldDeadlines.clear(slot)
    // 0 means none in the column.
    else this.fieldDeadlines.set(slot, Math.max(when, 1))
    return when
  }

  /** Whether fields of any hash have deadlines: what is followed may have none any more. */
  private get fieldsExpire(): boolean {
    for (let n = 0; n < this.fieldDeadlines.count; n++) {
      if (this.hashAt(this.fieldDeadlines.sample(n)).expiring > 0) return true
    }
    return false
  }

  /** The keys as they are now, with values, deadlines and, if wanted, stamps. */
  frozen(withStamps: boolean): FrozenTable {
    // In this order: to ask for the keys settles the table.
    const keys = this.keyChunks()
    return new FrozenTable({
      size: this.size,
      expiring: this.deadlines.count,
      fieldsExpire: this.fieldsExpire,
      keys,
      values: this.valueChunks(),
      deadlines: this.deadlines.copied(),
      stamps: withStamps ? this.used.copy() : undefined,
    })
  }

  /** The table and its keys; values have their own account. */
  override get byteSize(): number {
    const deadlines = this.deadlines.byteSize + this.fieldDeadlines.byteSize
    return this.mapByteSize + deadlines + this.used.byteSize + this.guesses.length * 4
  }

  /** Marks a key as used. */
  stamp(slot: number, stamp: number): void {
    this.used.set(slot, stamp)
  }

  stampOf(slot: number): number {
    return this.used.get(slot)
  }

  protected override popped(): void {
    super.popped()
    this.used.trim(this.slots)
    this.deadlines.trim(this.slots)
    this.fieldDeadlines.trim(this.slots)
  }

  protected override moved(from: number, to: number): void {
    super.moved(from, to)
    this.deadlines.moved(from, to)
    this.fieldDeadlines.moved(from, to)
    this.used.set(to, this.used.get(from))
  }
}
