/**
 * RDB files, loaded: every key into its database, everything else to its owner.
 *
 * The one idea: a file is put into an engine that nobody is served by yet, or was checked to its end before
 * (`checkRdb`): whether all of it is as it was written is known at its last byte only. State beside the data comes last,
 * when the data it speaks of is there.
 */
import { type Bytes, lower } from '../base/bytes.ts'
import type { Engine } from '../engine/engine.ts'
import { fullHeap } from '../engine/memory/heap.ts'
import { RdbError } from '../rdb/error.ts'
import { type RdbKey, type RdbReadOptions, readRdb } from '../rdb/rdb-reader.ts'
import { EXTRA_PREFIX } from './snapshot.ts'

/** What stands beside the data (libraries, progress) was read, but its owner cannot take it; `cause` is the owner's error. */
export class StateError extends Error {
  override readonly name = 'StateError'
  constructor(name: string, cause: unknown) {
    super(`${name}: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

/** The data is more than this process can hold: said before V8 ends it. */
export class RoomError extends Error {
  override readonly name = 'RoomError'
}

/** Looks, so many bytes of data apart, at whether there is room for more. */
export class RoomWatch {
  #bytes = 0

  /** Takes note of bytes that were loaded. Throws `RoomError`. */
  loaded(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes < BYTES_PER_LOOK) return
    this.#bytes = 0
    const problem = fullHeap()
    if (problem !== undefined) throw new RoomError(problem.text)
  }
}

export interface RdbLoadOptions extends RdbReadOptions {
  /** Keeps keys whose deadline has passed: a log goes on from here, and says itself when they go. */
  readonly keepsExpired?: boolean
  /** Loads keys and nothing else: what stands beside the data stays as it is. */
  readonly dataOnly?: boolean
  /** A key that is there already is replaced (DEBUG RELOAD MERGE), where a file with it twice is refused. */
  readonly replaces?: boolean
}

/** What was loaded. */
export interface RdbLoaded {
  readonly keys: number
  /** Keys left out since their deadline had passed. */
  readonly expired: number
  /** Keys left out since they held an empty collection. */
  readonly empty: number
  /** Bytes of the snapshot: more may follow, the log's own. */
  readonly length: number
  /** Facts that stand in front: `redis-ver`, `ctime` … */
  readonly facts: ReadonlyMap<string, Bytes>
}

/** A look at the heap takes microseconds, and this much must fit in what it leaves. */
const BYTES_PER_LOOK = 2 << 20
/** What a key takes besides what it holds, about. */
const BYTES_PER_KEY = 100
/** Keys loaded between two pauses. */
const KEYS_PER_PAUSE = 1024

/** Loads a file at once. Throws `RdbError`, `StateError`, `RoomError`. */
export function loadRdb(engine: Engine, bytes: Uint8Array, options: RdbLoadOptions = {}): RdbLoaded {
  const steps = loadingRdb(engine, bytes, options)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** The same with pauses, so that who waits can be told; gives the keys loaded so far. */
export function* loadingRdb(
  engine: Engine,
  bytes: Uint8Array,
  options: RdbLoadOptions = {},
): Generator<number, RdbLoaded, undefined> {
  const { databases } = engine.keyspace
  const loading = new Loading(engine, options)
  const records = readRdb(bytes, { databases: databases.length, ...options })
  for (;;) {
    const { value, done } = records.next()
    if (done === true) return loading.end(value)
    switch (value.kind) {
      case 'key':
        loading.key(value)
        if (loading.keys % KEYS_PER_PAUSE === 0) yield loading.keys
        break
      case 'aux':
        loading.facts.set(lower(value.name), value.value)
        break
      case 'function':
        loading.functions.push(value.code)
        break
      case 'empty':
        loading.empty++
        break
    }
  }
}

/** Reads a file to its end and keeps nothing. Throws `RdbError`. */
export function checkRdb(bytes: Uint8Array, options: RdbReadOptions = {}): void {
  for (const _ of readRdb(bytes, options));
}

/** Forgets all data, as FLUSHALL does, without a trace in the log: it is about to be loaded again. */
export function forgetAll(engine: Engine): void {
  for (const db of engine.keyspace.databases) {
    engine.flushing(db.index)
    db.clear()
  }
  engine.flushed()
}

class Loading {
  keys = 0
  empty = 0
  readonly facts = new Map<string, Bytes>()
  readonly functions: Bytes[] = []
  readonly #engine: Engine
  readonly #options: RdbLoadOptions
  readonly #now: number
  readonly #room = new RoomWatch()
  #expired = 0

  constructor(engine: Engine, options: RdbLoadOptions) {
    this.#engine = engine
    this.#options = options
    this.#now = engine.keyspace.look()
  }

  key({ db: index, key, value, deadlineMs, idleSeconds, frequency }: RdbKey): void {
    const { keyspace } = this.#engine
    const { keepsExpired = false, replaces = false } = this.#options
    const isPast = deadlineMs !== undefined && deadlineMs <= this.#now
    if (isPast && !keepsExpired && keyspace.role === 'primary') {
      this.#expired++
      return
    }
    const db = keyspace.databases[index]!
    if (replaces) db.remove(key)
    if (!db.load(key, value, deadlineMs, this.#stamp(idleSeconds, frequency))) {
      throw new RdbError('RDB_CORRUPT', 0, `the key ${JSON.stringify(key.slice(0, 100))} stands there twice`)
    }
    this.keys++
    this.#room.loaded(
      BYTES_PER_KEY + (typeof value === 'object' ? value.byteSize : typeof value === 'string' ? value.length : 0),
    )
  }

  /** How a key was used, as far as the policy in force counts that. */
  #stamp(idleSeconds: number | undefined, frequency: number | undefined): number | undefined {
    const { keyspace, memory } = this.#engine
    if (memory.isLfu) return frequency === undefined ? undefined : memory.stampOf(frequency)
    return idleSeconds === undefined ? undefined : Math.max(keyspace.seconds - idleSeconds, 0)
  }

  end(length: number): RdbLoaded {
    if (this.#options.dataOnly !== true) this.#state()
    return { keys: this.keys, expired: this.#expired, empty: this.empty, length, facts: this.facts }
  }

  #state(): void {
    const { extras } = this.#engine
    const states = new Map<string, Bytes>()
    for (const [name, state] of this.facts) {
      if (name.startsWith(EXTRA_PREFIX)) states.set(name.slice(EXTRA_PREFIX.length), state)
    }
    for (const extra of extras.all) {
      try {
        extra.load(states.get(extra.name))
      } catch (error) {
        throw new StateError(extra.name, error)
      }
      states.delete(extra.name)
    }
    extras.foreign = { functions: this.functions, states }
  }
}
