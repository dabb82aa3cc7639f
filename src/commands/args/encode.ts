/**
 * From typed arguments to words: the reader of the grammar that the client uses, the inverse of `parse`.
 *
 * The one idea: required arguments come in order, then one object of options; counts (numkeys) are not given but counted.
 * User text becomes UTF-8 here, buffers are taken as they are. What can't be a word is a `TypeError` that names the argument.
 */
import { type Bytes, bytes, fromBuffer } from '../../base/bytes.ts'
import { formatDouble } from '../../base/doubles.ts'
import { formatInteger } from '../../base/integers.ts'
import { type Node, spread } from './nodes.ts'
import { camel } from './typescript.ts'

/** What a caller passes for one argument; the printed client's types say more. */
export type Given =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | Date
  | undefined
  | readonly Given[]
  | ReadonlyMap<Given, Given>
  | { readonly [name: string]: Given }

/** Makes the words of calls: `given` holds the required arguments in order and, last, the options. */
export function encoderOf(name: readonly Bytes[], grammar: readonly Node[]): (given: readonly Given[]) => Bytes[] {
  const nodes = spread(grammar)
  const required = nodes.filter((node) => !node.optional).length
  return (given) => {
    const out = [...name]
    const options = optionsOf(given[required])
    let at = 0
    for (const node of nodes) {
      if (node.optional) encodeOption(node, options?.[camel(node.name)], out)
      else encodeRequired(node, given[at++], out)
    }
    return out
  }
}

/** The options of a call, by name. */
export type Options = { readonly [name: string]: Given }

/** The options among what was given: an object, or nothing. */
export function optionsOf(given: Given): Options | undefined {
  if (given === undefined || isOptions(given)) return given
  throw new TypeError('options must be an object')
}

const isOptions = (given: Given): given is Options =>
  typeof given === 'object' && !isList(given) && !(given instanceof Uint8Array) && !(given instanceof Map)

function encodeRequired(node: Node, value: Given, out: Bytes[]): void {
  switch (node.kind) {
    case 'numkeys': {
      const keys = listOf(value)
      out.push(formatInteger(keys.length))
      pushAll(node, keys, out)
      return
    }
    case 'tail':
      for (const entry of entriesOf(node, value)) pushAll(node, entry, out)
      return
    case 'halves': {
      out.push(bytes(node.token!))
      const entries = entriesOf(node, value)
      for (const half of [0, 1])
        for (const entry of entries) if (entry.length > half) out.push(wordOf(node, entry[half]))
      return
    }
    case 'counted': {
      const items = listOf(value)
      out.push(bytes(node.token!), formatInteger(items.length))
      pushAll(node, items, out)
      return
    }
    case 'sequence':
      for (const operation of listOf(value)) pushAll(node, listOf(operation), out)
      return
    case 'option':
      out.push(bytes(node.token!))
      pushAll(node, listOf(value), out)
      return
    default:
      pushAll(node, listOf(value), out)
  }
}

function encodeOption(node: Node, value: Given, out: Bytes[]): void {
  if (value === undefined || value === false) return
  if (node.kind === 'optional') {
    out.push(wordOf(node, value))
    return
  }
  const token = bytes(node.token!)
  if (node.kind === 'flag') out.push(token)
  else if (node.repeat === 'collect') for (const item of listOf(value)) out.push(token, wordOf(node, item))
  else {
    out.push(token)
    pushAll(node, listOf(value), out)
  }
}

function pushAll(node: Node, values: readonly Given[], out: Bytes[]): void {
  for (const value of values) out.push(wordOf(node, value))
}

const listOf = (value: Given): readonly Given[] => (isList(value) ? value : [value])

const isList = (value: Given): value is readonly Given[] => Array.isArray(value)

/**
 * Pairs in the order of the words: of an object or map, of a list of pairs, or flat as they are. An object names members
 * and fields, so where the grammar has the other word first (score, member) they change places.
 */
function entriesOf(node: Node, value: Given): readonly (readonly Given[])[] {
  if (isList(value)) {
    if (value.length > 0 && value.every(isList)) return value
    // Flat words: the first half, for what comes in halves, is the keys.
    const half = value.length / 2
    return node.kind === 'halves' ? value.slice(0, half).map((first, i) => [first, value[half + i]]) : [value]
  }
  const pairs = value instanceof Map ? [...value] : isOptions(value) ? Object.entries(value) : undefined
  if (pairs === undefined) throw new TypeError(`${node.name} must be an object, a Map or an array`)
  return node.inner![0]!.kind === 'double' ? pairs.map(([member, score]) => [score, member]) : pairs
}

/** One word. Doubles print with 17 digits, so that no bit is lost. */
function wordOf(node: Node, value: Given): Bytes {
  if (typeof value === 'string') return bytes(value)
  if (typeof value === 'bigint') return formatInteger(value)
  if (typeof value === 'number') return Number.isSafeInteger(value) ? formatInteger(value) : formatDouble(value)
  if (value instanceof Uint8Array) return fromBuffer(value)
  if (value instanceof Date) {
    const ms = value.getTime()
    return formatInteger(node.name.includes('seconds') && !node.name.includes('milli') ? Math.floor(ms / 1000) : ms)
  }
  throw new TypeError(
    `${node.name} must be a string, number, bigint, Uint8Array or Date, not ${value === null ? 'null' : typeof value}`,
  )
}

/** One word of a command whose description is not known. */
export const anyWord = (value: string | number | bigint | Uint8Array): Bytes => wordOf(ANY, value)

const ANY: Node = { kind: 'bytes', name: 'every word', optional: false }
