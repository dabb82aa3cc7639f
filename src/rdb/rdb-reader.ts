/**
 * A snapshot file, read: record by record, in the order of the file.
 *
 * The one idea: a generator over what the file says, which never holds more than one record, so that whoever loads may
 * pause between two. The checksum is known at the end only: nothing that was read may be served before the generator
 * has returned. What it returns is where the snapshot ends: an append-only file may go on from there.
 */
import type { Bytes } from '../base/bytes.ts'
import { ByteSource } from './byte-source.ts'
import { Crc64 } from './crc64.ts'
import { CHECKSUM_BYTES, CHECKSUM_SINCE, MAGIC, MODULE_PART, OPCODE, RDB_VERSION_NEWEST } from './format.ts'
import { moduleName, readValue } from './read-value.ts'
import type { RdbValue } from './value.ts'

/** A key with everything the file says about it. */
export interface RdbKey {
  readonly kind: 'key'
  readonly db: number
  readonly key: Bytes
  readonly value: RdbValue
  /** In milliseconds since the epoch; it may have passed. */
  readonly deadlineMs: number | undefined
  /** Seconds since its last use (LRU policies). */
  readonly idleSeconds: number | undefined
  /** Its counter of uses (LFU policies). */
  readonly frequency: number | undefined
}

/** What a snapshot file consists of. */
export type RdbRecord =
  | RdbKey
  /** Facts about the file or whoever wrote it; unknown names are to be skipped. */
  | { readonly kind: 'aux'; readonly name: Bytes; readonly value: Bytes }
  /** The code of a function library, as it was loaded. */
  | { readonly kind: 'function'; readonly code: Bytes }
  /** How many keys follow in this database, and how many of them have a deadline: hints. */
  | { readonly kind: 'size'; readonly db: number; readonly keys: number; readonly expiring: number }
  /** A key whose value is an empty collection, which Redis drops on loading. */
  | { readonly kind: 'empty'; readonly db: number; readonly key: Bytes }

/** How to read. */
export interface RdbReadOptions {
  /** Whether the checksum must be right (rdbchecksum); it is on unless it is switched off here or in the file. */
  readonly checksum?: boolean
  /** How many databases there are; a key in another one is refused. */
  readonly databases?: number
}

/** Databases that Redis can be configured to have at most. */
const MOST_DATABASES = 2 ** 31 - 1
const MAGIC_BYTES = MAGIC.length + 4

/** Reads a file; returns how many bytes the snapshot takes. Throws `RdbError`. */
export function* readRdb(bytes: Uint8Array, options: RdbReadOptions = {}): Generator<RdbRecord, number, undefined> {
  const source = new ByteSource(bytes)
  const file = new FileState(source, readVersion(source), options)
  for (;;) {
    const record = file.next()
    if (record === undefined) return source.at
    yield record
  }
}

function readVersion(source: ByteSource): number {
  const magic = source.latin1(Math.min(MAGIC_BYTES, source.left))
  const version = /^REDIS(\d{4})$/.exec(magic)
  if (version === null) {
    source.at = 0
    if (magic.length < MAGIC_BYTES && `${MAGIC}0000`.startsWith(magic.replaceAll(/\d/g, '0'))) {
      throw source.error('RDB_TRUNCATED', 'the file ends in its header')
    }
    throw source.error('RDB_VERSION', 'the file is no snapshot of Redis: it does not start with REDIS and a version')
  }
  const number = Number(version[1])
  if (number < 1 || number > RDB_VERSION_NEWEST) {
    source.at = MAGIC.length
    throw source.error(
      'RDB_VERSION',
      `the file is of version ${number}; versions 1 to ${RDB_VERSION_NEWEST} can be read`,
    )
  }
  return number
}

/** What the words in front of a key have said. */
class FileState {
  readonly #source: ByteSource
  readonly #version: number
  readonly #checksum: boolean
  readonly #databases: number
  readonly #crc = new Crc64()
  #summed = 0
  #db = 0
  #deadlineMs: number | undefined
  #idleSeconds: number | undefined
  #frequency: number | undefined

