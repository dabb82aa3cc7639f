/**
 * GroupOf: a group over several streams, one handle for each.
 *
 * The one idea: stores know groups of one stream only; what is done to all of them is done to each. One read goes over all streams
 * of a slot at once, and over the slots of a cluster side by side.
 */
import { bytes } from '../base/bytes.ts'
import { hashSlot } from '../base/slots.ts'
import type { Database } from '../client/database.ts'
import { countOf } from './bounds.ts'
import { Consumer } from './consume/consumer.ts'
import { type RedriveOptions, redrive } from './consume/dead-letter.ts'
import type { Delivery } from './consume/delivery.ts'
import { type MessagesOptions, messagesOf } from './consume/messages.ts'
import { type BatchOptions, type ConsumeOptions, settingsOf } from './consume/options.ts'
import { deadLetterKey, type Target } from './consume/target.ts'
import {
  type GroupedStream,
  type GroupReadOptions,
  type PendingOptions,
  type Position,
  positionOf,
} from './grouped-stream.ts'
import { FIRST_ID } from './id.ts'
import type { ConsumerInfo, GroupInfo, PendingEntry, PendingSummary, StreamInfo } from './infos.ts'
import type { Delivered } from './message.ts'
import { readGroup } from './slot-reads.ts'

/** What a group is made over: its streams' handles and where it begins in each. */
export interface Membership<S> {
  readonly handles: ReadonlyMap<string, S>
  readonly starts: ReadonlyMap<string, Position>
}

/** A group over several streams: `Out` is what its payloads are read as, `S` a handle. */
export abstract class GroupOf<Out, In, S extends GroupedStream<Out, In>> {
  readonly name: string
  /** Who reads here. */
  readonly consumer: string
  /** Where it lies. */
  readonly db: Database
  protected readonly members: Membership<S>

  constructor(db: Database, name: string, consumer: string, members: Membership<S>) {
    if (members.handles.size === 0) throw new TypeError('a group has one stream at least')
    this.db = db
    this.name = name
    this.consumer = consumer
    this.members = members
  }

  /** The keys, in order. */
  get keys(): string[] {
    return [...this.members.handles.keys()]
  }

  /** The handles, in order. */
  get streams(): S[] {
    return [...this.members.handles.values()]
  }

  /** The handle of one stream. Throws when the group is not over it. */
  stream(key: string): S {
    const found = this.members.handles.get(key)
    if (found === undefined) throw new TypeError(`the group ${this.name} is not over ${JSON.stringify(key)}`)
    return found
  }

  /** The keys by cluster slot; all together where there are no slots. */
  get slots(): string[][] {
    if (this.db.features.kind !== 'cluster') return [this.keys]
    const prefix = this.db.keyPrefix
    const bySlot = new Map<number, string[]>()
    for (const key of this.keys) {
      const slot = hashSlot(bytes(prefix + key))
      const known = bySlot.get(slot)
      if (known === undefined) bySlot.set(slot, [key])
      else known.push(key)
    }
    return [...bySlot.values()]
  }

  /** Makes the group on every stream; a missing stream is made too, unless told not to. What exists stays as it is. */
  create({ mkstream = true }: { readonly mkstream?: boolean } = {}): Promise<Record<string, 'created' | 'exists'>> {
    return this.each(async (stream) => {
      const start = this.members.starts.get(stream.key) ?? FIRST_ID
      return (await stream.create(start, { mkstream })) ? 'created' : 'exists'
    })
  }

  /** Sets after which entry the group goes on, in every stream; '$' passes over all there are. */
  async setId(position: Position): Promise<void> {
    await this.each((stream) => stream.setId(position))
  }

  /** Gives everything again from the start; what is pending stays so. */
  reset(): Promise<void> {
    return this.setId(FIRST_ID)
  }

  /** Removes the group of every stream with all it has pending; says where there was one. The entries stay. */
  destroy(): Promise<Record<string, boolean>> {
    return this.each((stream) => stream.destroy())
  }

  /** What is known of every stream. */
  info(): Promise<Record<string, StreamInfo<Out>>> {
    return this.each((stream) => stream.info())
  }

