/**
 * TimeSeries: a group whose entries are measurements: their ids are their times.
 *
 * The one idea: Dates in, Dates out, exact to the millisecond, with a sequence for what happened within one. What comes from
 * several streams comes in the order of time.
 */
import { GroupOf, type Membership } from './group-of.ts'
import { GroupedStream, type GroupReadOptions } from './grouped-stream.ts'
import { compareIds, type IdLike, sequenceOf, timeOf } from './id.ts'
import type { AddOptions } from './keyed-stream.ts'
import type { Delivered } from './message.ts'
import type { Fields } from './payload.ts'

/** Where an entry came to lie. */
export interface Moment {
  readonly id: string
  readonly timestamp: Date
  readonly sequence: number
}

/** One stream of a time series. */
export class TimeSeriesStream<Out = Record<string, string>, In = Fields> extends GroupedStream<Out, In> {
  /** Adds a measurement of a time, which is above all there have been; now unless given. */
  async add(data: In, at?: IdLike, options: Omit<AddOptions, 'id'> = {}): Promise<Moment> {
    const id = await this.append(data, at === undefined ? options : { ...options, id: at })
    return { id, timestamp: timeOf(id), sequence: sequenceOf(id) }
  }

  /** The same for another consumer. */
  as(consumer: string): TimeSeriesStream<Out, In> {
    return new TimeSeriesStream(this.db, this.key, this.payload, this.group, consumer)
  }
}

/** A time series: `db.timeSeries(name, keys)`. */
export class TimeSeries<Out = Record<string, string>, In = Fields> extends GroupOf<Out, In, TimeSeriesStream<Out, In>> {
  /** The same series for another consumer. */
  as(consumer: string): TimeSeries<Out, In> {
    const handles = new Map(this.streams.map((stream) => [stream.key, stream.as(consumer)]))
    const members: Membership<TimeSeriesStream<Out, In>> = { ...this.members, handles }
    return new TimeSeries(this.db, this.name, consumer, members)
  }

  /** New entries of all streams in the order of time; of equal ids in the order of the keys. `count` is for each stream. */
  async read(options: GroupReadOptions = {}): Promise<Delivered<Out>[]> {
    return (await this.readAll(options)).sort(compareIds)
  }
}
