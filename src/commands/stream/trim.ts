/** MAXLEN and MINID: how XADD and XTRIM cut a stream at its old end, and what of it repeats. */
import { type Argv, type Bytes, upper } from '../../base/bytes.ts'
import { err, SYNTAX } from '../../base/errors.ts'
import { formatInteger } from '../../base/integers.ts'
import type { Stream } from '../../structures/stream.ts'
import { formatId, isMinId, MAX_ID, MIN_ID, type StreamId } from '../../structures/stream-id.ts'
import type { NewId } from '../../structures/stream-id-text.ts'
import { streamLimits } from '../../structures/stream-limits.ts'
import { bytes, choice, integer, type Node, oneOf, option } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'
import { readId, readNewId } from './stream-id-arg.ts'

const TWO_STRATEGIES = err('syntax error, MAXLEN and MINID options at the same time are not compatible')
const NO_STRATEGY = err('syntax error, XTRIM must be called with a trimming strategy')
const LIMIT_ALONE = err('syntax error, LIMIT cannot be used without specifying a trimming strategy')
const LIMIT_EXACT = err('syntax error, LIMIT cannot be used without the special ~ option')
const MAXLEN_NEGATIVE = { min: 0, outside: err('The MAXLEN argument must be >= 0.') }
const LIMIT_NEGATIVE = { min: 0, outside: err('The LIMIT argument must be >= 0.') }
const NODES_PER_TRIM = 100
const LIMIT_OF_ENDLESS_NODES = 10000
const LARGEST_LIMIT = 1000000

/** What to keep: so many entries, or those from an id on. */
export interface Trim {
  readonly strategy: 'MAXLEN' | 'MINID'
  readonly maxLength: number
  readonly minId: StreamId
  readonly approximate: boolean
  /** The most entries to remove; 0: no limit. */
  readonly limit: number
}

type Threshold = readonly ['=' | '~', number | string]

const strategy = <const N extends string>(token: Uppercase<N>, name: N): Node<N, Trim, Threshold, true> => ({
  kind: 'option',
  name,
  optional: true,
  token,
  inner: [choice('operator', ['=', '~']), bytes('threshold')],
})

/** The options of trimming, as the grammar describes them; `readTrimming` reads them. */
export const TRIMMING = [
  ...oneOf('trim', strategy('MAXLEN', 'maxlen'), strategy('MINID', 'minid')),
  option('LIMIT', integer('limit')),
] as const

/** What XADD and XTRIM were told. */
export interface Trimming {
  readonly trim: Trim | undefined
  readonly noMkStream: boolean
  /** XADD: where the id stands. */
  readonly idAt: number
  /** XADD: the id; undefined for `*`. */
  readonly id: NewId | undefined
}

/** Reads the words after the key, up to XADD's id; each value is read as it is met. */
export function readTrimming(argv: Argv, adds: boolean): Trimming {
  let trim: Trim | undefined
  let limit: number | undefined
  let noMkStream = false
  let id: NewId | undefined
  let at = 2
  for (; at < argv.length; at++) {
    const word = argv[at]!
    if (adds && word === '*') break
    const more = argv.length - 1 - at
    const option = upper(word)
    if ((option === 'MAXLEN' || option === 'MINID') && more > 0) {
      if (trim !== undefined) throw TWO_STRATEGIES
      const said = argv[at + 1]!
      const operator = more > 1 && (said === '~' || said === '=') ? said : undefined
      if (operator !== undefined) at++
      trim = readThreshold(option === 'MAXLEN' ? 'MAXLEN' : 'MINID', argv[++at]!, operator === '~')
    } else if (option === 'LIMIT' && more > 0) {
      limit = readInteger(argv[++at]!, LIMIT_NEGATIVE)
    } else if (adds && option === 'NOMKSTREAM') {
      noMkStream = true
    } else if (adds) {
      id = readNewId(word)
      break
    } else throw SYNTAX
  }
  return { trim: limited(trim, limit, adds), noMkStream, idAt: at, id }
}

function readThreshold(strategy: 'MAXLEN' | 'MINID', word: Bytes, approximate: boolean): Trim {
  if (strategy === 'MINID') return { strategy, maxLength: 0, minId: readId(word), approximate, limit: 0 }
  return { strategy, maxLength: readInteger(word, MAXLEN_NEGATIVE), minId: MIN_ID, approximate, limit: 0 }
}

/** Puts the limit in, once all words are known; without one, an approximate trim is kept short. */
function limited(trim: Trim | undefined, limit: number | undefined, adds: boolean): Trim | undefined {
  if (trim === undefined && limit !== undefined && limit > 0) throw LIMIT_ALONE
  if (trim === undefined && !adds) throw NO_STRATEGY
  if (limit !== undefined && !trim?.approximate) throw LIMIT_EXACT
  if (trim === undefined || !trim.approximate) return trim
  return { ...trim, limit: limit ?? usualLimit() }
}

function usualLimit(): number {
  const limit = NODES_PER_TRIM * streamLimits.streamNodeMaxEntries
  return limit <= 0 ? LIMIT_OF_ENDLESS_NODES : Math.min(limit, LARGEST_LIMIT)
}

/** Trims; returns how many entries went. */
export function trimStream(stream: Stream, trim: Trim): number {
  return trim.strategy === 'MAXLEN' ? stream.trimToLength(trim.maxLength, trim) : stream.trimBelow(trim.minId, trim)
}

/** The words that trim another copy to what is left here: whatever `~` and LIMIT did is exact by now. */
export function trimmedWords(stream: Stream, { strategy }: Trim): Argv {
  return [
    strategy,
    '=',
    strategy === 'MAXLEN' ? formatInteger(stream.size) : oldestId(stream),
  ] as readonly string[] as Argv
}

function oldestId(stream: Stream): Bytes {
  const { firstId } = stream
  return formatId(isMinId(firstId) ? MAX_ID : firstId)
}
