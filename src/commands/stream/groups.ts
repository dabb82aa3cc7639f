/**
 * What the consumer group commands share: finding groups and consumers, and the effects that repeat
 * their changes.
 *
 * The one idea: a delivery is repeated as the claim of one entry with its exact time and count, whoever made it.
 */
import type { Bytes } from '../../base/bytes.ts'
import { formatInteger } from '../../base/integers.ts'
import { ReplyError } from '../../base/reply.ts'
import type { Database } from '../../keyspace/database.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { STREAM } from '../../keyspace/value.ts'
import type { Consumer, ConsumerGroup, PendingEntry } from '../../structures/consumer-group.ts'
import type { Stream } from '../../structures/stream.ts'
import { formatId } from '../../structures/stream-id.ts'
import { argvOf } from '../command.ts'
import type { Context } from '../context.ts'

/** A name as error texts show it: up to a NUL. */
export function shown(name: Bytes): string {
  const nul = name.indexOf('\0')
  return nul < 0 ? name : name.slice(0, nul)
}

/** The answer where a key or its group is missing; `where` is appended. */
export function noGroup(key: Bytes, group: Bytes, where = ''): ReplyError {
  return new ReplyError(`NOGROUP No such key '${shown(key)}' or consumer group '${shown(group)}'${where}`)
}

/** The answer where the key is known to exist. */
export function noGroupOfKey(key: Bytes, group: Bytes): ReplyError {
  return new ReplyError(`NOGROUP No such consumer group '${shown(group)}' for key name '${shown(key)}'`)
}

/** A stream with one of its groups, to change; throws when either is missing. */
export function editGroup(db: Database, key: Bytes, name: Bytes): { stream: Stream; group: ConsumerGroup } {
  // Redis looks up as a reader here: a missing key is a miss.
  db.find(key, STREAM)
  return editSeenGroup(db, key, name)
}

/** The same where the look-up has been counted already. */
export function editSeenGroup(db: Database, key: Bytes, name: Bytes): { stream: Stream; group: ConsumerGroup } {
  const stream = db.edit(key, STREAM)
  const group = stream?.groups.get(name)
  if (group === undefined || stream === undefined) throw noGroup(key, name)
  return { stream, group }
}

/** The consumer of that name, seen now; created, with its event and effect, when there is none. */
export function obtainConsumer(
  { db, keyspace, now }: Context,
  key: Bytes,
  group: ConsumerGroup,
  name: Bytes,
): Consumer {
  const found = group.consumers.get(name)
  if (found !== undefined) {
    found.seenTimeMs = now
    return found
  }
  const made = group.addConsumer(name, now)
  db.changed()
  db.event(EVENT.stream, 'xgroup-createconsumer', key)
  if (keyspace.reports.wantsEffects) db.effect(argvOf('XGROUP', 'CREATECONSUMER', key, group.name, name))
  return made
}

/** Reports that an entry was given to its owner, or left the group because it is gone from the stream. */
export function delivered({ db, keyspace }: Context, key: Bytes, group: ConsumerGroup, entry: PendingEntry): void {
  if (!keyspace.reports.wantsEffects) return
  const id = formatId(entry.id)
  const time = formatInteger(entry.deliveryTimeMs)
  const count = formatInteger(entry.deliveryCount)
  const last = formatId(group.lastDeliveredId)
  const words = ['0', id, 'TIME', time, 'RETRYCOUNT', count, 'FORCE', 'JUSTID', 'LASTID', last]
  db.effect(argvOf('XCLAIM', key, group.name, entry.owner.name, ...words))
}

/** Reports how far a group has come. */
export function advanced({ db, keyspace }: Context, key: Bytes, group: ConsumerGroup): void {
  if (!keyspace.reports.wantsEffects) return
  const read = formatInteger(group.entriesRead ?? -1)
  db.effect(argvOf('XGROUP', 'SETID', key, group.name, formatId(group.lastDeliveredId), 'ENTRIESREAD', read))
}

/** For commands whose effects are reported while they run. */
export const reportedEffects = (): readonly [] => []
