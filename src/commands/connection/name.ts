/** The name of a connection: printable ASCII without blanks, so that CLIENT LIST stays readable; empty means none. */
import type { Bytes } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'

const INVALID = err('Client names cannot contain spaces, newlines or special characters.')
const PRINTABLE = /^[!-~]*$/

/** Gives the name back, or throws. */
export function checkName(name: Bytes): Bytes {
  if (!PRINTABLE.test(name)) throw INVALID
  return name
}
