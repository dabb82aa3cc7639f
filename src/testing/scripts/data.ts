/**
 * Everything that a database holds, as plain values: what two stores are compared by.
 */
import type { Database } from '../../client/database.ts'
import type { Held } from './acceptance.ts'

/** What stands under the keys with this prefix, without it. Sets are sorted; streams are their entries as JSON. */
export async function heldBy(db: Database, prefix: string): Promise<Record<string, Held>> {
  const held: Record<string, Held> = {}
  for (const key of texts(await db.call('KEYS', `${prefix.replace(/[[\]*?\\]/g, '\\$&')}*`)).toSorted()) {
    held[key.slice(prefix.length)] = await contentOf(db, key)
  }
  return held
}

async function contentOf(db: Database, key: string): Promise<Held> {
  const kind = String(await db.call('TYPE', key))
  switch (kind) {
    case 'string':
      return String(await db.call('GET', key))
    case 'list':
      return texts(await db.call('LRANGE', key, 0, -1))
    case 'set':
      return texts(await db.call('SMEMBERS', key)).toSorted()
    case 'hash':
      return record(await db.call('HGETALL', key), String)
    case 'zset':
      return record(await db.call('ZRANGE', key, 0, -1, 'WITHSCORES'), Number)
    default:
      return JSON.stringify(await db.call('XRANGE', key, '-', '+'))
  }
}

function texts(reply: unknown): string[] {
  return Array.isArray(reply) ? reply.flat().map(String) : []
}

function record<T>(reply: unknown, read: (value: string) => T): Record<string, T> {
  const words = texts(reply)
  return Object.fromEntries(
    Array.from({ length: words.length / 2 }, (_, i) => [words[2 * i]!, read(words[2 * i + 1]!)] as const).toSorted(
      ([a], [b]) => (a < b ? -1 : 1),
    ),
  )
}
