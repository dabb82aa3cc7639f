/**
 * Stream: a log of entries under a key, written at its end and read from anywhere.
 *
 * The one idea: a reader says after which id it goes on; the store keeps nothing about readers. `follow` keeps that id for its
 * caller, so that nothing is missed between two reads.
 */
import { countOf } from './bounds.ts'
import { FIRST_ID, type IdLike, idOf, lastSeen } from './id.ts'
import { type AddOptions, KeyedStream } from './keyed-stream.ts'
import { type Entry, Message, opened } from './message.ts'
import type { Fields } from './payload.ts'
import { blockOf, type Commands, type Waiting, waitingOn } from './waiting.ts'

/** A read from a stream. */
export interface ReadOptions extends Waiting {
  /** Gives what comes after this id, which need not exist; '$' is the last one at the moment of the call. From the start unless given. */
  readonly after?: IdLike | undefined
  /** The most entries to give. */
  readonly count?: number | undefined
}

/** A reader that stays. */
export interface FollowOptions {
  /** As for `read`; '$' is the last id when the loop begins. From the start unless given. */
  readonly after?: IdLike
  /** How many entries are fetched at a time; 100 unless given. */
  readonly page?: number
  /** Ends the loop, which then throws the signal's reason. */
  readonly signal?: AbortSignal
}

const PAGE = 100

/** A stream: `db.stream('key')`. */
export class Stream<Out = Record<string, string>, In = Fields> extends KeyedStream<Out, In> {
  /** Adds an entry; resolves with its id. */
  add(data: In, options: AddOptions = {}): Promise<string> {
    return this.append(data, options)
  }

  /** Entries after an id, in order; none when there are none, or none came in time. */
  async read(options: ReadOptions = {}): Promise<Message<Out>[]> {
    const words = { ...countOf(options.count), ...blockOf(options.blockMs) }
    const { after: given = FIRST_ID, blockMs, signal } = options
    // Asked for now where the wait has a connection of its own, which may come later than what is added next.
    const isApart = signal !== undefined || this.db.features.kind !== 'embedded'
    const isAsked = given === '$' && blockMs !== undefined && isApart
    const after = isAsked ? await this.lastId() : given === '$' ? '$' : lastSeen(given)
    return this.#messages(await waitingOn(this.db, options, (commands) => this.#entries(commands, after, words)))
  }

  /** All entries after an id, and those to come: leave the loop or abort it to end. */
  async *follow({
    after = FIRST_ID,
    page = PAGE,
    signal,
  }: FollowOptions = {}): AsyncGenerator<Message<Out>, void, undefined> {
    const words = { ...countOf(page), block: 0 }
    signal?.throwIfAborted()
    await using connection = await this.db.dedicated()
    let last = after === '$' ? await this.lastId() : lastSeen(after)
    for (;;) {
      const entries = await connection.until(signal, () => this.#entries(connection, last, words))
      for (const message of await this.#messages(entries)) {
        signal?.throwIfAborted()
        last = message.id
        yield message
      }
    }
  }

  /** Sets the last id: entries to come have greater ones. Refused below the ids that there are. */
  async setId(id: IdLike): Promise<void> {
    await this.db.xsetid(this.key, idOf(id))
  }

  async #entries(
    commands: Commands,
    after: string,
    words: { readonly count?: number; readonly block?: number },
  ): Promise<readonly Entry[]> {
    const found = await commands.xread([[this.key, after]], words)
    return found?.get(this.key) ?? []
  }

  #messages(entries: readonly Entry[]): Promise<Message<Out>[]> {
    return opened(entries, this.payload, (id, fields, content) => new Message(this.key, id, fields, content))
  }
}
