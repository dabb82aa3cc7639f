/**
 * DurableStore: an engine whose data is in a folder, and follows it.
 *
 * The one idea: files first, then service. What the folder holds is loaded into an engine that nobody is served by yet;
 * from then on the log follows units, and snapshots are written when they are due. Directives say how, as in redis.conf,
 * and may change while it runs.
 *
 * A folder with a log is loaded from the log. Without one, under `appendonly yes`, what a snapshot holds becomes the base
 * of a new log: redis-server begins with nothing there.
 */
import { resolve } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Problem } from '../engine/config/kinds.ts'
import type { Engine } from '../engine/engine.ts'
import { AppendLog, type SyncPolicy } from './append-log.ts'
import { diskFiles } from './disk-files.ts'
import { DurabilityError, type Durable, type DurableLog, type DurableOptions } from './durable.ts'
import type { Files, OpenFile } from './files.ts'
import { LogFolder } from './log-folder.ts'
import { writeBaseNow } from './log-rewrite.ts'
import { removeUnfinished } from './rdb-file.ts'
import { Replay } from './replay.ts'
import { RewriteKeeper } from './rewrite-keeper.ts'
import { SnapshotKeeper } from './snapshot-keeper.ts'

const QUIET: DurableLog = { notice() {}, warning() {} }
/** How long loading goes on before the rest of the process gets its turn, in microseconds. */
const SLICE_MICROS = 50_000
/** How often is said how far loading is, in microseconds. */
const PROGRESS_MICROS = 2_000_000

/** Directives as they are now. */
const isOn = ({ config }: Engine, name: string): boolean => config.text(name) === 'yes'

export class DurableStore implements Durable {
  readonly engine: Engine
  readonly snapshots: SnapshotKeeper
  readonly #files: Files
  readonly #logLines: DurableLog
  readonly #folder: LogFolder
  readonly #rewrites: RewriteKeeper
  readonly #onFatal: (error: DurabilityError) => void
  #log: AppendLog | undefined = undefined
  #closed: Promise<void> | undefined = undefined

  /**
   * Loads what the folder (`dir`) holds into an engine that is empty and serves nobody, and follows it from then on. Rejects
   * with `DurabilityError`: then the engine must not be used.
   */
  static async open(engine: Engine, options: DurableOptions = {}): Promise<DurableStore> {
    const store = new DurableStore(engine, options)
    engine.persistence.isLoading = true
    await store.#load()
    store.#follow()
    engine.persistence.isLoading = false
    engine.events.follower?.resumed()
    return store
  }

  private constructor(engine: Engine, { files = diskFiles, log = QUIET, onFatal = () => {} }: DurableOptions) {
    this.engine = engine
    this.#files = files
    this.#logLines = log
    this.#onFatal = onFatal
    const { config } = engine
    const dir = resolve(config.text('dir') || '.')
    config.load([['dir', dir]])
    const place = { dir, folder: config.text('appenddirname'), name: config.text('appendfilename') }
    this.#folder = new LogFolder(files, place, log)
    this.#rewrites = new RewriteKeeper({ engine, files, folder: this.#folder, log, store: this })
    this.snapshots = new SnapshotKeeper(engine, { files, log })
  }

  /** The log that is being written; undefined under `appendonly no`. */
  get log(): AppendLog | undefined {
    return this.#log
  }

  async flush(): Promise<void> {
    await this.#log?.flush()
  }

  flushNow(): void {
    this.#log?.flushNow()
  }

  rewrite(): Promise<void> {
    return this.#rewrites.run()
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  /** Logs to this file from now on; call it between units. */
  begin(file: OpenFile): void {
    const { engine } = this
    const log = new AppendLog(file, {
      clock: engine.clock,
      persistence: engine.persistence,
      log: this.#logLines,
      policy: policyOf(engine),
      onFatal: (error) => this.#onFatal(error),
    })
    log.stamps = isOn(engine, 'aof-timestamp-enabled')
    this.#log = log
    engine.onEffects = (effects) => log.append(effects)
    engine.keyspace.reports.wantsEffects = true
  }

  /** Logs no more (appendonly no). What was logged is on the disk before. */
  async end(): Promise<void> {
    const log = this.#log
    if (log === undefined) return
    this.#log = undefined
    this.engine.onEffects = undefined
    this.engine.keyspace.reports.wantsEffects = false
    await log.close()
    this.engine.persistence.refuseWrites('log', undefined)
    this.engine.persistence.release.stop(log.position)
  }

  async #close(): Promise<void> {
    await this.#rewrites.close()
    await this.snapshots.close()
    try {
      await this.#log?.close()
    } finally {
      this.engine.onEffects = undefined
    }
  }

