/**
 * Where a bit stands: an offset counted in bits, or after `#` in integers of some width.
 *
 * Invariant: the byte that holds the bit is within the longest string that Redis may store. Where ours ends 24 bytes
 * earlier, as V8's strings do, reading goes on to Redis' end, and `checkLast` refuses to write.
 */
import { type Bytes, raw } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { parseInteger } from '../../base/integers.ts'
import type { Context } from '../context.ts'
import { LONGEST, mayBeLong } from '../string/string-value.ts'

const OFFSET_INVALID = err('bit offset is not an integer or out of range')
const HASH = 35
const REDIS_LONGEST = 2 ** 29

/** Reads an offset; throws when it is none or too large. */
export function readOffset(ctx: Context, word: Bytes): number {
  return within(ctx, parseInteger(word))
}

/** Reads the offset of an integer of so many bits, `#3` being the fourth of such integers. */
export function readFieldOffset(ctx: Context, word: Bytes, width: number): number {
  if (word.charCodeAt(0) !== HASH) return readOffset(ctx, word)
  const index = parseInteger(raw(word.slice(1)))
  if (index === undefined) throw OFFSET_INVALID
  const bits = Number(index) * width
  if (Number.isSafeInteger(bits)) return within(ctx, bits)
  // Redis multiplies in 64 bits, and what overflows may become a small offset again.
  return within(ctx, Number(BigInt.asIntN(64, BigInt(index) * BigInt(width))))
}

function within(ctx: Context, offset: number | bigint | undefined): number {
  if (typeof offset !== 'number' || offset < 0) throw OFFSET_INVALID
  const byte = byteOf(offset)
  if (!mayBeLong(ctx, byte + 1) && !(byte < REDIS_LONGEST && mayBeLong(ctx, LONGEST))) throw OFFSET_INVALID
  return offset
}

/** The byte that holds a bit. */
export const byteOf = (offset: number): number => Math.floor(offset / 8)

/** Refuses to write beyond the longest string. */
export function checkLast(offset: number): void {
  if (byteOf(offset) >= LONGEST) throw OFFSET_INVALID
}
