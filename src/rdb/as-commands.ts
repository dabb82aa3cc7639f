/**
 * A value as the commands that make it anew: for servers that take no payload of ours.
 *
 * The one idea: the same data by plain writes, in portions that no server chokes on. What has no command is left out: when a
 * consumer was last seen, and pending entries whose stream entry is gone.
 */
import { type Argv, type Bytes, raw } from '../base/bytes.ts'
import { formatDouble } from '../base/doubles.ts'
import type { ConsumerGroup } from '../structures/consumer-group.ts'
import type { Stream } from '../structures/stream.ts'
import { formatId, MAX_ID, MIN_ID } from '../structures/stream-id.ts'
import type { RdbValue } from './value.ts'

/** Words of data in one command. */
const PORTION = 512
const UNREAD_COUNT = '-1'

const words = (...parts: readonly (string | number)[]): Argv => parts.map((part) => raw(`${part}`))

/** The commands that make a key of this value; it must not be there. */
export function* asCommands(key: Bytes, value: RdbValue): Generator<Argv, void, undefined> {
  if (typeof value !== 'object') yield words('SET', key, value)
  else if (!('type' in value)) yield words('SET', key, value.toBytes())
  else if (value.type === 'list') yield* portions('RPUSH', key, value.slice(0, value.size - 1))
  else if (value.type === 'set') yield* portions('SADD', key, value.members())
  else if (value.type === 'zset') {
    const pairs: Bytes[] = []
    value.forEach((member, score) => {
      pairs.push(Object.is(score, -0) ? raw('-0') : formatDouble(score), member)
    })
    yield* portions('ZADD', key, pairs)
  } else if (value.type === 'hash') {
    yield* portions('HSET', key, value.entries())
    for (const field of value.expiring > 0 ? value.fields() : []) {
      const whenMs = value.deadline(field)
      if (whenMs !== undefined) yield words('HPEXPIREAT', key, whenMs, 'FIELDS', 1, field)
    }
  } else yield* streamCommands(key, value)
}

function* portions(command: string, key: Bytes, data: readonly Bytes[]): Generator<Argv, void, undefined> {
  for (let from = 0; from < data.length; from += PORTION) {
    yield [raw(command), key, ...data.slice(from, from + PORTION)]
  }
}

function* streamCommands(key: Bytes, stream: Stream): Generator<Argv, void, undefined> {
  const entries = stream.range(MIN_ID, MAX_ID)
  while (entries.next()) yield [...words('XADD', key, formatId(entries.id)), ...entries.fields]
  if (stream.size === 0) {
    // A stream without entries is made by one that goes again.
    yield words('XADD', key, '0-1', 'x', 'x')
    yield words('XTRIM', key, 'MAXLEN', 0)
  }
  const { lastId, entriesAdded, maxDeletedId } = stream
  const counters = ['ENTRIESADDED', entriesAdded, 'MAXDELETEDID', formatId(maxDeletedId)]
  yield words('XSETID', key, formatId(lastId), ...counters)
  for (const group of stream.groups.values()) yield* groupCommands(key, group)
}

function* groupCommands(key: Bytes, group: ConsumerGroup): Generator<Argv, void, undefined> {
  const { name, lastDeliveredId, entriesRead, consumers } = group
  const read = ['ENTRIESREAD', entriesRead ?? UNREAD_COUNT]
  yield words('XGROUP', 'CREATE', key, name, formatId(lastDeliveredId), ...read)
  for (const consumer of consumers.values()) {
    yield words('XGROUP', 'CREATECONSUMER', key, name, consumer.name)
    for (const { id, deliveryTimeMs, deliveryCount } of consumer.pending.from(MIN_ID)) {
      const state = ['TIME', deliveryTimeMs, 'RETRYCOUNT', deliveryCount, 'FORCE', 'JUSTID']
      yield words('XCLAIM', key, name, consumer.name, 0, formatId(id), ...state)
    }
  }
}
