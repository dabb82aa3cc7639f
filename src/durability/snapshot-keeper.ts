/**
 * The keeper of a store's snapshots: SAVE, BGSAVE, LASTSAVE, DEBUG RELOAD, the points of `save`, and what INFO says of them.
 *
 * The one idea: it decides when the RDB file is written and knows how that went; how is the affair of rdb-file.ts. One
 * snapshot is written at a time, whoever wants it: while the log is being rewritten a BGSAVE is refused or waits.
 *
 * Invariant: while the last background save has failed and points are set, writes are refused
 * (stop-writes-on-bgsave-error).
 */

import type { Cancel } from '../base/clock.ts'
import { err } from '../base/errors.ts'
import { OK, type Reply, ReplyError, Status } from '../base/reply.ts'
import type { ReloadOptions, SnapshotService } from '../commands/server/persistence-service.ts'
import type { Engine } from '../engine/engine.ts'
import type { Fields } from '../engine/info-commands.ts'
import { diskFiles } from './disk-files.ts'
import type { DurableLog } from './durable.ts'
import type { Files } from './files.ts'
import { loadFile, type RdbPlace, rdbOptions, rdbPlace, SILENT, writeNow, writeSnapshot } from './rdb-file.ts'
import { checkRdb, forgetAll, loadRdb, type RdbLoaded } from './rdb-file-load.ts'
import { isSnapshotRunning, type Snapshot, SnapshotError, startSnapshot } from './snapshot.ts'
import { passedPoint, savePoints } from './snapshot-schedule.ts'

const STARTED = new Status('Background saving started')
const SCHEDULED = new Status('Background saving scheduled')
const SAVING = err('Background save already in progress')
const OTHER_WRITER = err(
  "Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a BGSAVE whenever possible.",
)
const RELOAD_FAILED = err('Error trying to load the RDB dump')
/** How often a save that waits is tried, and how often points are looked at. */
const TRY_MS = 100
const LOOK_MS = 1000

export interface KeeperOptions {
  readonly files?: Files
  readonly log?: DurableLog
}

/** A background save that goes on. */
interface Saving {
  readonly snapshot: Snapshot
  readonly done: Promise<boolean>
  readonly startedMs: number
  /** Changes that were there at its boundary. */
  readonly changes: number
}

export class SnapshotKeeper implements SnapshotService {
  readonly #engine: Engine
  readonly #files: Files
  readonly #log: DurableLog
  #saving: Saving | undefined = undefined
  #isScheduled = false
  /** A rewrite of the log was refused since another one went on. */
  #owesRewrite = false
  #isOk = true
  #lastSaveMs: number
  #lastTryMs = 0
  #lastSeconds = -1
  #savedChanges = 0
  #saves = 0
  #lastHeldBytes = 0
  #loaded: RdbLoaded | undefined = undefined
  #alarm: Cancel | undefined = undefined
  #isClosed = false

  /** Serves the commands of an engine from now on; loads nothing by itself. */
  constructor(engine: Engine, { files = diskFiles, log = SILENT }: KeeperOptions = {}) {
    this.#engine = engine
    this.#files = files
    this.#log = log
    this.#lastSaveMs = engine.clock.now()
    engine.services.snapshots = this
    engine.persistence.snapshotFields = () => this.#fields()
    for (const name of ['save', 'stop-writes-on-bgsave-error']) {
      engine.config.onChange(name, () => {
        this.#refuseOrNot()
        this.#arm()
      })
    }
    this.#arm()
  }

  get #place(): RdbPlace {
    return rdbPlace(this.#engine, this.#files)
  }

  /** Loads the file, if there is one, into an engine that nobody is served by yet. Throws `DurabilityError`. */
  load(): RdbLoaded | undefined {
    this.#loaded = loadFile(this.#engine, this.#place)
    this.#savedChanges = this.#engine.keyspace.reports.changes
    return this.#loaded
  }

