/**
 * StreamTriggers: reading streams for the triggers that want them.
 *
 * The one idea: whatever says that there may be something to read (an event on the stream, an entry that is finished, a walk
 * over the keys) only notes the stream; one loop at the end of the unit reads, so each pair of trigger and stream has one
 * reader and ids that ascend. A unit reads so many entries and no more: what is left is read in units of its own, so that a
 * trigger that feeds its own stream never stops the engine.
 */
import { type Bytes, raw } from '../../base/bytes.ts'
import type { ReplyError } from '../../base/reply.ts'
import type { FireOutcome } from '../../guest/host.ts'
import type { Database } from '../../keyspace/database.ts'
import { EVENT, type KeyEvent } from '../../keyspace/reports.ts'
import type { Reading } from '../../keyspace/value.ts'
import type { Stream } from '../../structures/stream.ts'
import { compareIds, formatId, MAX_ID, MIN_ID, nextId, type StreamId } from '../../structures/stream-id.ts'
import { entryData } from './data.ts'
import type { ProgressBook } from './progress-book.ts'
import { PendingEntry, StreamProgress } from './stream-progress.ts'
import type { StreamTrigger } from './stream-trigger.ts'
import { isKnown, PATIENCE_MS, type TriggerWorld, whenKnown } from './trigger-world.ts'

/** Entries that are handed over in one unit. */
const MOST_PER_UNIT = 1000
/** After a dead letter that could not be written the entry waits so long, when its trigger says nothing else. */
const USUAL_BACKOFF_MS = 1000
/** Doubling ends here. */
const LONGEST_BACKOFF_MS = 60_000
/** After these the key holds another stream, or none. */
const REPLACING: ReadonlySet<string> = new Set([
  'del',
  'expired',
  'evicted',
  'rename_from',
  'rename_to',
  'move_from',
  'move_to',
  'copy_to',
  'restore',
])

/** A stream that may have something to read, or to be trimmed. */
interface Place {
  readonly db: number
  readonly key: Bytes
}

const nameOf = ({ db, key }: Place): string => `${db}:${key}`

export class StreamTriggers {
  /** What can put an end to a stream, or add to it. */
  static readonly mask = EVENT.stream | EVENT.generic | EVENT.expired | EVENT.evicted
  readonly #world: TriggerWorld
  readonly #book: ProgressBook
  list: readonly StreamTrigger[] = []
  /** Streams to look at, in the order in which they were noted. */
  readonly #noted = new Map<string, Place>()
  /** Progress to be reported, and streams to be trimmed, when reading is over. */
  readonly #moved = new Map<StreamProgress, StreamTrigger>()
  readonly #finishedIn = new Map<string, Place>()
  /** What this unit may still read. */
  #budget = MOST_PER_UNIT
  #trimming = false

  constructor(world: TriggerWorld, book: ProgressBook) {
    this.#world = world
    this.#book = book
  }

