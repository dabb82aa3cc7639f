/**
 * A stream: its entries, its groups, and the counters that tell how far a group lags behind.
 *
 * The one idea: Redis' lag is an estimate from four facts (the first and last id, the largest deleted id, the number of
 * entries ever added) and known only where no deletion can falsify it. The stream keeps these facts and answers the
 * same, "unknown" included.
 *
 * Invariants: every entry's id is at most `lastId`. `entriesAdded` and `maxDeletedId` survive trims; a trim does not
 * count as a deletion.
 */
import type { Bytes } from '../base/bytes.ts'
import { ConsumerGroup } from './consumer-group.ts'
import { epochs } from './epochs.ts'
import { NameList } from './name-list.ts'
import { compareIds, isMinId, MIN_ID, nextId, nextInMs, type StreamId, sameId, sameMs, streamId } from './stream-id.ts'
import { type StreamCursor, StreamLog, type TrimReach } from './stream-log.ts'

/** The stream, its log and lists, and the room that V8 gives their arrays at the first push: measured. */
const STREAM_BYTES = 1000

/** A log of entries with ascending ids, and the groups that read it. */
export class Stream {
  readonly type = 'stream'
  /** What the keyspace's memory account holds for this value: see keyspace/account.ts. */
  counted = 0
  /** The last snapshot that has this value, or was begun before the value was made: see epochs.ts. */
  epoch = epochs.current
  /** The largest id ever given out. */
  lastId: StreamId = MIN_ID
  /** How many entries were ever added. */
  entriesAdded = 0
  /** The largest id ever deleted by name; 0-0 when none was. */
  maxDeletedId: StreamId = MIN_ID
  /** The groups, by name. */
  readonly groups: NameList<ConsumerGroup> = new NameList()
  readonly #log: StreamLog

  constructor(log: StreamLog = new StreamLog()) {
    this.#log = log
  }

  /** The OBJECT ENCODING word. */
  encoding(): 'stream' {
    return 'stream'
  }

  /** How many entries there are. */
  get size(): number {
    return this.#log.length
  }

  /** The id of the oldest entry; 0-0 when there is none. */
  get firstId(): StreamId {
    return this.#log.firstId() ?? MIN_ID
  }

  /** The id of the newest entry that is still there; `lastId` may be larger. Undefined when there is none. */
  get newestId(): StreamId | undefined {
    return this.#log.lastId()
  }

  /** The entries, for saving and for XINFO. Changed by the methods below only. */
  get log(): StreamLog {
    return this.#log
  }

  /** Estimated heap bytes. */
  get byteSize(): number {
    let bytes = STREAM_BYTES + this.#log.byteSize
    if (this.groups.size > 0) for (const group of this.groups.values()) bytes += group.byteSize
    return bytes
  }

  /** Counts the memory held anew; answers by how much it has grown: see keyspace/account.ts. */
  recount(): number {
    const grown = this.byteSize - this.counted
    this.counted += grown
    return grown
  }

  /** The id `*` stands for now; undefined when all are used up. */
  nextId(nowMs: number): StreamId | undefined {
    const fresh = streamId(nowMs, 0)
    return fresh.ms > this.lastId.ms ? fresh : nextId(this.lastId)
  }

  /**
   * The id `ms-*` stands for, given `ms-0`; undefined when that millisecond is used up. It isn't larger than `lastId`
   * when the milliseconds are in the past.
   */
  nextIdInMs(start: StreamId): StreamId | undefined {
    return sameMs(start, this.lastId) ? nextInMs(this.lastId) : start
  }

  /** Adds an entry; its id must be larger than `lastId`. The stream takes the array (name, value …) over. */
  append(id: StreamId, fields: Bytes[]): void {
    this.#log.append(id, fields)
    this.entriesAdded++
    this.lastId = id
  }

  /** The fields of an entry, or undefined when it isn't there. */
  get(id: StreamId): readonly Bytes[] | undefined {
    return this.#log.get(id)
  }

