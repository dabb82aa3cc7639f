/**
 * `geartrain streams info`: lengths, ends and groups of streams.
 */
import { timeOf } from '../../containers/id.ts'
import type { GroupInfo, StreamInfo } from '../../containers/infos.ts'
import type { Message } from '../../containers/message.ts'
import type { Desk } from './desk.ts'

/** Prints what is known of the streams named, or of all. */
export async function printInfo(desk: Desk, named: readonly string[]): Promise<void> {
  const found: (readonly [string, StreamInfo<unknown>, readonly GroupInfo[]])[] = []
  for (const key of await desk.streamKeys(named)) {
    const stream = desk.db.stream(key)
    found.push([key, await stream.info(), await stream.groups()])
  }
  if (desk.isJson) {
    for (const [key, { firstEntry, lastEntry, ...info }, groups] of found) {
      await desk.line({ stream: key, ...info, groups, firstEntry: plain(firstEntry), lastEntry: plain(lastEntry) })
    }
    return
  }
  await desk.table(
    ['stream', 'length', 'added', 'groups', 'first', 'last', 'last id'],
    found.map(([key, info]) => [
      key,
      info.length,
      info.entriesAdded,
      info.groups,
      momentOf(info.firstEntry?.id),
      momentOf(info.lastEntry?.id),
      info.lastId,
    ]),
    '(no streams)',
  )
  const groups = found.flatMap(([key, , list]) => list.map((group) => [key, group] as const))
  if (groups.length === 0) return
  await desk.print('\n')
  await desk.table(
    ['stream', 'group', 'consumers', 'pending', 'lag', 'last delivered'],
    groups.map(([key, group]) => [key, group.name, group.consumers, group.pending, group.lag, group.lastDeliveredId]),
  )
}

/** The time of an id for people; ids that are no times stay ids. */
export function momentOf(id: string | undefined): string | null {
  if (id === undefined) return null
  const at = timeOf(id)
  return Number.isNaN(at.getTime()) || at.getUTCFullYear() > 9999 ? id : at.toISOString()
}

/** A message as JSON has it: with its fields, which keep order and names that come twice. */
export function plain(message: Message<unknown> | undefined) {
  if (message === undefined) return null
  return { stream: message.stream, id: message.id, time: momentOf(message.id), fields: message.fields }
}
