/** LCS: the longest subsequence that two strings have in common. */
import { type Bytes, EMPTY, raw, upper } from '../../base/bytes.ts'
import { err, SYNTAX } from '../../base/errors.ts'
import { MapReply, type Reply } from '../../base/reply.ts'
import type { Database } from '../../keyspace/database.ts'
import type { Reading, StringValue, Value } from '../../keyspace/value.ts'
import { longestSubsequence, type Run, subsequenceLength } from '../../structures/longest-subsequence.ts'
import { bytes, flag, key, late, option } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'
import { command } from '../command.ts'
import { arrayOf, bulk, int, record, tuple, when } from '../shape.ts'
import { bytesOf, mayBeLong } from './string-value.ts'

const NOT_STRINGS = err('The specified keys must contain string values')
const LEN_AND_IDX = err('If you want both the length and indexes, please just use IDX.')
const TABLE_TOO_LARGE = err('Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len')
/** Redis' table has a number of so many bytes for each pair of chars; ours is smaller, its limit is not. */
const CELL_BYTES = 4

interface Request {
  len: boolean
  idx: boolean
  withMatchLen: boolean
  minMatchLen: number
}

function readRequest(words: readonly Bytes[]): Request {
  const request: Request = { len: false, idx: false, withMatchLen: false, minMatchLen: 0 }
  for (let i = 0; i < words.length; i++) {
    const word: string = upper(words[i]!)
    if (word === 'LEN') request.len = true
    else if (word === 'IDX') request.idx = true
    else if (word === 'WITHMATCHLEN') request.withMatchLen = true
    else if (word === 'MINMATCHLEN' && i + 1 < words.length) request.minMatchLen = readInteger(words[++i]!)
    else throw SYNTAX
  }
  if (request.len && request.idx) throw LEN_AND_IDX
  return request
}

const isString = (value: Reading<Value> | undefined): value is Reading<StringValue> | undefined =>
  typeof value !== 'object' || !('type' in value)

/** Both strings, a missing one as an empty one. */
function stringsOf(db: Database, keys: readonly [Bytes, Bytes]): readonly [Bytes, Bytes] {
  const [a, b] = [db.findAny(keys[0]), db.findAny(keys[1])]
  if (!isString(a) || !isString(b)) throw NOT_STRINGS
  return [a === undefined ? EMPTY : bytesOf(a), b === undefined ? EMPTY : bytesOf(b)]
}

const lengthOf = ({ a: [first, last] }: Run): number => last - first + 1

function indexes(a: Bytes, b: Bytes, { minMatchLen, withMatchLen }: Request): Reply {
  const { text, runs } = longestSubsequence(a, b)
  const matches = runs
    .filter((run) => lengthOf(run) >= minMatchLen)
    .map((run): Reply => [[...run.a], [...run.b], ...(withMatchLen ? [lengthOf(run)] : [])])
  return new MapReply([raw('matches'), matches, raw('len'), text.length])
}

const RANGE = tuple(int, int)

/** LCS key1 key2 [LEN] [IDX] [MINMATCHLEN min-match-len] [WITHMATCHLEN] */
export const lcs = command({
  name: 'LCS',
  group: 'string',
  since: '7.0.0',
  summary: 'Finds the longest subsequence that two strings have in common.',
  complexity: 'O(N*M), N and M bytes long strings',
  flags: ['readonly'],
  args: [
    key('key1', 'RO access'),
    key('key2', 'RO access'),
    late('options', [
      flag('LEN'),
      flag('IDX'),
      option('MINMATCHLEN', bytes('min-match-len', 'integer')),
      flag('WITHMATCHLEN'),
    ]),
  ],
  // Redis describes both keys as one range.
  override: { keySpecs: [{ flags: ['RO', 'access'], begin: { index: 1 }, find: { lastKey: 1, step: 1, limit: 0 } }] },
  reply: when(bulk, {
    len: int,
    idx: record({ matches: arrayOf(tuple(RANGE, RANGE)), len: int }),
    'idx+withmatchlen': record({ matches: arrayOf(tuple(RANGE, RANGE, int)), len: int }),
  }),
  run: (ctx, { key1, key2, options }) => {
    const [a, b] = stringsOf(ctx.db, [key1, key2])
    const request = readRequest(options)
    if (!mayBeLong(ctx, (a.length + 1) * (b.length + 1) * CELL_BYTES)) throw TABLE_TOO_LARGE
    if (request.len) return subsequenceLength(a, b)
    return request.idx ? indexes(a, b, request) : longestSubsequence(a, b).text
  },
})
