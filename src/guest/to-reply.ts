/**
 * JavaScript values into replies: what a function returned, and what it threw.
 *
 * The one idea: a value says by its type what it is on the wire: a bigint or an integer of 32 bits is an integer, every
 * other number a double, an object a map of its properties. Tests are made in the order of the reference.
 */
import { type Bytes, raw } from '../base/bytes.ts'
import { Double, MapReply, type Reply, ReplyError, SetReply, Status, Verbatim } from '../base/reply.ts'
import { bytesOf, encode, isArrayBuffer, isSet, isStringObject } from './natives.ts'

const DEEPEST = 100
const TOO_DEEP = 'nesting level reached'
/** The most elements of an array. */
const MOST = 2 ** 23
const TOO_MANY = `An array of more than ${MOST} elements is no reply`
const NOT_A_KEY = 'Give value is not a key'
const NO_SYMBOL = 'Can not convert a Symbol into a reply'
/** What stacks call the text of a library. */
const LIBRARY_FILE = 'library.js'
const INTEGER_NAME = /^(0|-?[1-9]\d{0,18})$/

/** The reply for a value. Throws a string for what has none, and whatever the value's own getters throw. */
export function toReply(value: unknown, depth = 0): Reply {
  if (depth > DEEPEST) throw TOO_DEEP
  switch (typeof value) {
    case 'string':
      return encode(value)
    case 'number':
      return numberReply(value)
    case 'bigint':
      return BigInt.asIntN(64, value)
    case 'boolean':
      return value
    case 'undefined':
      return raw('undefined')
    case 'symbol':
      throw NO_SYMBOL
    case 'object':
      return value === null ? null : objectReply(value, depth)
    default:
      return mapReply(Object(value), depth)
  }
}

/** The error for what a function threw: strings as they are, errors as `TypeError: …`; from verbosity 2 on with their stack. */
export function toError(thrown: unknown, verbosity = 1): ReplyError {
  return new ReplyError(oneLine(encode(thrownText(thrown, verbosity))))
}

/** The stack in one line, without our own frames behind those of a library; undefined for what has none. */
function stackOf(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined
  const stack: unknown = Reflect.get(thrown, 'stack')
  if (typeof stack !== 'string') return undefined
  const lines = stack.split(/\n\s*/)
  const last = lines.findLastIndex((line) => line.includes(LIBRARY_FILE))
  return (last < 0 ? lines : lines.slice(0, last + 1)).join('|')
}

/** The text of what was thrown; from verbosity 2 on with its stack. */
export function thrownText(thrown: unknown, verbosity = 1): string {
  try {
    return (verbosity > 1 ? stackOf(thrown) : undefined) ?? String(thrown)
  } catch {
    return 'Unknown error'
  }
}

/** Carriage returns, line feeds and NULs would end the line that an error is. */
export function oneLine(text: Bytes): Bytes {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are meant
  return raw(text.replace(/[\r\n\x00]/g, ' '))
}

function numberReply(value: number): Reply {
  if ((value | 0) === value && !Object.is(value, -0)) return value
  return new Double(value, raw(numberText(value)))
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return Object.is(value, -0) ? '-0' : String(value)
}

function objectReply(value: object, depth: number): Reply {
  if (isStringObject(value)) return stringReply(value)
  if (isArrayBuffer(value)) return bytesOf(value)
  if (isSet(value)) return setReply(value)
  if (Array.isArray(value)) return arrayReply(value, depth)
  return mapReply(value, depth)
}

function arrayReply(value: readonly unknown[], depth: number): Reply {
  // A length is only a number: that of an array that holds nothing can be 2^32 - 1.
  if (value.length > MOST) throw TOO_MANY
  return Array.from(value, (item: unknown) => toReply(item, depth + 1))
}

function stringReply(value: object): Reply {
  const text = encode(String(value))
  const type: unknown = Reflect.get(value, '__reply_type')
  if (type === 'status') return new Status(oneLine(text))
  if (type !== 'verbatim') return text
  const format: unknown = Reflect.get(value, '__format') ?? 'txt'
  if (typeof format !== 'string' || format.length !== 3) throw 'Verbatim format must be of 3 characters'
  return new Verbatim(text, format)
}

function setReply(value: ReadonlySet<unknown>): Reply {
  return new SetReply(Array.from(value, keyReply))
}

function keyReply(value: unknown): Reply {
  const isKey =
    typeof value === 'string' ||
    typeof value === 'bigint' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && (value | 0) === value) ||
    isArrayBuffer(value)
  if (!isKey) throw NOT_A_KEY
  return toReply(value)
}

function mapReply(value: object, depth: number): Reply {
  const items: Reply[] = []
  // Inherited properties count: the original enumerates as `for … in` does.
  for (const name in value) {
    items.push(INTEGER_NAME.test(name) ? BigInt(name) : encode(name))
    items.push(toReply(Reflect.get(value, name), depth + 1))
  }
  return new MapReply(items)
}
