/**
 * GroupedStream: one stream as a consumer of a group sees it.
 *
 * The one idea: the group's place and what it has pending belong to the store; the handle only says which group, which consumer
 * and which key. Acknowledging takes an entry off what is pending and never removes it from the stream.
 */
import type { Database } from '../client/database.ts'
import { RedisError } from '../client/errors.ts'
import { countOf, isBare, lowerEnd, upperEnd } from './bounds.ts'
import { FIRST_ID, type IdLike, idOf, lastSeen, sequenceOf, timeOf } from './id.ts'
import { type ConsumerInfo, type GroupInfo, groupInfos, type PendingEntry, type PendingSummary } from './infos.ts'
import { KeyedStream, type RangeOptions, textsOf } from './keyed-stream.ts'
import { Delivered, type Entry, opened } from './message.ts'
import type { Payload } from './payload.ts'
import { blockOf, type Waiting, waitingOn } from './waiting.ts'

/** A read through a group. */
export interface GroupReadOptions extends Waiting {
  /** The most entries to give, of each stream. */
  readonly count?: number | undefined
  /** Given entries count as acknowledged at once: what is not handled is lost. */
  readonly noack?: boolean | undefined
}

/** Where a group goes on: after an id, or after the last one there is (`$`). */
export type Position = IdLike | '$'

/** Which pending entries. */
export interface PendingOptions extends Omit<RangeOptions, 'reverse'> {
  /** Of this consumer only. */
  readonly consumer?: string
  /** Not given to anyone for this long. */
  readonly minIdleMs?: number
}

/** How entries are claimed. */
export interface ClaimOptions {
  /** Only those not given to anyone for this long; 0 unless given. */
  readonly minIdleMs?: number
  /** What their idle time is afterwards; 0 unless given. */
  readonly idleMs?: number
  /** How often they count as given afterwards; once more than before unless given. */
  readonly retrycount?: number
  /** Those that are not pending too. */
  readonly force?: boolean
}

/** A step of claiming whatever was pending for long. */
export interface AutoclaimOptions {
  readonly minIdleMs: number
  /** Where the last step ended (`cursor`); from the start unless given. */
  readonly start?: IdLike
  readonly count?: number
}

/** What a step of claiming found. */
export interface Autoclaimed<T> {
  /** Where the next step goes on; 0-0 when all was seen. */
  readonly cursor: string
  readonly messages: Delivered<T>[]
  /** Entries that were pending and no longer exist: they are not pending any more. */
  readonly deleted: readonly string[]
}

/** What a consumer was given before and has not acknowledged. */
export interface Own<T> {
  readonly messages: Delivered<T>[]
  /** Entries that no longer exist; they stay pending until they are acknowledged. */
  readonly deleted: readonly string[]
}

/** How many pending entries are listed unless a count is given. */
const LISTED = 1000

/** A stream, read through a group. */
export class GroupedStream<Out, In> extends KeyedStream<Out, In> {
  readonly group: string
  readonly consumer: string

  constructor(db: Database, key: string, payload: Payload<Out, In>, group: string, consumer: string) {
    super(db, key, payload)
    this.group = group
    this.consumer = consumer
  }

  /** Entries that the group has not given to anyone yet; they are pending from then on. */
  async read(options: GroupReadOptions = {}): Promise<Delivered<Out>[]> {
    const words = { ...countOf(options.count), ...blockOf(options.blockMs), noack: options.noack === true }
    const found = await waitingOn(this.db, options, (commands) => {
      return commands.xreadgroup([this.group, this.consumer], [[this.key, '>']], words)
    })
    return this.delivered(found?.get(this.key) ?? [])
  }

  /** What this consumer was given before and has not acknowledged, after an id; they count as given once more. */
  async readOwn({
    after = FIRST_ID,
    count,
  }: {
    readonly after?: IdLike
    readonly count?: number
  } = {}): Promise<Own<Out>> {
    const streams = [[this.key, lastSeen(after)]] as const
    const found = await this.db.xreadgroup([this.group, this.consumer], streams, countOf(count))
    const rows = found?.get(this.key) ?? []
    return {
      messages: await this.delivered(rows),
      deleted: rows.filter(([, fields]) => fields === null).map(([id]) => id),
    }
  }

  /** Takes entries off what is pending, whoever has them; says how many were. */
  async ack(...ids: IdLike[]): Promise<number> {
    if (ids.length === 0) return 0
    return this.db.xack(this.key, this.group, textsOf(ids))
  }

