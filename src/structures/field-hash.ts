/**
 * FieldHash: the value behind HSET and its family.
 *
 * The one idea: Redis' two states. Few short fields: one flat array field, value, … searched from the front
 * ('listpack'), where overwriting keeps the place and deleting keeps the order. Too many entries, or one string too
 * long: 'hashtable', for good. A hashtable of few fields is kept flat as well: a session of three long strings then
 * holds 500 bytes besides them instead of 1,500. Past that it is an IndexedMap, for good.
 *
 * Fields may have deadlines, in absolute milliseconds: those that do stand in a sorted set of their own, by deadline, made
 * by the first one ('listpackex', while small). Storing a value anew takes a field's deadline away. Nothing is removed
 * here by itself: the keyspace does that, before anyone looks.
 *
 * Invariants: `flat` is empty once `table` is present, and then `hashtable` is true; `valueBytes` counts the values and,
 * while they are flat, the fields too; whatever has a deadline is a field.
 */
import { assert } from '../base/assert.ts'
import type { Bytes } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'
import { epochs } from './epochs.ts'
import { FrozenHash } from './frozen.ts'
import { stringBytes } from './indexed-keys.ts'
import { IndexedMap } from './indexed-map.ts'
import { limits } from './limits.ts'
import { SortedSet } from './sorted-set.ts'

/** Receives a field and its value. */
export type FieldVisitor = (field: Bytes, value: Bytes) => void

/** The object and its array, which V8 gives 17 slots at the first push. */
const OBJECT_BYTES = 200
/** Two pointers in the flat array. */
const PAIR_BYTES = 16
/** The most fields of a hashtable that is kept flat. */
const FEW = 16

/** A map from fields to byte strings. */
export class FieldHash {
  readonly type = 'hash'
  /** What the keyspace's memory account holds for this value: see keyspace/account.ts. */
  counted = 0
  /** The last snapshot that has this value, or was begun before the value was made: see epochs.ts. */
  epoch = epochs.current
  private flat: Bytes[] = []
  private table: IndexedMap<Bytes> | undefined = undefined
  private hashtable = false
  private valueBytes = 0
  private deadlines: SortedSet | undefined = undefined

  /** OBJECT ENCODING. */
  encoding(): 'listpack' | 'listpackex' | 'hashtable' {
    if (this.hashtable) return 'hashtable'
    return this.deadlines === undefined ? 'listpack' : 'listpackex'
  }

  /** Fields held. */
  get size(): number {
    return this.table === undefined ? this.flat.length >> 1 : this.table.size
  }

  /** An estimate of the memory held, in bytes. */
  get byteSize(): number {
    const entries = this.table === undefined ? this.flat.length * (PAIR_BYTES >> 1) : this.table.byteSize
    const deadlines = this.deadlines === undefined ? 0 : this.deadlines.byteSize
    return OBJECT_BYTES + entries + this.valueBytes + deadlines
  }

  /** Counts the memory held anew; answers by how much it has grown: see keyspace/account.ts. */
  recount(): number {
    const grown = this.byteSize - this.counted
    this.counted += grown
    return grown
  }

  /** The value of a field. */
  get(field: Bytes): Bytes | undefined {
    if (this.table !== undefined) return this.table.get(field)
    const at = this.search(field)
    return at === -1 ? undefined : this.flat[at + 1]!
  }

  /** Whether there is such a field. */
  has(field: Bytes): boolean {
    return this.table === undefined ? this.search(field) !== -1 : this.table.has(field)
  }

  /** Stores a value, without deadline; answers whether the field is new. */
  set(field: Bytes, value: Bytes): boolean {
    if (this.deadlines !== undefined) this.deadlines.delete(field)
    return this.update(field, value)
  }

  /** Stores a value and keeps the field's deadline; answers whether the field is new. */
  update(field: Bytes, value: Bytes): boolean {
    if (!this.hashtable) {
      const longest = limits.hashMaxListpackValue
      if (field.length > longest || value.length > longest) this.becomeHashtable()
    }
    return this.table === undefined ? this.setFlat(field, value) : this.setInTable(this.table, field, value)
  }

  /** Removes a field; answers whether there was one. */
  delete(field: Bytes): boolean {
    if (this.deadlines !== undefined) this.deadlines.delete(field)
    const { table, flat } = this
    if (table !== undefined) {
      const slot = table.slotOf(field)
      if (slot === -1) return false
      this.valueBytes -= stringBytes(table.valueAt(slot))
      table.deleteAt(slot)
      return true
    }
    const at = this.search(field)
    if (at === -1) return false
    this.valueBytes -= stringBytes(field) + stringBytes(flat[at + 1]!)
    flat.splice(at, 2)
    return true
  }

  /** Fields that have a deadline. */
  get expiring(): number {
    return this.deadlines === undefined ? 0 : this.deadlines.size
  }

  /** The earliest deadline of any field, or Infinity. */
  get nextDeadline(): number {
    const { deadlines } = this
    return deadlines === undefined || deadlines.size === 0 ? Number.POSITIVE_INFINITY : deadlines.scoreAt(0)
  }

  /** The deadline of a field, or undefined. */
  deadline(field: Bytes): number | undefined {
    return this.deadlines === undefined ? undefined : this.deadlines.score(field)
  }

  /** Gives a field, which must be there, a deadline. */
  expireAt(field: Bytes, whenMs: number): void {
    assert(this.has(field), 'a field that gets a deadline is there')
    this.deadlines ??= new SortedSet()
    this.deadlines.set(field, whenMs)
  }

