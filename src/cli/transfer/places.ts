/**
 * From words of the command line to a source and a target.
 *
 * The one idea: an address is a server, `file:` a store's folder, anything else a path. Databases keep their numbers, unless
 * both addresses name one.
 */
import { extname } from 'node:path'
import { EmbeddedBackend } from '../../backend/embedded/embedded-backend.ts'
import { type Bytes, raw } from '../../base/bytes.ts'
import { ReplyError } from '../../base/reply.ts'
import { createEngine } from '../../create.ts'
import { diskFiles } from '../../durability/disk-files.ts'
import { DurabilityError } from '../../durability/durable.ts'
import { FileError } from '../../durability/files.ts'
import { Replay } from '../../durability/replay.ts'
import type { Engine } from '../../engine/engine.ts'
import { folderIn, keepIn } from '../../open/file.ts'
import { lookOverSnapshot } from '../check/snapshot-file.ts'
import { type Part, partsAt } from '../check/store-folder.ts'
import type { Entries } from './entry.ts'
import { TransferError } from './error.ts'
import { JsonLinesSink, SnapshotSink } from './file-sinks.ts'
import { databasesOf, type Link, linkOf, type Place, placeAt } from './link.ts'
import { ServerSink, type Sink } from './sinks.ts'
import { type FileKeys, keysOfServer, keysOfSnapshot, type Selection } from './sources.ts'

/** Keys to be moved, database by database. */
export interface Source {
  /** Keys per database, as far as it is known; a hint. */
  readonly sizes: ReadonlyMap<number, number>
  /** The one database that the address names. */
  readonly db: number | undefined
  /** The keys of one database; may be asked for again. */
  keys(db: number): Entries
  /** Keys left out since their deadline has passed. */
  readonly expired: number
  close(): Promise<void>
}

/** Where keys go, database by database. */
export interface Destination {
  readonly db: number | undefined
  sink(db: number): Promise<Sink>
  /** For a comparison; undefined for files. */
  link(db: number): Promise<Link> | undefined
  finish(): Promise<void>
  abandon(): Promise<void>
}

/** Databases that a log may speak of. */
const LOG_DATABASES = 1024

/** As many as redis-server has unless it is told otherwise. */
const LEAST_DATABASES = 16

export const isAddress = (word: string): boolean =>
  /^(rediss?|rediss?\+sentinel|rediss?\+cluster):\/\//.test(word) || word.startsWith('unix:')

/** The source that a word names. Throws `TransferError`, `PartsError`. */
export async function sourceAt(word: string, selection: Selection, environment: NodeJS.ProcessEnv): Promise<Source> {
  if (isAddress(word)) return serverSource(placeAt(word, environment), selection)
  if (word.startsWith('file:')) return sourceAt(folderIn(word), selection, environment)
  if (/^[a-z+]+:/.test(word)) throw new TransferError(`'${word}' is no address of a Redis and no path.`)
  const parts = partsAt(word)
  const [first] = parts
  const logs = parts.filter(({ path }) => path.includes('.aof'))
  // A folder's log is newer than the snapshot beside it, as for a server that loads it.
  if (logs.length > 0) return logSource(logs, selection)
  if (first !== undefined && parts.length === 1) return snapshotSource(first.path, selection)
  throw new TransferError(`${word} holds ${parts.length} snapshots: name one of them.`)
}

async function serverSource(place: Place, selection: Selection): Promise<Source> {
  const links = new Links(place)
  const link = await links.of(place.db ?? 0)
  const sizes = new Map<number, number>()
  for (const node of await link.nodes()) {
    for (const [db, keys] of await databasesOf(node)) {
      if (place.db !== undefined && db !== place.db) continue
      if (selection.dbs?.has(db) !== false) sizes.set(db, (sizes.get(db) ?? 0) + keys)
    }
  }
  return {
    sizes,
    db: place.db,
    expired: 0,
    async *keys(db) {
      yield* keysOfServer(await links.of(db), db, selection)
    },
    close: () => links.close(),
  }
}

function snapshotSource(path: string, selection: Selection): Source {
  const file = readFile(path)
  const { databases, problem } = lookOverSnapshot(file)
  if (problem !== undefined) {
    throw new TransferError(`${path} is broken at byte ${problem.offset}: ${problem.sentence}. Nothing was written.`)
  }
  const told: FileKeys = { expired: 0 }
  const wanted = databases.filter(({ db }) => selection.dbs?.has(db) !== false)
  return {
    sizes: new Map(wanted.map(({ db, keys }) => [db, keys])),
    db: undefined,
    get expired() {
      return told.expired
    },
    keys: (db) => keysOfSnapshot(file, path, { ...selection, dbs: new Set([db]) }, told),
    async close() {},
  }
}

