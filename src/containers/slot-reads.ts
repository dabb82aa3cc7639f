/**
 * Reads of a group over the slots of a cluster.
 *
 * The one idea: waiting and taking are apart. Who takes by waiting in several places may be given entries in one after it has left
 * it for another; so where there are several places, a plain read (which takes nothing) waits in each, and what woke it is taken
 * without waiting.
 */
import type { Database } from '../client/database.ts'
import type { Dedicated } from '../client/dedicated.ts'
import { countOf } from './bounds.ts'
import type { GroupReadOptions } from './grouped-stream.ts'
import type { Entry } from './message.ts'
import { blockOf, type Commands, waitingOn } from './waiting.ts'

type Row = readonly [id: string, fields: Entry[1] | null]
type Found = ReadonlyMap<string, readonly Row[]>

/** New entries for a consumer, by key; `slots` are the keys that can be read together. */
export async function readGroup(
  db: Database,
  group: readonly [name: string, consumer: string],
  slots: readonly (readonly string[])[],
  options: GroupReadOptions,
): Promise<Found> {
  const take = { ...countOf(options.count), noack: options.noack === true }
  const block = blockOf(options.blockMs)
  const [first = [], ...more] = slots
  if (more.length === 0) {
    return waitingOn(db, options, (commands) => taken(commands, group, first, { ...take, ...block }))
  }
  const all = async (): Promise<Found> => {
    const found = await Promise.all(slots.map((keys) => taken(db, group, keys, take)))
    return new Map(found.flatMap((part) => [...part]))
  }
  options.signal?.throwIfAborted()
  const now = await all()
  if (now.size > 0 || block.block === undefined) return now
  await wokenUp(db, group[0], slots, block.block, options.signal)
  return all()
}

async function taken(
  commands: Commands,
  group: readonly [string, string],
  keys: readonly string[],
  words: { readonly count?: number; readonly block?: number; readonly noack: boolean },
): Promise<Found> {
  const streams = keys.map((key) => [key, '>'] as const)
  return (await commands.xreadgroup(group, streams, words)) ?? new Map()
}

/** Resolves when some stream has more than its group was given, or when the time is up. */
async function wokenUp(
  db: Database,
  group: string,
  slots: readonly (readonly string[])[],
  block: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const done = new AbortController()
  const end = signal === undefined ? done.signal : AbortSignal.any([signal, done.signal])
  const connections: Dedicated[] = []
  const waits = slots.map(async (keys) => {
    const streams = await Promise.all(keys.map(async (key) => [key, await lastGiven(db, key, group)] as const))
    const connection = await db.dedicated()
    connections.push(connection)
    await connection.until(end, () => connection.xread(streams, { count: 1, block }))
  })
  try {
    await Promise.race(waits)
  } finally {
    done.abort()
    await Promise.allSettled(waits)
    await Promise.all(connections.map((connection) => connection.close()))
  }
}

async function lastGiven(db: Database, key: string, group: string): Promise<string> {
  const found = (await db.xinfo_groups(key)).find(({ name }) => name === group)
  return found?.['last-delivered-id'] ?? '$'
}
