/**
 * KeyedStream: what can be done with the entries of a key, whoever reads them: a stream, or a group's handle of it.
 *
 * The one idea: no state. A handle is a name and how payloads are read; making one asks the store nothing, and the key need not
 * exist.
 */
import type { Database } from '../client/database.ts'
import { RedisError } from '../client/errors.ts'
import { Queue } from '../client/queue.ts'
import { type Bounds, countOf, isBare, lowerEnd, upperEnd } from './bounds.ts'
import { addDelayed, type When } from './consume/delayed.ts'
import { FIRST_ID, type IdLike, idOf } from './id.ts'
import { type GroupInfo, groupInfos, type StreamInfo } from './infos.ts'
import { Message, opened } from './message.ts'
import type { Payload, Words } from './payload.ts'

/** How far a stream is cut off: to a length, or below an id. */
export type TrimRule =
  | { readonly maxlen: number; readonly minid?: undefined }
  | { readonly minid: IdLike; readonly maxlen?: undefined }

/** How exactly. */
export interface TrimExactness {
  /** To the entry; otherwise only whole blocks of entries are removed, which is much faster and leaves some more. */
  readonly exact?: boolean
  /** The most entries that one call looks at; not with `exact`. */
  readonly limit?: number
}

/** How an entry is added. */
export interface AddOptions extends TrimExactness {
  /** The entry's id, above all there have been; by the store's clock unless given. `ms-*` leaves the sequence to the store. */
  readonly id?: IdLike
  /** Removes the oldest entries beyond this length. */
  readonly maxlen?: number
  /** Removes the entries below this id. */
  readonly minid?: IdLike
}

/** A slice of a stream. */
export interface RangeOptions extends Bounds {
  /** The most entries to give: the first ones of the order. */
  readonly count?: number
  /** The newest first. */
  readonly reverse?: boolean
}

/** A walk over a stream. */
export interface WalkOptions extends Bounds {
  /** How many entries are fetched at a time; 100 unless given. */
  readonly page?: number
  readonly signal?: AbortSignal
}

const PAGE = 100
/** How many entries `addAll` sends at a time. */
const BATCH = 500

/** The entries of a key; `Out` is what payloads are read as, `In` what they are written from. */
export class KeyedStream<Out, In> implements AsyncIterable<Message<Out>> {
  readonly key: string
  /** Where it lies. */
  readonly db: Database
  /** How its entries are written and read. */
  readonly payload: Payload<Out, In>

  constructor(db: Database, key: string, payload: Payload<Out, In>) {
    this.db = db
    this.key = key
    this.payload = payload
  }

  /** Entries between two places, both included unless said otherwise; open where nothing is said. */
  async range(options: RangeOptions = {}): Promise<Message<Out>[]> {
    const [lower, upper] = [lowerEnd(options), upperEnd(options)]
    const count = countOf(options.count)
    if (isBare(lower, upper)) return []
    const entries =
      options.reverse === true
        ? await this.db.xrevrange(this.key, upper, lower, count)
        : await this.db.xrange(this.key, lower, upper, count)
    return opened(entries, this.payload, (id, fields, content) => new Message(this.key, id, fields, content))
  }

  /** `range({ from, to, count })` for short; null or undefined is an open end. */
  async slice(from?: IdLike | null, to?: IdLike | null, count?: number): Promise<Message<Out>[]> {
    return this.range({ from: from ?? undefined, to: to ?? undefined, ...countOf(count) })
  }

  /** The entry with an id; without a sequence the first one of that millisecond. */
  async get(id: IdLike): Promise<Message<Out> | undefined> {
    const [message] = await this.range({ from: id, to: id, count: 1 })
    return message
  }

