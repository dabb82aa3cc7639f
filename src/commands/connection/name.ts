/** The name of a connection: printable ASCII without blanks, so that CLIENT LIST stays readable; empty means none. */
import type { Bytes } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'

const INVALID = err('Client names cannot contain spaces, newlines or special characters.')
const PRINTABLE = /^[!-~]*$/

/** Whether nothing in a word would break a line of CLIENT LIST. */
export const isPrintable = (word: Bytes): boolean => PRINTABLE.test(word)

/** Gives the name back, or throws. */
export function checkName(name: Bytes): Bytes {
  if (!isPrintable(name)) throw INVALID
  return name
}
