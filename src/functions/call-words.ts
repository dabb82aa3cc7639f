/**
 * The words of TFCALL: `library.function` and the number of keys. The checks are in the original's order.
 */
import type { Bytes } from '../base/bytes.ts'
import { err } from '../base/errors.ts'
import { ReplyError } from '../base/reply.ts'
import { strictText } from '../guest/utf8.ts'

const NOT_TEXT = new ReplyError("Couldn't parse as UTF-8 string")
const NO_FUNCTION = new ReplyError('Failed extracting function name')
const NO_DIGITS = err('cannot parse integer from empty string')
const BAD_DIGIT = err('invalid digit found in string')
const TOO_LARGE = err('number too large to fit in target type')
const LARGEST = 2n ** 64n - 1n

export interface CallWords {
  readonly library: string
  readonly function: string
  readonly keys: number
}

/** Reads both; throws `ReplyError`. A third dotted part of the name is ignored. */
export function readCall(name: Bytes, numkeys: Bytes): CallWords {
  const text = strictText(name)
  if (text === undefined) throw NOT_TEXT
  const [library = '', functionName] = text.split('.')
  if (functionName === undefined) throw NO_FUNCTION
  return { library, function: functionName, keys: count(numkeys) }
}

function count(word: Bytes): number {
  if (word === '') throw NO_DIGITS
  if (!/^\+?\d+$/.test(word)) throw BAD_DIGIT
  if (BigInt(word.replace('+', '')) > LARGEST) throw TOO_LARGE
  return Number(word)
}