  /** Seconds since the epoch. */
  get lastSave(): number {
    return Math.floor(this.#lastSaveMs / 1000)
  }

  /** Whether points of `save` are set: then the end of a process saves too. */
  get hasPoints(): boolean {
    return this.#engine.config.text('save') !== ''
  }

  /** Changes since the file was written. */
  get unsaved(): number {
    return this.#engine.keyspace.reports.changes - this.#savedChanges
  }

  /** SAVE's reply. Throws `ReplyError`. */
  save(): Reply {
    if (this.#saving !== undefined) throw SAVING
    this.saveNow()
    return OK
  }

  /** Writes the file at once; a background save that goes on is given up for it. Throws `ReplyError`. */
  saveNow(): void {
    const { keyspace, clock } = this.#engine
    this.#saving?.snapshot.cancel()
    try {
      writeNow(this.#engine, this.#place)
    } catch (error) {
      throw this.#failed(error)
    }
    this.#saved(keyspace.reports.changes, clock.now())
  }

  /** BGSAVE's reply. Throws `ReplyError`. */
  saveInBackground(schedule: boolean, later: boolean): Reply {
    if (this.#saving !== undefined) throw SAVING
    if (later || isSnapshotRunning(this.#engine)) {
      if (!schedule && !later) throw OTHER_WRITER
      this.#isScheduled = true
      this.#arm()
      return SCHEDULED
    }
    this.#start()
    return STARTED
  }

  /** Resolves when no background save goes on; with whether the last one succeeded. */
  async settled(): Promise<boolean> {
    await this.#saving?.done
    return this.#isOk
  }

  /** DEBUG RELOAD: saves, forgets everything, and loads what was saved. Throws `ReplyError`. */
  reload({ save, flush, merge }: ReloadOptions): Reply {
    const engine = this.#engine
    if (save) this.saveNow()
    const { files, path } = this.#place
    try {
      const bytes = files.read(path)
      const options = { checksum: engine.config.text('rdbchecksum') === 'yes', replaces: merge || !flush }
      checkRdb(bytes, { ...options, databases: engine.keyspace.databases.length })
      if (flush) forgetAll(engine)
      this.#loaded = loadRdb(engine, bytes, options)
    } catch (error) {
      this.#log.warning(`DEBUG RELOAD: ${error instanceof Error ? error.message : error}`)
      throw RELOAD_FAILED
    }
    engine.events.follower?.resumed()
    if (!save) this.#renewLog()
    return OK
  }

  /** Ends a background save that goes on, without its file; no other begins. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#arm()
    const saving = this.#saving
    saving?.snapshot.cancel()
    await saving?.done
  }

  /** The log knows nothing of what a file brought in: it begins anew, or as soon as it can. */
  #renewLog(): void {
    const { services, config } = this.#engine
    this.#owesRewrite = false
    if (services.persistence === undefined || config.text('appendonly') !== 'yes') return
    try {
      services.persistence.rewriteLog()
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error
      this.#owesRewrite = true
      this.#arm()
    }
  }

  #start(): void {
    const engine = this.#engine
    const startedMs = engine.clock.now()
    this.#isScheduled = false
    this.#lastTryMs = startedMs
    let snapshot: Snapshot
    try {
      snapshot = startSnapshot(engine, rdbOptions(engine))
    } catch (error) {
      throw this.#failed(error, true)
    }
    const done = writeSnapshot(rdbPlace(engine, this.#files, true), snapshot).then(
      () => this.#ended(undefined),
      (error: unknown) => this.#ended(error),
    )
    this.#saving = { snapshot, done, startedMs, changes: engine.keyspace.reports.changes }
    this.#log.notice('Background saving started')
  }

  #ended(error: unknown): boolean {
    const { snapshot, startedMs, changes } = this.#saving!
    this.#saving = undefined
    this.#lastHeldBytes = snapshot.heldBytes.most
    const now = this.#engine.clock.now()
    this.#lastSeconds = Math.floor((now - startedMs) / 1000)
    if (error === undefined) {
      this.#saved(changes, now)
      this.#log.notice('Background saving terminated with success')
      return true
    }
    // Given up for another save, or since the store closes: nothing has failed.
    if (error instanceof SnapshotError && error.code === 'CANCELLED') return false
    this.#failed(error, true)
    return false
  }

  #saved(changes: number, now: number): void {
    this.#savedChanges = changes
    this.#lastSaveMs = now
    this.#saves++
    this.#isOk = true
    this.#refuseOrNot()
  }

  /** Says what went wrong to the log, and answers it in a client's terms. */
  #failed(error: unknown, inBackground = false): ReplyError {
    const why = error instanceof Error ? error.message : String(error)
    this.#log.warning(`${inBackground ? 'Background saving' : 'Saving'} failed: ${why}`)
    if (inBackground) {
      this.#isOk = false
      this.#refuseOrNot()
    }
    return err(why)
  }

  #refuseOrNot(): void {
    const { config, persistence } = this.#engine
    const stops = config.text('stop-writes-on-bgsave-error') === 'yes' && this.hasPoints && !this.#isOk
    persistence.refuseWrites('snapshot', stops ? 'the last background save has failed' : undefined)
  }

