/**
 * Old values: what a key held when it was deleted, expired or evicted, for triggers that ask for it (`oldValue`).
 *
 * The one idea: a value that leaves its key is changed by nobody any more, so it is enough to remember it until the event
 * that belongs to it is told, which is after the same command. Only keys that somebody asked for are remembered.
 */
import { type Bytes, raw } from '../../base/bytes.ts'
import { formatDouble } from '../../base/doubles.ts'
import { MapReply, type Reply, Verbatim } from '../../base/reply.ts'
import { typeOf, type Value } from '../../keyspace/value.ts'
import { formatId, MAX_ID, MIN_ID } from '../../structures/stream-id.ts'

/** How a string of the value is told: as text, or as its bytes. */
type Telling = (value: Bytes) => Reply

const asText: Telling = (value) => value
const asBytes: Telling = (value) => new Verbatim(value)

/** `{ type, value, value_raw }`; collections are arrays, those of pairs arrays of pairs. */
export function oldValueData(value: Value): MapReply {
  return new MapReply([
    raw('type'),
    raw(typeOf(value)),
    raw('value'),
    told(value, asText),
    raw('value_raw'),
    told(value, asBytes),
  ])
}

function told(value: Value, tell: Telling): Reply {
  if (typeof value === 'number') return tell(raw(String(value)))
  if (typeof value === 'string') return tell(value)
  if (!('type' in value)) return tell(value.toBytes())
  switch (value.type) {
    case 'list':
      return value.size === 0 ? [] : value.slice(0, value.size - 1).map(tell)
    case 'set':
      return value.members().map(tell)
    case 'zset': {
      const pairs: Reply[] = []
      value.forEach((member, score) => void pairs.push([tell(member), formatDouble(score)]))
      return pairs
    }
    case 'hash': {
      const pairs: Reply[] = []
      value.forEach((field, held) => void pairs.push([tell(field), tell(held)]))
      return pairs
    }
    case 'stream': {
      const entries: Reply[] = []
      const cursor = value.range(MIN_ID, MAX_ID)
      while (cursor.next()) entries.push([formatId(cursor.id), pairsOf(cursor.fields, tell)])
      return entries
    }
  }
}

/** Names and values, pair by pair. */
export function pairsOf(fields: readonly Bytes[], tell: Telling): Reply[] {
  const pairs: Reply[] = []
  for (let i = 0; i + 1 < fields.length; i += 2) pairs.push([tell(fields[i]!), tell(fields[i + 1]!)])
  return pairs
}

/** Values that have left their keys during the current command. */
export class OldValues {
  readonly #kept = new Map<string, Value>()

  /** Remembers a value; of several under one key the last. */
  keep(db: number, key: Bytes, value: Value): void {
    this.#kept.set(`${db}:${key}`, value)
  }

  /** The value that left this key. */
  of(db: number, key: Bytes): Value | undefined {
    return this.#kept.size === 0 ? undefined : this.#kept.get(`${db}:${key}`)
  }

  /** The command's events have been told. */
  forget(): void {
    if (this.#kept.size > 0) this.#kept.clear()
  }
}
