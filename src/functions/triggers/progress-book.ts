/**
 * ProgressBook: the progress of all stream triggers in all streams, and how it is kept with the data.
 *
 * The one idea: progress belongs to names (library, trigger, database, stream), not to the objects that read: it is there
 * before the library that it belongs to is loaded, and stays when that is replaced. Kept is what is finished for ever; each
 * step of that is reported as a change, as JSON of bytes in latin1, which is what the log's lines and a snapshot hold.
 */
import { type Bytes, raw } from '../../base/bytes.ts'
import type { Extra, Extras } from '../../engine/extras.ts'
import { formatId } from '../../structures/stream-id.ts'
import { parseId } from '../../structures/stream-id-text.ts'
import { StreamProgress } from './stream-progress.ts'

const NAME = 'stream-triggers'

/** The progress of one trigger, by stream. */
export class ReadStreams {
  readonly #streams = new Map<string, StreamProgress>()

  get all(): Iterable<StreamProgress> {
    return this.#streams.values()
  }

  get(db: number, key: Bytes): StreamProgress | undefined {
    return this.#streams.get(`${db}:${key}`)
  }

  set(progress: StreamProgress): void {
    this.#streams.set(`${progress.db}:${progress.key}`, progress)
  }

  /** Forgets a stream; false when it was not known. */
  forget(db: number, key: Bytes): boolean {
    const progress = this.get(db, key)
    if (progress === undefined) return false
    progress.isForgotten = true
    return this.#streams.delete(`${db}:${key}`)
  }

  forgetAll(): void {
    for (const progress of this.#streams.values()) progress.isForgotten = true
    this.#streams.clear()
  }

  /** Two databases have changed places: what was read in one was read in the other. */
  swap(first: number, second: number): void {
    const moved = [...this.#streams.values()].filter(({ db }) => db === first || db === second)
    for (const { db, key } of moved) this.forget(db, key)
    for (const { db, key, done, lastRead } of moved) {
      if (lastRead !== undefined) this.set(new StreamProgress(db === first ? second : first, key, done))
    }
  }
}

export class ProgressBook implements Extra {
  readonly name = NAME
  readonly #extras: Extras
  /** By `library.trigger`: names have no dots. */
  readonly #triggers = new Map<string, ReadStreams>()

  constructor(extras: Extras) {
    this.#extras = extras
  }

  /** The progress of a trigger, new or known. */
  of(library: string, trigger: string): ReadStreams {
    return this.#named(`${library}.${trigger}`)
  }

  /** A trigger is no more. */
  drop(library: string, trigger: string): void {
    this.#triggers.get(`${library}.${trigger}`)?.forgetAll()
    this.#triggers.delete(`${library}.${trigger}`)
  }

  /** A trigger has finished more of a stream. */
  moved(library: string, trigger: string, { db, key, done }: StreamProgress): void {
    this.#changed([`${library}.${trigger}`, db, key, formatId(done)])
  }

  /** A stream is gone: its progress in this trigger, if there is any, is forgotten. */
  forget(library: string, trigger: string, db: number, key: Bytes): void {
    if (this.of(library, trigger).forget(db, key)) this.#changed([`${library}.${trigger}`, db, key])
  }

  save(): Bytes | undefined {
    const all: unknown[] = []
    for (const [name, streams] of this.#triggers) {
      for (const { db, key, done, lastRead } of streams.all) {
        if (lastRead !== undefined) all.push([name, db, key, formatId(done)])
      }
    }
    return all.length === 0 ? undefined : raw(JSON.stringify(all))
  }

  load(state: Bytes | undefined): void {
    for (const streams of this.#triggers.values()) streams.forgetAll()
    const all: unknown = state === undefined ? [] : JSON.parse(state)
    if (!Array.isArray(all)) throw new Error(`${NAME}: a list was expected`)
    for (const line of all) this.#take(line)
  }

  apply(change: Bytes): void {
    this.#take(JSON.parse(change))
  }

  #named(name: string): ReadStreams {
    let streams = this.#triggers.get(name)
    if (streams === undefined) this.#triggers.set(name, (streams = new ReadStreams()))
    return streams
  }

  #changed(line: readonly unknown[]): void {
    this.#extras.changed(NAME, raw(JSON.stringify(line)))
  }

  /** `[trigger, database, stream, id]`; without an id the stream is forgotten. */
  #take(line: unknown): void {
    const [name, db, key, id]: readonly unknown[] = Array.isArray(line) ? line : []
    if (typeof name !== 'string' || typeof db !== 'number' || typeof key !== 'string') throw unreadable(line)
    const streams = this.#named(name)
    streams.forget(db, raw(key))
    if (id === undefined) return
    const done = typeof id === 'string' ? parseId(raw(id), 'first') : undefined
    if (done === undefined) throw unreadable(line)
    streams.set(new StreamProgress(db, raw(key), done))
  }
}

const unreadable = (line: unknown): Error => new Error(`${NAME}: cannot read ${JSON.stringify(line)}`)