  /** Takes a field's deadline away; answers whether it had one. */
  persist(field: Bytes): boolean {
    return this.deadlines?.delete(field) ?? false
  }

  /** Removes fields that are due, at most `most`, the earliest first; answers which. */
  takeDue(now: number, most: number): Bytes[] {
    const due: Bytes[] = []
    const last = Math.min(this.lastDue(now), most - 1)
    this.deadlines?.deleteRange(0, last, (field) => due.push(field))
    for (const field of due) this.delete(field)
    return due
  }

  /** The hash without the fields that are due: itself, or a copy if there are any. */
  seenAt(now: number): FieldHash {
    if (this.nextDeadline > now) return this
    const rest = this.copy()
    rest.takeDue(now, Number.POSITIVE_INFINITY)
    return rest
  }

  /** Visits every field that has a deadline, the earliest first. */
  forEachDeadline(visit: (field: Bytes, whenMs: number) => void): void {
    this.deadlines?.forEach(visit)
  }

  /** Whether every field is due: then nobody may see the hash. */
  isDue(now: number): boolean {
    return this.expiring === this.size && this.lastDue(now) === this.size - 1
  }

  /** Visits every entry: in order of insertion while flat, else in slot order. */
  forEach(visit: FieldVisitor): void {
    const { table, flat } = this
    if (table !== undefined) {
      table.forEachSlot((slot) => visit(table.keyAt(slot), table.valueAt(slot)))
      return
    }
    for (let i = 0; i < flat.length; i += 2) visit(flat[i]!, flat[i + 1]!)
  }

  /** Fields and values in turn, as HGETALL answers them. */
  entries(): Bytes[] {
    if (this.table === undefined) return this.flat.slice()
    const out: Bytes[] = []
    this.forEach((field, value) => {
      out.push(field, value)
    })
    return out
  }

  /** Every field. */
  fields(): Bytes[] {
    const out: Bytes[] = []
    this.forEach((field) => {
      out.push(field)
    })
    return out
  }

  /** Every value. */
  values(): Bytes[] {
    const out: Bytes[] = []
    this.forEach((_, value) => {
      out.push(value)
    })
    return out
  }

  /** Visits one entry of at least one, each equally likely. */
  random(random: Random, visit: FieldVisitor): void {
    assert(this.size > 0, 'a hash that is sampled has fields')
    if (this.table !== undefined) {
      const slot = this.table.randomSlot(random)
      visit(this.table.keyAt(slot), this.table.valueAt(slot))
      return
    }
    const at = random.below(this.flat.length >> 1) * 2
    visit(this.flat[at]!, this.flat[at + 1]!)
  }

  /** One step of HSCAN: visits entries and answers the next cursor, 0 at the end. A flat hash comes all at once. */
  scan(cursor: number, count: number, visit: FieldVisitor): number {
    const { table } = this
    if (table !== undefined) {
      return table.scan(cursor, count, (slot) => visit(table.keyAt(slot), table.valueAt(slot)))
    }
    this.forEach(visit)
    return 0
  }

  /** What a snapshot needs of the hash as it is now: cheap, unless it is big and fields have deadlines. */
  frozen(): FieldHash | FrozenHash {
    const { table } = this
    if (table === undefined || this.expiring > 0) return this.copy()
    return new FrozenHash(table.size, table.keyChunks(), table.valueChunks())
  }

  /** A hash of its own with the same entries, in the same state. */
  copy(): FieldHash {
    const copy = new FieldHash()
    copy.valueBytes = this.valueBytes
    copy.hashtable = this.hashtable
    copy.deadlines = this.deadlines?.copy()
    if (this.table === undefined) {
      copy.flat = this.flat.slice()
      return copy
    }
    const table = new IndexedMap<Bytes>()
    this.forEach((field, value) => {
      table.set(field, value)
    })
    copy.table = table
    return copy
  }

  /** The place among the deadlines of the last one that has passed, or -1. */
  private lastDue(now: number): number {
    return this.deadlines === undefined ? -1 : this.deadlines.lastIndexByScore(now, false)
  }

  private search(field: Bytes): number {
    const { flat } = this
    const length = field.length
    for (let i = 0; i < flat.length; i += 2) {
      const other = flat[i]!
      if (other.length === length && other === field) return i
    }
    return -1
  }

  private setFlat(field: Bytes, value: Bytes): boolean {
    const { flat } = this
    const at = this.search(field)
    if (at === -1) {
      flat.push(field, value)
      this.valueBytes += stringBytes(field) + stringBytes(value)
    } else {
      this.valueBytes += stringBytes(value) - stringBytes(flat[at + 1]!)
      flat[at + 1] = value
    }
    const size = flat.length >> 1
    if (size > limits.hashMaxListpackEntries || (this.hashtable && size > FEW)) this.becomeHashtable()
    return at === -1
  }

  private setInTable(table: IndexedMap<Bytes>, field: Bytes, value: Bytes): boolean {
    this.valueBytes += stringBytes(value)
    const before = table.exchange(field, value)
    if (before === undefined) return true
    this.valueBytes -= stringBytes(before)
    return false
  }

  private becomeHashtable(): void {
    this.hashtable = true
    const { flat } = this
    if (flat.length >> 1 <= FEW) return
    const table = new IndexedMap<Bytes>()
    for (let i = 0; i < flat.length; i += 2) {
      table.set(flat[i]!, flat[i + 1]!)
      this.valueBytes -= stringBytes(flat[i]!)
    }
    this.flat = []
    this.table = table
  }
}
