/**
 * Database: one of the numbered key spaces.
 *
 * The one idea: reading is `find`, changing is `edit`. `find` gives a view without mutators; the only ways to a mutable
 * value, a deadline or a removal go through this class, *before* the change. Expired keys and fields are removed when
 * met, so no caller ever sees one. Whoever changes a value says so: `touched` once per changed key, `event` for each event.
 */
import { type Bytes, raw } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'
import type { FieldHash } from '../structures/field-hash.ts'
import type { Candidate } from './candidate.ts'
import type { FrozenTable } from './frozen-table.ts'
import type { KeyTable } from './key-table.ts'
import type { Keyspace } from './keyspace.ts'
import { Reporter } from './reporter.ts'
import { EVENT } from './reports.ts'
import { type Collection, checked, type Reading, type Value, type ValueType } from './value.ts'

export class Database extends Reporter {
  private readonly keyspace: Keyspace
  private table: KeyTable

  constructor(keyspace: Keyspace, index: number, keys: KeyTable) {
    super(index, keyspace.reports, keyspace.account)
    this.keyspace = keyspace
    this.table = keys
    this.account.resized(keys)
  }

  /** Keys present, expired but not yet removed ones included. */
  get size(): number {
    return this.table.size
  }

  /** Keys that have a deadline. */
  get expiring(): number {
    return this.table.deadlines.count
  }

  /** Reads a value of the given type: counts as a use; throws WRONGTYPE; undefined when there is none. */
  find<T extends Value>(key: Bytes, type: ValueType<T>): Reading<T> | undefined {
    const { table } = this
    if (!table.isTimeless) return this.findTimed(key, type)
    const slot = table.slotOf(key)
    if (slot < 0) return this.missed(key)
    this.keyspace.hits++
    this.used(slot)
    return checked(table.valueAt(slot), type) as Reading<T>
  }

  /** As `find`, where deadlines are to be asked for. */
  private findTimed<T extends Value>(key: Bytes, type: ValueType<T>): Reading<T> | undefined {
    const slot = this.read(key)
    if (slot < 0) return undefined
    this.used(slot)
    return checked(this.seen(slot), type) as Reading<T>
  }

  /** Reads a value of any type: counts as a use. */
  findAny(key: Bytes): Reading<Value> | undefined {
    const slot = this.read(key)
    if (slot < 0) return undefined
    this.used(slot)
    return this.seen(slot)
  }

  /** Reads without counting as a use (TYPE, TTL, OBJECT). */
  peek(key: Bytes): Reading<Value> | undefined {
    const slot = this.read(key)
    return slot < 0 ? undefined : this.seen(slot)
  }

  /** Whether a key exists, as a write looks it up: no hit or miss is counted. */
  has(key: Bytes): boolean {
    return this.live(key) >= 0
  }

  /** A value to change, or undefined when there is none; throws WRONGTYPE. Call before the change. */
  edit<T extends Value>(key: Bytes, type: ValueType<T>): T | undefined {
    const slot = this.live(key)
    if (slot < 0) return undefined
    this.used(slot)
    const value = checked(this.table.valueAt(slot), type)
    if (typeof value === 'object') this.account.edited(this.table, value)
    return value
  }

  /** A value of any type to change or move. */
  editAny(key: Bytes): Value | undefined {
    const slot = this.live(key)
    if (slot < 0) return undefined
    const value = this.table.valueAt(slot)
    this.account.edited(this.table, value)
    return value
  }

  /** The collection at `key`, made by `create` when there is none; throws WRONGTYPE. */
  obtain<T extends Collection>(key: Bytes, type: ValueType<T>, create: () => T): T {
    const found = this.edit(key, type)
    if (found !== undefined) return found
    const made = create()
    this.put(key, made)
    return made
  }

  /** Stores a value under a key, new or not, and takes its deadline away. */
  put(key: Bytes, value: Value): void {
    const { table } = this
    const { isTimeless } = table
    const slot = isTimeless ? table.slotOf(key) : this.live(key)
    if (slot < 0) {
      this.insert(key, value)
      return
    }
    this.overwrite(slot, value)
    if (isTimeless && typeof value !== 'object') return
    table.deadlines.clear(slot)
    this.follow(slot, value)
  }

  /** Stores a value under a key, new or not, and keeps its deadline. */
  replace(key: Bytes, value: Value): void {
    const slot = this.live(key)
    if (slot < 0) {
      this.insert(key, value)
      return
    }
    this.overwrite(slot, value)
    this.follow(slot, value)
  }

