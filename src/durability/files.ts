/**
 * The file layer: all that durability asks of a disk.
 *
 * The one idea: narrow enough that a test can stand in for the disk and lose, at a crash, exactly what was not brought to
 * it. Two rules follow from how disks are: bytes are safe once `sync` has resolved; a name (new, renamed, removed) is safe
 * once its folder was synced. Everything here is synchronous but `sync`, which is what takes long.
 *
 * Errors are thrown as `FileError`, with the system's code and words.
 */

/** A file or folder, as far as it matters. */
export interface FileFacts {
  readonly size: number
  readonly isFolder: boolean
}

/**
 * How a file is opened: `append` makes it when it is not there, `create` empties it or makes it, `exclusive` makes it and
 * fails with EEXIST when it is there, `update` changes one that is there, `read` only reads.
 */
export type OpenMode = 'append' | 'create' | 'exclusive' | 'update' | 'read'

/** A file that is open. Writing goes to its end. */
export interface OpenFile {
  readonly path: string
  /** Bytes in it. */
  readonly size: number
  /** Reads from a position; how many bytes came, 0 at the end. */
  read(into: Uint8Array, position: number): number
  /** Writes at the end; how many bytes were taken, which may be fewer. Throws when none was. */
  write(bytes: Uint8Array): number
  /** Cuts the file off. */
  truncate(size: number): void
  /** Brings what was written so far to the disk. Rejects with `FileError`: then nothing is known of what is there. */
  sync(): Promise<void>
  /** The same, at once. */
  syncNow(): void
  close(): void
}

export interface Files {
  open(path: string, mode: OpenMode): OpenFile
  /** All of a file. */
  read(path: string): Uint8Array
  /** Undefined when there is nothing of that name. */
  stat(path: string): FileFacts | undefined
  /** Names in a folder, in no order; undefined when there is no such folder. */
  list(folder: string): readonly string[] | undefined
  /** Makes a folder, and those above it, unless it is there. */
  makeFolder(path: string): void
  /** Takes the place of what stands at `to`. */
  rename(from: string, to: string): void
  /** Removes a file; nothing happens when it is not there. */
  remove(path: string): void
  /** Brings the names in a folder to the disk. */
  syncFolder(path: string): void
}

/** What a disk refused. */
export class FileError extends Error {
  /** The system's: `ENOSPC`, `EACCES` … */
  readonly code: string
  /** The system's words: `No space left on device`. */
  readonly reason: string
  readonly path: string
  constructor(code: string, reason: string, path: string, doing: string, cause?: unknown) {
    super(`${doing} ${path}: ${reason}`, cause === undefined ? undefined : { cause })
    this.name = 'FileError'
    this.code = code
    this.reason = reason
    this.path = path
  }
}

/** Writes all of it, however few bytes are taken at a time. */
export function writeAll(file: OpenFile, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += file.write(at === 0 ? bytes : bytes.subarray(at))
}

/** Bytes after which what was written is brought to the disk, so that the end has little left to wait for. */
const SYNC_EVERY = 4 << 20

/** Writes chunks as they come, and resolves when all of them are on the disk. */
export async function writeChunks(file: OpenFile, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  let unsynced = 0
  for await (const chunk of chunks) {
    writeAll(file, chunk)
    unsynced += chunk.length
    if (unsynced < SYNC_EVERY) continue
    await file.sync()
    unsynced = 0
  }
  await file.sync()
}

/** The folder a path lies in. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '.' : path.slice(0, slash) || '/'
}

/** Puts a file in the place of another, safely: after a crash one of the two is there, whole. */
export async function replaceFile(files: Files, path: string, bytes: Uint8Array, temporary: string): Promise<void> {
  const file = files.open(temporary, 'create')
  try {
    writeAll(file, bytes)
    await file.sync()
  } catch (error) {
    files.remove(temporary)
    throw error
  } finally {
    file.close()
  }
  files.rename(temporary, path)
  files.syncFolder(folderOf(path))
}
