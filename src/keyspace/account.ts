/**
 * Account: the bytes that keys and values hold, as a running total.
 *
 * The one idea: a string is counted when it is stored. A collection changes after it was looked up for that, so it is
 * noted then and counted anew once its change is reported; it carries what the account holds for it (`counted`), so that
 * a count that comes late, or twice, is never wrong for long: the next one puts it right.
 *
 * Invariants: `used` is the sum of what all tables hold (`counted` and `valueBytes` of each); a collection that is in no
 * table has `counted` 0. Whatever takes `used` above `alarm` calls `onAlarm`: below it nobody has to ask.
 */
import { assert } from '../base/assert.ts'
import { stringBytes } from '../structures/indexed-keys.ts'
import type { KeyTable } from './key-table.ts'
import type { Reading, Value } from './value.ts'

/** A value that changes in place. */
export type Held = Exclude<Value, number | string>

/** Values noted before those that were never reported are counted all the same. */
const MOST_NOTED = 16
/** A number that is no small integer stands in an object of its own. */
const SMALL_INTEGER_END = 2 ** 31
const NUMBER_BYTES = 16

/** An estimate of the memory that a value holds, its place in a table apart. */
export function bytesOf(value: Reading<Value>): number {
  if (typeof value === 'string') return stringBytes(value)
  return typeof value === 'number' ? numberBytes(value) : value.byteSize
}

function numberBytes(value: number): number {
  return value >= -SMALL_INTEGER_END && value < SMALL_INTEGER_END ? 0 : NUMBER_BYTES
}

export class Account {
  /** Bytes held by all tables, keys and values. */
  used = 0
  /** Above this, `onAlarm` is called with each growth. */
  alarm = Number.POSITIVE_INFINITY
  onAlarm: () => void = () => {}
  /** Whether changes of collections are followed: without a limit they are counted when somebody asks. */
  #follows = false
  #beforeEdit: ((value: Held) => void) | undefined = undefined
  /** Whether either of these two is. */
  #watches = false
  /** The value noted last, which may be about to change, and its table: most commands change one. */
  #value: Held | undefined = undefined
  #table: KeyTable | undefined = undefined
  /** What this command noted before. */
  readonly #more: (readonly [Held, KeyTable])[] = []
  /** All noted ones have been counted since: the next one noted begins anew. */
  #isDone = false

  /** A value is being stored in place of another; its key stays. */
  replaced(table: KeyTable, before: Value, value: Value): void {
    const left = typeof before === 'string' ? stringBytes(before) : this.leave(before)
    const came = typeof value === 'string' ? stringBytes(value) : this.enter(table, value)
    this.add(table, came - left)
  }

  /** A value has been stored under a new key. */
  added(table: KeyTable, value: Value): void {
    this.resized(table)
    this.add(table, typeof value === 'string' ? stringBytes(value) : this.enter(table, value))
  }

  /** A key is gone with its value. */
  removed(table: KeyTable, value: Value): void {
    this.add(table, typeof value === 'string' ? -stringBytes(value) : -this.leave(value))
    this.resized(table)
  }

  /** A value may be about to change. */
  edited(table: KeyTable, value: Value): void {
    if (!this.#watches || typeof value !== 'object') return
    if (this.#beforeEdit !== undefined) this.#beforeEdit(value)
    if (this.#follows) this.note(table, value)
  }

  /** Called with each value that may be about to change in place, while a snapshot is being written. */
  set beforeEdit(listener: ((value: Held) => void) | undefined) {
    this.#beforeEdit = listener
    this.#watches = this.#follows || listener !== undefined
  }

  /** Whether a snapshot is being written. */
  get hasBeforeEdit(): boolean {
    return this.#beforeEdit !== undefined
  }

  /** Whether changes of collections are followed from now on. Who says so counts all values once: see `counted`. */
  set follows(on: boolean) {
    this.#follows = on
    this.#watches = on || this.#beforeEdit !== undefined
    this.forgetNoted()
  }

  get follows(): boolean {
    return this.#follows
  }

  /** Counts a value anew. */
  counted(table: KeyTable, value: Value): void {
    if (typeof value === 'object') this.add(table, value.recount())
  }

  /** A change is complete. */
  reported(): void {
    if (this.#isDone || this.#value === undefined) return
    this.settle()
    this.#isDone = true
  }

  /** Counts what was noted. It stays noted: it may still change. */
  settle(): void {
    if (this.#value !== undefined) this.add(this.#table!, this.#value.recount())
    for (let i = 0; i < this.#more.length; i++) this.add(this.#more[i]![1], this.#more[i]![0].recount())
  }

  /** A table has grown or shrunk. */
  resized(table: KeyTable): void {
    const grown = table.byteSize - table.counted
    if (grown === 0) return
    table.counted += grown
    this.used += grown
    if (this.used > this.alarm) this.onAlarm()
  }

  /** A table is thrown away with all it holds, and another takes its place. */
  discarded(table: KeyTable, next: KeyTable): void {
    this.used -= table.counted + table.valueBytes
    this.forgetNoted()
    this.resized(next)
  }

  private add(table: KeyTable, bytes: number): void {
    table.valueBytes += bytes
    this.used += bytes
    if (this.used > this.alarm) this.onAlarm()
  }

  private enter(table: KeyTable, value: number | Held): number {
    if (typeof value === 'number') return numberBytes(value)
    assert(value.counted === 0, 'a collection stands under two keys')
    value.counted = value.byteSize
    if (this.#follows) this.note(table, value)
    return value.counted
  }

  private leave(value: number | Held): number {
    if (typeof value === 'number') return numberBytes(value)
    const { counted } = value
    value.counted = 0
    if (value === this.#value) {
      this.#value = undefined
      this.#table = undefined
    }
    const at = this.#more.findIndex(([noted]) => noted === value)
    if (at >= 0) this.#more.splice(at, 1)
    return counted
  }

  private note(table: KeyTable, value: Held): void {
    if (value === this.#value) {
      this.#isDone = false
      return
    }
    if (this.#isDone) this.forgetNoted()
    else if (this.#value !== undefined) this.keep(this.#table!, this.#value)
    this.#value = value
    this.#table = table
  }

  /** Makes room for another: a command changes two or more. */
  private keep(table: KeyTable, value: Held): void {
    if (this.#more.length === MOST_NOTED) {
      this.settle()
      this.#more.length = 0
    }
    if (!this.#more.some(([noted]) => noted === value)) this.#more.push([value, table])
  }

  private forgetNoted(): void {
    this.#isDone = false
    // Whatever is held here cannot be collected: a table that was thrown away with all its values, for one.
    this.#value = undefined
    this.#table = undefined
    if (this.#more.length > 0) this.#more.length = 0
  }
}
