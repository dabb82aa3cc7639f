/**
 * From replies to values: what a command's shape promises, whatever protocol the reply came by.
 *
 * The one idea: the shape decides, not the reply. RESP2 knows no maps, sets, doubles or booleans; read by its shape, a
 * flat list becomes the map that RESP3 would have brought, and a text the number that it spells.
 */
import { BackendError } from '../backend/backend.ts'
import { type Bytes, text, toBuffer } from '../base/bytes.ts'
import { parseDouble } from '../base/doubles.ts'
import { BigNumber, Double, NilArray, type Reply, ReplyError, Status, Verbatim } from '../base/reply.ts'
import type { Options } from '../commands/args/encode.ts'
import type { Shape } from '../commands/shape.ts'
import { RedisError } from './errors.ts'
import { textOf } from './texts.ts'

/** What strings become: text, or buffers byte for byte. */
export type Decode = (value: Bytes) => unknown

/** Makes a value of a reply; `options` are those of the call, which some shapes depend on. */
export type Read = (reply: Reply, options: Options | undefined) => unknown

/** Strings as text, decoded as UTF-8. */
export const asText: Decode = textOf
/** Strings as buffers. */
export const asBuffers: Decode = toBuffer

/** The reader for a shape; `name` is the command's. A reply of another shape is refused (`UNEXPECTED_REPLY`). */
export function readerOf(shape: Shape, decode: Decode, name: string): Read {
  const refuse: Refuse = (wanted, reply) => {
    throw new BackendError('UNEXPECTED_REPLY', `${name} was answered by ${described(reply)} in place of ${wanted}`)
  }
  return reader(shape, decode, refuse)
}

/** Whether a shape promises a string, or nil, and nothing else. */
export function isString({ kind, of }: Shape): boolean {
  return kind === 'bulk' || (kind === 'nullable' && isString(of![0]!))
}

function reader(shape: Shape, decode: Decode, refuse: Refuse): Read {
  const make = MAKERS[shape.kind]
  const readers = (shape.of ?? []).map((inner) => reader(inner, decode, refuse))
  return make(shape, readers, decode, refuse)
}

/** Says that a reply can't be what was promised. */
type Refuse = (wanted: string, reply: Reply) => never

type Make = (shape: Shape, readers: readonly Read[], decode: Decode, refuse: Refuse) => Read

const asItIs: Make = (_shape, _readers, decode) => (reply) => plain(reply, decode)

/** Nil passes: which commands may answer it, the types say. */
const string: Make = (_shape, _readers, decode, refuse) => (reply) => {
  if (typeof reply === 'string') return decode(reply)
  return typeof reply === 'number' || isGroup(reply) ? refuse('a string', reply) : plain(reply, decode)
}

/** A status is a word of the protocol, text in every mode. */
const status: Make = (_shape, _readers, _decode, refuse) => (reply) => {
  if (reply instanceof Status) return text(reply.text)
  return typeof reply === 'number' || isGroup(reply) ? refuse('a status', reply) : plain(reply, asText)
}

const integer: Make = (_shape, _readers, decode, refuse) => (reply) => {
  if (typeof reply === 'number') return reply
  return typeof reply === 'string' || isGroup(reply) ? refuse('an integer', reply) : plain(reply, decode)
}

const number: Make = (_shape, _readers, _decode, refuse) => (reply) => {
  if (typeof reply === 'number') return reply
  if (reply instanceof Double) return reply.value
  if (typeof reply === 'string') return parseDouble(reply) ?? refuse('a number', reply)
  return isGroup(reply) ? refuse('a number', reply) : plain(reply, asText)
}

const boolean: Make = () => (reply) => (typeof reply === 'number' ? reply === 1 : plain(reply, asText))

/** Where a tuple is promised, an empty array is none too (ZPOPMIN). The reader of strings knows nil by itself. */
const nullable: Make = ({ of }, [read]) => {
  const { kind } = of![0]!
  if (kind === 'bulk') return read!
  const isNone = (reply: Reply): boolean =>
    isNil(reply) || (kind === 'tuple' && isGroup(reply) && itemsIn(reply).length === 0)
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
  (_shape, [read], _decode, refuse) =>
  (reply, options) =>
    itemsIn(reply, refuse).map((item) => read!(item, options))

const tuple: Make = (_shape, readers, decode, refuse) => (reply, options) =>
  itemsIn(reply, refuse).map((item, i) => (readers[i] ?? ((other: Reply) => plain(other, decode)))(item, options))

const set: Make =
  (_shape, [read], _decode, refuse) =>
  (reply, options) =>
    new Set(itemsIn(reply, refuse).map((item) => read!(item, options)))

const pairs: Make =
  (_shape, [first, second], _decode, refuse) =>
  (reply, options) =>
    pairsIn(reply, refuse).map(([a, b]) => [first!(a, options), second!(b, options)])

const map: Make =
  (_shape, [first, second], _decode, refuse) =>
  (reply, options) =>
    new Map(pairsIn(reply, refuse).map(([key, value]) => [first!(key, options), second!(value, options)]))

const record: Make =
  ({ names }, readers, decode, refuse) =>
  (reply, options) =>
    Object.fromEntries(
      pairsIn(reply, refuse).map(([key, value]) => {
        const name = String(plain(key, asText))
        const read = readers[names!.indexOf(name)]
        return [name, read === undefined ? plain(value, decode) : read(value, options)]
      }),
    )

const row: Make =
  ({ names, when }, readers, _decode, refuse) =>
  (reply, options) => {
    const asked = when!.flatMap((name, i) => (isGiven(options, name) ? [i + 1] : []))
    return Object.fromEntries(
      itemsIn(reply, refuse).flatMap((item, at) => {
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
  integer,
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

/** Whether a reply holds others. */
const isGroup = (reply: Reply): reply is Group =>
  typeof reply === 'object' && reply !== null && ('items' in reply || isItems(reply))

type Group = Extract<Reply, { readonly items: readonly Reply[] } | readonly Reply[]>

/** Of nil, none: some commands answer that in place of an empty array (XRANGE COUNT 0). */
function itemsIn(reply: Reply, refuse?: Refuse): readonly Reply[] {
  if (!isGroup(reply)) return refuse === undefined || isNil(reply) ? [] : refuse('an array', reply)
  return 'items' in reply ? reply.items : reply
}

const isItems = (reply: Reply): reply is readonly Reply[] => Array.isArray(reply)

/** Pairs, flat as RESP2 gives them or each in an array of its own. */
function pairsIn(reply: Reply, refuse: Refuse): [Reply, Reply][] {
  const items = itemsIn(reply, refuse)
  if (items.length > 0 && items.every(isPair)) return items.map((pair) => [pair[0]!, pair[1]!])
  if (items.length % 2 === 1) refuse('pairs', reply)
  const found: [Reply, Reply][] = []
  for (let i = 0; i + 1 < items.length; i += 2) found.push([items[i]!, items[i + 1]!])
  return found
}

/** A reply in words, for who wonders what came. */
function described(reply: Reply): string {
  if (isGroup(reply)) return `${itemsIn(reply).length} items`
  if (isNil(reply)) return 'nil'
  return typeof reply === 'string' ? `the string ${JSON.stringify(reply.slice(0, 40))}` : `${plain(reply, asText)}`
}

const isPair = (reply: Reply): reply is readonly Reply[] => isItems(reply) && reply.length === 2