  /** Removes an entry by its id; says whether it was there. */
  delete(id: StreamId): boolean {
    if (!this.#log.delete(id)) return false
    if (compareIds(id, this.maxDeletedId) > 0) this.maxDeletedId = id
    return true
  }

  /** MAXLEN: removes the oldest until `maxLength` are left; returns how many it removed. */
  trimToLength(maxLength: number, reach: TrimReach): number {
    return this.#log.trimToLength(maxLength, reach)
  }

  /** MINID: removes the entries before an id; returns how many it removed. */
  trimBelow(minId: StreamId, reach: TrimReach): number {
    return this.#log.trimBelow(minId, reach)
  }

  /** Walks from `start` up to `end`, both included. Void once entries change. */
  range(start: StreamId, end: StreamId): StreamCursor {
    return this.#log.range(start, end)
  }

  /** Walks from `end` down to `start`, both included. Void once entries change. */
  reverseRange(end: StreamId, start: StreamId): StreamCursor {
    return this.#log.reverseRange(end, start)
  }

  /** Adds a group whose name is not taken. */
  addGroup(name: Bytes, lastDeliveredId: StreamId, entriesRead: number | undefined): ConsumerGroup {
    const group = new ConsumerGroup(name, lastDeliveredId, entriesRead)
    this.groups.add(group)
    return group
  }

  /** Notes that a group was given the entry `id`; says whether that moved the group on. */
  advance(group: ConsumerGroup, id: StreamId): boolean {
    if (compareIds(id, group.lastDeliveredId) <= 0) return false
    if (group.entriesRead !== undefined && !this.#mayLackEntriesFrom(id)) group.entriesRead++
    else if (this.entriesAdded > 0) group.entriesRead = this.entriesUpTo(id)
    group.lastDeliveredId = id
    return true
  }

  /** XINFO GROUPS' lag: how many entries a group has not been given; undefined when that can't be told. */
  lagOf(group: ConsumerGroup): number | undefined {
    if (this.entriesAdded === 0) return 0
    const known = group.entriesRead !== undefined && !this.#mayLackEntriesFrom(group.lastDeliveredId)
    const read = known ? group.entriesRead : this.entriesUpTo(group.lastDeliveredId)
    return read === undefined ? undefined : this.entriesAdded - read
  }

  /** How many of all entries ever added came up to `id`, itself included; undefined when that can't be told. */
  entriesUpTo(id: StreamId): number | undefined {
    if (this.entriesAdded === 0) return 0
    const toLast = compareIds(id, this.lastId)
    if (this.size === 0 && toLast <= 0) return this.entriesAdded
    if (toLast === 0) return this.entriesAdded
    if (toLast > 0) return undefined
    const first = this.firstId
    if (!isMinId(this.maxDeletedId) && compareIds(this.maxDeletedId, first) >= 0) return undefined
    if (compareIds(id, first) < 0) return this.entriesAdded - this.size
    return sameId(id, first) ? this.entriesAdded - this.size + 1 : undefined
  }

  /** What a snapshot needs of the stream as it is now. */
  frozen(): Stream {
    return this.#copyOn(this.#log.frozen())
  }

  /** A copy of its own, with groups, consumers and what they hold. */
  copy(): Stream {
    return this.#copyOn(this.#log.copy())
  }

  #copyOn(log: StreamLog): Stream {
    const copy = new Stream(log)
    copy.lastId = this.lastId
    copy.entriesAdded = this.entriesAdded
    copy.maxDeletedId = this.maxDeletedId
    for (const group of this.groups.values()) copy.groups.add(group.copy())
    return copy
  }

  /** Whether an entry at or after `id` may have been deleted by name. */
  #mayLackEntriesFrom(id: StreamId): boolean {
    if (this.size === 0 || isMinId(this.maxDeletedId)) return false
    if (compareIds(this.firstId, this.maxDeletedId) > 0) return false
    return compareIds(id, this.maxDeletedId) <= 0
  }
}
