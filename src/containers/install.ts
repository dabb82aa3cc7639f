/**
 * Containers as methods of a database: `db.stream`, `db.consumerGroup`, `db.timeSeries`.
 *
 * The one idea: a database knows nothing of what is built on it. Whoever opens one puts these methods on it, and their types are
 * merged into its own.
 */
import type { Database } from '../client/database.ts'
import { ConsumerGroup, GroupStream } from './consumer-group.ts'
import type { Membership } from './group-of.ts'
import type { Position } from './grouped-stream.ts'
import { type Codec, codecPayload, FLAT, type Payload, schemaPayload } from './payload.ts'
import type { PayloadSchema } from './schema.ts'
import { Stream } from './stream.ts'
import { TimeSeries, TimeSeriesStream } from './time-series.ts'

/** Payloads that a schema checks; without a codec the schema is given a record of text. */
export interface SchemaOptions<Out, In> {
  readonly schema: PayloadSchema<In, Out>
  /** What the schema is given: `json()` for data that is more than a record of text. */
  readonly codec?: Codec<unknown>
}

/** Payloads that a codec makes. */
export interface CodecOptions<Out, In> {
  readonly codec: Codec<Out, In>
  readonly schema?: undefined
}

/** Whose reads these are. */
export interface GroupOptions {
  /** The consumer's name; `<group>.c1` unless given. */
  readonly consumer?: string
}

/** Keys of a group: one, several, or each with the place where the group begins (from the start unless given). */
export type GroupKeys = string | readonly string[] | Readonly<Record<string, Position>>

/** A stream of any payload. */
export type AnyStream = Stream<unknown, never>
/** What a stream's payloads are read as. */
export type OutOf<S> = S extends Stream<infer Out, infer _In> ? Out : never
/** What a stream's payloads are written from. */
export type InOf<S> = S extends Stream<infer _Out, infer In> ? In : never

/** What a database has of containers. Making one asks the store nothing. */
export interface Containers {
  /** The stream under a key, which need not exist. */
  stream(key: string): Stream
  stream<Out, In>(key: string, options: SchemaOptions<Out, In>): Stream<Out, In>
  stream<Out, In = Out>(key: string, options: CodecOptions<Out, In>): Stream<Out, In>

  /** A group over one or several streams; `create` makes it. */
  consumerGroup(name: string, keys: GroupKeys, options?: GroupOptions): ConsumerGroup
  consumerGroup<Out, In>(
    name: string,
    keys: GroupKeys,
    options: GroupOptions & SchemaOptions<Out, In>,
  ): ConsumerGroup<Out, In>
  consumerGroup<Out, In = Out>(
    name: string,
    keys: GroupKeys,
    options: GroupOptions & CodecOptions<Out, In>,
  ): ConsumerGroup<Out, In>
  /** Over streams, each with its own payloads. */
  consumerGroup<S extends AnyStream>(
    name: string,
    streams: S | readonly S[],
    options?: GroupOptions,
  ): ConsumerGroup<OutOf<S>, InOf<S>>

  /** A group whose entries' ids are times. */
  timeSeries(name: string, keys: GroupKeys, options?: GroupOptions): TimeSeries
  timeSeries<Out, In>(
    name: string,
    keys: GroupKeys,
    options: GroupOptions & SchemaOptions<Out, In>,
  ): TimeSeries<Out, In>
  timeSeries<Out, In = Out>(
    name: string,
    keys: GroupKeys,
    options: GroupOptions & CodecOptions<Out, In>,
  ): TimeSeries<Out, In>
  /** Over streams, each with its own payloads. */
  timeSeries<S extends AnyStream>(
    name: string,
    streams: S | readonly S[],
    options?: GroupOptions,
  ): TimeSeries<OutOf<S>, InOf<S>>
}

declare module '../client/database.ts' {
  interface Database extends Containers {}
}

/** The options of all overloads. */
interface AnyOptions extends GroupOptions {
  readonly schema?: PayloadSchema<unknown>
  readonly codec?: Codec<unknown>
}

type AnyKeys = GroupKeys | AnyStream | readonly AnyStream[]
type AnyPayload = Payload<unknown, never>

/** Puts the methods on a database's prototype. */
export function installContainers(prototype: object): void {
  const methods = {
    stream(this: Database, key: string, options: AnyOptions = {}): AnyStream {
      return new Stream(this, keyOf(key), payloadOf(options))
    },
    consumerGroup(this: Database, name: string, keys: AnyKeys, options: AnyOptions = {}) {
      const { consumer = `${name}.c1` } = options
      const members = membership(keys, options, (key, payload) => new GroupStream(this, key, payload, name, consumer))
      return new ConsumerGroup(this, name, consumer, members)
    },
    timeSeries(this: Database, name: string, keys: AnyKeys, options: AnyOptions = {}) {
      const { consumer = `${name}.c1` } = options
      const members = membership(
        keys,
        options,
        (key, payload) => new TimeSeriesStream(this, key, payload, name, consumer),
      )
      return new TimeSeries(this, name, consumer, members)
    },
  }
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(prototype, name, { value, writable: true, configurable: true })
  }
}

function payloadOf({ schema, codec }: AnyOptions): AnyPayload {
  if (schema !== undefined) return schemaPayload(schema, codec)
  return codec === undefined ? FLAT : codecPayload(codec)
}

function membership<S>(
  given: AnyKeys,
  options: AnyOptions,
  handle: (key: string, payload: AnyPayload) => S,
): Membership<S> {
  const handles = new Map<string, S>()
  const starts = new Map<string, Position>()
  const add = (key: string, payload: AnyPayload): void => {
    handles.set(keyOf(key), handle(key, payload))
  }
  if (typeof given === 'string') add(given, payloadOf(options))
  else if (given instanceof Stream) add(given.key, given.payload)
  else if (isList(given)) {
    for (const one of given) {
      if (one instanceof Stream) add(one.key, one.payload)
      else add(one, payloadOf(options))
    }
  } else {
    for (const [key, start] of Object.entries(given)) {
      add(key, payloadOf(options))
      starts.set(key, start)
    }
  }
  return { handles, starts }
}

const isList = <T>(given: T): given is T & readonly (string | AnyStream)[] => Array.isArray(given)

function keyOf(key: unknown): string {
  if (typeof key === 'string') return key
  throw new TypeError(`the key of a stream is a string, not ${typeof key}`)
}
