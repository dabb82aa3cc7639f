/**
 * ScoreMap: a map from byte strings to float64 numbers; the member -> score half of a sorted set.
 *
 * The one idea: IndexedKeys with a number column, 8 bytes per score. A score is never NaN, so NaN says "absent".
 */
import type { Bytes } from '../base/bytes.ts'
import { Float64Column } from './column.ts'
import { IndexedKeys } from './indexed-keys.ts'

export class ScoreMap extends IndexedKeys {
  private readonly scores = new Float64Column()

  override get byteSize(): number {
    return this.keysByteSize + this.scores.byteSize
  }

  /** The score of a member, or NaN. */
  get(member: Bytes): number {
    const slot = this.slotOf(member)
    return slot === -1 ? Number.NaN : this.scores.get(slot)
  }

  /** Stores a score; answers whether the member is new. */
  set(member: Bytes, score: number): boolean {
    const claimed = this.claim(member)
    this.scores.set(claimed < 0 ? ~claimed : claimed, score)
    return claimed < 0
  }

  /** Stores a score unless the member has an equal one; answers the score it had, NaN when it is new: one hash for both. */
  exchange(member: Bytes, score: number): number {
    const claimed = this.claim(member)
    if (claimed < 0) {
      this.scores.set(~claimed, score)
      return Number.NaN
    }
    const before = this.scores.get(claimed)
    if (before !== score) this.scores.set(claimed, score)
    return before
  }

  /** The score at a slot. */
  scoreAt(slot: number): number {
    return this.scores.get(slot)
  }

  /** The living members and their scores, in slot order. */
  *entries(): IterableIterator<[Bytes, number]> {
    for (let slot = 0; slot < this.slots; slot++) {
      if (this.isLive(slot)) yield [this.keyAt(slot), this.scores.get(slot)]
    }
  }

  protected override moved(from: number, to: number): void {
    this.scores.set(to, this.scores.get(from))
  }

  protected override popped(): void {
    this.scores.trim(this.slots)
  }

  protected override cleared(): void {
    this.scores.clear()
  }
}
