/**
 * Range options: BYSCORE, BYLEX, REV, LIMIT and WITHSCORES as ZRANGE and all its older spellings read them.
 *
 * The one idea: the older spellings are ZRANGE with some options fixed, which then may not be said; options are checked
 * against each other once all are read, and bounds only after that.
 */
import { type Argv, upper } from '../../base/bytes.ts'
import { err, SYNTAX } from '../../base/errors.ts'
import { flag, integer, optionOf } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'

const LIMIT_BY_RANK = err('syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX')
const SCORES_BY_LEX = err('syntax error, WITHSCORES not supported in combination with BYLEX')

/** `[LIMIT offset count]`. */
export const LIMIT = optionOf('limit', 'LIMIT', [integer('offset'), integer('count')])

/** `[WITHSCORES]`. */
export const WITHSCORES = flag('WITHSCORES')

/** What the bounds of a range are. */
export type Sort = 'rank' | 'score' | 'lex'

/** Offset and count; a negative count means all. */
export type Limit = readonly [offset: number, count: number]

/** The options said. */
export interface RangeOptions {
  byscore?: true
  bylex?: true
  rev?: true
  limit?: Limit
  withscores?: true
}

/** What a command leaves open: its kind of range and direction (ZRANGE), and the scores. */
export interface Openness {
  /** The kind of range, where the command's name says it. */
  readonly sort?: Sort
  readonly withscores: boolean
}

/** Reads the options from word `from` on. */
export function readRangeOptions(argv: Argv, from: number, open: Openness): RangeOptions {
  const options: RangeOptions = {}
  const free = open.sort === undefined
  for (let at = from; at < argv.length; at++) {
    const token: string = upper(argv[at]!)
    if (token === 'WITHSCORES' && open.withscores) options.withscores = true
    else if (token === 'LIMIT' && argv.length - at > 2) {
      options.limit = [readInteger(argv[at + 1]!), readInteger(argv[at + 2]!)]
      at += 2
    } else if (token === 'REV' && free && !options.rev) options.rev = true
    else if (token === 'BYLEX' && free && sortOf(options) === 'rank') options.bylex = true
    else if (token === 'BYSCORE' && free && sortOf(options) === 'rank') options.byscore = true
    else throw SYNTAX
  }
  const sort = open.sort ?? sortOf(options)
  // A count of -1 counts as no LIMIT at all here.
  if (sort === 'rank' && options.limit !== undefined && options.limit[1] !== -1) throw LIMIT_BY_RANK
  if (sort === 'lex' && options.withscores) throw SCORES_BY_LEX
  return options
}

/** The kind of range that ZRANGE's options ask for. */
export function sortOf(options: { byscore?: true | undefined; bylex?: true | undefined }): Sort {
  if (options.byscore) return 'score'
  return options.bylex ? 'lex' : 'rank'
}
