/** Strings as HyperLogLogs: how the PF* commands look one up, and the errors for what is none. */
import { type Bytes, toBuffer } from '../../base/bytes.ts'
import { ReplyError } from '../../base/reply.ts'
import type { Database } from '../../keyspace/database.ts'
import { type Reading, STRING, type StringValue } from '../../keyspace/value.ts'
import type { Growable } from '../../structures/growable.ts'
import { isHyperLogLog } from '../../structures/hyperloglog.ts'
import { growing } from '../string/string-value.ts'

const NOT_ONE = new ReplyError('WRONGTYPE Key is not a valid HyperLogLog string value.')
/** The header is right, but the registers are not all there. */
export const CORRUPT = new ReplyError('INVALIDOBJ Corrupted HLL object detected')

/** The bytes of a HyperLogLog; those past `length` mean nothing. */
export interface HyperLogLogBytes {
  readonly bytes: Uint8Array
  readonly length: number
}

function checked(value: Reading<StringValue>): HyperLogLogBytes {
  if (typeof value === 'number') throw NOT_ONE
  const held = typeof value === 'string' ? { bytes: toBuffer(value), length: value.length } : value
  if (!isHyperLogLog(held.bytes, held.length)) throw NOT_ONE
  return held
}

/** The HyperLogLog at a key, to read; undefined when there is none. Counts as a read. */
export function findHyperLogLog(db: Database, key: Bytes): HyperLogLogBytes | undefined {
  const value = db.find(key, STRING)
  return value === undefined ? undefined : checked(value)
}

/** The HyperLogLog at a key, to change; it becomes a growable string, changed or not, as Redis makes it `raw`. */
export function editHyperLogLog(db: Database, key: Bytes): Growable | undefined {
  const value = db.edit(key, STRING)
  if (value === undefined) return undefined
  checked(value)
  return growing(db, key, value)
}
