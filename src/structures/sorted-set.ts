/**
 * SortedSet: the value behind ZADD and its family.
 *
 * The one idea: a ScoreOrder answers everything about order; a dictionary from member to score stands beside it only
 * when the set is big ('skiplist'). A small set ('listpack') finds a member by walking its one leaf. Never back.
 *
 * Invariants: order and dictionary hold the same members and scores; scores are never NaN; -0 equals 0
 * (only a big set can hold it).
 */
import { assert } from '../base/assert.ts'
import type { Bytes } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'
import { epochs } from './epochs.ts'
import { FrozenSortedSet } from './frozen.ts'
import { stringBytes } from './indexed-keys.ts'
import { limits } from './limits.ts'
import { ScoreMap } from './score-map.ts'
import { type PairVisitor, ScoreOrder } from './score-order.ts'

/** A member and its score. */
export interface ScoredMember {
  readonly member: Bytes
  readonly score: number
}

/** An end of a lexical range: a member, included or not, or beyond all members (`LEX_MIN`, `LEX_MAX`). */
export interface LexBound {
  readonly edge: 'min' | 'member' | 'max'
  readonly member: Bytes
  readonly exclusive: boolean
}

/** Below every member. */
export const LEX_MIN: LexBound = { edge: 'min', member: '' as Bytes, exclusive: false }
/** Above every member. */
export const LEX_MAX: LexBound = { edge: 'max', member: '' as Bytes, exclusive: false }

/** The set, its order, a leaf and two arrays with the room that V8 gives them at the first push. */
const OBJECT_BYTES = 250
/** A pair in a leaf that is two thirds full: a pointer and a score. */
const PAIR_BYTES = 24

const ignore: PairVisitor = () => {}

/** A set of members ordered by score, then by bytes. Indexes count from the lowest. */
export class SortedSet {
  readonly type = 'zset'
  /** What the keyspace's memory account holds for this value: see keyspace/account.ts. */
  counted = 0
  /** The last snapshot that has this value, or was begun before the value was made: see epochs.ts. */
  epoch = epochs.current
  private order = new ScoreOrder()
  private scores: ScoreMap | undefined = undefined
  /** Member strings of a small set; the dictionary counts them in a big one. */
  private memberBytes = 0

  /** A set of these pairs, each member once; cheapest when they ascend. */
  static of(pairs: readonly ScoredMember[]): SortedSet {
    const set = new SortedSet()
    const tooLong = ({ member }: ScoredMember): boolean => member.length > limits.zsetMaxListpackValue
    // Converted beforehand, since a small set would turn the first pairs' -0 into 0.
    if (pairs.length > limits.zsetMaxListpackEntries || pairs.some(tooLong)) set.convert()
    for (const { member, score } of pairs) set.set(member, score)
    return set
  }

  /** OBJECT ENCODING. */
  encoding(): 'listpack' | 'skiplist' {
    return this.scores === undefined ? 'listpack' : 'skiplist'
  }

  /** Members held. */
  get size(): number {
    return this.order.size
  }

  /** An estimate of the memory held, in bytes. */
  get byteSize(): number {
    const strings = this.scores === undefined ? this.memberBytes : this.scores.byteSize
    return OBJECT_BYTES + this.order.size * PAIR_BYTES + strings
  }

  /** Counts the memory held anew; answers by how much it has grown: see keyspace/account.ts. */
  recount(): number {
    const grown = this.byteSize - this.counted
    this.counted += grown
    return grown
  }

  /** The score of a member. */
  score(member: Bytes): number | undefined {
    if (this.scores !== undefined) {
      const score = this.scores.get(member)
      return Number.isNaN(score) ? undefined : score
    }
    const index = this.order.search(member)
    return index === -1 ? undefined : this.order.scoreAt(index)
  }

  /** Whether a string is a member. */
  has(member: Bytes): boolean {
    return this.scores === undefined ? this.order.search(member) !== -1 : this.scores.has(member)
  }

  /** Gives a member a score, adding it when it is not there. */
  set(member: Bytes, score: number): 'added' | 'updated' | 'same' {
    if (this.scores !== undefined) return this.setBig(this.scores, member, score)
    const index = this.order.search(member)
    if (index !== -1) {
      const current = this.order.scoreAt(index)
      if (current === score) return 'same'
      this.order.move(current, score + 0, member)
      return 'updated'
    }
    if (this.size >= limits.zsetMaxListpackEntries || member.length > limits.zsetMaxListpackValue) {
      return this.setBig(this.convert(), member, score)
    }
    // + 0, here and above, because redis-server's listpack stores -0 as the integer 0; a skiplist keeps it.
    this.order.insert(score + 0, member)
    this.memberBytes += stringBytes(member)
    return 'added'
  }

  /** Removes a member; answers whether there was one. */
  delete(member: Bytes): boolean {
    const score = this.score(member)
    if (score === undefined) return false
    this.order.remove(score, member)
    this.forget(member)
    return true
  }

