/**
 * The keeper of rewrites: BGREWRITEAOF, rewrites that the log's growth calls for, CONFIG SET appendonly, and what INFO says.
 *
 * The one idea: it decides when the log is written anew and knows how that went; how is the affair of log-rewrite.ts. One
 * goes on at a time, and none beside a snapshot: then it waits.
 */
import { assert } from '../base/assert.ts'
import type { Cancel } from '../base/clock.ts'
import { err } from '../base/errors.ts'
import { type Reply, Status } from '../base/reply.ts'
import type { PersistenceService } from '../commands/server/persistence-service.ts'
import type { Engine } from '../engine/engine.ts'
import type { Fields } from '../engine/info-commands.ts'
import type { AppendLog } from './append-log.ts'
import { DurabilityError, type DurableLog } from './durable.ts'
import type { Files, OpenFile } from './files.ts'
import type { LogFolder } from './log-folder.ts'
import { reloadLog } from './log-reload.ts'
import { LogRewrite } from './log-rewrite.ts'
import { isSnapshotRunning, SnapshotError } from './snapshot.ts'

const STARTED = new Status('Background append only file rewriting started')
const SCHEDULED = new Status('Background append only file rewriting scheduled')
const REWRITING = err('Background append only file rewriting already in progress')
/** How often is looked at what waits, and at the log's growth. */
const LOOK_MS = 1000
const TRY_MS = 100
/** Rewrites that the growth calls for come less and less often while they fail: up to an hour apart. */
const FREE_FAILURES = 3
const MINUTE_MS = 60_000
const LONGEST_WAIT_MINUTES = 60

/** Who the log belongs to. */
interface Store {
  readonly log: AppendLog | undefined
  begin(file: OpenFile): void
  end(): Promise<void>
}

export interface RewriteKeeperParts {
  readonly engine: Engine
  readonly files: Files
  readonly folder: LogFolder
  readonly log: DurableLog
  readonly store: Store
}

/** A rewrite that goes on. */
interface Running {
  readonly rewrite: LogRewrite
  readonly done: Promise<void>
  readonly startedMs: number
  /** The log begins with it. */
  readonly begins: boolean
}

export class RewriteKeeper implements PersistenceService {
  readonly #engine: Engine
  readonly #files: Files
  readonly #folder: LogFolder
  readonly #log: DurableLog
  readonly #store: Store
  #running: Running | undefined = undefined
  #isScheduled = false
  #isOk = true
  #lastError: unknown = undefined
  #rewrites = 0
  #failures = 0
  #nextAutomaticMs = 0
  #lastSeconds = -1
  #baseSize = 0
  /** Bytes of the log's files but the one that is written to. */
  #formerSize = 0
  #alarm: Cancel | undefined = undefined
  #isClosed = false

  constructor({ engine, files, folder, log, store }: RewriteKeeperParts) {
    this.#engine = engine
    this.#files = files
    this.#folder = folder
    this.#log = log
    this.#store = store
  }

