/**
 * The append-only log: what units did, written behind the data as it happens.
 *
 * The one idea: three places. `position` counts what was logged, `written` what the system was given, `safe` what the disk
 * has. Units only append to a buffer; it is written when the turn of the event loop ends, so that all that arrived in one
 * turn is one write. Under `always` an fsync follows, and what is logged meanwhile waits for the next one: the slower the
 * disk, the more units share an fsync. Under `everysec` one follows within a second.
 *
 * Invariants: the file ends with a whole record before anything is written to it: what a failed write left is cut off. An
 * fsync that failed is never tried again, for the system may have dropped what it could not write: from then on writes are
 * refused, until the data has been written anew.
 */
import type { Cancel, Clock } from '../base/clock.ts'
import type { Persistence } from '../engine/persistence.ts'
import type { Effect } from '../keyspace/reports.ts'
import { DurabilityError, type DurableLog } from './durable.ts'
import { FileError, type OpenFile, writeAll } from './files.ts'
import { LogBuffer } from './log-buffer.ts'
import { LogText } from './log-text.ts'

export type SyncPolicy = 'always' | 'everysec' | 'no'

/** The buffer is written when so much has gathered, however long the turn lasts. */
const PIECE = 64 * 1024
/** A look at the clock takes as long as a SET's bytes: each so many units have one, a power of two. */
const UNITS_A_LOOK = 16
const SECOND_MS = 1000
/** Nothing stays unwritten for longer while units follow each other without an end of the turn. */
const LONGEST_UNWRITTEN_MICROS = 100_000
/**
 * Under `always`, fewer bytes than this wait a turn longer for more. 50 clients without pipelines then share one fsync and not
 * two in turns, 5 to 25 % faster; with more to do than the disk, working while it syncs is worth as much.
 */
const FEW = 4096
/** While an fsync is under way, writing waits for it: a write to the same file may block. Not for longer than Redis. */
const LONGEST_POSTPONED_MICROS = 2_000_000

export interface AppendLogOptions {
  readonly clock: Clock
  readonly persistence: Persistence
  readonly log: DurableLog
  readonly policy: SyncPolicy
  /** Called when nothing more may be acknowledged: `always`, and the disk has failed. */
  readonly onFatal: (error: DurabilityError) => void
}

export class AppendLog {
  /** Stamps units with the second (aof-timestamp-enabled). */
  stamps = false
  /** no-appendfsync-on-rewrite, while one is under way: nothing is synced. */
  pausesSyncs = false
  /** Writes that waited for an fsync longer than they may. */
  delayedSyncs = 0
  readonly #clock: Clock
  readonly #persistence: Persistence
  readonly #log: DurableLog
  readonly #onFatal: (error: DurabilityError) => void
  #policy: SyncPolicy
  #file: OpenFile
  /** Where the file's last whole record ends. */
  #good: number
  #format = new LogText()
  readonly #buffer = new LogBuffer()
  #units = 0
  #position = 0
  #written = 0
  #safe = 0
  /** Since when something is unwritten, in microseconds. */
  #unwrittenSince = 0
  #lastSync: number
  #scheduled = false
  #syncing: Promise<void> | undefined = undefined
  #cancelAlarm: Cancel | undefined = undefined
  /** Why the file can no longer be trusted. */
  #broken: DurabilityError | undefined = undefined
  #failedWrite: FileError | undefined = undefined
  #closed = false

  constructor(file: OpenFile, { clock, persistence, log, policy, onFatal }: AppendLogOptions) {
    this.#file = file
    this.#good = file.size
    this.#clock = clock
    this.#persistence = persistence
    this.#log = log
    this.#onFatal = onFatal
    this.#policy = policy
    this.#lastSync = clock.elapsed()
    this.#persistence.release.active = policy === 'always'
    this.#persistence.release.settleNow = () => this.flushNow()
    this.#persistence.release.writeNow = this.#writeNow
  }

  /** Bytes logged so far. */
  get position(): number {
    return this.#position
  }

  /** Bytes of the file that is written to. */
  get size(): number {
    return this.#good + this.#buffer.length
  }

  /** Bytes not yet written. */
  get unwritten(): number {
    return this.#buffer.length
  }

  get isSyncing(): boolean {
    return this.#syncing !== undefined
  }

  get lastWriteFailed(): boolean {
    return this.#failedWrite !== undefined || this.#broken !== undefined
  }

  get policy(): SyncPolicy {
    return this.#policy
  }