  /** The index of a member, -1 when there is no such member. */
  rank(member: Bytes): number {
    if (this.scores === undefined) return this.order.search(member)
    const score = this.scores.get(member)
    return Number.isNaN(score) ? -1 : this.order.rank(score, member)
  }

  /** The member at an index in 0..size-1. */
  memberAt(index: number): Bytes {
    assert(index >= 0 && index < this.size, 'an index into a sorted set is within it')
    return this.order.memberAt(index)
  }

  /** The score at an index in 0..size-1. */
  scoreAt(index: number): number {
    assert(index >= 0 && index < this.size, 'an index into a sorted set is within it')
    return this.order.scoreAt(index)
  }

  /** Visits indexes `start` to `stop`, both within 0..size-1 (nothing when start > stop); from `stop` if `reverse`. */
  forEachRange(start: number, stop: number, reverse: boolean, visit: PairVisitor): void {
    this.order.forEachRange(start, stop, reverse, visit)
  }

  /** Visits every pair, ascending. */
  forEach(visit: PairVisitor): void {
    this.order.forEachRange(0, this.size - 1, false, visit)
  }

  /** The index of the first pair with a score of at least `min` (above it if `exclusive`); size when there is none. */
  firstIndexByScore(min: number, exclusive: boolean): number {
    return this.order.countBelow(min, exclusive)
  }

  /** The index of the last pair with a score of at most `max` (below it if `exclusive`); -1 when there is none. */
  lastIndexByScore(max: number, exclusive: boolean): number {
    return this.order.countBelow(max, !exclusive) - 1
  }

  /** The index of the first member within a lower bound, all scores taken as equal; size when there is none. */
  firstIndexByLex(min: LexBound): number {
    if (min.edge === 'member') return this.order.countBelowLex(min.member, min.exclusive)
    return min.edge === 'min' ? 0 : this.size
  }

  /** The index of the last member within an upper bound, all scores taken as equal; -1 when there is none. */
  lastIndexByLex(max: LexBound): number {
    if (max.edge === 'member') return this.order.countBelowLex(max.member, !max.exclusive) - 1
    return max.edge === 'min' ? -1 : this.size - 1
  }

  /** Removes indexes `start` to `stop`, both within 0..size-1 (nothing when start > stop), visiting each pair. */
  deleteRange(start: number, stop: number, visit: PairVisitor = ignore): void {
    this.order.removeRange(start, stop, (member, score) => {
      this.forget(member)
      visit(member, score)
    })
  }

  /** Takes out the lowest pair. */
  popMin(): ScoredMember | undefined {
    return this.take(0)
  }

  /** Takes out the highest pair. */
  popMax(): ScoredMember | undefined {
    return this.take(this.size - 1)
  }

  /** A pair, each equally likely; undefined when there is none. */
  random(random: Random): ScoredMember | undefined {
    if (this.size === 0) return undefined
    const index = random.below(this.size)
    return { member: this.order.memberAt(index), score: this.order.scoreAt(index) }
  }

  /** One step of ZSCAN: visits pairs and answers the next cursor, 0 at the end. A small set comes all at once. */
  scan(cursor: number, count: number, visit: PairVisitor): number {
    const { scores } = this
    if (scores !== undefined) {
      return scores.scan(cursor, count, (slot) => visit(scores.keyAt(slot), scores.scoreAt(slot)))
    }
    this.forEach(visit)
    return 0
  }

  /** What a snapshot needs of the set as it is now: cheap, for nothing is compared or hashed again. */
  frozen(): FrozenSortedSet {
    return new FrozenSortedSet(this.encoding(), this.order.runs())
  }

  /** A set of its own with the same pairs, in the same state. */
  copy(): SortedSet {
    const copy = new SortedSet()
    copy.order = this.order.copy()
    copy.memberBytes = this.memberBytes
    if (this.scores !== undefined) copy.convert()
    return copy
  }

  private setBig(scores: ScoreMap, member: Bytes, score: number): 'added' | 'updated' | 'same' {
    const current = scores.exchange(member, score)
    if (Number.isNaN(current)) {
      this.order.insert(score, member)
      return 'added'
    }
    if (current === score) return 'same'
    this.order.move(current, score, member)
    return 'updated'
  }

  private take(index: number): ScoredMember | undefined {
    if (this.size === 0) return undefined
    const taken = { member: this.order.memberAt(index), score: this.order.scoreAt(index) }
    this.order.removeRange(index, index, ignore)
    this.forget(taken.member)
    return taken
  }

  private forget(member: Bytes): void {
    if (this.scores === undefined) this.memberBytes -= stringBytes(member)
    else this.scores.delete(member)
  }

  /** Takes the big form, however small the set is (SORT leaves Redis' sorted sets so). */
  expand(): void {
    if (this.scores === undefined) this.convert()
  }

  private convert(): ScoreMap {
    const scores = new ScoreMap()
    this.forEach((member, score) => {
      scores.set(member, score)
    })
    this.scores = scores
    this.memberBytes = 0
    return scores
  }
}