  constructor(source: ByteSource, version: number, { checksum = true, databases = MOST_DATABASES }: RdbReadOptions) {
    this.#source = source
    this.#version = version
    this.#checksum = checksum && version >= CHECKSUM_SINCE
    this.#databases = databases
  }

  /** The next record; undefined at the end of the snapshot. */
  next(): RdbRecord | undefined {
    const source = this.#source
    for (;;) {
      // In pieces, while they are in the processor's cache.
      if (this.#checksum) this.#sum(source.at)
      const opcode = source.byte()
      switch (opcode) {
        case OPCODE.eof:
          this.#end()
          return undefined
        case OPCODE.expireTime:
          this.#deadlineMs = source.int32() * 1000
          continue
        case OPCODE.expireTimeMs:
          this.#deadlineMs = source.milliseconds()
          continue
        case OPCODE.idle:
          this.#idleSeconds = source.length()
          continue
        case OPCODE.freq:
          this.#frequency = source.byte()
          continue
        case OPCODE.selectDb:
          this.#select()
          continue
        case OPCODE.slotInfo:
          for (let i = 0; i < 3; i++) source.length()
          continue
        case OPCODE.moduleAux:
          skipModuleAux(source)
          continue
        default:
          return this.#record(opcode)
      }
    }
  }

  #record(opcode: number): RdbRecord {
    const source = this.#source
    switch (opcode) {
      case OPCODE.aux: {
        const name = source.string()
        return { kind: 'aux', name, value: source.string() }
      }
      case OPCODE.resizeDb: {
        const keys = source.length()
        return { kind: 'size', db: this.#db, keys, expiring: source.length() }
      }
      case OPCODE.function2:
        return { kind: 'function', code: source.string() }
      case OPCODE.functionEarly:
        throw source.error('RDB_UNSUPPORTED', 'a function library is in the form of a candidate of Redis 7.0')
    }
    return this.#key(opcode)
  }

  #key(type: number): RdbRecord {
    const source = this.#source
    const db = this.#db
    const key = source.string()
    const value = readValue(source, type)
    const deadlineMs = this.#deadlineMs
    const idleSeconds = this.#idleSeconds
    const frequency = this.#frequency
    this.#deadlineMs = this.#idleSeconds = this.#frequency = undefined
    if (value === undefined) return { kind: 'empty', db, key }
    return { kind: 'key', db, key, value, deadlineMs, idleSeconds, frequency }
  }

  #select(): void {
    const index = this.#source.length()
    if (index >= this.#databases) throw this.#source.corrupt(`there is no database ${index}`)
    this.#db = index
  }

  #end(): void {
    const source = this.#source
    if (this.#version < CHECKSUM_SINCE) return
    if (this.#checksum) this.#sum(source.at)
    const at = source.take(CHECKSUM_BYTES)
    const { buffer } = source
    // Written with rdbchecksum off.
    const isAbsent = buffer.subarray(at, at + CHECKSUM_BYTES).every((byte) => byte === 0)
    if (!this.#checksum || isAbsent || this.#crc.equals(buffer, at)) return
    source.at = at
    throw source.error('RDB_CHECKSUM', 'the checksum is wrong: the file is not what was written')
  }

  #sum(to: number): void {
    this.#crc.update(this.#source.buffer, this.#summed, to)
    this.#summed = to
  }
}

/** What a module has kept beside the keys: skipped, as Redis does without the module if it may be. */
function skipModuleAux(source: ByteSource): void {
  const name = moduleName(source)
  for (;;) {
    const part = source.length()
    switch (part) {
      case MODULE_PART.eof:
        return
      case MODULE_PART.signed:
      case MODULE_PART.unsigned:
        source.exactLength()
        break
      case MODULE_PART.float:
        source.take(4)
        break
      case MODULE_PART.double:
        source.take(8)
        break
      case MODULE_PART.string:
        source.string()
        break
      default:
        throw source.corrupt(`the module ${name} has a part of kind ${part}`)
    }
  }
}
