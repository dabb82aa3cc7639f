/**
 * StringSet: the value behind SADD and its family.
 *
 * The one idea: Redis' two states. Integers only, and few of them: a sorted IntSet ('intset'). A member that is no
 * integer, or one integer too many (set-max-intset-entries): a 'hashtable', for good. A hashtable of a few members is
 * an array, which is searched as fast as one hash is computed and holds 260 bytes for 3 members instead of 1,000;
 * past that it is an IndexedSet, for good as well.
 *
 * Invariant: exactly one of the three is present.
 */
import type { Bytes } from '../base/bytes.ts'
import { parseInteger } from '../base/integers.ts'
import type { Random } from '../base/random.ts'
import { epochs } from './epochs.ts'
import { FrozenSet } from './frozen.ts'
import { stringBytes } from './indexed-keys.ts'
import { IndexedSet } from './indexed-set.ts'
import { IntSet } from './int-set.ts'
import { limits } from './limits.ts'

/** Redis never keeps more integers than this in an intset, whatever the limit says. */
const INTSET_CEILING = 1 << 30
/** The most members of an array. */
const FEW = 16
const OBJECT_BYTES = 56
/** An array and its elements' header; an IndexedSet with everything in it but what it counts itself. */
const ARRAY_BYTES = 32
const POINTER_BYTES = 8

/** A set of byte strings. */
export class StringSet {
  readonly type = 'set'
  /** What the keyspace's memory account holds for this value: see keyspace/account.ts. */
  counted = 0
  /** The last snapshot that has this value, or was begun before the value was made: see epochs.ts. */
  epoch = epochs.current
  private integers: IntSet | undefined = new IntSet()
  private few: Bytes[] | undefined = undefined
  private table: IndexedSet | undefined = undefined

  /** OBJECT ENCODING. */
  encoding(): 'intset' | 'hashtable' {
    return this.integers === undefined ? 'hashtable' : 'intset'
  }

  /** Members held. */
  get size(): number {
    if (this.table !== undefined) return this.table.size
    return this.few === undefined ? this.integers!.size : this.few.length
  }

  /** An estimate of the memory held, in bytes. */
  get byteSize(): number {
    const { few } = this
    if (this.table !== undefined) return OBJECT_BYTES + this.table.byteSize
    if (few === undefined) return OBJECT_BYTES + this.integers!.byteSize
    return few.reduce((sum, member) => sum + stringBytes(member) + POINTER_BYTES, OBJECT_BYTES + ARRAY_BYTES)
  }

  /** Counts the memory held anew; answers by how much it has grown: see keyspace/account.ts. */
  recount(): number {
    const grown = this.byteSize - this.counted
    this.counted += grown
    return grown
  }

  /** Whether a string is a member. */
  has(member: Bytes): boolean {
    if (this.table !== undefined) return this.table.has(member)
    if (this.few !== undefined) return this.few.indexOf(member) !== -1
    const value = parseInteger(member)
    return value !== undefined && this.integers!.has(value)
  }

  /** Adds a member; answers whether it is new. */
  add(member: Bytes): boolean {
    if (this.table !== undefined) return this.table.add(member)
    if (this.few !== undefined) return this.addToFew(this.few, member)
    const value = parseInteger(member)
    if (value === undefined) {
      this.convert()
      return this.add(member)
    }
    if (!this.integers!.add(value)) return false
    if (this.integers!.size > Math.min(limits.setMaxIntsetEntries, INTSET_CEILING)) this.convert()
    return true
  }

  /** Removes a member; answers whether there was one. */
  delete(member: Bytes): boolean {
    if (this.table !== undefined) return this.table.delete(member)
    if (this.few !== undefined) return deleteFrom(this.few, this.few.indexOf(member))
    const value = parseInteger(member)
    return value !== undefined && this.integers!.delete(value)
  }

  /** Visits every member: integers in ascending order, others as they were added or in slot order. */
  forEach(visit: (member: Bytes) => void): void {
    const { table } = this
    if (table !== undefined) {
      table.forEachSlot((slot) => visit(table.keyAt(slot)))
      return
    }
    if (this.few !== undefined) {
      // A copy, so that a visit may delete, as in the other states.
      for (const member of this.few.slice()) visit(member)
      return
    }
    const integers = this.integers!
    for (let i = 0; i < integers.size; i++) visit(integers.at(i))
  }

  /** Every member, in the order of `forEach`. */
  members(): Bytes[] {
    if (this.few !== undefined) return this.few.slice()
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
    if (this.few !== undefined) return this.few.length === 0 ? undefined : this.few[random.below(this.few.length)]
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

  /** One step of SSCAN: visits members and answers the next cursor, 0 at the end. An intset and an array come all at once. */
  scan(cursor: number, count: number, visit: (member: Bytes) => void): number {
    const { table } = this
    if (table !== undefined) return table.scan(cursor, count, (slot) => visit(table.keyAt(slot)))
    this.forEach(visit)
    return 0
  }

  /** What a snapshot needs of the set as it is now: cheap, for the members are not hashed again. */
  frozen(): StringSet | FrozenSet {
    return this.table === undefined ? this.copy() : new FrozenSet(this.table.size, this.table.keyChunks())
  }

  /** A set of its own with the same members, in the same state. */
  copy(): StringSet {
    const copy = new StringSet()
    if (this.integers !== undefined) {
      copy.integers = this.integers.copy()
      return copy
    }
    copy.integers = undefined
    copy.few = this.few?.slice()
    if (this.table !== undefined) copy.table = tableOf(this.table.keys())
    return copy
  }

  private addToFew(few: Bytes[], member: Bytes): boolean {
    if (few.indexOf(member) !== -1) return false
    if (few.length === FEW) {
      this.table = tableOf(few)
      this.few = undefined
      return this.table.add(member)
    }
    // Not push: V8 would make room for 17.
    this.few = few.concat(member)
    return true
  }

  private convert(): void {
    const members = this.members()
    this.integers = undefined
    if (members.length <= FEW) this.few = members
    else this.table = tableOf(members)
  }
}

function tableOf(members: Iterable<Bytes>): IndexedSet {
  const table = new IndexedSet()
  for (const member of members) table.add(member)
  return table
}

function deleteFrom(few: Bytes[], index: number): boolean {
  if (index === -1) return false
  few.splice(index, 1)
  return true
}
