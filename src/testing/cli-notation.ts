/**
 * Replies as redis-cli shows them: `(integer) 3`, `1) "a"`, nested answers indented.
 *
 * The one idea: the lines of redis-cli's own printer, in either protocol's notation. RESP3 has words of its own for maps,
 * sets and doubles; `inResp2` turns a reply into what a RESP2 client would have been told, so that one transcript can
 * be held against both.
 */
import { formatDouble } from '../base/doubles.ts'
import {
  BigNumber,
  Double,
  isArray,
  MapReply,
  NilArray,
  Pairs,
  PushReply,
  Replies,
  type Reply,
  ReplyError,
  SetReply,
  Status,
  Verbatim,
} from '../base/reply.ts'

/** The lines redis-cli prints for a reply as it came off the wire. */
export function showReply(reply: Reply): string[] {
  return show(reply, '')
}

/** What a RESP2 client would have received for this reply; pairs that RESP3 nests are known only to who sent them. */
export function inResp2(reply: Reply): Reply {
  if (typeof reply === 'boolean') return reply ? 1 : 0
  if (reply instanceof Double) return reply.text ?? formatDouble(reply.value)
  if (reply instanceof Verbatim) return reply.text
  if (reply instanceof BigNumber) return reply.digits
  return itemsOf(reply)?.map(inResp2) ?? reply
}

/** A bulk as redis-cli quotes it: sdscatrepr. */
export function quote(value: string): string {
  let out = '"'
  for (let i = 0; i < value.length; i++) out += quoted(value.charAt(i))
  return `${out}"`
}

/** The items of an array or of what stands for one; undefined for all else. */
export function itemsOf(reply: Reply): readonly Reply[] | undefined {
  if (isArray(reply)) return reply
  if (reply instanceof MapReply || reply instanceof SetReply || reply instanceof PushReply) return reply.items
  return reply instanceof Pairs || reply instanceof Replies ? reply.items : undefined
}

const ESCAPES = new Map([
  ['\\', '\\\\'],
  ['"', '\\"'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\x07', '\\a'],
  ['\b', '\\b'],
])

function quoted(char: string): string {
  const known = ESCAPES.get(char)
  if (known !== undefined) return known
  return char >= ' ' && char <= '~' ? char : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
}

function show(reply: Reply, indent: string): string[] {
  const items = itemsOf(reply)
  if (items === undefined) return [scalar(reply)]
  if (items.length === 0) return [emptiness(reply)]
  const step = reply instanceof MapReply ? 2 : 1
  const width = `${items.length / step}`.length
  const mark = reply instanceof MapReply ? '#' : reply instanceof SetReply ? '~' : ')'
  const inner = `${indent}${' '.repeat(width + 2)}`
  const lines: string[] = []
  for (let i = 0; i < items.length; i += step) {
    const entry = show(items[i]!, inner)
    if (step === 2) {
      const value = show(items[i + 1]!, inner)
      // A value of several lines begins on a line of its own.
      const below = value.length > 1
      entry[entry.length - 1] += below ? ' => ' : ` => ${value[0]}`
      if (below) entry.push(`${inner}${value[0]}`)
      for (let at = 1; at < value.length; at++) entry.push(value[at]!)
    }
    // The first line of a nested answer stands behind its parent's number.
    lines.push(`${i === 0 ? '' : indent}${`${i / step + 1}`.padStart(width)}${mark} ${entry[0]}`)
    // One by one: a call takes no million arguments.
    for (let at = 1; at < entry.length; at++) lines.push(entry[at]!)
  }
  return lines
}

function emptiness(reply: Reply): string {
  if (reply instanceof MapReply) return '(empty hash)'
  if (reply instanceof SetReply) return '(empty set)'
  return reply instanceof PushReply ? '(empty push)' : '(empty array)'
}

function scalar(reply: Reply): string {
  if (reply === null || reply instanceof NilArray) return '(nil)'
  if (typeof reply === 'string') return quote(reply)
  if (typeof reply === 'number' || typeof reply === 'bigint') return `(integer) ${reply}`
  if (typeof reply === 'boolean') return `(${reply})`
  if (reply instanceof Status) return reply.text
  if (reply instanceof ReplyError) return `(error) ${reply.message}`
  if (reply instanceof Double) return `(double) ${reply.text ?? formatDouble(reply.value)}`
  if (reply instanceof Verbatim) return reply.text
  return reply instanceof BigNumber ? reply.digits : ''
}

/** What a reply may look like in RESP2 where RESP3 has another form: pairs flat, or a map as pairs. Tried in order. */
export function resp2Forms(reply: Reply): Reply[] {
  const forms = [inResp2(reply)]
  if (reply instanceof MapReply) forms.push(inResp2(asPairs(reply.items)))
  const items = isArray(reply) ? reply : []
  if (items.length > 0 && items.every(isPair)) forms.push(inResp2(items.flat()))
  return forms
}

const isPair = (item: Reply): item is readonly [Reply, Reply] => isArray(item) && item.length === 2

function asPairs(items: readonly Reply[]): Reply[] {
  const pairs: Reply[] = []
  for (let i = 0; i < items.length; i += 2) pairs.push([items[i]!, items[i + 1]!])
  return pairs
}
