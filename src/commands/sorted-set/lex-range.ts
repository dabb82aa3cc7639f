/**
 * Lexical ranges: `[a`, `(a`, `-`, `+`.
 *
 * The one idea: where all scores are equal, members are in order and a bound is one descent. Elsewhere these ranges mean
 * nothing, but a small redis-server set still answers something: what a walk from one end meets. So does a small one
 * here; in a big one the answer depends on how a skiplist's dice fell, and is not repeated.
 */
import { type Bytes, raw } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import type { Reading } from '../../keyspace/value.ts'
import { LEX_MAX, LEX_MIN, type LexBound, type SortedSet } from '../../structures/sorted-set.ts'
import { IndexRange, NOTHING, type Span } from './index-range.ts'

const NOT_A_BOUND = err('min or max not valid string range item')

/** All members between two bounds. */
export class LexRange extends IndexRange {
  readonly min: LexBound
  readonly max: LexBound

  constructor(min: LexBound, max: LexBound) {
    super()
    this.min = min
    this.max = max
  }

  first(set: Reading<SortedSet>): number {
    return set.firstIndexByLex(this.min)
  }

  last(set: Reading<SortedSet>): number {
    return set.lastIndexByLex(this.max)
  }

  override span(set: Reading<SortedSet>, reverse: boolean, offset: number): Span {
    if (!isMixed(set)) return super.span(set, reverse, offset)
    const end = set.size - 1
    if (offset < 0 || !this.#isAbove(set.memberAt(end)) || !this.#isBelow(set.memberAt(0))) return NOTHING
    return reverse ? this.#walkDown(set, end, offset) : this.#walkUp(set, end, offset)
  }

  #walkUp(set: Reading<SortedSet>, end: number, offset: number): Span {
    let first = 0
    while (first <= end && !this.#isAbove(set.memberAt(first))) first++
    if (first > end || !this.#isBelow(set.memberAt(first))) return NOTHING
    first += offset
    let last = first
    while (last <= end && this.#isBelow(set.memberAt(last))) last++
    return { first, last: last - 1 }
  }

  #walkDown(set: Reading<SortedSet>, end: number, offset: number): Span {
    let last = end
    while (last >= 0 && !this.#isBelow(set.memberAt(last))) last--
    if (last < 0 || !this.#isAbove(set.memberAt(last))) return NOTHING
    last -= offset
    let first = last
    while (first >= 0 && this.#isAbove(set.memberAt(first))) first--
    return { first: first + 1, last }
  }

  #isAbove(member: Bytes): boolean {
    const { edge, exclusive, member: bound } = this.min
    if (edge !== 'member') return edge === 'min'
    return exclusive ? member > bound : member >= bound
  }

  #isBelow(member: Bytes): boolean {
    const { edge, exclusive, member: bound } = this.max
    if (edge !== 'member') return edge === 'max'
    return exclusive ? member < bound : member <= bound
  }
}

/** Whether a small set holds different scores. */
const isMixed = (set: Reading<SortedSet>): boolean =>
  set.size > 0 && set.encoding() === 'listpack' && set.scoreAt(0) !== set.scoreAt(set.size - 1)

/** Reads two lexical bounds; throws when one is none. */
export const lexRange = (min: Bytes, max: Bytes): LexRange => new LexRange(readLexBound(min), readLexBound(max))

/** Reads one lexical bound. */
export function readLexBound(word: Bytes): LexBound {
  switch (word[0]) {
    case '[':
      return { edge: 'member', member: raw(word.slice(1)), exclusive: false }
    case '(':
      return { edge: 'member', member: raw(word.slice(1)), exclusive: true }
    case '-':
      if (isBare(word)) return LEX_MIN
      break
    case '+':
      if (isBare(word)) return LEX_MAX
  }
  throw NOT_A_BOUND
}

/** One byte long, as C reads a text: to its first zero byte. */
const isBare = (word: Bytes): boolean => word.length === 1 || word.charCodeAt(1) === 0
