/** Lexical ranges: `[a`, `(a`, `-`, `+`; they mean something where all scores are equal. */
import type { Bytes } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import type { Reading } from '../../keyspace/value.ts'
import { LEX_MAX, LEX_MIN, type LexBound, type SortedSet } from '../../structures/sorted-set.ts'
import type { IndexRange } from './index-range.ts'

const NOT_A_BOUND = err('min or max not valid string range item')

/** All members between two bounds. */
export class LexRange implements IndexRange {
  readonly min: LexBound
  readonly max: LexBound

  constructor(min: LexBound, max: LexBound) {
    this.min = min
    this.max = max
  }

  first(set: Reading<SortedSet>): number {
    return set.firstIndexByLex(this.min)
  }

  last(set: Reading<SortedSet>): number {
    return set.lastIndexByLex(this.max)
  }
}

/** Reads two lexical bounds; throws when one is none. */
export const lexRange = (min: Bytes, max: Bytes): LexRange => new LexRange(readLexBound(min), readLexBound(max))

/** Reads one lexical bound. */
export function readLexBound(word: Bytes): LexBound {
  switch (word[0]) {
    case '[':
      return { edge: 'member', member: word.slice(1) as Bytes, exclusive: false }
    case '(':
      return { edge: 'member', member: word.slice(1) as Bytes, exclusive: true }
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