  /** BGREWRITEAOF's reply. */
  rewriteLog(): Reply {
    if (this.#running !== undefined) throw REWRITING
    if (isSnapshotRunning(this.#engine) || this.#engine.transactions.executing) {
      this.#isScheduled = true
      this.#failures = 0
      this.#arm(TRY_MS)
      return SCHEDULED
    }
    this.#start()
    return STARTED
  }

  /** DEBUG LOADAOF's reply. */
  reloadLog(): Reply {
    const { log: current } = this.#store
    return reloadLog({ engine: this.#engine, files: this.#files, folder: this.#folder, current, log: this.#log })
  }

  /** Rewrites the log, and resolves when that is done; rejects when it failed. One that goes on is waited for first. */
  async run(): Promise<void> {
    // Others may wait for the same end.
    while (this.#running !== undefined) await this.#running.done
    await this.#start()
    if (!this.#isOk) throw this.#lastError ?? new Error('the rewrite has failed')
  }

  /** CONFIG SET appendonly: a log begins with a rewrite, as in Redis. */
  turn(on: boolean): void {
    if (on === (this.#store.log !== undefined)) return
    if (on) {
      this.#isScheduled = true
      this.#arm(0)
      return
    }
    this.#isScheduled = false
    this.#running?.rewrite.cancel()
    void this.#store.end().catch((error: unknown) => this.#log.warning(`The log was ended: ${wordsOf(error)}`))
  }

  /** Takes note of how large the log is now: growth counts from here. */
  sized(): void {
    const current = this.#store.log?.size ?? 0
    this.#formerSize = Math.max(this.#folder.size() - current, 0)
    this.#baseSize = this.#formerSize + current
    this.#arm(LOOK_MS)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#alarm?.()
    const running = this.#running
    running?.rewrite.cancel()
    await running?.done
  }

  fields(): Fields {
    const log = this.#store.log
    const running = this.#running
    const { config, clock } = this.#engine
    const fields: [string, string | number][] = [
      ['aof_enabled', config.text('appendonly') === 'yes' ? 1 : 0],
      ['aof_rewrite_in_progress', running === undefined ? 0 : 1],
      ['aof_rewrite_scheduled', this.#isScheduled ? 1 : 0],
      ['aof_last_rewrite_time_sec', this.#lastSeconds],
      ['aof_current_rewrite_time_sec', running === undefined ? -1 : secondsSince(running.startedMs, clock.now())],
      ['aof_last_bgrewrite_status', this.#isOk ? 'ok' : 'err'],
      ['aof_rewrites', this.#rewrites],
      ['aof_rewrites_consecutive_failures', this.#failures],
      ['aof_last_write_status', log?.lastWriteFailed ? 'err' : 'ok'],
      ['aof_last_cow_size', 0],
      ['module_fork_in_progress', 0],
      ['module_fork_last_cow_size', 0],
    ]
    if (log === undefined) return fields
    return [
      ...fields,
      ['aof_current_size', this.#currentSize(log)],
      ['aof_base_size', this.#baseSize],
      ['aof_pending_rewrite', 0],
      ['aof_buffer_length', log.unwritten],
      ['aof_pending_bio_fsync', log.isSyncing ? 1 : 0],
      ['aof_delayed_fsync', log.delayedSyncs],
    ]
  }

  #currentSize(log: AppendLog): number {
    return this.#formerSize + log.size
  }

  #start(): Promise<void> {
    assert(this.#running === undefined, 'one rewrite goes on at a time')
    const { log } = this.#store
    const isWanted = this.#engine.config.text('appendonly') === 'yes'
    const rewrite = new LogRewrite(this.#engine, this.#files, this.#folder)
    this.#isScheduled = false
    const startedMs = this.#engine.clock.now()
    const pauses = this.#engine.config.text('no-appendfsync-on-rewrite') === 'yes'
    if (log !== undefined && pauses) log.pausesSyncs = true
    const follows = log ?? (isWanted ? (file: OpenFile) => this.#store.begin(file) : undefined)
    const done = rewrite.run(follows).then(
      () => this.#ended(undefined),
      (error: unknown) => this.#ended(error),
    )
    this.#running = { rewrite, done, startedMs, begins: log === undefined && isWanted }
    this.#log.notice('Background append only file rewriting started')
    return done
  }

  #ended(error: unknown): void {
    const { startedMs, begins } = this.#running!
    this.#running = undefined
    const now = this.#engine.clock.now()
    this.#lastSeconds = secondsSince(startedMs, now)
    const { log } = this.#store
    if (log !== undefined) log.pausesSyncs = false
    this.#lastError = error
    if (error === undefined) {
      this.#rewrites++
      this.#failures = 0
      this.#isOk = true
      this.sized()
      log?.renewed()
      this.#log.notice('Background AOF rewrite finished successfully')
      return
    }
    if (this.#isClosed) return
    const isBusy = error instanceof SnapshotError && error.code === 'BUSY'
    if (isBusy) this.#isScheduled = true
    else this.#failed(error, now, begins)
    this.#arm(isBusy ? TRY_MS : LOOK_MS)
  }

  #failed(error: unknown, now: number, begins: boolean): void {
    this.#isOk = false
    this.#failures++
    if (this.#failures >= FREE_FAILURES) {
      const minutes = Math.min(2 ** (this.#failures - FREE_FAILURES), LONGEST_WAIT_MINUTES)
      this.#nextAutomaticMs = now + minutes * MINUTE_MS
    }
    this.#log.warning(`Background AOF rewrite failed, the log stays as it was: ${wordsOf(error)}`)
    // A log that was to begin with this rewrite has no base: it begins with the next one.
    if (begins) {
      this.#isScheduled = this.#engine.config.text('appendonly') === 'yes'
      void this.#store.end().catch((ending: unknown) => this.#log.warning(wordsOf(ending)))
    }
  }

  #arm(inMs: number): void {
    this.#alarm?.()
    this.#alarm = undefined
    if (this.#isClosed) return
    const { clock } = this.#engine
    this.#alarm = clock.at(clock.now() + inMs, () => {
      this.#alarm = undefined
      this.#look(clock.now())
    })
  }

  #look(now: number): void {
    const engine = this.#engine
    if (this.#running === undefined && !isSnapshotRunning(engine) && !engine.inUnit) {
      if (this.#isScheduled || this.#hasGrown(now)) void this.#start()
    }
    if (this.#isScheduled || this.#store.log !== undefined) this.#arm(this.#isScheduled ? TRY_MS : LOOK_MS)
  }

  #hasGrown(now: number): boolean {
    const { config } = this.#engine
    const { log } = this.#store
    const percentage = config.number('auto-aof-rewrite-percentage')
    if (log === undefined || percentage === 0 || now < this.#nextAutomaticMs) return false
    const size = this.#currentSize(log)
    if (size <= config.number('auto-aof-rewrite-min-size')) return false
    const base = this.#baseSize === 0 ? 1 : this.#baseSize
    const growth = Math.floor((size * 100) / base) - 100
    if (growth < percentage) return false
    this.#log.notice(`Starting automatic rewriting of AOF on ${growth}% growth`)
    return true
  }
}

const secondsSince = (startedMs: number, now: number): number => Math.floor((now - startedMs) / 1000)

function wordsOf(error: unknown): string {
  if (error instanceof DurabilityError) return error.message
  return error instanceof Error ? error.message : String(error)
}
