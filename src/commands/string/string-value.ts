/**
 * The three states of a stored string, and the ways between them.
 *
 * The one idea: a canonical decimal of a safe integer is a number, what was written in place is a Growable, all else is
 * flat bytes; so OBJECT ENCODING reads the state: `int`, `raw`, or by length. Integers of int64 beyond 2^53 stay bytes.
 */
import type { Bytes } from '../../base/bytes.ts'
import { STRING_TOO_LONG } from '../../base/errors.ts'
import { parseInteger } from '../../base/integers.ts'
import type { Database } from '../../keyspace/database.ts'
import type { Reading, StringValue } from '../../keyspace/value.ts'
import { Growable } from '../../structures/growable.ts'
import type { Context } from '../context.ts'

/** Redis' proto-max-bulk-len, as far as V8's strings go: 24 bytes short of 512 MB. */
export const LONGEST = 536870888
/** proto-max-bulk-len cannot be set lower, so shorter strings need no look at the configuration. */
const ALWAYS_ALLOWED = 1 << 20
/** A slice up to this length holds its own chars in V8; longer ones are views that keep the whole alive. */
const VIEWED_FROM = 13
const EMBSTR_LONGEST = 44

/** What is stored for a word: a number when the word is the canonical decimal of a safe integer. */
export function stored(word: Bytes): number | Bytes {
  const { length } = word
  if (length === 0 || length > 17) return word
  const first = word.charCodeAt(0)
  if (first === 45) return negative(word)
  if (first < 48 || first > 57 || (first === 48 && length > 1)) return word
  let value = first - 48
  for (let i = 1; i < length; i++) {
    const digit = word.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return word
    value = value * 10 + digit
  }
  // Up to 17 digits the sum is rounded, if at all, only beyond 2^53, and never back below it.
  return value <= Number.MAX_SAFE_INTEGER ? value : word
}

function negative(word: Bytes): number | Bytes {
  const value = parseInteger(word)
  return typeof value === 'number' ? value : word
}

/** The bytes of a stored string. */
export function bytesOf(value: Reading<StringValue>): Bytes {
  if (typeof value === 'string') return value
  return typeof value === 'number' ? (`${value}` as Bytes) : value.toBytes()
}

/** The length of a stored string in bytes. */
export function lengthOf(value: Reading<StringValue>): number {
  return typeof value === 'number' ? `${value}`.length : value.length
}

/** The bytes in from <= i < to; never a view that keeps a long string alive. */
export function rangeOf(value: Reading<StringValue>, from: number, to: number): Bytes {
  if (typeof value === 'object') return value.range(from, to)
  const whole = bytesOf(value)
  if (to - from < VIEWED_FROM || to - from === whole.length) return whole.slice(from, to) as Bytes
  return Buffer.from(whole.slice(from, to), 'latin1').latin1Slice() as Bytes
}

/** The string at a key made ready to be written in place. Call after its value was got by `edit`. */
export function growing(db: Database, key: Bytes, value: StringValue | undefined): Growable {
  if (typeof value === 'object') return value
  const growable = value === undefined ? new Growable() : Growable.from(bytesOf(value))
  db.replace(key, growable)
  return growable
}

/** Refuses strings beyond proto-max-bulk-len. */
export function checkLength(ctx: Context, length: number): void {
  if (!mayBeLong(ctx, length)) throw STRING_TOO_LONG
}

/** Whether proto-max-bulk-len allows a string of this length. */
export function mayBeLong({ server }: Context, length: number): boolean {
  return (
    length <= ALWAYS_ALLOWED || length <= Math.min(Number(server.config.get('proto-max-bulk-len') ?? LONGEST), LONGEST)
  )
}

/** The bytes of a stored string, to be read at once: of a Growable its own, spare room included; `length` says how far. */
export function buffered(value: Reading<StringValue>): { readonly bytes: Uint8Array; readonly length: number } {
  if (typeof value === 'object') return value
  const bytes = Buffer.from(bytesOf(value), 'latin1')
  return { bytes, length: bytes.length }
}

/** OBJECT ENCODING of a stored string. */
export function stringEncodingOf(value: Reading<StringValue>): 'int' | 'embstr' | 'raw' {
  if (typeof value === 'number') return 'int'
  if (typeof value === 'object') return 'raw'
  // A safe integer held as bytes was made so by INCRBYFLOAT, which never stores Redis' `int`.
  if (typeof parseInteger(value) === 'bigint') return 'int'
  return value.length <= EMBSTR_LONGEST ? 'embstr' : 'raw'
}
