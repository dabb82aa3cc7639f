/**
 * IndexedKeys: a set of keys in which each key has a slot, a small integer that value columns are addressed by.
 *
 * The one idea: living keys stand densely in a column, new ones at its end, and **a living key's slot never grows**. So a
 * cursor is a plain integer: SCAN walks the slots from the end down, and whatever is present throughout is met, since
 * a key can only move down, to where the walk has still to come. A deleted key keeps its slot until the unit ends
 * (settle.ts): added again before that, it gets the same slot, else "DEL and rebuild in one MULTI" would send it to the
 * end, behind the cursor. `settle` then fills each hole with the last living key.
 *
 * Slots may be held until the unit ends, not longer. While a unit runs, slots are stable: it may delete and add during
 * `forEachSlot` and `scan`.
 *
 * For subclasses (they own the value columns):
 *   claim(key)  makes the key living. Answers its slot, or `~slot` if it is new: then store a value there at once. The slot
 *               of a new key is at most the columns' length, so `column.put` does the right thing.
 *   bury(key)   deletes the key and answers the slot it had, or -1. The value column keeps the value until `settle`.
 *   moved(from, to), popped(slot), cleared()   follow what settling does to the keys.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'
import { Column } from './column.ts'
import { hashBytes } from './hash.ts'
import { settleLater } from './settle.ts'
import { SlotIndex } from './slot-index.ts'

const NO_BITS = new Int32Array(0)
/** What a table holds before its first key, with the room that V8 gives arrays at the first push: measured. */
const FIXED_BYTES = 700

/** What V8 holds for a stored string: a header of 16 bytes and its chars, rounded up to 8. */
export function stringBytes(value: string): number {
  return 16 + ((value.length + 7) & ~7)
}

export abstract class IndexedKeys {
  private readonly keyColumn = new Column<Bytes>()
  private readonly index = new SlotIndex(this.keyColumn)
  /** Deleted keys whose slot is still kept. */
  private deadCount = 0
  /** One bit per slot, set for the dead; allocated by the first delete. */
  private deadBits: Int32Array = NO_BITS
  /** Pairs slot, hash of what was deleted in this unit; those revived since are skipped by their bit. */
  private readonly graves: number[] = []
  private awaiting = false
  private keyBytes = 0

  /** Slot `from`, the last one, is about to be dropped, and its key now lives at `to`: copy the values. */
  protected abstract moved(from: number, to: number): void
  /** The last slot is gone: drop the last element of each column. */
  protected abstract popped(): void
  /** All slots are gone. */
  protected abstract cleared(): void

  /** How many keys are living. */
  get size(): number {
    return this.keyColumn.length - this.deadCount
  }

  /** Every slot is below this number. */
  get slots(): number {
    return this.keyColumn.length
  }

  /** An estimate of the memory held: index, key column and keys. Subclasses add their columns. */
  get byteSize(): number {
    return this.keysByteSize
  }

  /** The same, for subclasses to add to: `super.byteSize` costs 30 ns. */
  protected get keysByteSize(): number {
    return FIXED_BYTES + this.index.byteSize + this.keyColumn.length * 8 + this.keyBytes + this.deadBits.length * 4
  }

  /** The slot of a living key, or -1. */
  slotOf(key: Bytes): number {
    const slot = this.index.find(hashBytes(key), key)
    return this.deadCount !== 0 && slot !== -1 && this.isDead(slot) ? -1 : slot
  }

  has(key: Bytes): boolean {
    return this.slotOf(key) !== -1
  }

  /** The key at a slot; of a dead slot, the key that was. */
  keyAt(slot: number): Bytes {
    return this.keyColumn.get(slot)
  }

  /** Whether the slot holds a living key. */
  isLive(slot: number): boolean {
    return slot >= 0 && slot < this.keyColumn.length && (this.deadCount === 0 || !this.isDead(slot))
  }

  /** Whether this key lives at this slot. */
  holds(slot: number, key: Bytes): boolean {
    return (
      slot < this.keyColumn.length && this.keyColumn.get(slot) === key && (this.deadCount === 0 || !this.isDead(slot))
    )
  }

  /** Deletes a key; answers whether there was one. */
  delete(key: Bytes): boolean {
    return this.bury(key) !== -1
  }

  /** Deletes the key at a slot; a dead one stays as it is. */
  deleteAt(slot: number): void {
    if (this.deadCount === 0 || !this.isDead(slot)) this.entomb(slot, hashBytes(this.keyColumn.get(slot)))
  }

  /** Deletes everything at once. Cursors given before simply end early. */
  clear(): void {
    this.keyColumn.clear()
    this.index.clear()
    this.deadCount = 0
    this.deadBits = NO_BITS
    this.graves.length = 0
    this.keyBytes = 0
    this.cleared()
  }

