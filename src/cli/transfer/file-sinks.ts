/**
 * Files that keys are written to: snapshots that redis-server loads, and lines of JSON for other programs.
 *
 * The one idea: the file has its name when it is whole; until then it is a temporary one beside it, which goes when the
 * transfer is given up.
 */
import type { Bytes } from '../../base/bytes.ts'
import { raw } from '../../base/bytes.ts'
import { systemClock } from '../../base/clock.ts'
import { formatDouble } from '../../base/doubles.ts'
import { diskFiles } from '../../durability/disk-files.ts'
import { FileError, folderOf, type OpenFile, writeAll } from '../../durability/files.ts'
import { typeOf } from '../../keyspace/value.ts'
import { RdbError } from '../../rdb/error.ts'
import { RdbWriter, standardAux } from '../../rdb/rdb-writer.ts'
import type { RdbValue } from '../../rdb/value.ts'
import type { Stream } from '../../structures/stream.ts'
import { formatId, MAX_ID, MIN_ID } from '../../structures/stream-id.ts'
import type { Entry } from './entry.ts'
import { TransferError } from './error.ts'
import { type Fate, jsonOf, type Sink } from './sinks.ts'

/** A version that readers know; ours is told by another fact. */
const REDIS_VERSION = '7.0.15'

/** A file under its temporary name. */
class Draft {
  readonly #path: string
  readonly #file: OpenFile

  constructor(path: string) {
    this.#path = path
    this.#file = this.#refusable(() => diskFiles.open(`${path}.${process.pid}.tmp`, 'create'))
  }

  write(chunk: Uint8Array): void {
    this.#refusable(() => writeAll(this.#file, chunk))
  }

  async keep(): Promise<void> {
    try {
      await this.#file.sync()
    } catch (error) {
      throw this.#refusal(error)
    }
    this.#file.close()
    this.#refusable(() => diskFiles.rename(this.#file.path, this.#path))
    this.#refusable(() => diskFiles.syncFolder(folderOf(this.#path)))
  }

  drop(): void {
    this.#file.close()
    diskFiles.remove(this.#file.path)
  }

  #refusable<T>(run: () => T): T {
    try {
      return run()
    } catch (error) {
      throw this.#refusal(error)
    }
  }

  /** The name that people gave, and the system's words. */
  #refusal(error: unknown): unknown {
    if (!(error instanceof FileError)) return error
    return new TransferError(`${this.#path} cannot be written: ${error.reason}.`, error)
  }
}

/** A snapshot. Keys must come database by database; `sizes` are hints for whoever loads it. */
export class SnapshotSink implements Sink {
  readonly #draft: Draft
  readonly #writer: RdbWriter
  readonly #sizes: ReadonlyMap<number, number>
  #db = -1

  constructor(path: string, sizes: ReadonlyMap<number, number>, version: 10 | 12) {
    this.#draft = new Draft(path)
    this.#sizes = sizes
    this.#writer = new RdbWriter({ version })
    const facts = standardAux(REDIS_VERSION, Math.floor(systemClock.now() / 1000), 0)
    for (const [name, value] of facts) this.#take(this.#writer.aux(name, value))
  }

  async write(entries: readonly Entry[]): Promise<readonly Fate[]> {
    return entries.map((entry) => this.#key(entry))
  }

  async finish(): Promise<void> {
    this.#take(this.#writer.end())
    await this.#draft.keep()
  }

  async abandon(): Promise<void> {
    this.#draft.drop()
  }

  #key(entry: Entry): Fate {
    const { db, key, deadlineMs } = entry
    try {
      const { value } = entry
      if (db !== this.#db) this.#writer.select((this.#db = db), this.#sizes.get(db) ?? 0, 0)
      this.#take(this.#writer.key({ key, value, deadlineMs }))
      return 'written'
    } catch (error) {
      if (error instanceof RdbError) return { refused: error.message }
      throw error
    }
  }

  #take(chunks: Iterable<Uint8Array>): void {
    for (const chunk of chunks) if (chunk.length > 0) this.#draft.write(chunk)
  }
}

/** One object a line: database, key, type, value, deadline. What is no UTF-8 is `{"base64": …}`. */
export class JsonLinesSink implements Sink {
  readonly #draft: Draft

  constructor(path: string) {
    this.#draft = new Draft(path)
  }

  async write(entries: readonly Entry[]): Promise<readonly Fate[]> {
    return entries.map((entry) => {
      try {
        this.#draft.write(Buffer.from(`${JSON.stringify(lineOf(entry))}\n`))
        return 'written'
      } catch (error) {
        if (error instanceof RdbError) return { refused: error.message }
        throw error
      }
    })
  }

  finish(): Promise<void> {
    return this.#draft.keep()
  }

  async abandon(): Promise<void> {
    this.#draft.drop()
  }
}

function lineOf({ db, key, value, deadlineMs }: Entry) {
  return { db, key: jsonOf(key), type: typeOf(value), value: plain(value), expiresAtMs: deadlineMs }
}

/** Pairs stay pairs, since names may be no text. */
function plain(value: RdbValue): unknown {
  if (typeof value !== 'object') return jsonOf(raw(`${value}`))
  if (!('type' in value)) return jsonOf(value.toBytes())
  switch (value.type) {
    case 'list':
      return value.slice(0, value.size - 1).map(jsonOf)
    case 'set':
      return value.members().map(jsonOf)
    case 'hash':
      return value.fields().map((field) => {
        const whenMs = value.deadline(field)
        const pair = [jsonOf(field), jsonOf(value.get(field)!)]
        return whenMs === undefined ? pair : [...pair, whenMs]
      })
    case 'zset': {
      const pairs: unknown[] = []
      value.forEach((member, score) => {
        pairs.push([jsonOf(member), Number.isFinite(score) ? score : formatDouble(score)])
      })
      return pairs
    }
    case 'stream':
      return streamOf(value)
  }
}

function streamOf(stream: Stream) {
  const entries: unknown[] = []
  for (const cursor = stream.range(MIN_ID, MAX_ID); cursor.next(); ) {
    entries.push([formatId(cursor.id), paired(cursor.fields)])
  }
  const groups = [...stream.groups.values()].map(({ name, lastDeliveredId, pending }) => ({
    name: jsonOf(name),
    lastDeliveredId: formatId(lastDeliveredId),
    pending: pending.size,
  }))
  return { lastId: formatId(stream.lastId), entries, groups }
}

function paired(fields: readonly Bytes[]): unknown[] {
  const pairs: unknown[] = []
  for (let i = 0; i + 1 < fields.length; i += 2) pairs.push([jsonOf(fields[i]!), jsonOf(fields[i + 1]!)])
  return pairs
}
