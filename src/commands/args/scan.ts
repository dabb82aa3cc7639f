/**
 * What HSCAN, SSCAN and ZSCAN share.
 *
 * The one idea: Redis reads the cursor, then looks up the key, and only then reads the options. So the look-up stands
 * in the command's `fast`, which answers for keys that are missing or of another type, and parsing comes after it.
 */
import { type Argv, type Bytes, raw } from '../../base/bytes.ts'
import { SYNTAX } from '../../base/errors.ts'
import { matchGlob } from '../../base/glob.ts'
import type { Reply } from '../../base/reply.ts'
import { typeOf, type Value, type ValueType } from '../../keyspace/value.ts'
import type { Context } from '../context.ts'
import { readCursor } from './cursor.ts'
import { bytes, cursor, integer, option } from './nodes.ts'

/** Everything after the key: `cursor [MATCH pattern] [COUNT count]`. */
export const SCAN_ARGS = [
  cursor('cursor'),
  option('MATCH', bytes('pattern', 'pattern')),
  option('COUNT', integer('count', { min: 1, outside: SYNTAX })),
] as const

/** COUNT where it is not given. */
export const SCAN_COUNT = 10

const EMPTY_SCAN: Reply = [raw('0'), []]

/** A scan's reply when the key is missing or of another type (then it throws), else undefined: read the options. */
export function scanAbsent<T extends Value>({ db }: Context, argv: Argv, type: ValueType<T>): Reply | undefined {
  readCursor(argv[2]!)
  // editAny counts no hit: the one that counts is the handler's.
  const held = db.editAny(argv[1]!)
  if (held !== undefined && typeOf(held) === type.name) return undefined
  return db.find(argv[1]!, type) === undefined ? EMPTY_SCAN : undefined
}

/** Whether a scan gives this word. */
export function scanWants(pattern: Bytes | undefined, word: Bytes): boolean {
  return pattern === undefined || pattern === '*' || matchGlob(pattern, word)
}
