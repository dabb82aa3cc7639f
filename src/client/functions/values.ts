/**
 * Replies of functions as the values that they returned: maps are objects, sets are Sets.
 */
import { MapReply, type Reply, SetReply } from '../../base/reply.ts'
import { asText, plain } from '../reading.ts'

/** The value of a reply. */
export function readValue(reply: Reply): unknown {
  if (isList(reply)) return reply.map(readValue)
  if (reply instanceof SetReply) return new Set(reply.items.map(readValue))
  if (reply instanceof MapReply) return readObject(reply.items)
  return plain(reply, asText)
}

/** An object of names and values that stand one after the other. */
export function readObject(items: readonly Reply[]): object {
  const entries: (readonly [string, unknown])[] = []
  for (let i = 0; i + 1 < items.length; i += 2) {
    entries.push([String(plain(items[i]!, asText)), readValue(items[i + 1]!)])
  }
  return Object.fromEntries(entries)
}

/** Whether a reply is a list. */
export const isList = (reply: Reply): reply is readonly Reply[] => Array.isArray(reply)
