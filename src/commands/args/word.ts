/**
 * One word of a call: from what a caller gives for an argument to bytes.
 *
 * The one idea: what the printed types promise is checked here once more, for callers without types. What is of another
 * kind is a `TypeError` that names the argument; what is of the right kind and wrong (a score below a limit) is for the
 * store to refuse, in its own words.
 */
import { type Bytes, bytes, fromBuffer } from '../../base/bytes.ts'
import { formatDouble } from '../../base/doubles.ts'
import { formatInteger } from '../../base/integers.ts'
import type { Node } from './nodes.ts'

/** What a caller passes for one argument; the printed client's types say more. */
export type Given =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | Date
  | undefined
  | readonly Given[]
  | ReadonlyMap<Given, Given>
  | { readonly [name: string]: Given }

/** The word of an argument; `name` is what its caller knows it by. */
export function wordOf(node: Node, value: Given, name: string): Bytes {
  switch (node.kind) {
    case 'key':
      return textOf(value) ?? refuse(name, 'a string or a Uint8Array', value)
    case 'integer':
    case 'cursor':
    case 'int64':
      return integerOf(value) ?? refuse(name, 'an integer', value)
    case 'double':
    case 'timeout':
      return numberOf(value) ?? refuse(name, 'a number', value)
    case 'choice':
      return choiceOf(node, value, name)
    default:
      return textOf(value) ?? numberOf(value) ?? dateOf(node, value) ?? refuse(name, ANY_VALUE, value)
  }
}

/** One word of a command whose description is not known. */
export const anyWord = (value: Given): Bytes =>
  textOf(value) ?? numberOf(value) ?? refuse('every word', ANY_VALUE, value)

const ANY_VALUE = 'a string, number, bigint or Uint8Array'

const textOf = (value: Given): Bytes | undefined =>
  typeof value === 'string' ? bytes(value) : value instanceof Uint8Array ? fromBuffer(value) : undefined

const integerOf = (value: Given): Bytes | undefined =>
  typeof value === 'bigint' || Number.isInteger(value) ? numberOf(value) : undefined

/** Doubles print with 17 digits, so that no bit is lost. */
function numberOf(value: Given): Bytes | undefined {
  if (typeof value === 'bigint') return formatInteger(value)
  if (typeof value !== 'number' || Number.isNaN(value)) return undefined
  return Number.isSafeInteger(value) ? formatInteger(value) : formatDouble(value)
}

function dateOf(node: Node, value: Given): Bytes | undefined {
  if (node.doc !== 'unix-time' || !(value instanceof Date)) return undefined
  const ms = value.getTime()
  if (Number.isNaN(ms)) return undefined
  return formatInteger(node.name.includes('milli') ? ms : Math.floor(ms / 1000))
}

function choiceOf({ choices }: Node, value: Given, name: string): Bytes {
  if (typeof value === 'string' && choices!.includes(value.toUpperCase())) return bytes(value)
  return refuse(name, `one of ${choices!.map((word) => `'${word}'`).join(', ')}`, value)
}

/** Refuses an argument, saying what it should have been. */
export function refuse(name: string, wanted: string, value: Given): never {
  throw new TypeError(`${name} must be ${wanted}, not ${shown(value)}`)
}

function shown(value: Given): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value instanceof Date) return 'a Date'
  return Array.isArray(value) ? 'an array' : typeof value
}