  /** Looks at the points a few times a second, and at saves that wait for another snapshot to end. */
  #arm(): void {
    this.#alarm?.()
    this.#alarm = undefined
    const waits = this.#isScheduled || this.#owesRewrite
    if (this.#isClosed || !(waits || this.hasPoints)) return
    const { clock } = this.#engine
    this.#alarm = clock.at(clock.now() + (waits ? TRY_MS : LOOK_MS), () => {
      this.#look(clock.now())
      this.#arm()
    })
  }

  #look(now: number): void {
    const engine = this.#engine
    if (this.#owesRewrite) this.#renewLog()
    if (this.#saving !== undefined || isSnapshotRunning(engine) || engine.inUnit) return
    const point = this.hasPoints ? this.#passed(now) : undefined
    if (!this.#isScheduled && point === undefined) return
    if (point !== undefined) this.#log.notice(`${point.changes} changes in ${point.seconds} seconds. Saving...`)
    try {
      this.#start()
    } catch (error) {
      // It is in the log, and writes are refused: nobody else waits for an answer.
      if (!(error instanceof ReplyError)) throw error
    }
  }

  #passed(now: number): ReturnType<typeof passedPoint> {
    return passedPoint(savePoints(this.#engine.config.text('save')), {
      changes: this.unsaved,
      seconds: (now - this.#lastSaveMs) / 1000,
      sinceFailure: this.#isOk ? undefined : (now - this.#lastTryMs) / 1000,
    })
  }

  #fields(): Fields {
    const saving = this.#saving
    const held = saving?.snapshot.heldBytes ?? { now: 0, most: 0 }
    const progress = saving?.snapshot.progress ?? { written: 0, total: 0 }
    const seconds = saving === undefined ? -1 : Math.floor((this.#engine.clock.now() - saving.startedMs) / 1000)
    return [
      ['current_cow_peak', held.most],
      ['current_cow_size', held.now],
      ['current_cow_size_age', 0],
      ['current_fork_perc', ((progress.total === 0 ? 0 : progress.written / progress.total) * 100).toFixed(2)],
      ['current_save_keys_processed', progress.written],
      ['current_save_keys_total', progress.total],
      ['rdb_changes_since_last_save', this.unsaved],
      ['rdb_bgsave_in_progress', saving === undefined ? 0 : 1],
      ['rdb_last_save_time', this.lastSave],
      ['rdb_last_bgsave_status', this.#isOk ? 'ok' : 'err'],
      ['rdb_last_bgsave_time_sec', this.#lastSeconds],
      ['rdb_current_bgsave_time_sec', seconds],
      ['rdb_saves', this.#saves],
      ['rdb_last_cow_size', this.#lastHeldBytes],
      ['rdb_last_load_keys_expired', this.#loaded?.expired ?? 0],
      ['rdb_last_load_keys_loaded', this.#loaded?.keys ?? 0],
    ]
  }
}
