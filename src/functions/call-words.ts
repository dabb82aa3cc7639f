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

export interface FunctionName {
  readonly library: string
  readonly function: string
  /** The third part, which means something to us only when it is `resp3`. */
  readonly form: string | undefined
}

/** Reads a function's name; throws `ReplyError`. */
export function readName(name: Bytes): FunctionName {
  const text = strictText(name)
  if (text === undefined) throw NOT_TEXT
  const [library = '', functionName, form] = text.split('.')
  if (functionName === undefined) throw NO_FUNCTION
  return { library, function: functionName, form }
}

/** Reads the number of keys; throws `ReplyError`. */
export function readCount(word: Bytes): number {
  // Nearly always one digit.
  if (word.length === 1 && word >= '0' && word <= '9') return word.charCodeAt(0) - 48
  if (word === '') throw NO_DIGITS
  if (!/^\+?\d+$/.test(word)) throw BAD_DIGIT
  if (BigInt(word.replace('+', '')) > LARGEST) throw TOO_LARGE
  return Number(word)
}
