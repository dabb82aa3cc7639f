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
import type { GroupedStream, GroupReadOptions, PendingOptions, Position } from './grouped-stream.ts'
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