  /** Takes a unit: what it did, in order. */
  append(effects: readonly Effect[]): void {
    const buffer = this.#buffer
    const before = buffer.length
    this.#format.unit(buffer, effects, this.stamps ? Math.floor(this.#clock.now() / SECOND_MS) : 0)
    const grown = buffer.length - before
    this.#position += grown
    this.#persistence.release.appended(this.#position)
    if (!this.#scheduled) this.#schedule()
    if (this.#policy === 'always') return
    if (before === 0) this.#unwrittenSince = this.#clock.elapsed()
    else if (++this.#units % UNITS_A_LOOK === 0 || (before % PIECE) + grown >= PIECE) this.#look()
  }

  /** Takes another policy from now on. */
  setPolicy(policy: SyncPolicy): void {
    if (policy === this.#policy) return
    const { release } = this.#persistence
    if (this.#policy === 'always') {
      this.flushNow()
      release.stop(this.#position)
    }
    this.#policy = policy
    if (policy !== 'always') return
    this.flushNow()
    release.active = true
  }

  /**
   * Goes on in another file: call it between units. What was logged so far is on the disk first: a file may only be the
   * last one that is not whole. Throws when that cannot be; then nothing has changed.
   */
  continueIn(file: OpenFile): void {
    if (this.#broken === undefined) this.flushNow()
    else if (!this.#write()) throw this.#diskError(this.#failedWrite)
    this.#file.close()
    this.#file = file
    this.#good = file.size
    this.#format = new LogText()
  }

  /** The data was written anew to files that are on the disk: what could not be trusted is no longer needed. */
  renewed(): void {
    if (this.#broken === undefined) return
    this.#broken = undefined
    this.#persistence.refuseWrites('log', undefined)
    this.#log.notice('The log was written anew: writes are accepted again')
    this.#schedule()
  }

  /** Resolves when everything so far is on the disk. */
  async flush(): Promise<void> {
    const target = this.#position
    while (this.#safe < target) {
      this.#check()
      if (this.#syncing !== undefined) await this.#syncing
      else if (this.#write()) await this.#sync()
      else throw this.#diskError(this.#failedWrite)
    }
    this.#check()
  }

  /** The same, at once. */
  flushNow(): void {
    this.#check()
    if (!this.#write()) throw this.#diskError(this.#failedWrite)
    if (this.#safe === this.#position) return
    try {
      this.#file.syncNow()
    } catch (error) {
      this.#syncFailed(error)
      this.#check()
    }
    this.#synced(this.#written)
  }

  /** Writes what is unwritten, syncs it, and lets go of the file. Nothing may be appended any more. */
  async close(): Promise<void> {
    if (this.#closed) return
    try {
      if (this.#broken === undefined) await this.flush()
    } finally {
      this.#closed = true
      this.#cancelAlarm?.()
      this.#file.close()
    }
  }

  /** Before anything goes to a socket. While an fsync is under way nobody waits, as with redis-server. */
  readonly #writeNow = (): void => {
    this.#persistence.release.wrote()
    if (!this.#closed) this.#service()
  }

  readonly #turn = (): void => {
    this.#scheduled = false
    if (!this.#closed) this.#service()
  }

  readonly #scheduleNext = (): void => this.#schedule()

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(this.#turn)
  }

  /** Writes and syncs as the policy wants it now. */
  #service(): void {
    if (this.#policy === 'always') {
      if (this.#syncing === undefined && this.#write()) this.#startSync()
      return
    }
    this.#persistence.release.wrote()
    const now = this.#clock.elapsed()
    if (this.#syncing !== undefined && this.#buffer.length > 0) {
      if (now - this.#unwrittenSince < LONGEST_POSTPONED_MICROS) return
      this.delayedSyncs++
    }
    if (!this.#write()) return
    if (this.#policy === 'no' || this.#safe === this.#written || this.#syncing !== undefined) return
    if (now - this.#lastSync >= SECOND_MS * 1000) this.#startSync()
    else this.#alarm(SECOND_MS - (now - this.#lastSync) / 1000)
  }

  /**
   * The turn may not end for long: what is due is done in the middle of it. No fsync is heard to end meanwhile: when it
   * goes on for long, one is waited for.
   */
  #look(): void {
    const now = this.#clock.elapsed()
    if (this.#buffer.length < PIECE && now - this.#unwrittenSince < LONGEST_UNWRITTEN_MICROS) return
    this.#service()
    if (this.#policy === 'no' || this.#syncing === undefined) return
    if (now - this.#lastSync < LONGEST_POSTPONED_MICROS) return
    this.#lastSync = now
    try {
      this.flushNow()
    } catch (error) {
      // It was noted, and writes are refused.
      if (!(error instanceof DurabilityError)) throw error
    }
  }

  #alarm(inMs: number): void {
    if (this.#cancelAlarm !== undefined || this.#closed) return
    this.#cancelAlarm = this.#clock.at(this.#clock.now() + Math.ceil(inMs), () => {
      this.#cancelAlarm = undefined
      if (!this.#closed) this.#service()
    })
  }

  #startSync(): void {
    if (this.#broken !== undefined || this.#safe === this.#written) return
    if (this.pausesSyncs) {
      // The user has asked for this: while the log is written anew, the system decides what is on the disk.
      this.#synced(this.#written)
      return
    }
    this.#lastSync = this.#clock.elapsed()
    // Failures are noted by `#sync` itself.
    void this.#sync().catch(() => {})
  }

  #sync(): Promise<void> {
    const upTo = this.#written
    const done = this.#file.sync().then(
      () => {
        this.#syncing = undefined
        this.#synced(upTo)
        // What was logged meanwhile has waited for this one.
        const waiting = this.#position - this.#safe
        if (waiting === 0) return
        // A turn later, those who are answered now have asked again and share the next one.
        if (this.#policy === 'always' && waiting < FEW) setImmediate(this.#scheduleNext)
        else this.#schedule()
      },
      (error: unknown) => {
        this.#syncing = undefined
        this.#syncFailed(error)
        throw this.#broken ?? error
      },
    )
    this.#syncing = done
    return done
  }

  #synced(upTo: number): void {
    if (this.#broken !== undefined) return
    this.#safe = Math.max(this.#safe, upTo)
    this.#persistence.release.reached(this.#safe)
  }

  /** Writes what is unwritten; false when it could not be. */
  #write(): boolean {
    const { length, bytes } = this.#buffer
    if (length === 0) return true
    const file = this.#file
    try {
      if (file.size > this.#good) file.truncate(this.#good)
      writeAll(file, bytes)
    } catch (error) {
      this.#writeFailed(error)
      return false
    }
    this.#good += length
    this.#written += length
    this.#buffer.clear()
    if (this.#failedWrite !== undefined) this.#recovered()
    return true
  }

  #writeFailed(error: unknown): void {
    if (!(error instanceof FileError)) throw error
    const isNew = this.#failedWrite === undefined
    this.#failedWrite = error
    try {
      if (this.#file.size > this.#good) this.#file.truncate(this.#good)
    } catch (cutting) {
      // It is tried again before the next write.
      if (!(cutting instanceof FileError)) throw cutting
    }
    if (this.#policy === 'always') {
      this.#fatal(error, 'written')
      return
    }
    if (isNew) {
      this.#log.warning(`The log cannot be written, so writes are refused: ${error.message}`)
      this.#persistence.refuseWrites('log', error.reason)
    }
    this.#alarm(SECOND_MS)
  }

  #recovered(): void {
    this.#failedWrite = undefined
    if (this.#broken !== undefined) return
    this.#persistence.refuseWrites('log', undefined)
    this.#log.notice('The log can be written again: writes are accepted')
  }

  #syncFailed(error: unknown): void {
    if (!(error instanceof FileError)) throw error
    if (this.#broken !== undefined) return
    this.#broken = this.#diskError(error)
    if (this.#policy === 'always') {
      this.#fatal(error, 'brought to the disk')
      return
    }
    this.#log.warning(
      `The log could not be brought to the disk, and what is there is not known: writes are refused until BGREWRITEAOF has written the data anew. ${error.message}`,
    )
    this.#persistence.refuseWrites('log', error.reason)
  }

  #fatal(error: FileError, what: string): void {
    const fatal = new DurabilityError(
      'DISK',
      error.path,
      `The log could not be ${what}, and 'appendfsync always' promises that it was before anything is answered: nothing is answered any more. ${error.message}`,
      undefined,
      error,
    )
    this.#broken = fatal
    this.#persistence.refuseWrites('log', error.reason)
    this.#persistence.release.fail(fatal)
    this.#log.warning(fatal.message)
    this.#onFatal(fatal)
  }

  #diskError(error: FileError | undefined): DurabilityError {
    const why = error?.message ?? 'the disk has failed'
    return new DurabilityError('DISK', this.#file.path, `The log is not on the disk: ${why}`, undefined, error)
  }

  #check(): void {
    if (this.#broken !== undefined) throw this.#broken
  }
}