  /** Entries given and not acknowledged, in the order of their ids. */
  async pending(options: PendingOptions = {}): Promise<PendingEntry[]> {
    const [start, end] = [lowerEnd(options), upperEnd(options)]
    if (isBare(start, end)) return []
    const { count = LISTED } = countOf(options.count)
    const { consumer, minIdleMs: idle } = options
    const rows = await this.db.xpending(this.key, this.group, {
      ...(idle === undefined ? {} : { idle }),
      start,
      end,
      count,
      ...(consumer === undefined ? {} : { consumer }),
    })
    return rows.map(([id, owner, idleMs, deliveries]) => ({
      stream: this.key,
      id,
      consumer: owner,
      idleMs,
      deliveries,
      timestamp: timeOf(id),
      sequence: sequenceOf(id),
    }))
  }

  /** What is pending, counted. */
  async pendingSummary(): Promise<PendingSummary> {
    const [total, min, max, consumers] = await this.db.xpending(this.key, this.group)
    const byConsumer = new Map((consumers ?? []).map(([name, count]) => [name, Number(count)]))
    return { total, min: min ?? undefined, max: max ?? undefined, byConsumer }
  }

  /** Takes pending entries over from whoever has them; those that are pending no more, or exist no more, are left out. */
  async claim(ids: readonly IdLike[], options: ClaimOptions = {}): Promise<Delivered<Out>[]> {
    if (ids.length === 0) return []
    const { minIdleMs = 0, ...words } = options
    return this.delivered(
      await this.db.xclaim(this.key, this.group, this.consumer, minIdleMs, textsOf(ids), claimWords(words)),
    )
  }

  /** As `claim`, without the entries and without counting as given: who still works on them says so by this. */
  async claimIds(ids: readonly IdLike[], options: ClaimOptions = {}): Promise<string[]> {
    if (ids.length === 0) return []
    const { minIdleMs = 0, ...words } = options
    return this.db.xclaim(this.key, this.group, this.consumer, minIdleMs, textsOf(ids), {
      ...claimWords(words),
      justid: true,
    })
  }

  /** Takes over what was pending for long, step by step: go on from `cursor` until it is 0-0. */
  async autoclaim({ minIdleMs, start = FIRST_ID, count }: AutoclaimOptions): Promise<Autoclaimed<Out>> {
    const words = countOf(count)
    const { key, group, consumer } = this
    const [cursor, entries, deleted] = await this.db.xautoclaim(key, group, consumer, minIdleMs, idOf(start), words)
    return { cursor, messages: await this.delivered(entries), deleted: deleted ?? [] }
  }

  /** Makes the group, at a place; false when it exists, whose place stays. */
  async create(
    start: Position = FIRST_ID,
    { mkstream = true }: { readonly mkstream?: boolean } = {},
  ): Promise<boolean> {
    try {
      await this.db.xgroup_create(this.key, this.group, positionOf(start), { mkstream })
      return true
    } catch (error) {
      if (error instanceof RedisError && error.code === 'BUSYGROUP') return false
      throw error
    }
  }

  /** Removes the group with all it has pending; the entries stay. False when there was none. */
  async destroy(): Promise<boolean> {
    return (await this.db.xgroup_destroy(this.key, this.group)) === 1
  }

  /** Sets after which entry the group goes on; '$' passes over all there are. What is pending stays so. */
  async setId(position: Position): Promise<void> {
    await this.db.xgroup_setid(this.key, this.group, positionOf(position))
  }

  /** How far the group has come; undefined when there is none. */
  async groupInfo(): Promise<GroupInfo | undefined> {
    return groupInfos(await this.db.xinfo_groups(this.key)).find(({ name }) => name === this.group)
  }

  /** The group's consumers. */
  async consumers(): Promise<ConsumerInfo[]> {
    const found = await this.db.xinfo_consumers(this.key, this.group)
    return found.map(({ name, pending, idle }) => ({ name, pending, idleMs: idle }))
  }

  /** Makes a consumer before it reads; false when it exists. */
  async createConsumer(name = this.consumer): Promise<boolean> {
    return (await this.db.xgroup_createconsumer(this.key, this.group, name)) === 1
  }

  /** Removes a consumer; says how many entries it had pending, which nobody will be given any more. Claim them before. */
  removeConsumer(name = this.consumer): Promise<number> {
    return this.db.xgroup_delconsumer(this.key, this.group, name)
  }

  /** Messages of rows; those that exist no more have none. */
  delivered(rows: readonly (readonly [id: string, fields: Entry[1] | null])[]): Promise<Delivered<Out>[]> {
    const entries = rows.flatMap(([id, fields]): Entry[] => (fields === null ? [] : [[id, fields]]))
    return opened(entries, this.payload, (id, fields, content) => new Delivered(this.key, id, fields, content, this))
  }
}

/** A position in the words of XGROUP. */
export const positionOf = (position: Position): string => (position === '$' ? '$' : lastSeen(position))

function claimWords({ idleMs, retrycount, force }: Omit<ClaimOptions, 'minIdleMs'>) {
  return {
    ...(idleMs === undefined ? {} : { idle: idleMs }),
    ...(retrycount === undefined ? {} : { retrycount }),
    ...(force === undefined ? {} : { force }),
  }
}
