/**
 * The folder of the log: its manifest, and the names of its files.
 *
 * The one idea: the manifest that is in force is the one on the disk; a new one is written beside it and takes its place by
 * a rename, and only then are files removed that it no longer names. Files of an older redis-server (one file, no folder)
 * are taken in as the base of a new log.
 */
import { bytes, raw, text, toBuffer } from '../base/bytes.ts'
import { DurabilityError, type DurableLog } from './durable.ts'
import { type Files, replaceFile, writeAll } from './files.ts'
import {
  checkManifest,
  EMPTY_MANIFEST,
  type FileBeside,
  formatManifest,
  isBase,
  type LogFile,
  type Manifest,
  parseManifest,
} from './manifest.ts'

/** Where a log is: Redis' `dir`, `appenddirname` and `appendfilename`. */
export interface LogPlace {
  readonly dir: string
  readonly folder: string
  readonly name: string
}

/** What a rewrite that was not finished may have left. */
const LEFTOVER = /^temp-(?:rewriteaof|rewriteaof-bg)-.*\.aof$/

export class LogFolder {
  readonly #files: Files
  readonly #place: LogPlace
  readonly #log: DurableLog
  #manifest: Manifest = EMPTY_MANIFEST
  #lastBase = 0
  #lastIncrement = 0

  constructor(files: Files, place: LogPlace, log: DurableLog) {
    this.#files = files
    this.#place = place
    this.#log = log
  }

  get manifest(): Manifest {
    return this.#manifest
  }

  /** The path of a file of the log. */
  path(name: string): string {
    return `${this.#folder}/${name}`
  }

  /** A path for what is being written and has no place in the log yet. */
  temporary(name: string): string {
    return `${this.#place.dir}/temp-rewriteaof-${name}.aof`
  }

  /** The path of an increment that has no base yet. */
  get temporaryIncrement(): string {
    return this.path(`temp-${this.#place.name}.incr`)
  }

