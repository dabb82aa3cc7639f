/**
 * Snapshots: all data exactly as it was between two units, as the bytes of an RDB file, while the data goes on changing.
 *
 * The one idea: no fork and no stop. At the boundary the columns of every table are copied as memory is (frozen-table.ts);
 * from then on a value that is about to change in place is frozen first (pre-images.ts). Writing goes in slices of some
 * milliseconds, between which everyone is served. Flushed, swapped, renamed, expired: the snapshot still points at what was.
 *
 * Invariants: begun between units, or in one that has changed nothing yet; one per engine at a time. State beside the data (`engine.extras`) is taken at the
 * boundary too.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { assert } from '../base/assert.ts'
import { type Bytes, raw } from '../base/bytes.ts'
import type { Engine } from '../engine/engine.ts'
import type { FrozenKey, FrozenTable } from '../keyspace/frozen-table.ts'
import { PreImages } from '../keyspace/pre-images.ts'
import type { Value } from '../keyspace/value.ts'
import { RDB_VERSION, RDB_VERSION_FIELD_DEADLINES } from '../rdb/format.ts'
import { type Chunks, type RdbWriteOptions, RdbWriter, standardAux } from '../rdb/rdb-writer.ts'
import type { RdbReading } from '../rdb/value.ts'

/** What snapshots of Redis 7.0 say they were written by: they are read as such. */
const REDIS_VERSION = '7.0.15'
/** State beside the data stands in facts of these names, which Redis skips. */
export const EXTRA_PREFIX = 'geartrain-'
/** How long a slice may take, in microseconds of the engine's clock. */
const SLICE_MICROS = 1500
/** Keys written between two looks at the clock. */
const KEYS_PER_LOOK = 32
const NOTHING = new Uint8Array(0)

export interface SnapshotOptions extends Omit<RdbWriteOptions, 'version'> {
  /** 10, 12, or 12 only where the data needs it: deadlines of hash fields. */
  readonly version?: typeof RDB_VERSION | typeof RDB_VERSION_FIELD_DEADLINES | 'needed'
  /** An append-only log goes on from here. */
  readonly isLogBase?: boolean
}

export type SnapshotErrorCode =
  /** Another snapshot of the engine is being written. */
  | 'BUSY'
  /** There are hash fields with deadlines, and version 10 is to be written. */
  | 'NEEDS_VERSION'
  /** It was cancelled. */
  | 'CANCELLED'

/** Why there is no snapshot. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError'
  readonly code: SnapshotErrorCode
  constructor(code: SnapshotErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** Whether a snapshot of this engine is being written. */
export function isSnapshotRunning(engine: Engine): boolean {
  return engine.keyspace.account.hasBeforeEdit
}

/**
 * Begins a snapshot of everything as it is now. Throws `SnapshotError` BUSY while another one is being written, and
 * NEEDS_VERSION. Whoever begins one takes its chunks to the end or cancels it: until then it holds what was.
 */
export function startSnapshot(engine: Engine, options: SnapshotOptions = {}): Snapshot {
  if (isSnapshotRunning(engine)) throw new SnapshotError('BUSY', 'a snapshot is being written already')
  const frozen = freeze(engine, options)
  return new Snapshot(engine, frozen, new PreImages(engine.keyspace.account))
}

/** All data as it is now, at once: nothing may change until the chunks are used up. Works beside a snapshot that runs. */
export function snapshotNow(engine: Engine, options: SnapshotOptions = {}): Chunks {
  return write(freeze(engine, options), (value) => value)
}

/** A snapshot being written. */
export class Snapshot {
  readonly #engine: Engine
  readonly #frozen: Frozen
  readonly #images: PreImages
  readonly #keys: number
  #state: 'begun' | 'writing' | 'ended' | 'cancelled' = 'begun'

  constructor(engine: Engine, frozen: Frozen, images: PreImages) {
    this.#engine = engine
    this.#frozen = frozen
    this.#images = images
    this.#keys = frozen.tables.reduce((sum, table) => sum + table.size, 0)
  }

