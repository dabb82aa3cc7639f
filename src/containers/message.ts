/**
 * Message: one entry of a stream.
 *
 * The one idea: `stream`, `id` and `fields` are the entry itself; time, sequence and data are views of them. Order, names that come
 * twice and ids beyond what numbers hold are kept in `fields` and `id`.
 */
import { sequenceOf, timeOf } from './id.ts'
import type { Content, Field, Payload, PayloadError } from './payload.ts'

/** One entry of a stream. */
export class Message<T = Record<string, string>> {
  /** The key of its stream. */
  readonly stream: string
  /** `ms-seq`, exact. */
  readonly id: string
  /** The fields in their order. */
  readonly fields: readonly Field[]
  readonly #content: Content<T>

  constructor(stream: string, id: string, fields: readonly Field[], content: Content<T>) {
    this.stream = stream
    this.id = id
    this.fields = fields
    this.#content = content
  }

  /** The milliseconds of the id; an invalid Date where these are beyond what a Date can hold. */
  get timestamp(): Date {
    return timeOf(this.id)
  }

  /** The sequence within the millisecond; NaN beyond 2^53-1, where `parseId(message)` is exact. */
  get sequence(): number {
    return sequenceOf(this.id)
  }

  /** The payload, by the codec and schema of its stream. Throws its `problem`, where it has one. */
  get data(): T {
    return this.#content.data
  }

  /** Why there is no data: the fields do not fit the schema, or the codec can't read them. */
  get problem(): PayloadError | undefined {
    return this.#content.problem
  }

  toString(): string {
    return `<Message ${this.stream} ${this.id}: ${JSON.stringify(Object.fromEntries(this.fields))}>`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/** What takes acknowledgements: the handle of a group's stream. */
export interface Acknowledging {
  ack(...ids: string[]): Promise<number>
}

/** An entry that a group gave to a consumer. */
export class Delivered<T = Record<string, string>> extends Message<T> {
  readonly #by: Acknowledging

  constructor(stream: string, id: string, fields: readonly Field[], content: Content<T>, by: Acknowledging) {
    super(stream, id, fields, content)
    this.#by = by
  }

  /** Takes it off what is pending; false when it was not pending any more. */
  async ack(): Promise<boolean> {
    return (await this.#by.ack(this.id)) === 1
  }
}

/** An entry as stores answer it. */
export type Entry = readonly [id: string, fields: readonly Field[]]

/** Opens the payloads of entries, in order. */
export async function opened<Out, M>(
  entries: readonly Entry[],
  payload: Payload<Out, never>,
  make: (id: string, fields: readonly Field[], content: Content<Out>) => M,
): Promise<M[]> {
  const made: M[] = []
  for (const [id, fields] of entries) {
    const content = payload.contentOf(fields)
    made.push(make(id, fields, content instanceof Promise ? await content : content))
  }
  return made
}
