/**
 * Passwords: kept as the hexadecimal SHA-256 of what was given, never as it was given.
 *
 * Comparing takes the same time wherever the first difference is.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { type Bytes, raw, toBuffer } from '../../base/bytes.ts'

const HASH = /^[0-9a-f]{64}$/

/** The form in which a password is kept. */
export const hashOf = (password: Bytes): Bytes => raw(createHash('sha256').update(password, 'latin1').digest('hex'))

/** Whether a word is such a form. */
export const isHash = (word: Bytes): boolean => HASH.test(word)

/** Whether a password is one of those kept; all are looked at. */
export function matchesPassword(hashes: Iterable<Bytes>, password: Bytes): boolean {
  const given = toBuffer(hashOf(password))
  let found = false
  for (const hash of hashes) found = timingSafeEqual(given, toBuffer(hash)) || found
  return found
}
