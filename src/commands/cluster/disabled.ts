/** The answer of a server that is no node of a cluster. */
import { err } from '../../base/errors.ts'

const DISABLED = err('This instance has cluster support disabled')

/** Refuses. */
export function refuse(): never {
  throw DISABLED
}
