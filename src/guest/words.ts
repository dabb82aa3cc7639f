/**
 * The words of a command that a function issues.
 */
import { types } from 'node:util'
import { type Argv, type Bytes, bytes, fromBuffer, raw } from '../base/bytes.ts'

const NO_COMMAND = 'Can not convert value at position 0 into string. Wrong number of arguments given.'
const NOT_A_NAME = 'Can not convert value at position 0 into string. Value is not string.'
const NOT_BYTES = 'Failed consuming arguments. Can not convert value into bytes buffer.'

/** The line that a call stands for. The command is a string; what follows also numbers and buffers. Throws strings. */
export function argvFrom(words: readonly unknown[]): Argv {
  if (words.length === 0) throw NO_COMMAND
  const argv: Bytes[] = new Array(words.length)
  const [name] = words
  if (typeof name !== 'string' && !types.isStringObject(name)) throw NOT_A_NAME
  argv[0] = bytes(String(name))
  for (let i = 1; i < words.length; i++) argv[i] = wordOf(words[i])
  return argv
}

function wordOf(word: unknown): Bytes {
  if (typeof word === 'string') return bytes(word)
  if (typeof word === 'number' || typeof word === 'bigint') return raw(String(word))
  if (types.isAnyArrayBuffer(word)) return fromBuffer(new Uint8Array(word))
  if (ArrayBuffer.isView(word)) return fromBuffer(new Uint8Array(word.buffer, word.byteOffset, word.byteLength))
  if (types.isStringObject(word)) return bytes(String(word))
  throw NOT_BYTES
}