  /** Visits the living slots in order. Keys added meanwhile are visited too. */
  forEachSlot(visit: (slot: number) => void): void {
    for (let slot = 0; slot < this.keyColumn.length; slot++) {
      if (this.deadCount === 0 || !this.isDead(slot)) visit(slot)
    }
  }

  /** The living keys, in slot order. */
  *keys(): IterableIterator<Bytes> {
    for (let slot = 0; slot < this.keyColumn.length; slot++) {
      if (this.deadCount === 0 || !this.isDead(slot)) yield this.keyColumn.get(slot)
    }
  }

  /**
   * One step of a SCAN: visits the living among the next `count` slots and answers the cursor to go on with, 0 at the end.
   * Cursor 0 starts at the end of the slots; cursor c means that the slots below c are still to come.
   */
  scan(cursor: number, count: number, visit: (slot: number) => void): number {
    const slots = this.keyColumn.length
    const start = cursor === 0 || cursor > slots ? slots : cursor
    const end = start > count ? start - count : 0
    for (let slot = start - 1; slot >= end; slot--) {
      // A visit may clear the table.
      if (slot < this.keyColumn.length && (this.deadCount === 0 || !this.isDead(slot))) visit(slot)
    }
    return end
  }

  /** The keys as they are now, by slot, in runs; the dead go first. */
  keyChunks(): Bytes[][] {
    if (this.deadCount > 0) this.settle()
    return this.keyColumn.copied()
  }

  /** A living slot, each equally likely; -1 if there is none. */
  randomSlot(random: Random): number {
    const slots = this.keyColumn.length
    if (slots === this.deadCount) return -1
    // Many dead only stand here inside a unit that deletes most of a table; even then n draws cost n ln n tries in all.
    for (;;) {
      const slot = random.below(slots)
      if (this.deadCount === 0 || !this.isDead(slot)) return slot
    }
  }

  /** Ends the unit for this table: see settle.ts. */
  settle(): void {
    this.awaiting = false
    while (this.graves.length > 0) {
      const hash = this.graves.pop()!
      const slot = this.graves.pop()!
      // Revived, buried twice, or already popped as the last.
      if (slot >= this.keyColumn.length || !this.isDead(slot)) continue
      this.popDeadAbove(slot)
      this.markLiving(slot)
      this.index.remove(hash, slot)
      const last = this.keyColumn.length - 1
      if (slot !== last) {
        const key = this.keyColumn.get(last)
        this.index.move(hashBytes(key), last, slot)
        this.keyColumn.put(slot, key)
        this.moved(last, slot)
      }
      this.keyColumn.pop()
      this.popped()
    }
    if (this.deadBits.length > 4 && this.deadBits.length > this.keyColumn.length >>> 3) this.deadBits = NO_BITS
  }

  protected claim(key: Bytes): number {
    const hash = hashBytes(key)
    const end = this.keyColumn.length
    const slot = this.index.findOrAdd(hash, key, end)
    if (slot === -1) {
      this.keyColumn.put(end, key)
      this.keyBytes += stringBytes(key)
      return ~end
    }
    if (this.deadCount === 0 || !this.isDead(slot)) return slot
    this.markLiving(slot)
    this.keyBytes += stringBytes(key)
    // A unit that deletes and adds one key over and over must not grow the list.
    if (this.graves[this.graves.length - 2] === slot) {
      this.graves.pop()
      this.graves.pop()
    }
    return ~slot
  }

  protected bury(key: Bytes): number {
    const hash = hashBytes(key)
    const slot = this.index.find(hash, key)
    if (slot === -1 || (this.deadCount !== 0 && this.isDead(slot))) return -1
    this.entomb(slot, hash)
    return slot
  }

  private entomb(slot: number, hash: number): void {
    this.keyBytes -= stringBytes(this.keyColumn.get(slot))
    this.deadCount++
    this.graves.push(slot, hash)
    const word = slot >>> 5
    if (word >= this.deadBits.length) this.growDeadBits(word)
    this.deadBits[word]! |= 1 << (slot & 31)
    if (!this.awaiting) {
      this.awaiting = true
      settleLater(this)
    }
  }

  private growDeadBits(word: number): void {
    const larger = new Int32Array(Math.max(4, word + 1 + (word >>> 1)))
    larger.set(this.deadBits)
    this.deadBits = larger
  }

  private isDead(slot: number): boolean {
    const word = slot >>> 5
    return word < this.deadBits.length && (this.deadBits[word]! & (1 << (slot & 31))) !== 0
  }

  private markLiving(slot: number): void {
    this.deadCount--
    this.deadBits[slot >>> 5]! &= ~(1 << (slot & 31))
  }

  /** Drops dead slots from the end, down to `slot`, so that what is moved is living. */
  private popDeadAbove(slot: number): void {
    for (let last = this.keyColumn.length - 1; last > slot && this.isDead(last); last--) {
      this.markLiving(last)
      this.index.remove(hashBytes(this.keyColumn.get(last)), last)
      this.keyColumn.pop()
      this.popped()
    }
  }
}