  /** All entries between two places, fetched page by page. Entries added meanwhile come too. */
  async *walk({ page = PAGE, signal, ...bounds }: WalkOptions = {}): AsyncGenerator<Message<Out>, void, undefined> {
    let next = bounds
    for (;;) {
      signal?.throwIfAborted()
      const found = await this.range({ ...next, count: page })
      for (const message of found) {
        signal?.throwIfAborted()
        yield message
      }
      const last = found.at(-1)
      if (last === undefined || found.length < page) return
      next = { ...bounds, from: undefined, after: last.id }
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<Message<Out>, void, undefined> {
    return this.walk()
  }

  /** Adds many entries, in order, in few round trips; resolves with their ids. Rejects at the first that was refused. */
  async addAll(items: Iterable<In>): Promise<string[]> {
    const words: Words[] = []
    for (const item of items) words.push(await this.payload.fieldsOf(item))
    const ids: string[] = []
    for (let from = 0; from < words.length; from += BATCH) {
      const queue: Queue<readonly unknown[], string> = new Queue(this.db.runner, false)
      for (const fields of words.slice(from, from + BATCH)) queue.xadd(this.key, '*', fields)
      for (const id of await queue.exec()) {
        if (id instanceof RedisError) throw id
        ids.push(String(id))
      }
    }
    return ids
  }

  /**
   * Adds an entry when it is due, by the store's clock; resolves with when that is. Consumers of the stream do the adding. Only text
   * can be kept until then.
   */
  async addDelayed(data: In, when: When): Promise<Date> {
    return addDelayed(this.db, this.key, await this.payload.fieldsOf(data), when)
  }

  /** Removes entries; says how many there were. */
  async delete(...ids: IdLike[]): Promise<number> {
    if (ids.length === 0) return 0
    return this.db.xdel(this.key, textsOf(ids))
  }

  /** How many entries there are; 0 without the key. */
  length(): Promise<number> {
    return this.db.xlen(this.key)
  }

  /** Removes the oldest entries, down to a length or below an id; says how many. */
  async trim(rule: TrimRule & TrimExactness): Promise<number> {
    if (rule.maxlen === undefined && rule.minid === undefined) throw new TypeError('trim needs maxlen or minid')
    return this.db.xtrim(this.key, trimOf(rule))
  }

  /** Its length, ids and counters. Rejects without the key. */
  async info(): Promise<StreamInfo<Out>> {
    const info = await this.db.xinfo_stream(this.key)
    const ends = [info['first-entry'], info['last-entry']].filter((entry) => entry !== null)
    const messages = await opened(ends, this.payload, (id, fields, content) => {
      return new Message(this.key, id, fields, content)
    })
    return {
      length: info.length,
      groups: info.groups,
      lastId: info['last-generated-id'],
      maxDeletedId: info['max-deleted-entry-id'],
      entriesAdded: info['entries-added'],
      firstEntry: messages[0],
      lastEntry: messages[1],
    }
  }

  /** The groups that read it. */
  async groups(): Promise<GroupInfo[]> {
    return groupInfos(await this.db.xinfo_groups(this.key))
  }

  /** The last id that was ever added; 0-0 without the key. */
  async lastId(): Promise<string> {
    try {
      return (await this.db.xinfo_stream(this.key))['last-generated-id']
    } catch (error) {
      if (error instanceof RedisError && error.message === 'ERR no such key') return FIRST_ID
      throw error
    }
  }

  /** Removes the stream after a time; undefined keeps it for good. False when there is none. */
  async expire(ms: number | undefined): Promise<boolean> {
    const changed = ms === undefined ? await this.db.persist(this.key) : await this.db.pexpire(this.key, ms)
    return changed === 1
  }

  /** Removes the stream with all its groups; false when there was none. */
  async clear(): Promise<boolean> {
    return (await this.db.del(this.key)) === 1
  }

  protected async append(data: In, { id = '*', maxlen, minid, exact, limit }: AddOptions): Promise<string> {
    const fields = await this.payload.fieldsOf(data)
    return this.db.xadd(this.key, newId(id), fields, trimOf({ maxlen, minid, exact, limit }))
  }
}

/** Ids in words. */
export const textsOf = (ids: readonly IdLike[]): string[] => ids.map((id) => idOf(id))

/** The id of a new entry: a star may stand for all of it or for its sequence. */
function newId(id: IdLike): string {
  return typeof id === 'string' && (id === '*' || /^[0-9]{1,20}-[*]$/.test(id)) ? id : idOf(id)
}

interface Trim {
  readonly maxlen?: number | undefined
  readonly minid?: IdLike | undefined
  readonly exact?: boolean | undefined
  readonly limit?: number | undefined
}

interface TrimWords {
  maxlen?: readonly ['=' | '~', number]
  minid?: readonly ['=' | '~', string]
  limit?: number
}

function trimOf({ maxlen, minid, exact = false, limit }: Trim): TrimWords {
  if (maxlen === undefined && minid === undefined) return {}
  if (maxlen !== undefined && minid !== undefined) throw new TypeError('maxlen and minid exclude each other')
  const how = exact ? '=' : '~'
  return {
    ...(maxlen === undefined ? {} : { maxlen: [how, maxlen] }),
    ...(minid === undefined ? {} : { minid: [how, idOf(minid)] }),
    ...(limit === undefined ? {} : { limit }),
  }
}
