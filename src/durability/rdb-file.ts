/**
 * The RDB file of a store: written in the background or at once, and loaded at start.
 *
 * The one idea: a snapshot becomes the store's file by a rename, and only once all of it is on the disk: after a crash the
 * old file is there or the new one, whole. Nothing is served of a file that was not read to its last byte.
 */
import type { Engine } from '../engine/engine.ts'
import { RdbError } from '../rdb/error.ts'
import { DurabilityError, type DurabilityErrorCode, type DurableLog } from './durable.ts'
import { type Files, folderOf, type OpenFile, writeAll, writeChunks } from './files.ts'
import { loadRdb, type RdbLoaded, type RdbLoadOptions, RoomError, StateError } from './rdb-file-load.ts'
import { type Snapshot, SnapshotError, type SnapshotOptions, snapshotNow } from './snapshot.ts'

/** Where the file stands, and what it is written beside. */
export interface RdbPlace {
  readonly files: Files
  readonly path: string
  /** The name it has until it is whole: in the same folder. */
  readonly temporary: string
}

/** The place that the directives say; what is written in the background is in nobody's way. */
export function rdbPlace({ config }: Engine, files: Files, isBackground = false): RdbPlace {
  const folder = config.text('dir') || '.'
  return {
    files,
    path: `${folder}/${config.text('dbfilename')}`,
    temporary: `${folder}/temp-${isBackground ? 'bg' : 'fg'}-${process.pid}.rdb`,
  }
}

/** How the directives want files written. */
export function rdbOptions({ config }: Engine): SnapshotOptions {
  return {
    version: config.text('geartrain-rdb-version') === '12' ? 12 : 10,
    compression: config.text('rdbcompression') === 'yes',
    checksum: config.text('rdbchecksum') === 'yes',
  }
}

/** Writes a snapshot as the file, while everyone is served. Rejects with `FileError` or `SnapshotError`; then the old file stays. */
export async function writeSnapshot({ files, path, temporary }: RdbPlace, snapshot: Snapshot): Promise<void> {
  let file: OpenFile | undefined
  try {
    file = files.open(temporary, 'create')
    await writeChunks(file, snapshot.chunks())
    file.close()
    if (snapshot.isCancelled) throw new SnapshotError('CANCELLED', 'the snapshot was cancelled')
    files.rename(temporary, path)
    files.syncFolder(folderOf(path))
  } catch (error) {
    snapshot.cancel()
    file?.close()
    discard(files, temporary)
    throw error
  }
}

/** Writes everything as it is now, and returns when it is on the disk. Throws `FileError` or `SnapshotError`. */
export function writeNow(engine: Engine, { files, path, temporary }: RdbPlace): void {
  const chunks = snapshotNow(engine, rdbOptions(engine))
  let file: OpenFile | undefined
  try {
    file = files.open(temporary, 'create')
    for (const chunk of chunks) writeAll(file, chunk)
    file.syncNow()
    file.close()
    files.rename(temporary, path)
    files.syncFolder(folderOf(path))
  } catch (error) {
    file?.close()
    discard(files, temporary)
    throw error
  }
}

/** Whether this is the name of a snapshot of ours that is being written, or that a process was killed over. */
export const isUnfinished = (name: string): boolean => /^temp-[bf]g-\d+\.rdb$/.test(name)

/** Removes from a folder that is ours what was to become its file, and never was whole. */
export function removeUnfinished(files: Files, folder: string): void {
  for (const name of files.list(folder) ?? []) if (isUnfinished(name)) discard(files, `${folder}/${name}`)
}

/** The disk has just refused something; if it refuses this too, a file of this name is in nobody's way. */
function discard(files: Files, temporary: string): void {
  try {
    files.remove(temporary)
  } catch {
    // Whoever writes next empties it.
  }
}

/** Loads the file into an engine that nobody is served by yet; undefined when there is none. Throws `DurabilityError`. */
export function loadFile(
  engine: Engine,
  { files, path }: RdbPlace,
  options: RdbLoadOptions = {},
): RdbLoaded | undefined {
  try {
    if (files.stat(path) === undefined) return undefined
    return loadRdb(engine, files.read(path), { checksum: engine.config.text('rdbchecksum') === 'yes', ...options })
  } catch (error) {
    throw unreadable(error, path)
  }
}

const CODES: Readonly<Record<RdbError['code'], DurabilityErrorCode>> = {
  RDB_TRUNCATED: 'CORRUPT',
  RDB_CORRUPT: 'CORRUPT',
  RDB_CHECKSUM: 'CORRUPT',
  RDB_VERSION: 'UNSUPPORTED',
  RDB_UNSUPPORTED: 'UNSUPPORTED',
  RDB_NEEDS_VERSION: 'UNSUPPORTED',
}

const ADVICE: Readonly<Partial<Record<DurabilityErrorCode, string>>> = {
  CORRUPT: 'Restore it from a backup, or move it away to start without it; `geartrain check` says what can be read.',
  UNSUPPORTED: 'Move it away to start without it, or open it with the server that wrote it.',
}

/** What is wrong with a file, and what to do. */
export function unreadable(error: unknown, path: string): unknown {
  if (error instanceof RdbError) {
    const code = CODES[error.code]
    return new DurabilityError(code, path, `${path}: ${error.message}. ${ADVICE[code]}`, error.offset, error)
  }
  if (error instanceof StateError) return unusable(error, path)
  if (error instanceof RoomError) return tooMuch(error, path)
  if (!(error instanceof Error) || !('reason' in error)) return error
  return new DurabilityError('DISK', path, error.message, undefined, error)
}

/** A file that this process cannot hold. */
export function tooMuch(error: RoomError, path: string): DurabilityError {
  return new DurabilityError(
    'MEMORY',
    path,
    `${path} holds more than there is room for: ${error.message}`,
    undefined,
    error,
  )
}

/** What beside the data keeps it from being served; `offset` where a change of it stands in a log. */
export function unusable(error: StateError, path: string, offset?: number): DurabilityError {
  const place = offset === undefined ? path : `${path}: offset ${offset}`
  const advice = 'Nothing is served without it: start with what it needs, or remove it by the version that wrote it.'
  return new DurabilityError('UNSUPPORTED', path, `${place}: ${error.message} ${advice}`, offset, error)
}

/** What a log of a store says, when nobody listens: nothing. */
export const SILENT: DurableLog = { notice: () => {}, warning: () => {} }
