/**
 * A snapshot file, written: chunk by chunk.
 *
 * The one idea: the caller says what comes next (facts, a database, its keys) and takes the chunks that come of it; a big
 * collection is written in pieces, between which the caller may do something else. Version 10 is what redis-server 7.0
 * reads; 12 must be asked for, for hashes whose fields have deadlines.
 */
import { type Bytes, raw } from '../base/bytes.ts'
import { ByteSink } from './byte-sink.ts'
import { MAGIC, OPCODE, RDB_VERSION, type RDB_VERSION_FIELD_DEADLINES } from './format.ts'
import type { RdbReading } from './value.ts'
import { typeToWrite, writeValue } from './write-value.ts'

/** How to write. */
export interface RdbWriteOptions {
  /** 10 unless hash fields with deadlines are to be kept. */
  readonly version?: typeof RDB_VERSION | typeof RDB_VERSION_FIELD_DEADLINES
  /** Whether long strings are compressed (rdbcompression); they are unless switched off. */
  readonly compression?: boolean
  /** Whether a checksum stands at the end (rdbchecksum); it does unless switched off. */
  readonly checksum?: boolean
}

/** A key with everything that is saved of it. */
export interface RdbEntry {
  readonly key: Bytes
  readonly value: RdbReading
  /** In milliseconds since the epoch. */
  readonly deadlineMs?: number | undefined
  /** Seconds since its last use. */
  readonly idleSeconds?: number | undefined
  /** Its counter of uses, 0 to 255. */
  readonly frequency?: number | undefined
}

/** Chunks of a file, in order; an empty one is but a pause. */
export type Chunks = Generator<Uint8Array, void, undefined>

const LAST_MOMENT = 2n ** 63n - 1n
const END_OF_TIME = 2 ** 63
const NOTHING = new Uint8Array(0)

/** Writes one file. What the methods give must be written in the order of the calls. */
export class RdbWriter {
  readonly #sink: ByteSink
  readonly #version: number
  readonly #checksum: boolean

  constructor({ version = RDB_VERSION, compression = true, checksum = true }: RdbWriteOptions = {}) {
    this.#sink = new ByteSink(compression)
    this.#version = version
    this.#checksum = checksum
    this.#sink.latin1(`${MAGIC}${String(version).padStart(4, '0')}`)
  }

  /** Bytes of the file so far. */
  get length(): number {
    return this.#sink.drained + this.#sink.at
  }

  /** A fact about the file: what Redis does not know it skips. */
  *aux(name: Bytes, value: Bytes): Chunks {
    this.#sink.byte(OPCODE.aux)
    this.#sink.string(name)
    this.#sink.string(value)
    yield* this.#drainIfFull()
  }

  /** The code of a function library. */
  *function(code: Bytes): Chunks {
    this.#sink.byte(OPCODE.function2)
    this.#sink.string(code)
    yield* this.#drainIfFull()
  }

  /** The keys that follow are in this database, which has so many, and so many of them with a deadline. */
  select(db: number, keys: number, expiring: number): void {
    const sink = this.#sink
    sink.byte(OPCODE.selectDb)
    sink.length(db)
    sink.byte(OPCODE.resizeDb)
    sink.length(keys)
    sink.length(expiring)
  }

  /**
   * A key. Its value must not change before the chunks are used up. Throws `RdbError` RDB_NEEDS_VERSION, before anything
   * of the key is written, for a value that this version has no form for.
   */
  *key({ key, value, deadlineMs, idleSeconds, frequency }: RdbEntry): Chunks {
    const sink = this.#sink
    const type = typeToWrite(value, this.#version)
    if (deadlineMs !== undefined) {
      sink.byte(OPCODE.expireTimeMs)
      // The last moment there is comes rounded up, to one that 64 bits have not.
      sink.int64(deadlineMs >= END_OF_TIME ? LAST_MOMENT : deadlineMs)
    }
    if (idleSeconds !== undefined) {
      sink.byte(OPCODE.idle)
      sink.length(idleSeconds)
    }
    if (frequency !== undefined) {
      sink.byte(OPCODE.freq)
      sink.byte(frequency)
    }
    sink.byte(type)
    sink.string(key)
    const pieces = writeValue(sink, type, value)
    if (pieces !== undefined) for (const _ of pieces) yield sink.isFull ? sink.drain() : NOTHING
    yield* this.#drainIfFull()
  }

  /** The end mark and the checksum. */
  *end(): Chunks {
    const sink = this.#sink
    sink.byte(OPCODE.eof)
    yield sink.drain()
    const { low, high } = sink.checksum
    sink.uint32(this.#checksum ? low : 0)
    sink.uint32(this.#checksum ? high : 0)
    yield sink.drain()
  }

  *#drainIfFull(): Chunks {
    if (this.#sink.isFull) yield this.#sink.drain()
  }
}

/**
 * The facts that Redis writes first: its version, the width of its words, when, how much memory was used, and whether an
 * append-only log goes on from here.
 */
export function standardAux(
  redisVersion: string,
  seconds: number,
  usedBytes: number,
  isLogBase = false,
): readonly (readonly [Bytes, Bytes])[] {
  const facts = { 'redis-ver': redisVersion, 'redis-bits': '64', ctime: `${seconds}`, 'used-mem': `${usedBytes}` }
  return Object.entries({ ...facts, 'aof-base': isLogBase ? '1' : '0' }).map(([name, value]) => [raw(name), raw(value)])
}
