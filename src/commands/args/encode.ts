/**
 * From typed arguments to words: the reader of the grammar that the client uses, the inverse of `parse`.
 *
 * The one idea: required arguments come in order, then one object of options; counts (numkeys) are not given but counted.
 * User text becomes UTF-8 here, buffers are taken as they are. What can't be a word is a `TypeError` that names the argument.
 */
import { type Bytes, bytes } from '../../base/bytes.ts'
import { formatInteger } from '../../base/integers.ts'
import { camel, isOmissible, propertyOf } from './names.ts'
import { type Node, spread } from './nodes.ts'
import { type Given, refuse, wordOf } from './word.ts'

/** Makes the words of calls: `given` holds the required arguments in order and, last, the options. */
export function encoderOf(name: readonly Bytes[], grammar: readonly Node[]): (given: readonly Given[]) => Bytes[] {
  const nodes = spread(grammar)
  const required = nodes.filter((node) => !node.optional).length
  const known = new Set(nodes.filter((node) => node.optional).map(propertyOf))
  return (given) => {
    const out = [...name]
    const options = optionsOf(given[required])
    if (options !== undefined) checkOptions(options, known, name)
    if (given.length > required + 1) throw new TypeError(`${name.join(' ')} takes ${required} arguments and options`)
    let at = 0
    for (const node of nodes) {
      if (node.optional) encodeOption(node, options?.[propertyOf(node)], out)
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
  return refuse('options', 'an object', given)
}

function checkOptions(options: Options, known: ReadonlySet<string>, name: readonly Bytes[]): void {
  for (const option of Object.keys(options)) {
    if (known.has(option)) continue
    const has = known.size === 0 ? 'it has none' : `it has ${[...known].join(', ')}`
    throw new TypeError(`${name.join(' ')} has no option ${JSON.stringify(option)}: ${has}`)
  }
}

const isOptions = (given: Given): given is Options =>
  typeof given === 'object' &&
  given !== null &&
  !isList(given) &&
  !(given instanceof Uint8Array) &&
  !(given instanceof Date) &&
  !(given instanceof Map)

function encodeRequired(node: Node, value: Given, out: Bytes[]): void {
  const name = camel(node.name)
  switch (node.kind) {
    case 'numkeys':
    case 'many':
    case 'counted':
    case 'words':
      encodeList(node, value, name, out)
      return
    case 'tail': {
      const entries = entriesOf(node, value)
      if (entries.every((entry) => entry.length === 0)) refuse(name, 'one at least', 0)
      for (const entry of entries) pushRow(node.inner!, entry, name, out)
      return
    }
    case 'halves': {
      out.push(bytes(node.token!))
      const entries = entriesOf(node, value)
      for (const half of [0, 1])
        for (const entry of entries) if (entry.length > half) out.push(wordOf(node.inner![half]!, entry[half], name))
      return
    }
    case 'sequence':
      for (const operation of listOf(value)) encodeOperation(node, listOf(operation), name, out)
      return
    case 'option':
      out.push(bytes(node.token!))
      pushTuple(node.inner!, value, name, out)
      return
    default:
      out.push(wordOf(node, value, name))
  }
}

/** One or many; where a number stands before them it is counted. */
function encodeList(node: Node, value: Given, name: string, out: Bytes[]): void {
  const items = value === undefined && isOmissible(node) ? [] : listOf(value)
  if (items.length === 0 && !isOmissible(node)) refuse(name, 'one at least', 0)
  if (node.kind === 'counted') out.push(bytes(node.token!))
  if (node.kind === 'counted' || node.kind === 'numkeys') out.push(formatInteger(items.length))
  const inner = node.kind === 'numkeys' ? KEY : (node.inner?.[0] ?? ANY)
  for (const item of items) out.push(wordOf(inner, item, name))
}

function encodeOption(node: Node, value: Given, out: Bytes[]): void {
  if (value === undefined || (value === false && isSwitch(node))) return
  const name = propertyOf(node)
  if (isSwitch(node)) {
    if (value !== true) refuse(name, 'a boolean', value)
    out.push(bytes(node.token ?? node.inner![0]!.choices![0]!))
  } else if (node.kind === 'optional') out.push(wordOf(node.inner![0]!, value, name))
  else if (node.repeat === 'collect') {
    for (const item of listOf(value)) out.push(bytes(node.token!), wordOf(node.inner![0]!, item, name))
  } else {
    out.push(bytes(node.token!))
    pushTuple(node.inner!, value, name, out)
  }
}

/** What is there or not: a flag, or the only word that may stand in a place. */
const isSwitch = (node: Node): boolean =>
  node.kind === 'flag' || (node.kind === 'optional' && node.inner![0]!.choices?.length === 1)

/** The words behind a token: one, as many as the grammar has, or any number. */
function pushTuple(inner: readonly Node[], value: Given, name: string, out: Bytes[]): void {
  const items = listOf(value)
  const [first] = inner
  if (first!.kind === 'many') for (const item of items) out.push(wordOf(first!.inner![0]!, item, name))
  else if (items.length === inner.length) pushRow(inner, items, name, out)
  // `maxlen: 1000`: how exactly it is meant (`=`, `~`) may be left out.
  else if (first!.name === 'operator' && items.length === 1) out.push(wordOf(inner[1]!, items[0], name))
  else refuse(name, `${inner.length} values`, items.length)
}

/** Words of one row, or of several behind each other. */
function pushRow(inner: readonly Node[], values: readonly Given[], name: string, out: Bytes[]): void {
  if (values.length % inner.length !== 0) refuse(name, `${inner.length} values each`, values.length)
  values.forEach((value, i) => {
    out.push(wordOf(inner[i % inner.length]!, value, name))
  })
}

/** One operation of a sequence: its token, then its words. */
function encodeOperation(node: Node, [token, ...words]: readonly Given[], name: string, out: Bytes[]): void {
  const wanted = typeof token === 'string' ? token.toUpperCase() : undefined
  const member = node.inner!.find((each) => each.token === wanted)
  const { inner = [] } = member ?? refuse(name, `one of ${node.inner!.map((each) => each.token).join(', ')}`, token)
  if (words.length !== inner.length) refuse(`${name} ${wanted}`, `${inner.length} values`, words.length)
  out.push(bytes(wanted!))
  pushRow(inner, words, name, out)
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
  if (pairs === undefined) return refuse(camel(node.name), 'an object, a Map or an array', value)
  return node.inner![0]!.kind === 'double' ? pairs.map(([member, score]) => [score, member]) : pairs
}

const KEY: Node = { kind: 'key', name: 'key', optional: false }
const ANY: Node = { kind: 'bytes', name: 'word', optional: false }