  /** Stores a key as a file has it, with a deadline that may have passed; false when it is there. Nobody hears of it. */
  load(key: Bytes, value: Value, deadline: number | undefined, stamp: number | undefined): boolean {
    const keys = this.table
    const slot = keys.addNew(key, value)
    if (slot < 0) return false
    this.account.added(keys, value)
    this.follow(slot, value)
    const { usage, seconds } = this.keyspace
    keys.stamp(slot, stamp ?? (usage === undefined ? seconds : usage.fresh()))
    if (deadline !== undefined) this.setDeadline(slot, deadline)
    return true
  }

  /** Removes a key; true when it was there. Reports nothing: the command says what happened. */
  remove(key: Bytes): boolean {
    const slot = this.live(key)
    if (slot < 0) return false
    this.drop(slot)
    return true
  }

  /** After elements were taken: removes an empty collection with its `del` event. True when it was empty. */
  dropIfEmpty(key: Bytes, collection: Collection): boolean {
    if (collection.size > 0) return false
    this.remove(key)
    this.event(EVENT.generic, 'del', key)
    return true
  }

  /** Whether a key is still held though its deadline has passed. */
  holdsExpired(key: Bytes): boolean {
    const slot = this.table.slotOf(key)
    if (slot < 0) return false
    const deadline = this.table.deadlines.of(slot)
    return deadline !== 0 && deadline <= this.keyspace.now
  }

  /** A key's deadline in absolute milliseconds, or undefined. Does not count as a read. */
  deadline(key: Bytes): number | undefined {
    const slot = this.live(key)
    const when = slot < 0 ? 0 : this.table.deadlines.of(slot)
    return when === 0 ? undefined : when
  }

  /** Gives an existing key a deadline. */
  expireAt(key: Bytes, whenMs: number): void {
    const slot = this.live(key)
    if (slot < 0) return
    this.setDeadline(slot, whenMs)
  }

  /** Takes a key's deadline away; true when it had one. */
  persist(key: Bytes): boolean {
    const slot = this.live(key)
    return slot >= 0 && this.table.deadlines.clear(slot)
  }

  /** Follows a hash to whose fields deadlines were given: call it after that. */
  fieldsExpire(key: Bytes, hash: FieldHash): void {
    const slot = this.live(key)
    if (slot >= 0) this.follow(slot, hash)
  }

  /** How a key was used, by the rule in force (usage.ts); undefined when there is no such key. */
  stampOf(key: Bytes): number | undefined {
    const slot = this.live(key)
    return slot < 0 ? undefined : this.table.stampOf(slot)
  }

  /** Counts a use of a key (TOUCH, RENAME). */
  use(key: Bytes): void {
    const slot = this.live(key)
    if (slot >= 0) this.used(slot)
  }

  /** Says how a key was used (RENAME, RESTORE). */
  setStamp(key: Bytes, stamp: number): void {
    const slot = this.live(key)
    if (slot >= 0) this.table.stamp(slot, stamp)
  }

  /** Gives every key the stamp of one that was just made: the rule of stamps has changed. */
  restamp(stamp: number): void {
    this.table.forEachSlot((slot) => this.table.stamp(slot, stamp))
  }

  /** One SCAN step over living keys: returns the next cursor, 0 when done. */
  scan(cursor: number, count: number, visit: (key: Bytes, value: Value) => void): number {
    // Collected first: meeting an expired key removes it, which must not disturb the walk.
    const slots: number[] = []
    const next = this.table.scan(cursor, count, (slot) => slots.push(slot))
    const keys = slots.map((slot) => this.table.keyAt(slot))
    for (const key of keys) {
      const slot = this.live(key)
      if (slot >= 0 && !this.isHidden(slot)) visit(key, this.table.valueAt(slot))
    }
    return next
  }

  /** Every living key (KEYS). */
  keys(): Bytes[] {
    const found: Bytes[] = []
    this.scan(0, this.table.slots + 1, (key) => found.push(key))
    return found
  }

  /** A random living key, or undefined when there is none. */
  randomKey(random: Random): Bytes | undefined {
    while (this.table.size > 0) {
      const key = this.table.keyAt(this.table.randomSlot(random))
      if (this.live(key) >= 0 || !this.keyspace.removesExpired) return key
    }
    return undefined
  }

