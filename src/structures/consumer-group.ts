/**
 * A consumer group: how far a stream was delivered, and who still owes which acknowledgement.
 *
 * The one idea: one object per pending entry, lying in two ordered lists, the group's and its consumer's. Only the
 * methods here add, move and remove pending entries, so the two lists can't drift apart.
 *
 * Invariants: an entry in the group's list is in exactly one consumer's list, that of its owner, who is in the group;
 * the sizes of the consumers' lists sum up to the group's.
 */
import type { Bytes } from '../base/bytes.ts'
import { stringBytes } from './indexed-keys.ts'
import { NameList } from './name-list.ts'
import { type Pending, PendingList } from './pending-list.ts'
import { compareIds, MIN_ID, type StreamId } from './stream-id.ts'

// Estimates of V8's heap: the objects with their empty lists, and a pending entry with its id and two slots.
const GROUP_BYTES = 240
const CONSUMER_BYTES = 160
const PENDING_BYTES = 144

/** An entry that a consumer was given and has not acknowledged. */
export type PendingEntry = Pending<Consumer>

/** One reader of a group. */
export class Consumer {
  readonly name: Bytes
  /** When it last read or claimed, or tried to. */
  seenTimeMs: number
  /** What it holds. Changed by the group only. */
  readonly pending: PendingList<Consumer> = new PendingList()

  constructor(name: Bytes, seenTimeMs: number) {
    this.name = name
    this.seenTimeMs = seenTimeMs
  }
}

/** The readers of a stream who share its entries among them. */
export class ConsumerGroup {
  readonly name: Bytes
  /** The last entry given to any consumer. */
  lastDeliveredId: StreamId
  /** How many of all entries ever added come up to `lastDeliveredId`; undefined when that is not known. */
  entriesRead: number | undefined
  /** All pending entries. Changed by the methods below only. */
  readonly pending: PendingList<Consumer> = new PendingList()
  /** The consumers, by name. Changed by the methods below only. */
  readonly consumers: NameList<Consumer> = new NameList()
  #consumerBytes = 0

  constructor(name: Bytes, lastDeliveredId: StreamId, entriesRead: number | undefined) {
    this.name = name
    this.lastDeliveredId = lastDeliveredId
    this.entriesRead = entriesRead
  }

  /** Estimated heap bytes. */
  get byteSize(): number {
    return GROUP_BYTES + stringBytes(this.name) + this.#consumerBytes + PENDING_BYTES * this.pending.size
  }

  /** Adds a consumer whose name is not in the group. */
  addConsumer(name: Bytes, nowMs: number): Consumer {
    const consumer = new Consumer(name, nowMs)
    this.consumers.add(consumer)
    this.#consumerBytes += CONSUMER_BYTES + stringBytes(name)
    return consumer
  }

  /** Removes a consumer with all it holds; returns how much that was, or undefined when there is none of the name. */
  removeConsumer(name: Bytes): number | undefined {
    const consumer = this.consumers.delete(name)
    if (consumer === undefined) return undefined
    this.#consumerBytes -= CONSUMER_BYTES + stringBytes(name)
    for (const entry of consumer.pending.from(MIN_ID)) this.pending.delete(entry.id)
    return consumer.pending.size
  }

  /**
   * Notes that a consumer was given a new entry. One that was pending already (the group was set back) changes hands
   * and counts as delivered once.
   */
  deliver(id: StreamId, consumer: Consumer, nowMs: number): PendingEntry {
    const last = this.pending.last()
    const known = last === undefined || compareIds(last.id, id) < 0 ? undefined : this.pending.get(id)
    if (known === undefined) return this.addPending(id, consumer, nowMs, 1)
    this.assign(known, consumer)
    known.deliveryTimeMs = nowMs
    known.deliveryCount = 1
    return known
  }

  /** Adds a pending entry whose id is not in the group's list: XCLAIM FORCE, and loading. */
  addPending(id: StreamId, owner: Consumer, deliveryTimeMs: number, deliveryCount: number): PendingEntry {
    const entry: PendingEntry = { id, owner, deliveryTimeMs, deliveryCount }
    this.pending.add(entry)
    owner.pending.add(entry)
    return entry
  }

  /** Gives a pending entry to a consumer, maybe the one who has it. Time and count stay. */
  assign(entry: PendingEntry, consumer: Consumer): void {
    if (entry.owner === consumer) return
    entry.owner.pending.delete(entry.id)
    entry.owner = consumer
    consumer.pending.add(entry)
  }

  /** Removes a pending entry, whoever holds it; says whether there was one. */
  acknowledge(id: StreamId): boolean {
    const entry = this.pending.delete(id)
    if (entry === undefined) return false
    entry.owner.pending.delete(id)
    return true
  }

  /** A copy of its own. */
  copy(): ConsumerGroup {
    const copy = new ConsumerGroup(this.name, this.lastDeliveredId, this.entriesRead)
    for (const consumer of this.consumers.values()) {
      const owner = copy.addConsumer(consumer.name, consumer.seenTimeMs)
      for (const entry of consumer.pending.from(MIN_ID)) {
        copy.addPending(entry.id, owner, entry.deliveryTimeMs, entry.deliveryCount)
      }
    }
    return copy
  }
}