  /** Keys written so far, and all there are. */
  get progress(): { readonly written: number; readonly total: number } {
    return { written: this.#frozen.written, total: this.#keys }
  }

  /** Whether somebody gave it up, though all of it may have been read. */
  get isCancelled(): boolean {
    return this.#state === 'cancelled'
  }

  /** Bytes of old values that are held for it now, and the most that were. */
  get heldBytes(): { readonly now: number; readonly most: number } {
    return { now: this.#images.bytes, most: this.#images.mostBytes }
  }

  /** The file, piece by piece, to be written in this order. Throws `SnapshotError` CANCELLED once it is cancelled. */
  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    assert(this.#state === 'begun', 'a snapshot is written once')
    this.#state = 'writing'
    const { clock } = this.#engine
    const pieces = write(this.#frozen, (value) => this.#images.take(value))
    let until = clock.elapsed() + SLICE_MICROS
    try {
      for (;;) {
        this.#goOn()
        const { value, done } = pieces.next()
        if (done === true) return
        if (value.length > 0) yield value
        if (clock.elapsed() < until) continue
        await nextTurn()
        until = clock.elapsed() + SLICE_MICROS
      }
    } finally {
      this.#end('ended')
    }
  }

  /** Gives it up, and lets go of what it holds. */
  cancel(): void {
    this.#end('cancelled')
  }

  #end(state: 'ended' | 'cancelled'): void {
    const isOver = this.#state === 'ended' || this.#state === 'cancelled'
    if (this.#state !== 'cancelled') this.#state = state
    if (isOver) return
    this.#images.end()
    this.#frozen.tables = []
  }

  #goOn(): void {
    if (this.#state !== 'writing') throw new SnapshotError('CANCELLED', 'the snapshot was cancelled')
  }
}

/** Everything that is in a snapshot, but for values that change in place. */
interface Frozen {
  readonly options: RdbWriteOptions
  readonly aux: readonly (readonly [Bytes, Bytes])[]
  readonly functions: readonly Bytes[]
  tables: readonly FrozenTable[]
  /** Keys written so far. */
  written: number
  /** What a stamp says in the file. */
  readonly usage: (stamp: number) => { readonly idleSeconds?: number; readonly frequency?: number }
}

function freeze(engine: Engine, { version = RDB_VERSION, isLogBase = false, ...options }: SnapshotOptions): Frozen {
  const order = engine.memory.eviction.policy?.order
  const isUseSaved = order === 'lru' || order === 'lfu'
  const tables = engine.keyspace.databases.map((db) => db.frozen(isUseSaved))
  return {
    options: { ...options, version: versionToWrite(version, tables) },
    aux: auxOf(engine, isLogBase),
    functions: engine.extras.foreign.functions,
    tables,
    written: 0,
    usage: usageOf(engine, order),
  }
}

function versionToWrite(version: SnapshotOptions['version'], tables: readonly FrozenTable[]): 10 | 12 {
  const fieldsExpire = tables.some((table) => table.fieldsExpire)
  if (version === 'needed') return fieldsExpire ? RDB_VERSION_FIELD_DEADLINES : RDB_VERSION
  if (version === RDB_VERSION && fieldsExpire) {
    throw new SnapshotError(
      'NEEDS_VERSION',
      'hash fields have deadlines, which RDB version 10 cannot keep: CONFIG SET geartrain-rdb-version 12 to write files for Redis 7.4 and later',
    )
  }
  return version ?? RDB_VERSION
}

function auxOf(engine: Engine, isLogBase: boolean): (readonly [Bytes, Bytes])[] {
  const seconds = Math.floor(engine.clock.now() / 1000)
  const facts = [...standardAux(REDIS_VERSION, seconds, engine.keyspace.account.used, isLogBase)]
  for (const [name, state] of engine.extras.foreign.states) facts.push([raw(EXTRA_PREFIX + name), state])
  for (const extra of engine.extras.all) {
    const state = extra.save()
    if (state !== undefined) facts.push([raw(EXTRA_PREFIX + extra.name), state])
  }
  return facts
}

function usageOf(engine: Engine, order: string | undefined): Frozen['usage'] {
  const { seconds } = engine.keyspace
  if (order === 'lfu') return (stamp) => ({ frequency: engine.memory.frequency(stamp) })
  if (order === 'lru') return (stamp) => ({ idleSeconds: Math.max(seconds - stamp, 0) })
  return () => ({})
}

/** Writes what was frozen; `take` gives each value as it was. Empty chunks are pauses. */
function* write(frozen: Frozen, take: (value: Value) => RdbReading): Chunks {
  const writer = new RdbWriter(frozen.options)
  for (const [name, value] of frozen.aux) yield* writer.aux(name, value)
  for (const code of frozen.functions) yield* writer.function(code)
  for (const [index, table] of frozen.tables.entries()) {
    if (table.size === 0) continue
    writer.select(index, table.size, table.expiring)
    for (const entry of table.walk()) {
      yield* writeKey(writer, frozen, entry, take)
      if (++frozen.written % KEYS_PER_LOOK === 0) yield NOTHING
    }
  }
  yield* writer.end()
}

function* writeKey(writer: RdbWriter, frozen: Frozen, entry: FrozenKey, take: (value: Value) => RdbReading): Chunks {
  const { key, value, deadline, stamp } = entry
  yield* writer.key({ key, value: take(value), deadlineMs: deadline, ...frozen.usage(stamp) })
}
