/**
 * Frozen collections: what a snapshot reads of a big hash, set or sorted set, while the original goes on changing.
 *
 * The one idea: the arrays are copied as they are, without hashing or comparing anything again: 2 to 10 ms for a million
 * elements, where a copy that one can search takes hundreds. So a frozen collection can be walked and nothing else.
 */
import type { Bytes } from '../base/bytes.ts'
import type { PairRun, PairVisitor } from './score-order.ts'

/** A hash as it was, in state 'hashtable', without deadlines of fields. */
export class FrozenHash {
  readonly type = 'hash'
  readonly size: number
  readonly expiring = 0
  readonly nextDeadline = Number.POSITIVE_INFINITY
  readonly #fields: readonly (readonly Bytes[])[]
  readonly #values: readonly (readonly Bytes[])[]

  constructor(size: number, fields: readonly (readonly Bytes[])[], values: readonly (readonly Bytes[])[]) {
    this.size = size
    this.#fields = fields
    this.#values = values
  }

  encoding(): 'hashtable' {
    return 'hashtable'
  }

  deadline(): undefined {
    return undefined
  }

  /** Visits every entry. */
  forEach(visit: (field: Bytes, value: Bytes) => void): void {
    let cursor = 0
    do cursor = this.scan(cursor, 1, visit)
    while (cursor !== 0)
  }

  /** One step of a walk: visits a chunk of entries, whatever the count, and answers the next cursor, 0 at the end. */
  scan(cursor: number, _count: number, visit: (field: Bytes, value: Bytes) => void): number {
    const fields = this.#fields[cursor] ?? []
    const values = this.#values[cursor] ?? []
    for (let i = 0; i < fields.length; i++) visit(fields[i]!, values[i]!)
    return cursor + 1 < this.#fields.length ? cursor + 1 : 0
  }
}

/** A set as it was, in state 'hashtable'. */
export class FrozenSet {
  readonly type = 'set'
  readonly size: number
  readonly #members: readonly (readonly Bytes[])[]

  constructor(size: number, members: readonly (readonly Bytes[])[]) {
    this.size = size
    this.#members = members
  }

  encoding(): 'hashtable' {
    return 'hashtable'
  }

  /** Every member. */
  members(): Bytes[] {
    return this.#members.flat()
  }

  /** One step of a walk: visits a chunk of members, whatever the count, and answers the next cursor, 0 at the end. */
  scan(cursor: number, _count: number, visit: (member: Bytes) => void): number {
    for (const member of this.#members[cursor] ?? []) visit(member)
    return cursor + 1 < this.#members.length ? cursor + 1 : 0
  }
}

/** A sorted set as it was. */
export class FrozenSortedSet {
  readonly type = 'zset'
  readonly size: number
  readonly #encoding: 'listpack' | 'skiplist'
  readonly #runs: readonly PairRun[]
  /** The index of each run's first pair. */
  readonly #starts: Int32Array

  constructor(encoding: 'listpack' | 'skiplist', runs: readonly PairRun[]) {
    this.#encoding = encoding
    this.#runs = runs
    this.#starts = new Int32Array(runs.length)
    let size = 0
    for (let i = 0; i < runs.length; i++) {
      this.#starts[i] = size
      size += runs[i]!.members.length
    }
    this.size = size
  }

  encoding(): 'listpack' | 'skiplist' {
    return this.#encoding
  }

  /** Visits every pair, ascending. */
  forEach(visit: PairVisitor): void {
    this.forEachRange(0, this.size - 1, false, visit)
  }

  /** Visits indexes `start` to `stop`, both within 0..size-1 (nothing when start > stop); from `stop` if `reverse`. */
  forEachRange(start: number, stop: number, reverse: boolean, visit: PairVisitor): void {
    const step = reverse ? -1 : 1
    let index = reverse ? stop : start
    let left = stop - start + 1
    for (let at = left > 0 ? this.#runOf(index) : 0; left > 0; at += step) {
      const { members, scores } = this.#runs[at]!
      const first = this.#starts[at]!
      for (let i = index - first; i >= 0 && i < members.length && left > 0; i += step, index += step, left--) {
        visit(members[i]!, scores[i]!)
      }
    }
  }

  #runOf(index: number): number {
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#starts[middle]! <= index) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}
