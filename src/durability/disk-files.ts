/** Files on the machine's disk. Systems that cannot sync a folder are taken at their word that names are safe. */
import { constants } from 'node:buffer'
import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { getSystemErrorMap } from 'node:util'
import { FileError, type Files, type OpenFile, type OpenMode } from './files.ts'

const FLAGS: Readonly<Record<OpenMode, string>> = {
  append: 'a+',
  create: 'w+',
  exclusive: 'wx+',
  update: 'r+',
  read: 'r',
}
/** Only its owner and group may read what is in a store. */
const MODE = 0o640
/** One read at a time; the system takes no more than 2 GiB. */
const PIECE = 1 << 30

/** Runs what may fail, and says what was refused. */
function attempt<T>(doing: string, path: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw refused(error, doing, path)
  }
}

function refused(error: unknown, doing: string, path: string): unknown {
  if (error instanceof FileError) return error
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error
  const number = 'errno' in error && typeof error.errno === 'number' ? error.errno : 0
  const words = getSystemErrorMap().get(number)?.[1] ?? error.message
  return new FileError(error.code, words.charAt(0).toUpperCase() + words.slice(1), path, doing, error)
}

class DiskFile implements OpenFile {
  readonly path: string
  readonly #fd: number
  #size: number
  #closed = false
  /** Syncs under way: the descriptor must stay theirs until they end. */
  #syncing = 0

  constructor(path: string, fd: number) {
    this.path = path
    this.#fd = fd
    this.#size = fstatSync(fd).size
  }

  get size(): number {
    return this.#size
  }

  read(into: Uint8Array, position: number): number {
    return attempt('Reading', this.path, () => readSync(this.#fd, into, 0, Math.min(into.length, PIECE), position))
  }

  write(bytes: Uint8Array): number {
    const taken = attempt('Writing', this.path, () => writeSync(this.#fd, bytes, 0, bytes.length, this.#size))
    this.#size += taken
    return taken
  }

  truncate(size: number): void {
    attempt('Truncating', this.path, () => ftruncateSync(this.#fd, size))
    this.#size = size
  }

  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#syncing++
      fdatasync(this.#fd, (error) => {
        this.#syncing--
        if (this.#closed && this.#syncing === 0) closeSync(this.#fd)
        if (error === null) resolve()
        else reject(refused(error, 'Syncing', this.path))
      })
    })
  }

  syncNow(): void {
    attempt('Syncing', this.path, () => fdatasyncSync(this.#fd))
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    if (this.#syncing === 0) closeSync(this.#fd)
  }
}

function readWhole(path: string): Uint8Array {
  const fd = openSync(path, 'r')
  try {
    const { size } = fstatSync(fd)
    if (size > constants.MAX_LENGTH) {
      const most = `this version of Node.js takes ${constants.MAX_LENGTH} bytes at most`
      throw new FileError('EFBIG', `It has ${size} bytes, and ${most}`, path, 'Reading')
    }
    const bytes = Buffer.allocUnsafeSlow(size)
    let at = 0
    while (at < bytes.length) {
      const got = readSync(fd, bytes, at, Math.min(bytes.length - at, PIECE), at)
      if (got === 0) break
      at += got
    }
    return bytes.subarray(0, at)
  } finally {
    closeSync(fd)
  }
}

function syncNames(path: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')

/** The machine's files. */
export const diskFiles: Files = {
  open: (path, mode) => attempt('Opening', path, () => new DiskFile(path, openSync(path, FLAGS[mode], MODE))),
  read: (path) => attempt('Reading', path, () => readWhole(path)),
  stat: (path) =>
    attempt('Looking at', path, () => {
      const facts = statSync(path, { throwIfNoEntry: false })
      return facts === undefined ? undefined : { size: facts.size, isFolder: facts.isDirectory() }
    }),
  list(folder) {
    try {
      return readdirSync(folder)
    } catch (error) {
      if (isMissing(error)) return undefined
      throw refused(error, 'Listing', folder)
    }
  },
  makeFolder: (path) => attempt('Making', path, () => void mkdirSync(path, { recursive: true, mode: 0o750 })),
  rename: (from, to) => attempt('Renaming', from, () => renameSync(from, to)),
  remove: (path) => attempt('Removing', path, () => rmSync(path, { force: true })),
  syncFolder: (path) => attempt('Syncing', path, () => syncNames(path)),
}
