/**
 * A rewrite of the log: the data as a new base, and a new increment that goes on from it.
 *
 * The one idea: three steps, each of which leaves a log that can be loaded. First an empty increment joins the old files.
 * Then, between two units, the log goes on in it and a snapshot begins: what the increment holds is what happened since
 * that snapshot. When the snapshot is on the disk, the manifest names it and the increment alone. A failure at any point
 * leaves the old files, with one increment more.
 */
import type { Engine } from '../engine/engine.ts'
import type { AppendLog } from './append-log.ts'
import { type Files, type OpenFile, writeAll, writeChunks } from './files.ts'
import type { LogFolder } from './log-folder.ts'
import type { LogFile, Manifest } from './manifest.ts'
import { rdbOptions } from './rdb-file.ts'
import { type Snapshot, type SnapshotOptions, snapshotNow, startSnapshot } from './snapshot.ts'

/** Makes a log that begins with this file. */
type Begins = (file: OpenFile) => void
/** The log that goes on in a new file, or begins there; nothing where only the data is written (appendonly no). */
export type Follows = AppendLog | Begins | undefined

interface Next {
  readonly file: OpenFile
  readonly increment: LogFile
  /** What it is called until there is a base that it goes on from. */
  readonly temporary: string | undefined
}

export class LogRewrite {
  readonly #engine: Engine
  readonly #files: Files
  readonly #folder: LogFolder
  #snapshot: Snapshot | undefined = undefined
  #cancelled = false

  constructor(engine: Engine, files: Files, folder: LogFolder) {
    this.#engine = engine
    this.#files = files
    this.#folder = folder
  }

  /** Runs it to its end; gives the size of the base. */
  async run(follows: Follows): Promise<number> {
    const next = follows === undefined ? undefined : await this.#newIncrement(follows)
    const snapshot = this.#boundary(follows, next)
    const temporary = this.#folder.temporary(`bg-${process.pid}`)
    try {
      const size = await this.#write(snapshot, temporary)
      await this.#switch(temporary, next)
      return size
    } catch (error) {
      snapshot.cancel()
      discard(this.#files, temporary)
      if (next?.temporary !== undefined) discard(this.#files, next.temporary)
      throw error
    } finally {
      this.#snapshot = undefined
    }
  }

  /** Gives it up; `run` rejects. */
  cancel(): void {
    this.#cancelled = true
    this.#snapshot?.cancel()
  }

  /** The boundary: in one turn a snapshot begins, and what comes after it goes to the new file. */
  #boundary(follows: Follows, next: Next | undefined): Snapshot {
    try {
      this.#goOn()
      const snapshot = startSnapshot(this.#engine, baseOptions(this.#engine))
      this.#snapshot = snapshot
      if (typeof follows === 'function') follows(next!.file)
      else follows?.continueIn(next!.file)
      return snapshot
    } catch (error) {
      this.#snapshot?.cancel()
      this.#snapshot = undefined
      next?.file.close()
      throw error
    }
  }

  /** An empty file at the end of the log, on the disk, and the log brought up to date as far as can be without waiting. */
  async #newIncrement(follows: AppendLog | Begins): Promise<Next> {
    const folder = this.#folder
    folder.makeFolder()
    const increment = folder.newIncrement()
    const temporary = typeof follows === 'function' ? folder.temporaryIncrement : undefined
    const file = this.#files.open(temporary ?? folder.path(increment.name), 'create')
    try {
      await file.sync()
      folder.sync()
      if (typeof follows === 'function') return { file, increment, temporary }
      await folder.persist({ ...folder.manifest, increments: [...folder.manifest.increments, increment] })
      // So that the fsync at the boundary, which everyone waits for, has little to do.
      if (!follows.lastWriteFailed) await follows.flush()
      return { file, increment, temporary }
    } catch (error) {
      file.close()
      throw error
    }
  }

  async #write(snapshot: Snapshot, path: string): Promise<number> {
    const file = this.#files.open(path, 'create')
    try {
      await writeChunks(file, snapshot.chunks())
      return file.size
    } finally {
      file.close()
    }
  }

  /** The new base takes the place of everything before it. */
  async #switch(temporary: string, next: Next | undefined): Promise<void> {
    this.#goOn()
    const folder = this.#folder
    folder.makeFolder()
    const base = folder.newBase()
    this.#files.rename(temporary, folder.path(base.name))
    if (next?.temporary !== undefined) this.#files.rename(next.temporary, folder.path(next.increment.name))
    folder.sync()
    await folder.persist(switched(folder.manifest, base, next?.increment))
    await folder.removeHistory()
  }

  #goOn(): void {
    if (this.#cancelled) throw new Error('the rewrite was given up')
  }
}

/** Everything at once, at start: a log that begins with this data. The manifest is left to the caller. */
export function writeBaseNow(engine: Engine, files: Files, folder: LogFolder): LogFile {
  const base = folder.newBase()
  const temporary = folder.temporary(`${process.pid}`)
  const file = files.open(temporary, 'create')
  try {
    for (const chunk of snapshotNow(engine, baseOptions(engine))) writeAll(file, chunk)
    file.syncNow()
  } finally {
    file.close()
  }
  files.rename(temporary, folder.path(base.name))
  folder.sync()
  return base
}

/** A base may hold what needs a newer version: who loads the log needs that anyway for what follows. */
const baseOptions = (engine: Engine): SnapshotOptions => ({
  ...rdbOptions(engine),
  version: 'needed',
  isLogBase: true,
})

function switched({ base, increments, history }: Manifest, next: LogFile, increment: LogFile | undefined): Manifest {
  const from = increment?.seq ?? Number.POSITIVE_INFINITY
  const later = increments.filter(({ seq }) => seq > from)
  const kept = increment === undefined ? [] : [increment, ...later]
  const gone = increments.filter(({ seq }) => seq < from)
  return { base: next, increments: kept, history: [...history, ...(base === undefined ? [] : [base]), ...gone] }
}

function discard(files: Files, path: string): void {
  try {
    files.remove(path)
  } catch {
    // The next start removes it.
  }
}
