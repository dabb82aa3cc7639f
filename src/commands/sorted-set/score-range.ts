/**
 * Score ranges: `1`, `(1`, `-inf`.
 *
 * The one idea: bounds are read by C's strtod alone, so what a score may not be, a bound may: leading blanks, numbers
 * too large or too small, nothing at all (which is 0). The text ends at its first zero byte.
 */
import { type Bytes, raw } from '../../base/bytes.ts'
import { parseDouble, parseHexFloat } from '../../base/doubles.ts'
import { err } from '../../base/errors.ts'
import type { Reading } from '../../keyspace/value.ts'
import type { SortedSet } from '../../structures/sorted-set.ts'
import { IndexRange } from './index-range.ts'

const NOT_A_FLOAT = err('min or max is not a float')
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const BLANKS = /^[ \t\n\v\f\r]+/

/** An end of a score range. */
export interface ScoreBound {
  readonly score: number
  readonly exclusive: boolean
}

/** All members with scores between two bounds. */
export class ScoreRange extends IndexRange {
  readonly min: ScoreBound
  readonly max: ScoreBound

  constructor(min: ScoreBound, max: ScoreBound) {
    super()
    this.min = min
    this.max = max
  }

  first(set: Reading<SortedSet>): number {
    return set.firstIndexByScore(this.min.score, this.min.exclusive)
  }

  last(set: Reading<SortedSet>): number {
    return set.lastIndexByScore(this.max.score, this.max.exclusive)
  }
}

/** Reads two score bounds; throws when one is no number. */
export const scoreRange = (min: Bytes, max: Bytes): ScoreRange =>
  new ScoreRange(readScoreBound(min), readScoreBound(max))

/** Reads one score bound. */
export function readScoreBound(word: Bytes): ScoreBound {
  const exclusive = word.charCodeAt(0) === 40
  const score = strtod(exclusive ? raw(word.slice(1)) : word)
  if (score === undefined) throw NOT_A_FLOAT
  return { score, exclusive }
}

function strtod(word: Bytes): number | undefined {
  const score = parseDouble(word)
  return score === undefined ? lenient(word) : score
}

function lenient(word: Bytes): number | undefined {
  const end = word.indexOf('\0')
  const whole = end === -1 ? word : word.slice(0, end)
  if (whole === '') return 0
  const number = raw(whole.replace(BLANKS, ''))
  const score = parseDouble(number)
  if (score !== undefined) return score
  // A good number that parseDouble refuses is too large or too small.
  if (DECIMAL.test(number)) return Number(number)
  const hex = parseHexFloat(number)
  if (hex === undefined) return undefined
  const size = hex.mantissa.toString(2).length + hex.exponent > 0 ? Infinity : 0
  return hex.negative ? -size : size
}
