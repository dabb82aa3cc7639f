/**
 * From replies to the values a script sees, by the rules of the table of methods.
 *
 * The one idea: the store speaks RESP2 to scripts, as a server does to Lua, so a reply is read the way the Lua printer's
 * conversions read it: flat lists for maps and pairs, text for doubles.
 */
import { type Bytes, text } from '../../base/bytes.ts'
import { formatDouble } from '../../base/doubles.ts'
import {
  BigNumber,
  Double,
  isArray,
  NilArray,
  type Reply,
  ReplyError,
  type Status,
  type Verbatim,
} from '../../base/reply.ts'
import type { StreamEntry } from '../handles.ts'
import type { ReplyRule } from '../methods.ts'
import type { Json } from '../shapes.ts'
import { failureOf } from './world.ts'

/** A reply as JSON: null for missing, text for a status, lists for everything that has parts. An error is thrown. */
export function jsonOfReply(reply: Reply): Json {
  if (typeof reply === 'string') return text(reply)
  if (typeof reply === 'number' || reply === null) return reply
  if (typeof reply === 'bigint') return Number(reply)
  if (typeof reply === 'boolean') return reply ? 1 : 0
  if (reply instanceof ReplyError) throw failureOf(reply)
  if (isArray(reply)) return reply.map(jsonOfReply)
  if (reply instanceof NilArray) return null
  if ('items' in reply) return reply.items.map(jsonOfReply)
  return text(bulkOf(reply))
}

function bulkOf(reply: Status | Double | Verbatim | BigNumber): Bytes {
  if (reply instanceof Double) return reply.text ?? formatDouble(reply.value)
  return reply instanceof BigNumber ? reply.digits : reply.text
}

/** What a method gives for its reply; `names` are the fields that were asked for (`named`). */
export function resultOf(rule: ReplyRule, reply: Reply, names: readonly string[]): unknown {
  const value = jsonOfReply(reply)
  switch (rule) {
    case 'text?':
    case 'text':
    case 'number':
      return value
    case 'texts':
      return value ?? []
    case 'flag':
      return value === 1
    case 'done':
      return value !== null
    case 'double':
    case 'double?':
      return value === null ? null : Number(value)
    case 'scored':
      return pairsOf(value).map(([member, score]) => [member, Number(score)])
    case 'record':
      return recordOf(pairsOf(value))
    case 'named':
      return recordOf(names.map((name, i) => [name, itemsOf(value)[i] ?? null]))
    case 'kind':
      return value === 'none' ? null : value
    case 'ttl':
      return value === -2 ? null : value
    case 'entries':
      return itemsOf(value).map(entryOf)
    case 'nothing':
      return null
  }
}

function itemsOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : []
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)

function pairsOf(value: Json | undefined): [string, Json][] {
  const items = itemsOf(value)
  const pairs: [string, Json][] = []
  for (let i = 0; i + 1 < items.length; i += 2) pairs.push([String(items[i]), items[i + 1]!])
  return pairs
}

/** Without a prototype: a field may have any name. */
function recordOf(pairs: readonly (readonly [string, Json])[]): Record<string, Json> {
  const record: Record<string, Json> = Object.create(null)
  for (const [name, value] of pairs) record[name] = value
  return record
}

function entryOf(entry: Json): StreamEntry {
  const [id, fields] = itemsOf(entry)
  const texts: Record<string, string> = Object.create(null)
  for (const [name, value] of pairsOf(fields)) texts[name] = String(value)
  return { id: String(id), fields: texts }
}