  /** The keys as they are now, for a snapshot. */
  frozen(withStamps: boolean): FrozenTable {
    return this.table.frozen(withStamps)
  }

  /** Removes every key; returns how many there were. */
  clear(): number {
    const before = this.table
    this.table = this.keyspace.newTable()
    this.account.discarded(before, this.table)
    return before.size
  }

  /** Exchanges all keys with another database (SWAPDB). */
  swap(other: Database): void {
    const mine = this.table
    this.table = other.table
    other.table = mine
  }

  /** Removes keys and fields that are due, at most `most`; returns how many it removed or looked at. */
  expireDue(now: number, most: number): number {
    let removed = 0
    while (removed < most) {
      const slot = this.table.deadlines.due(now)
      if (slot < 0) break
      this.expireNow(slot)
      removed++
    }
    while (removed < most) {
      const slot = this.table.fieldDeadlines.due(now)
      if (slot < 0) break
      removed += Math.max(this.expireFields(slot, now, most - removed), 1)
    }
    return removed
  }

  /** When the next key or field may be due, or Infinity. */
  get nextDeadline(): number {
    return Math.min(this.table.deadlines.next, this.table.fieldDeadlines.next)
  }

  /** Keys that could be taken to make room: all, or those that have a deadline. */
  candidates(expiring: boolean): number {
    return expiring ? this.table.deadlines.count : this.table.size
  }

  /** One of these candidates by chance; there must be some. */
  candidate(random: Random, expiring: boolean): Candidate {
    const keys = this.table
    const slot = expiring ? keys.deadlines.sample(random.below(keys.deadlines.count)) : keys.randomSlot(random)
    return { key: keys.keyAt(slot), stamp: keys.stampOf(slot), deadline: keys.deadlines.of(slot) }
  }

  /** Whether a candidate is still one. */
  isCandidate(key: Bytes, expiring: boolean): boolean {
    const slot = this.table.slotOf(key)
    return slot >= 0 && (!expiring || this.table.deadlines.of(slot) !== 0)
  }

  /** Removes a key to make room, and reports that: no change of any command. */
  evict(key: Bytes): void {
    const slot = this.table.slotOf(key)
    if (slot < 0) return
    this.drop(slot)
    this.gone(key, EVENT.evicted, 'evicted')
  }

  /** Bytes of the table and its keys, as the account has them. */
  get tableBytes(): number {
    return this.table.counted
  }

  /** Bytes of the deadlines among them. */
  get deadlineBytes(): number {
    return this.table.deadlines.byteSize + this.table.fieldDeadlines.byteSize
  }

  /** Bytes of the values, as the account has them. */
  get valueBytes(): number {
    return this.table.valueBytes
  }

  /** Brings the account up to date with the table: deletions are settled when a unit ends. */
  recount(): void {
    this.account.resized(this.table)
  }

  /** Counts every value anew: what was changed while nobody followed. */
  recountValues(): void {
    const keys = this.table
    keys.forEachSlot((slot) => this.account.counted(keys, keys.valueAt(slot)))
  }

  /** The slot of a living key, with hit or miss counted as a read does. */
  private read(key: Bytes): number {
    const slot = this.visible(key)
    if (slot < 0) this.missed(key)
    else this.keyspace.hits++
    return slot
  }

  /** The slot of a living key that readers see, or -1. */
  private visible(key: Bytes): number {
    const slot = this.live(key)
    return slot >= 0 && this.isHidden(slot) ? -1 : slot
  }

  private missed(key: Bytes): undefined {
    this.keyspace.misses++
    this.event(EVENT.keymiss, 'keymiss', key)
  }

  /** The slot of a key that exists and has not expired, or -1. */
  private live(key: Bytes): number {
    const slot = this.table.slotOf(key)
    if (slot < 0) return -1
    const deadline = this.table.deadlines.of(slot)
    if (deadline === 0 || deadline > this.keyspace.now) {
      return this.table.fieldDeadlines.of(slot) === 0 ? slot : this.withLiveFields(slot)
    }
    if (this.keyspace.removesExpired) this.expireNow(slot)
    return -1
  }

  /** The slot once its fields that are due are gone; -1 when there were no others. */
  private withLiveFields(slot: number): number {
    const { now, removesExpired } = this.keyspace
    if (!removesExpired || this.table.fieldDeadlines.of(slot) > now) return slot
    this.expireFields(slot, now, Number.POSITIVE_INFINITY)
    return this.table.isLive(slot) ? slot : -1
  }

