/**
 * ConsumerGroup: several streams, shared out among consumers; every entry goes to one of them and stays pending until it is
 * acknowledged.
 *
 * The one idea: one shape of message whatever stream it comes from: `message.stream` says which.
 */
import { GroupOf, type Membership } from './group-of.ts'
import { GroupedStream, type GroupReadOptions } from './grouped-stream.ts'
import type { AddOptions } from './keyed-stream.ts'
import type { Delivered } from './message.ts'
import type { Fields } from './payload.ts'

/** One stream of a group. */
export class GroupStream<Out = Record<string, string>, In = Fields> extends GroupedStream<Out, In> {
  /** Adds an entry; resolves with its id. */
  add(data: In, options: AddOptions = {}): Promise<string> {
    return this.append(data, options)
  }

  /** The same for another consumer. */
  as(consumer: string): GroupStream<Out, In> {
    return new GroupStream(this.db, this.key, this.payload, this.group, consumer)
  }
}

/** A group: `db.consumerGroup(name, keys)`. */
export class ConsumerGroup<Out = Record<string, string>, In = Fields> extends GroupOf<Out, In, GroupStream<Out, In>> {
  /** The same group for another consumer; the store hears of it when it reads. */
  as(consumer: string): ConsumerGroup<Out, In> {
    const handles = new Map(this.streams.map((stream) => [stream.key, stream.as(consumer)]))
    const members: Membership<GroupStream<Out, In>> = { ...this.members, handles }
    return new ConsumerGroup(this.db, this.name, consumer, members)
  }

  /** Entries not given to anyone yet, stream by stream in the order of the keys; `count` is for each stream. */
  read(options: GroupReadOptions = {}): Promise<Delivered<Out>[]> {
    return this.readAll(options)
  }
}
