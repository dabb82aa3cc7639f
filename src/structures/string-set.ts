/**
 * StringSet: the value behind SADD and its family.
 *
 * The one idea: Redis' two states. Integers only, and few of them: a sorted IntSet ('intset'). A member that is no
 * integer, or one integer too many (set-max-intset-entries): an IndexedSet ('hashtable'), for good.
 *
 * Invariant: exactly one of the two is present.
 */
import type { Bytes } from '../base/bytes.ts'
import { parseInteger } from '../base/integers.ts'
import type { Random } from '../base/random.ts'
import { IndexedSet } from './indexed-set.ts'
import { IntSet } from './int-set.ts'
import { limits } from './limits.ts'

/** Redis never keeps more integers than this in an intset, whatever the limit says. */
const INTSET_CEILING = 1 << 30
const OBJECT_BYTES = 40

/** A set of byte strings. */
export class StringSet {
  readonly type = 'set'
  private integers: IntSet | undefined = new IntSet()
  private table: IndexedSet | undefined = undefined

  /** OBJECT ENCODING. */
  encoding(): 'intset' | 'hashtable' {
    return this.table === undefined ? 'intset' : 'hashtable'
  }

  /** Members held. */
  get size(): number {
    return this.table === undefined ? this.integers!.size : this.table.size
  }

  /** An estimate of the memory held, in bytes. */
  get byteSize(): number {
    return OBJECT_BYTES + (this.table === undefined ? this.integers!.byteSize : this.table.byteSize)
  }

  /** Whether a string is a member. */
  has(member: Bytes): boolean {
    if (this.table !== undefined) return this.table.has(member)
    const value = parseInteger(member)
    return value !== undefined && this.integers!.has(value)
  }

  /** Adds a member; answers whether it is new. */
  add(member: Bytes): boolean {
    if (this.table !== undefined) return this.table.add(member)
    const value = parseInteger(member)
    if (value === undefined) return this.convert().add(member)
    if (!this.integers!.add(value)) return false
    if (this.integers!.size > Math.min(limits.setMaxIntsetEntries, INTSET_CEILING)) this.convert()
    return true
  }

  /** Removes a member; answers whether there was one. */
  delete(member: Bytes): boolean {
    if (this.table !== undefined) return this.table.delete(member)
    const value = parseInteger(member)
    return value !== undefined && this.integers!.delete(value)
  }

  /** Visits every member: integers in ascending order, others in slot order. */
  forEach(visit: (member: Bytes) => void): void {
    const { table } = this
    if (table !== undefined) {
      table.forEachSlot((slot) => visit(table.keyAt(slot)))
      return
    }
    const integers = this.integers!
    for (let i = 0; i < integers.size; i++) visit(integers.at(i))
  }

  /** Every member, in the order of `forEach`. */
  members(): Bytes[] {
    const out: Bytes[] = []
    const { table } = this
    if (table === undefined) {
      const integers = this.integers!
      for (let i = 0; i < integers.size; i++) out.push(integers.at(i))
    } else {
      const slots = table.slots
      for (let slot = 0; slot < slots; slot++) if (table.isLive(slot)) out.push(table.keyAt(slot))
    }
    return out
  }

  /** A member, each equally likely; undefined when there is none. */
  random(random: Random): Bytes | undefined {
    if (this.table === undefined) {
      const integers = this.integers!
      return integers.size === 0 ? undefined : integers.at(random.below(integers.size))
    }
    const slot = this.table.randomSlot(random)
    return slot === -1 ? undefined : this.table.keyAt(slot)
  }

  /** Takes out a member, each equally likely; undefined when there is none. */
  pop(random: Random): Bytes | undefined {
    if (this.table === undefined) {
      const member = this.random(random)
      if (member !== undefined) this.delete(member)
      return member
    }
    const slot = this.table.randomSlot(random)
    if (slot === -1) return undefined
    this.table.deleteAt(slot)
    return this.table.keyAt(slot)
  }

  /** One step of SSCAN: visits members and answers the next cursor, 0 at the end. An intset comes all at once. */
  scan(cursor: number, count: number, visit: (member: Bytes) => void): number {
    const { table } = this
    if (table !== undefined) return table.scan(cursor, count, (slot) => visit(table.keyAt(slot)))
    this.forEach(visit)
    return 0
  }

  /** A set of its own with the same members, in the same state. */
  copy(): StringSet {
    const copy = new StringSet()
    if (this.table === undefined) {
      copy.integers = this.integers!.copy()
      return copy
    }
    const table = copy.convert()
    this.forEach((member) => {
      table.add(member)
    })
    return copy
  }

  private convert(): IndexedSet {
    const table = new IndexedSet()
    const integers = this.integers!
    for (let i = 0; i < integers.size; i++) table.add(integers.at(i))
    this.integers = undefined
    this.table = table
    return table
  }
}