  async #load(): Promise<void> {
    const dir = this.engine.config.text('dir')
    try {
      this.#files.makeFolder(dir)
      removeUnfinished(this.#files, dir)
      const hasLog = isOn(this.engine, 'appendonly') && this.#folder.find()
      if (hasLog) await this.#loadLog()
      else this.snapshots.load()
      if (isOn(this.engine, 'appendonly')) this.#beginLog()
    } catch (error) {
      throw error instanceof DurabilityError
        ? error
        : new DurabilityError('DISK', dir, wordsOf(error), undefined, error)
    }
  }

  async #loadLog(): Promise<void> {
    const { engine } = this
    const { clock } = engine
    const replay = new Replay(engine, this.#files, this.#logLines)
    const files = this.#folder.loaded().map(({ name }) => this.#folder.path(name))
    const total = this.#folder.size()
    const began = clock.elapsed()
    let told = began
    let until = began + SLICE_MICROS
    const { active } = engine.expiry
    // Nothing goes by itself while the log is read.
    engine.expiry.active = false
    for (const [i, path] of files.entries()) {
      const options = {
        mayBeTorn: isOn(engine, 'aof-load-truncated') && this.#areEmpty(files.slice(i + 1)),
        checksum: isOn(engine, 'rdbchecksum'),
      }
      for (const bytes of replay.file(path, options)) {
        const now = clock.elapsed()
        if (now >= told + PROGRESS_MICROS) {
          told = now
          this.#logLines.notice(`Loading the log: ${Math.floor((bytes / Math.max(total, 1)) * 100)} %`)
        }
        if (now < until) continue
        await nextTurn()
        until = clock.elapsed() + SLICE_MICROS
      }
    }
    engine.expiry.active = active
    engine.expiry.rearm()
    const seconds = ((clock.elapsed() - began) / 1e6).toFixed(3)
    this.#logLines.notice(
      `DB loaded from the append only files: ${replay.units} units, ${total} bytes, ${seconds} seconds`,
    )
    if (replay.errors > 0) this.#logLines.warning(`${replay.errors} commands of the log answered an error`)
  }

  #areEmpty(files: readonly string[]): boolean {
    return files.every((path) => (this.#files.stat(path)?.size ?? 0) === 0)
  }

  /** Goes on in the last increment, or begins a log with what there is. */
  #beginLog(): void {
    const folder = this.#folder
    folder.makeFolder()
    let { manifest } = folder
    if (manifest.base === undefined && manifest.increments.length === 0) {
      manifest = { ...manifest, base: writeBaseNow(this.engine, this.#files, folder) }
    }
    // What a process that was killed has left with the system is loaded, and will be answered with: it must be on the disk.
    for (const { name } of manifest.increments) this.#synced(folder.path(name))
    const last = manifest.increments.at(-1) ?? folder.newIncrement()
    const file = this.#files.open(folder.path(last.name), manifest.increments.length > 0 ? 'append' : 'create')
    folder.sync()
    if (manifest.increments.length === 0) manifest = { ...manifest, increments: [last] }
    if (manifest !== folder.manifest) folder.persistNow(manifest)
    this.begin(file)
    this.#rewrites.sized()
  }

  #synced(path: string): void {
    const file = this.#files.open(path, 'update')
    try {
      file.syncNow()
    } finally {
      file.close()
    }
  }

  #follow(): void {
    const { engine } = this
    const { config } = engine
    engine.services.persistence = this.#rewrites
    engine.persistence.logFields = () => this.#rewrites.fields()
    config.onChange('appendonly', (value) => this.#rewrites.turn(value === 'yes'))
    config.onChange('appendfsync', () => this.#refusable(() => this.#log?.setPolicy(policyOf(engine))))
    config.onChange('aof-timestamp-enabled', (value) => {
      if (this.#log !== undefined) this.#log.stamps = value === 'yes'
    })
  }

  /** Does what a directive asks; what the disk says against it is the directive's problem. */
  #refusable(run: () => void): Problem | undefined {
    try {
      run()
      return undefined
    } catch (error) {
      return new Problem(wordsOf(error))
    }
  }
}

function policyOf({ config }: Engine): SyncPolicy {
  const word = config.text('appendfsync')
  return word === 'always' || word === 'no' ? word : 'everysec'
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