  get #folder(): string {
    return `${this.#place.dir}/${this.#place.folder}`
  }

  get #manifestPath(): string {
    return this.path(`${this.#place.name}.manifest`)
  }

  /**
   * Finds out what log there is, and checks that its files are there; false when there is none. An old single file is moved
   * into the folder. Throws `DurabilityError`.
   */
  find(): boolean {
    for (const name of this.#files.list(this.#place.dir) ?? []) {
      if (LEFTOVER.test(name)) this.#files.remove(`${this.#place.dir}/${name}`)
    }
    if (this.#files.stat(this.#manifestPath) === undefined) return this.#takeOld()
    this.#manifest = parseManifest(text(raw(latin1(this.#files.read(this.#manifestPath)))), this.#manifestPath)
    this.#note(this.#manifest)
    this.#moveOld()
    checkManifest(this.#manifest, this.#manifestPath, this.#filesBeside())
    for (const { name } of this.loaded()) {
      if (this.#files.stat(this.path(name)) !== undefined) continue
      const path = this.path(name)
      throw new DurabilityError(
        'CORRUPT',
        path,
        `${path} is part of the log, says ${this.#manifestPath}, but is not there`,
      )
    }
    return true
  }

  #filesBeside(): readonly FileBeside[] {
    const names = this.#files.list(this.#folder) ?? []
    return names.map((name) => ({ name, size: this.#files.stat(this.path(name))?.size ?? 0 }))
  }

  /** The files to load, in order. */
  loaded(): readonly LogFile[] {
    const { base, increments } = this.#manifest
    return base === undefined ? increments : [base, ...increments]
  }

  /** Bytes of all these files. */
  size(): number {
    return this.loaded().reduce((sum, { name }) => sum + (this.#files.stat(this.path(name))?.size ?? 0), 0)
  }

  /** The next name for a base. It is taken by this. */
  newBase(): LogFile {
    const seq = ++this.#lastBase
    return { name: `${this.#place.name}.${seq}.base.rdb`, seq }
  }

  /** The next name for an increment. It is taken by this. */
  newIncrement(): LogFile {
    const seq = ++this.#lastIncrement
    return { name: `${this.#place.name}.${seq}.incr.aof`, seq }
  }

  makeFolder(): void {
    this.#files.makeFolder(this.#folder)
    this.#files.syncFolder(this.#place.dir)
  }

  /** Puts another manifest in force. The files it names must be on the disk, names included. */
  async persist(manifest: Manifest): Promise<void> {
    await replaceFile(this.#files, this.#manifestPath, this.#bytesOf(manifest), this.#manifestTemp)
    this.#manifest = manifest
  }

  /** The same, at once. */
  persistNow(manifest: Manifest): void {
    const file = this.#files.open(this.#manifestTemp, 'create')
    try {
      writeAll(file, this.#bytesOf(manifest))
      file.syncNow()
    } finally {
      file.close()
    }
    this.#files.rename(this.#manifestTemp, this.#manifestPath)
    this.#files.syncFolder(this.#folder)
    this.#manifest = manifest
  }

  /** Brings the names in the folder to the disk. */
  sync(): void {
    this.#files.syncFolder(this.#folder)
  }

  /** Removes the files that are no longer needed. One that cannot be removed is tried again with the next rewrite. */
  async removeHistory(): Promise<void> {
    const { history } = this.#manifest
    if (history.length === 0) return
    const isLeft = ({ name }: LogFile): boolean => !this.#removed(name)
    const increments = history.filter((file) => !isBase(file)).filter(isLeft)
    // A base stays as long as what went on from it: see `checkManifest`.
    const bases = history.filter(isBase)
    const left = increments.length > 0 ? [...bases, ...increments] : bases.filter(isLeft)
    await this.persist({ ...this.#manifest, history: left })
  }

  #removed(name: string): boolean {
    try {
      this.#files.remove(this.path(name))
      return true
    } catch (error) {
      this.#log.warning(`A file that the log no longer needs stays: ${error instanceof Error ? error.message : error}`)
      return false
    }
  }

  get #manifestTemp(): string {
    return this.path(`temp-${this.#place.name}.manifest`)
  }

  #bytesOf(manifest: Manifest): Uint8Array {
    return toBuffer(bytes(formatManifest(manifest)))
  }

  #note({ base, increments, history }: Manifest): void {
    this.#lastBase = base?.seq ?? 0
    this.#lastIncrement = increments.at(-1)?.seq ?? 0
    // Names of history must not come again while these files are there.
    for (const { name, seq } of history) {
      if (isBase({ name, seq })) this.#lastBase = Math.max(this.#lastBase, seq)
      else this.#lastIncrement = Math.max(this.#lastIncrement, seq)
    }
  }

  /** Redis before 7 had one file beside the snapshot. It becomes the base, under its own name. */
  #takeOld(): boolean {
    const { dir, name } = this.#place
    if (this.#files.stat(`${dir}/${name}`) === undefined) return false
    this.makeFolder()
    // The manifest first, as redis-server does it: a crash before the file has moved is seen at the next start.
    this.persistNow({ ...EMPTY_MANIFEST, base: { name, seq: 1 } })
    this.#note(this.#manifest)
    this.#moveOld()
    return true
  }

  /** Moves the old file to where the manifest has it. */
  #moveOld(): void {
    const { dir, name } = this.#place
    const moved = this.path(name)
    if (this.#manifest.base?.name !== name || this.#files.stat(moved) !== undefined) return
    if (this.#files.stat(`${dir}/${name}`) === undefined) return
    this.#log.notice(`${dir}/${name} is taken into ${this.#folder} as the base of a log of several files`)
    this.#files.rename(`${dir}/${name}`, moved)
    this.#files.syncFolder(this.#folder)
    this.#files.syncFolder(dir)
  }
}

const latin1 = (content: Uint8Array): string =>
  Buffer.from(content.buffer, content.byteOffset, content.byteLength).latin1Slice()