function readFile(path: string): Uint8Array {
  try {
    return diskFiles.read(path)
  } catch (error) {
    if (error instanceof FileError) throw new TransferError(`${error.message}.`, error)
    throw error
  }
}

/** A log is run on an engine of our own, and read from there. */
function logSource(parts: readonly Part[], selection: Selection): Source {
  const engine = createEngine({ databases: LOG_DATABASES, config: { maxmemory: '0' } })
  const log = { notice: () => {}, warning: (text: string) => void process.stderr.write(`${text}\n`) }
  const replay = new Replay(engine, diskFiles, log)
  try {
    for (const { path } of parts) for (const _ of replay.file(path, { mayBeTorn: false, checksum: true }));
  } catch (error) {
    void engine.stop()
    if (error instanceof DurabilityError || error instanceof FileError) throw new TransferError(error.message, error)
    throw error
  }
  const sizes = engine.keyspace.databases
    .filter(({ index, size }) => size > 0 && selection.dbs?.has(index) !== false)
    .map(({ index, size }): [number, number] => [index, size])
  return {
    sizes: new Map(sizes),
    db: undefined,
    expired: 0,
    async *keys(db) {
      yield* keysOfServer(engineLink(engine, db), db, selection)
    },
    close: () => engine.stop(),
  }
}

function engineLink(engine: Engine, db: number): Link {
  const backend = new EmbeddedBackend(engine)
  const reply = backend.sync.call(engine.table.find(select(db)), select(db))
  if (reply instanceof ReplyError) throw new TransferError(`There is no database ${db}: ${reply.message}`)
  return linkOf(backend)
}

const select = (db: number): Bytes[] => [raw('SELECT'), raw(`${db}`)]

/** What may be said of a target. */
export interface DestinationOptions {
  readonly replace: boolean
  readonly rdbVersion: 10 | 12
}

/** The target that a word names. `sizes` are hints for files. Throws `TransferError`. */
export async function destinationAt(
  word: string,
  sizes: ReadonlyMap<number, number>,
  { replace, rdbVersion }: DestinationOptions,
  environment: NodeJS.ProcessEnv,
): Promise<Destination> {
  if (isAddress(word)) return serverDestination(placeAt(word, environment), replace)
  if (word.startsWith('file:')) return folderDestination(folderIn(word), Math.max(...sizes.keys(), 0), replace)
  switch (extname(word)) {
    case '.rdb':
      return fileDestination(new SnapshotSink(word, sizes, rdbVersion))
    case '.jsonl':
      return fileDestination(new JsonLinesSink(word))
  }
  throw new TransferError(
    `'${word}' is no target: an address (redis://host), a folder (file:./data), or a file that ends in .rdb or .jsonl.`,
  )
}

function serverDestination(place: Place, replace: boolean): Destination {
  const links = new Links(place)
  return {
    db: place.db,
    sink: async (db) => new ServerSink(await links.of(db), replace),
    link: (db) => links.of(db),
    finish: () => links.close(),
    abandon: () => links.close(),
  }
}

/** A store's folder, opened by our own engine while the transfer goes on. */
async function folderDestination(folder: string, highestDb: number, replace: boolean): Promise<Destination> {
  const databases = Math.max(LEAST_DATABASES, highestDb + 1)
  const { engine, close } = await keepIn(folder, { databases })
  const link = async (db: number): Promise<Link> => engineLink(engine, db)
  const end = async (): Promise<void> => {
    await close()
    await engine.stop()
  }
  return { db: undefined, sink: async (db) => new ServerSink(await link(db), replace), link, finish: end, abandon: end }
}

function fileDestination(sink: Sink): Destination {
  return {
    db: undefined,
    sink: async () => sink,
    link: () => undefined,
    finish: () => sink.finish(),
    abandon: () => sink.abandon(),
  }
}

/** One link for each database, opened when it is needed. */
class Links {
  readonly #place: Place
  readonly #open = new Map<number, Promise<Link>>()

  constructor(place: Place) {
    this.#place = place
  }

  of(db: number): Promise<Link> {
    let link = this.#open.get(db)
    if (link === undefined) this.#open.set(db, (link = this.#place.dial(db)))
    return link
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#open.values()].map(async (link) => (await link).close()))
  }
}
