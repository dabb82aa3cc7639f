/**
 * Between ioredis' values and ours.
 *
 * The one idea: with `stringNumbers` and buffers, ioredis gives an integer as a string and everything else as a buffer, so the
 * two can be told apart and integers are exact.
 */
import { type Bytes, bytes, fromBuffer, isAscii, text, toBuffer, upper } from '../../base/bytes.ts'
import { parseInteger } from '../../base/integers.ts'
import { type Reply, ReplyError } from '../../base/reply.ts'

/** A reply as ioredis gives it. An error among the items is an `Error`. */
export function replyFrom(value: unknown): Reply {
  if (Buffer.isBuffer(value)) return fromBuffer(value)
  if (typeof value === 'string') return integerFrom(value)
  if (Array.isArray(value)) return value.map(replyFrom)
  if (value instanceof Error) return errorFrom(value)
  return typeof value === 'number' ? value : null
}

/** ioredis' error reply as a value. */
export function errorFrom(error: Error): ReplyError {
  return new ReplyError(bytes(error.message))
}

function integerFrom(digits: string): Reply {
  const value = bytes(digits)
  return parseInteger(value) ?? value
}

/** A word as ioredis takes it: text where that is the same as its bytes, which is written faster. */
export function wordTo(word: Bytes): string | Buffer {
  return isAscii(word) ? word : toBuffer(word)
}

/** Names that ioredis takes for more than a name when they come in lower case: it would change words or replies. */
const CHANGED_BY_IOREDIS: ReadonlySet<string> = new Set(['mset', 'msetnx', 'hset', 'hmset', 'hgetall', 'select'])

/** The name of a command as ioredis takes it. */
export function nameTo(name: Bytes): string {
  return CHANGED_BY_IOREDIS.has(name) ? upper(name) : text(name)
}
