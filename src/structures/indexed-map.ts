/**
 * IndexedMap: a map from byte strings to values, in place of V8's Map.
 *
 * The one idea: IndexedKeys with one value column. Against Map (bench/indexed-map.ts): no stop to grow, no end at 2^24
 * entries, no flood by long keys, a cursor that survives changes, a random entry in O(1).
 * Invariant: the value column is as long as the keys have slots.
 */
import type { Bytes } from '../base/bytes.ts'
import { Column } from './column.ts'
import { IndexedKeys } from './indexed-keys.ts'

/** The value column before its first value, with the room that V8 gives arrays: measured. */
const FIXED_BYTES = 350

export class IndexedMap<V> extends IndexedKeys {
  private readonly valueColumn = new Column<V>()

  /** As of IndexedKeys, and a pointer per value; what the values hold is for their owner to count. */
  override get byteSize(): number {
    return this.mapByteSize
  }

  /** The same, for subclasses. */
  protected get mapByteSize(): number {
    return FIXED_BYTES + this.keysByteSize + this.valueColumn.length * 8
  }

  get(key: Bytes): V | undefined {
    const slot = this.slotOf(key)
    return slot === -1 ? undefined : this.valueColumn.get(slot)
  }

  /** Stores a value; answers whether the key is new. */
  set(key: Bytes, value: V): boolean {
    const claimed = this.claim(key)
    this.valueColumn.put(claimed < 0 ? ~claimed : claimed, value)
    return claimed < 0
  }

  /** Stores a value and answers the one it replaces, undefined when the key is new: one hash for both. */
  exchange(key: Bytes, value: V): V | undefined {
    const claimed = this.claim(key)
    if (claimed < 0) {
      this.valueColumn.put(~claimed, value)
      return undefined
    }
    const before = this.valueColumn.get(claimed)
    this.valueColumn.put(claimed, value)
    return before
  }

  /** The value at a slot. */
  valueAt(slot: number): V {
    return this.valueColumn.get(slot)
  }

  /** Replaces the value at a slot. */
  setAt(slot: number, value: V): void {
    this.valueColumn.set(slot, value)
  }

  /** Stores the value of a key that was just added. */
  protected place(slot: number, value: V): void {
    this.valueColumn.put(slot, value)
  }

  /** The values as they are now, beside `keyChunks`: ask for those first. */
  valueChunks(): V[][] {
    return this.valueColumn.copied()
  }

  /** The living entries, in slot order. */
  *entries(): IterableIterator<[Bytes, V]> {
    for (let slot = 0; slot < this.slots; slot++) {
      if (this.isLive(slot)) yield [this.keyAt(slot), this.valueColumn.get(slot)]
    }
  }

  protected override moved(from: number, to: number): void {
    this.valueColumn.put(to, this.valueColumn.get(from))
  }

  protected override popped(): void {
    this.valueColumn.pop()
  }

  protected override cleared(): void {
    this.valueColumn.clear()
  }
}