  /** How far the group has come with every stream; undefined where it does not exist. */
  groupInfo(): Promise<Record<string, GroupInfo | undefined>> {
    return this.each((stream) => stream.groupInfo())
  }

  /** The consumers, by stream. */
  consumers(): Promise<Record<string, ConsumerInfo[]>> {
    return this.each((stream) => stream.consumers())
  }

  /** Entries given and not acknowledged, stream by stream. */
  async pending(options: PendingOptions = {}): Promise<PendingEntry[]> {
    return (await Promise.all(this.streams.map((stream) => stream.pending(options)))).flat()
  }

  /** What is pending, counted, by stream. */
  pendingSummary(): Promise<Record<string, PendingSummary>> {
    return this.each((stream) => stream.pendingSummary())
  }

  /**
   * Handles messages until it is stopped: `await consumer.stop()`. A message whose handler resolves is acknowledged; one whose handler
   * rejects is tried again, and goes to the dead letters when that was often enough.
   */
  consume(handler: (messages: readonly Delivery<Out>[]) => unknown, options: BatchOptions<Delivery<Out>>): Consumer<Out>
  consume(handler: (message: Delivery<Out>) => unknown, options?: ConsumeOptions<Delivery<Out>>): Consumer<Out>
  consume(
    handler: (given: never) => unknown,
    options: ConsumeOptions<Delivery<Out>> & { readonly batch?: number } = {},
  ): Consumer<Out> {
    // Every message would fail and end among the dead letters.
    if (typeof handler !== 'function') throw new TypeError(`consume takes a handler, not ${handler}`)
    const takesMany = options.batch !== undefined
    const work = (messages: readonly Delivery<Out>[]): unknown =>
      Reflect.apply(handler, undefined, [takesMany ? messages : messages[0]])
    return new Consumer(this.#target(), settingsOf(options), work)
  }

  /**
   * Messages, one at a time, to be settled by `message.ack()`, `retry()` or `reject()`. What was not settled when the loop is left can be
   * claimed by others at once. An aborted signal ends the loop, which then throws its reason.
   */
  messages(options?: MessagesOptions<Delivery<Out>>): AsyncGenerator<Delivery<Out>, void, undefined> {
    return messagesOf(this.#target(), options)
  }

  /** Where dead letters of a stream go, unless a consumer says otherwise. */
  deadLetterKey(stream: string): string {
    return deadLetterKey(this.db, stream)
  }

  /** Brings dead letters back to the streams they came from, as new entries; from `deadLetterKey` of every stream unless a key is given. */
  async redrive({ from, ...options }: RedriveOptions & { readonly from?: string } = {}): Promise<number> {
    let moved = 0
    for (const key of from === undefined ? this.keys.map((stream) => this.deadLetterKey(stream)) : [from]) {
      const left = options.count === undefined ? {} : { count: options.count - moved }
      moved += await redrive(this.db, key, { ...options, ...left })
    }
    return moved
  }

  #target(): Target<Out> {
    const { handles, starts } = this.members
    return {
      database: this.db,
      group: this.name,
      consumer: this.consumer,
      starts: new Map(this.keys.map((key) => [key, positionOf(starts.get(key) ?? FIRST_ID)])),
      contentOf: (stream, fields) => handles.get(stream)!.payload.contentOf(fields),
    }
  }

  /** New entries, stream by stream in the order of the keys; `count` is for each stream. */
  protected async readAll(options: GroupReadOptions): Promise<Delivered<Out>[]> {
    countOf(options.count)
    const found = await readGroup(this.db, [this.name, this.consumer], this.slots, options)
    const messages = this.streams.map((stream) => stream.delivered(found.get(stream.key) ?? []))
    return (await Promise.all(messages)).flat()
  }

  /** Does something to every stream; results by key. */
  protected async each<R>(run: (stream: S) => Promise<R>): Promise<Record<string, R>> {
    const results = await Promise.all(this.streams.map(async (stream) => [stream.key, await run(stream)] as const))
    return Object.fromEntries(results)
  }
}
