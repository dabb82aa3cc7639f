/**
 * The words of a command that a function issues.
 */
import { type Argv, type Bytes, raw } from '../base/bytes.ts'
import { bytesOf, encode, isArrayBuffer, isOwnBytes, isStringObject } from './natives.ts'

const NO_COMMAND = 'Can not convert value at position 0 into string. Wrong number of arguments given.'
const NOT_A_NAME = 'Can not convert value at position 0 into string. Value is not string.'
const NOT_BYTES = 'Failed consuming arguments. Can not convert value into bytes buffer.'

/** The line that a call stands for. The command is a string; what follows also numbers and buffers. Throws strings. */
export function argvFrom(words: readonly unknown[]): Argv {
  const name = words[0]
  if (typeof name !== 'string') return argvFromObject(words)
  if (isLine(words)) return words
  const argv = [encode(name)]
  for (let i = 1; i < words.length; i++) argv.push(wordOf(words[i]))
  return argv
}

/** Whether words are the bytes of a line as they are. Most are, and to make another array takes 10 ns of 90. */
function isLine(words: readonly unknown[]): words is Argv {
  for (let i = 0; i < words.length; i++) if (!isOwnBytes(words[i])) return false
  return true
}

/** A name may also be a String object. */
function argvFromObject(words: readonly unknown[]): Argv {
  if (words.length === 0) throw NO_COMMAND
  const [name, ...rest] = words
  if (!isStringObject(name)) throw NOT_A_NAME
  return argvFrom([String(name), ...rest])
}

function wordOf(word: unknown): Bytes {
  if (typeof word === 'string') return encode(word)
  if (typeof word === 'number' || typeof word === 'bigint') return raw(String(word))
  if (isArrayBuffer(word)) return bytesOf(word)
  if (ArrayBuffer.isView(word)) return bytesOf(word)
  if (isStringObject(word)) return encode(String(word))
  throw NOT_BYTES
}
