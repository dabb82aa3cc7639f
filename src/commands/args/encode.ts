/**
 * From typed arguments to words: the reader of the grammar that the client uses, the inverse of `parse`.
 *
 * The one idea: required arguments come in order, then one object of options; counts (numkeys) are not given but counted.
 * User text becomes UTF-8 here, buffers are taken as they are.
 */
import { type Bytes, bytes, fromBuffer } from '../../base/bytes.ts'
import { formatDouble } from '../../base/doubles.ts'
import { formatInteger } from '../../base/integers.ts'
import { type Node, spread } from './nodes.ts'
import { camel } from './typescript.ts'

/** What a caller passes for one argument; the printed client's types say more. */
export type Given = string | number | bigint | boolean | Uint8Array | Date | readonly Given[]

/** The words of a call: `given` holds the required arguments in order and, last, the options object when there are options. */
export function encodeArgs(
  name: readonly Bytes[],
  grammar: readonly Node[],
  given: readonly (Given | Readonly<Record<string, Given | undefined>> | undefined)[],
): Bytes[] {
  const out = [...name]
  const nodes = spread(grammar)
  const required = nodes.filter((node) => !node.optional).length
  const options = (given[required] ?? {}) as Readonly<Record<string, Given | undefined>>
  let at = 0
  for (const node of nodes) {
    if (node.optional) encodeOption(node, options[camel(node.name)], out)
    else encodeRequired(node, given[at++] as Given, out)
  }
  return out
}

function encodeRequired(node: Node, value: Given, out: Bytes[]): void {
  switch (node.kind) {
    case 'numkeys': {
      const keys = listOf(value)
      out.push(formatInteger(keys.length), ...keys.map(wordOf))
      return
    }
    case 'sequence':
      for (const operation of listOf(value)) out.push(...listOf(operation).map(wordOf))
      return
    case 'halves':
    case 'option':
      out.push(bytes(node.token!), ...listOf(value).map(wordOf))
      return
    default:
      out.push(...listOf(value).map(wordOf))
  }
}

function encodeOption(node: Node, value: Given | undefined, out: Bytes[]): void {
  if (value === undefined || value === false) return
  if (node.kind === 'optional') {
    out.push(wordOf(value))
    return
  }
  const token = bytes(node.token!)
  if (node.kind === 'flag') out.push(token)
  else if (node.repeat === 'collect') for (const item of listOf(value)) out.push(token, wordOf(item))
  else out.push(token, ...listOf(value).map(wordOf))
}

const listOf = (value: Given): readonly Given[] => (isList(value) ? value : [value])

const isList = (value: Given): value is readonly Given[] => Array.isArray(value)

/** One word. Doubles print with 17 digits, so that no bit is lost. */
function wordOf(value: Given): Bytes {
  if (typeof value === 'string') return bytes(value)
  if (typeof value === 'bigint') return formatInteger(value)
  if (typeof value === 'number') return Number.isSafeInteger(value) ? formatInteger(value) : formatDouble(value)
  if (value instanceof Uint8Array) return fromBuffer(value)
  if (value instanceof Date) return formatInteger(value.getTime())
  throw new TypeError(`an argument must be a string, number, bigint, Uint8Array or Date, not ${typeof value}`)
}
