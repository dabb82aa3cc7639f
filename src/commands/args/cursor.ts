/** SCAN's cursor: one reader for all the commands of the SCAN family. */
import type { Bytes } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'

const INVALID_CURSOR = err('invalid cursor')
const UNSIGNED = /^[+-]?[0-9]+$/
const UNSIGNED_END = 2 ** 64
const EXACT_END = 1n << 64n

/** Reads a cursor as C's strtoul does: signs pass, the empty word is 0. Cursors beyond the table's end start again. */
export function readCursor(word: Bytes): number {
  if (word.length === 0) return 0
  if (!UNSIGNED.test(word)) throw INVALID_CURSOR
  const value = Number(word)
  // Only beside the end does a double not tell which side it is.
  if (Math.abs(value) >= UNSIGNED_END) {
    const exact = BigInt(word)
    if (exact >= EXACT_END || exact <= -EXACT_END) throw INVALID_CURSOR
  }
  return value < 0 ? UNSIGNED_END + value : value
}