  /** Whether a replica holds nothing here but fields that its primary has still to remove. */
  private isHidden(slot: number): boolean {
    if (this.table.fieldDeadlines.of(slot) === 0 || this.keyspace.removesExpired) return false
    return this.table.hashAt(slot).isDue(this.keyspace.now)
  }

  /** A value as readers see it: a replica's without the fields that its primary has still to remove. */
  private seen(slot: number): Value {
    if (this.table.fieldDeadlines.of(slot) === 0 || this.keyspace.removesExpired) return this.table.valueAt(slot)
    return this.table.hashAt(slot).seenAt(this.keyspace.now)
  }

  /** Follows what was stored at a slot: the earliest deadline of its fields, if it is a hash that has any. */
  private follow(slot: number, value: Value): void {
    const when = this.table.follow(slot, value)
    if (when === Number.POSITIVE_INFINITY) return
    this.account.resized(this.table)
    this.keyspace.deadlineSet(when)
  }

  private setDeadline(slot: number, whenMs: number): void {
    // 0 means none in the column; a moment before 1970 is as past as the first millisecond after it.
    this.table.deadlines.set(slot, whenMs <= 0 ? 1 : whenMs)
    this.account.resized(this.table)
    this.keyspace.deadlineSet(whenMs)
  }

  private insert(key: Bytes, value: Value): void {
    // An expired key that a replica still holds gives its place to the new one.
    let slot = this.keyspace.removesExpired ? -1 : this.table.slotOf(key)
    if (slot >= 0) {
      this.table.deadlines.clear(slot)
      this.account.replaced(this.table, this.table.valueAt(slot), value)
      this.table.setAt(slot, value)
    } else {
      slot = this.table.add(key, value)
      this.account.added(this.table, value)
    }
    this.follow(slot, value)
    const { usage, seconds } = this.keyspace
    this.table.stamp(slot, usage === undefined ? seconds : usage.fresh())
    this.added(key)
    this.event(EVENT.new, 'new', key)
  }

  /** Stores a value in place of another; whoever does this follows it too, unless nothing here has a deadline. */
  private overwrite(slot: number, value: Value): void {
    const keys = this.table
    this.account.replaced(keys, keys.valueAt(slot), value)
    keys.setAt(slot, value)
    const { usage, seconds } = this.keyspace
    if (usage === undefined) keys.stamp(slot, seconds)
    else usage.overwritten(keys, slot)
  }

  private drop(slot: number): void {
    const value = this.table.valueAt(slot)
    const { onRemoved } = this.keyspace.reports
    if (onRemoved !== undefined) onRemoved(this.index, this.table.keyAt(slot), value)
    this.table.removeAt(slot)
    this.account.removed(this.table, value)
  }

  /** Counts a use: when it was is enough, unless a rule wants more. */
  private used(slot: number): void {
    const { usage, seconds } = this.keyspace
    if (usage === undefined) this.table.stamp(slot, seconds)
    else usage.used(this.table, slot)
  }

  private expireNow(slot: number): void {
    const key = this.table.keyAt(slot)
    this.drop(slot)
    this.keyspace.expiredKeys++
    this.gone(key, EVENT.expired, 'expired')
  }

  /** Removes fields of a hash that are due, at most `most`, and the hash if it has no others; returns how many. */
  private expireFields(slot: number, now: number, most: number): number {
    const hash = this.table.hashAt(slot)
    const key = this.table.keyAt(slot)
    this.account.edited(this.table, hash)
    const fields = hash.takeDue(now, most)
    if (hash.size === 0) this.drop(slot)
    else {
      this.follow(slot, hash)
      this.account.settle()
    }
    // An alarm may ring early.
    if (fields.length === 0) return 0
    this.keyspace.expiredFields += fields.length
    this.effect([raw('HDEL'), key, ...fields])
    this.event(EVENT.hash, 'hexpired', key)
    if (hash.size === 0) this.event(EVENT.generic, 'del', key)
    this.changedByTime(key)
    return fields.length
  }

  private gone(key: Bytes, kind: number, name: string): void {
    this.effect([raw('DEL'), key])
    this.event(kind, name, key)
    this.changedByTime(key)
  }

  private changedByTime(key: Bytes): void {
    // Not `touched`: it is no change of the command that met it, so it must not make that command's words an effect.
    const { reports } = this.keyspace
    if (reports.onGone !== undefined) reports.onGone(this.index, key)
  }
}
