/**
 * From replies to values: what a command's shape promises, whatever protocol the reply came by.
 *
 * The one idea: the shape decides, not the reply. RESP2 knows no maps, sets, doubles or booleans; read by its shape, a
 * flat list becomes the map that RESP3 would have brought, and a text the number that it spells.
 */
import { type Bytes, text, toBuffer } from '../base/bytes.ts'
import { parseDouble } from '../base/doubles.ts'
import { BigNumber, Double, NilArray, type Reply, ReplyError, Status, Verbatim } from '../base/reply.ts'
import type { Options } from '../commands/args/encode.ts'
import type { Shape } from '../commands/shape.ts'
import { RedisError } from './errors.ts'

/** What strings become: text, or buffers byte for byte. */
export type Decode = (value: Bytes) => unknown

/** Makes a value of a reply; `options` are those of the call, which some shapes depend on. */
export type Read = (reply: Reply, options: Options | undefined) => unknown

/** Strings as text, decoded as UTF-8. */
export const asText: Decode = text
/** Strings as buffers. */
export const asBuffers: Decode = toBuffer

/** The reader for a shape. */
export function readerOf(shape: Shape, decode: Decode): Read {
  const make = MAKERS[shape.kind]
  const readers = (shape.of ?? []).map((inner) => readerOf(inner, decode))
  return make(shape, readers, decode)
}

type Make = (shape: Shape, readers: readonly Read[], decode: Decode) => Read

const asItIs: Make = (_shape, _readers, decode) => (reply) => plain(reply, decode)

const string: Make = (_shape, _readers, decode) => (reply) =>
  typeof reply === 'string' ? decode(reply) : plain(reply, decode)

/** A status is a word of the protocol, text in every mode. */
const status: Make = () => (reply) => (reply instanceof Status ? text(reply.text) : plain(reply, asText))

const number: Make = () => (reply) => {
  if (typeof reply === 'number') return reply
  if (reply instanceof Double) return reply.value
  if (typeof reply === 'string') return parseDouble(reply) ?? text(reply)
  return plain(reply, asText)
}

const boolean: Make = () => (reply) => (typeof reply === 'number' ? reply === 1 : plain(reply, asText))

/** Where a tuple is promised, an empty array is none too (ZPOPMIN). The reader of strings knows nil by itself. */
const nullable: Make = ({ of }, [read]) => {
  const { kind } = of![0]!
  if (kind === 'bulk') return read!
  const isNone = (reply: Reply): boolean => isNil(reply) || (kind === 'tuple' && itemsIn(reply).length === 0)
  return (reply, options) => (isNone(reply) ? null : read!(reply, options))
}

/** The reader of the option that was given; the most particular one stands last. */
const either: Make =
  ({ when }, readers) =>
  (reply, options) => {
    if (options === undefined) return readers[0]!(reply, options)
    let chosen = readers[0]!
    when!.forEach((names, i) => {
      if (names.split('+').every((name) => isGiven(options, name))) chosen = readers[i + 1]!
    })
    return chosen(reply, options)
  }

const isGiven = (options: Options | undefined, name: string): boolean => {
  const given = options?.[name]
  return given !== undefined && given !== false
}

const array: Make =
  (_shape, [read]) =>
  (reply, options) =>
    itemsIn(reply).map((item) => read!(item, options))

const tuple: Make = (_shape, readers, decode) => (reply, options) =>
  itemsIn(reply).map((item, i) => (readers[i] ?? ((other: Reply) => plain(other, decode)))(item, options))

const set: Make =
  (_shape, [read]) =>
  (reply, options) =>
    new Set(itemsIn(reply).map((item) => read!(item, options)))

const pairs: Make =
  (_shape, [first, second]) =>
  (reply, options) =>
    pairsIn(reply).map(([a, b]) => [first!(a, options), second!(b, options)])

const map: Make =
  (_shape, [first, second]) =>
  (reply, options) =>
    new Map(pairsIn(reply).map(([key, value]) => [first!(key, options), second!(value, options)]))

const record: Make =
  ({ names }, readers, decode) =>
  (reply, options) =>
    Object.fromEntries(
      pairsIn(reply).map(([key, value]) => {
        const name = String(plain(key, asText))
        const read = readers[names!.indexOf(name)]
        return [name, read === undefined ? plain(value, decode) : read(value, options)]
      }),
    )

const row: Make =
  ({ names, when }, readers) =>
  (reply, options) => {
    const asked = when!.flatMap((name, i) => (isGiven(options, name) ? [i + 1] : []))
    return Object.fromEntries(
      itemsIn(reply).flatMap((item, at) => {
        const field = at === 0 ? 0 : asked[at - 1]
        return field === undefined ? [] : [[names![field]!, readers[field]!(item, options)]]
      }),
    )
  }

const MAKERS: Readonly<Record<Shape['kind'], Make>> = {
  any: asItIs,
  null: asItIs,
  bulk: string,
  keyName: string,
  status,
  integer: asItIs,
  double: number,
  boolean,
  nullable,
  either,
  array,
  tuple,
  set,
  pairs,
  map,
  record,
  row,
}

/** A reply that nothing is known of: numbers, strings, null, arrays; maps and sets as such where the protocol has them. */
export function plain(reply: Reply, decode: Decode): unknown {
  if (typeof reply === 'string') return decode(reply)
  if (isNil(reply)) return null
  if (typeof reply === 'bigint') return safely(reply)
  if (typeof reply !== 'object') return reply
  if (reply instanceof Status || reply instanceof Verbatim) return decode(reply.text)
  if (reply instanceof Double) return reply.value
  if (reply instanceof BigNumber) return BigInt(reply.digits)
  if (reply instanceof ReplyError) return new RedisError(reply)
  return itemsIn(reply).map((item) => plain(item, decode))
}

/** A bigint only where a number would round. */
function safely(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}

const isNil = (reply: Reply): reply is null | NilArray => reply === null || reply instanceof NilArray

function itemsIn(reply: Reply): readonly Reply[] {
  if (reply === null || typeof reply !== 'object') return []
  if ('items' in reply) return reply.items
  return isItems(reply) ? reply : []
}

const isItems = (reply: Reply): reply is readonly Reply[] => Array.isArray(reply)

/** Pairs, flat as RESP2 gives them or each in an array of its own. */
function pairsIn(reply: Reply): [Reply, Reply][] {
  const items = itemsIn(reply)
  if (items.length > 0 && items.every(isPair)) return items.map((pair) => [pair[0]!, pair[1]!])
  const found: [Reply, Reply][] = []
  for (let i = 0; i + 1 < items.length; i += 2) found.push([items[i]!, items[i + 1]!])
  return found
}

const isPair = (reply: Reply): reply is readonly Reply[] => isItems(reply) && reply.length === 2