  /** Whether something is to be done before the unit ends. */
  get hasWork(): boolean {
    return (this.#noted.size > 0 && this.#budget > 0) || this.#moved.size > 0
  }

  happened({ kind, name, db, key }: KeyEvent): void {
    if (this.list.length === 0 || (kind & StreamTriggers.mask) === 0 || this.#trimming) return
    const wanting = this.list.filter((trigger) => trigger.wants(key))
    if (wanting.length === 0) return
    if (REPLACING.has(name)) {
      for (const { library, name } of wanting) this.#book.forget(library, name, db, key)
    }
    this.note(db, key)
  }

  /** Has a stream looked at before the unit ends. */
  note(db: number, key: Bytes): void {
    const place = { db, key }
    this.#noted.set(nameOf(place), place)
  }

  flushing(db: number): void {
    for (const { streams } of this.list) {
      for (const progress of [...streams.all]) if (progress.db === db) streams.forget(db, progress.key)
    }
  }

  swapped(first: number, second: number): void {
    for (const { streams } of this.list) streams.swap(first, second)
  }

  /** Reads what is noted, stream by stream, as far as this unit goes; when nothing is left to read, settles. */
  step(): void {
    const [next] = this.#budget > 0 ? this.#noted : []
    if (next === undefined) {
      this.#settle()
      return
    }
    const [name, place] = next
    this.#noted.delete(name)
    for (const trigger of this.list) if (trigger.wants(place.key)) this.#readFor(trigger, place)
  }

  /** Tells how far triggers have come, then trims: a trim is the last that a unit writes. */
  #settle(): void {
    for (const [progress, trigger] of this.#moved) {
      if (!progress.isForgotten) this.#book.moved(trigger.library, trigger.name, progress)
    }
    this.#moved.clear()
    for (const place of this.#finishedIn.values()) this.#trim(place)
    this.#finishedIn.clear()
  }

  /** The unit is over. What it left is read in one of its own. */
  unitEnded(wake: () => void): void {
    const isLeft = this.#noted.size > 0
    this.#budget = MOST_PER_UNIT
    if (!isLeft) return
    const { clock } = this.#world.engine
    clock.at(clock.now(), () => this.#world.asUnit(wake))
  }

  #readFor(trigger: StreamTrigger, { db, key }: Place): void {
    const { window } = trigger.registration
    while (!trigger.isGone && this.#world.isActive) {
      const next = nextEntry(this.#world.engine.keyspace.databases[db]!, key, trigger.streams.get(db, key)?.lastRead)
      if (next === undefined) return
      const progress = this.#progress(trigger, db, key)
      if (progress.pending.length >= window) return
      if (!trigger.guest.letsIn(PATIENCE_MS)) {
        // A library whose background computes is entered when that is over.
        void trigger.guest.whenFree().then(() => this.#lookAgain(db, key))
        return
      }
      if (this.#budget-- <= 0) {
        this.note(db, key)
        return
      }
      const entry = new PendingEntry(next.id, next.fields, this.#world.engine.clock.elapsed())
      progress.hand(entry)
      this.#deliver(trigger, progress, entry)
    }
  }

  #progress(trigger: StreamTrigger, db: number, key: Bytes): StreamProgress {
    const known = trigger.streams.get(db, key)
    if (known !== undefined) return known
    const progress = new StreamProgress(db, key)
    trigger.streams.set(progress)
    return progress
  }

  #deliver(trigger: StreamTrigger, progress: StreamProgress, entry: PendingEntry): void {
    const { key } = progress
    const { callback } = trigger.registration
    entry.attempts++
    const refused = this.#world.refusal(trigger.owner, key)
    if (refused !== undefined) {
      this.#finish(trigger, progress, entry, refused)
    } else if (callback.isAsync) {
      this.#world.afterUnit(() => {
        if (progress.isForgotten) return
        whenKnown(this.#fire(trigger, progress, entry), (known) => this.#finishLate(trigger, progress, entry, known))
      })
    } else {
      const outcome = this.#fire(trigger, progress, entry)
      if (isKnown(outcome)) this.#finish(trigger, progress, entry, outcome)
      else void outcome.then((late) => this.#finishLate(trigger, progress, entry, late))
    }
  }

  #fire(trigger: StreamTrigger, { db, key }: StreamProgress, entry: PendingEntry): FireOutcome | Promise<FireOutcome> {
    const actor = this.#world.actor(trigger.owner, db, 1)
    return trigger.registration.callback.fire(actor, entryData(key, entry.id, entry.fields))
  }

  #finishLate(trigger: StreamTrigger, progress: StreamProgress, entry: PendingEntry, outcome: FireOutcome): void {
    if (progress.isForgotten) return
    this.#world.asUnit(() => {
      this.#finish(trigger, progress, entry, outcome)
      this.note(progress.db, progress.key)
      this.onWork()
    })
  }

  /** Called when there is something to do that no event announces. */
  onWork: () => void = () => {}

  #finish(trigger: StreamTrigger, progress: StreamProgress, entry: PendingEntry, error: ReplyError | undefined): void {
    if (progress.isForgotten) return
    const { retry, deadLetter } = trigger.registration
    if (error !== undefined) {
      if (error.message !== progress.lastError) {
        this.#world.log(`Trigger ${trigger.library}.${trigger.name} failed: ${error.message}`)
      }
      if (retry !== undefined && entry.attempts <= retry.attempts) {
        progress.lastError = error.message
        this.#retryLater(trigger, progress, entry)
        return
      }
      if (deadLetter !== undefined) {
        const fault = this.#bury(trigger, progress, entry, error, deadLetter)
        if (fault !== undefined) {
          // An entry is not given up before it is safe elsewhere.
          progress.lastError = fault.message
          this.#retryLater(trigger, progress, entry)
          return
        }
        progress.deadLettered++
      }
    }
    const { clock } = this.#world.engine
    const hasMoved = progress.finish(entry, error?.message, { ms: clock.now(), micros: clock.elapsed() })
    if (!hasMoved) return
    this.#moved.set(progress, trigger)
    this.#finishedIn.set(nameOf(progress), progress)
  }

  #retryLater(trigger: StreamTrigger, progress: StreamProgress, entry: PendingEntry): void {
    const { clock } = this.#world.engine
    const first = trigger.registration.retry?.backoffMs ?? USUAL_BACKOFF_MS
    const waitMs = Math.min(first * 2 ** (entry.attempts - 1), Math.max(LONGEST_BACKOFF_MS, first))
    clock.at(clock.now() + waitMs, () => this.#retry(trigger, progress, entry))
  }

  #retry(trigger: StreamTrigger, progress: StreamProgress, entry: PendingEntry): void {
    if (progress.isForgotten || trigger.isGone) return
    if (!this.#world.isActive || trigger.guest.state === 'running') {
      this.#retryLater(trigger, progress, entry)
      return
    }
    progress.retried++
    this.#world.asUnit(() => {
      this.#deliver(trigger, progress, entry)
      this.note(progress.db, progress.key)
      this.onWork()
    })
  }

  /** Writes an entry to the dead-letter stream, as the trigger's owner: what happened, then its own fields. */
  #bury(
    trigger: StreamTrigger,
    { db, key }: StreamProgress,
    entry: PendingEntry,
    error: ReplyError,
    stream: Bytes,
  ): ReplyError | undefined {
    const facts: readonly string[] = [
      ...['_stream', key, '_id', formatId(entry.id), '_trigger', `${trigger.library}.${trigger.name}`],
      ...['_error', error.message, '_attempts', String(entry.attempts)],
    ]
    const argv = [raw('XADD'), stream, raw('*'), ...facts.map(raw), ...entry.fields]
    return this.#world.attempt(trigger.owner, db, argv)
  }

  /** Cuts a stream off before the first entry that some trigger has still to finish, if one of them trims. */
  #trim(place: Place): void {
    const { db, key } = place
    const readers = this.list.filter(({ streams }) => streams.get(db, key)?.lastRead !== undefined)
    if (!readers.some(({ registration }) => registration.isStreamTrimmed)) return
    if (this.#world.engine.keyspace.role !== 'primary') {
      this.#world.log('Attempt to trim data on replica was denied.')
      return
    }
    const stream = streamAt(this.#world.engine.keyspace.databases[db]!, key)
    const first = readers.map(({ streams }) => streams.get(db, key)!.done).reduce(smaller)
    if (stream === undefined || stream.size === 0 || compareIds(stream.firstId, first) > 0) return
    const from = nextId(first) ?? MAX_ID
    this.#trimming = true
    this.#world.run(db, [raw('XTRIM'), key, raw('MINID'), formatId(from)])
    this.#trimming = false
  }

  #lookAgain(db: number, key: Bytes): void {
    this.#world.asUnit(() => {
      this.note(db, key)
      this.onWork()
    })
  }
}

const smaller = (a: StreamId, b: StreamId): StreamId => (compareIds(a, b) <= 0 ? a : b)

/** The stream under a key; undefined when there is none. */
export function streamAt(db: Database, key: Bytes): Reading<Stream> | undefined {
  const value = db.has(key) ? db.peek(key) : undefined
  return typeof value === 'object' && 'type' in value && value.type === 'stream' ? value : undefined
}

interface Next {
  readonly id: StreamId
  readonly fields: readonly Bytes[]
}

/** The entry after `last`, if there is one. */
function nextEntry(db: Database, key: Bytes, last: StreamId | undefined): Next | undefined {
  const stream = streamAt(db, key)
  const from = last === undefined ? MIN_ID : nextId(last)
  if (stream === undefined || from === undefined) return undefined
  const cursor = stream.range(from, MAX_ID)
  return cursor.next() ? { id: cursor.id, fields: cursor.fields } : undefined
}
