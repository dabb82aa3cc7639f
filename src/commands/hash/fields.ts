/**
 * `FIELDS numfields field [field ...]`, as the commands about deadlines of fields take them.
 *
 * The one idea: Redis looks at the key first, so these words are read by the handlers, which then answer field by field.
 */
import { type Argv, type Bytes, upper } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import type { ReplyError } from '../../base/reply.ts'
import { bytes, counted } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'
import { argvOf } from '../command.ts'

const FIELDS_MISSING = err('Mandatory argument FIELDS is missing or not at the right position')
const COUNT_DIFFERS = err('The `numfields` parameter must match the number of arguments')

/** Answered by what takes no condition. */
export const COUNT_NOT_POSITIVE = err('Number of fields must be a positive integer')

/** The answer for a field that is not there. */
export const NO_FIELD = -2
/** The answer for a field without deadline. */
export const NO_DEADLINE = -1

/** The words in the grammar; they stand within a `late`. */
export const FIELDS = counted('fields', 'FIELDS', 'numfields', bytes('field'))

/** The fields that are named from `at` on, where FIELDS must stand; `notPositive` is answered for a bad number. */
export function readFields(words: readonly Bytes[], at: number, notPositive: ReplyError): readonly Bytes[] {
  if (words[at] === undefined || upper(words[at]) !== 'FIELDS') throw FIELDS_MISSING
  if (words[at + 1] === undefined) throw COUNT_DIFFERS
  const count = readInteger(words[at + 1]!, { min: 1, invalid: notPositive, outside: notPositive })
  if (count !== words.length - at - 2) throw COUNT_DIFFERS
  return words.slice(at + 2)
}

/** The end of a command that names these fields. */
export const fieldsArgv = (fields: readonly Bytes[]): Argv => argvOf('FIELDS', `${fields.length}`, ...fields)
