/**
 * Lane: one read loop, over the streams of one slot.
 *
 * The one idea: as much is asked for as there is room, on a connection of its own, which waits at the store. The end of a wait
 * loses nothing: the store is told to answer the waiting call (CLIENT UNBLOCK), and what it gives at the last moment is held like
 * the rest; where it can't be told (a cluster) the connection is closed, and what was given to nobody is looked for.
 */
import type { Dedicated } from '../../client/dedicated.ts'
import type { Entry } from '../message.ts'
import type { Crew } from './crew.ts'
import type { Intake } from './intake.ts'
import { Lease } from './lease.ts'
import { patience, pause } from './pause.ts'
import type { StreamGroups } from './stream-groups.ts'
import type { Sweep } from './sweep.ts'
import { codeOf, isLasting, isNoGroup } from './trouble.ts'

/** How often the store is told to end a wait that it may not have begun yet. */
const MOST_TELLINGS = 1000

export class Lane<T> {
  readonly streams: readonly string[]
  /** The right to read, where one consumer at a time has it; a lane has one stream then. */
  readonly lease: Lease<T> | undefined
  readonly #crew: Crew<T>
  readonly #intake: Intake<T>
  readonly #sweep: Sweep<T>
  readonly #groups: StreamGroups<T>
  #connection: Dedicated | undefined
  /** The connection's id at the store, where it can be told to end a wait. */
  #clientId: number | undefined
  #isTakenOver = false
  #isReading = false
  /** When the last read began, by the monotonic clock. */
  #readAt = 0

  constructor(crew: Crew<T>, streams: readonly string[], intake: Intake<T>, sweep: Sweep<T>, groups: StreamGroups<T>) {
    this.#crew = crew
    this.streams = streams
    this.#intake = intake
    this.#sweep = sweep
    this.#groups = groups
    this.lease = crew.settings.exclusive ? new Lease(crew, streams[0]!) : undefined
  }

  /** Whether it may read and claim now. */
  get isActive(): boolean {
    return this.lease === undefined || (this.lease.isHeld && this.#isTakenOver)
  }

  /** Reads until reading is over. */
  async run(): Promise<void> {
    const { reading, settings } = this.#crew
    const { signal } = reading
    let ending: Promise<void> | undefined
    const ended = (): void => void (ending = this.#endWait())
    signal.addEventListener('abort', ended)
    let failures = 0
    while (!signal.aborted) {
      try {
        if (await this.#mayRead()) await this.#read()
        failures = 0
      } catch (error) {
        if (signal.aborted) break
        if (this.#mustEnd(error)) return this.#crew.onLasting(error)
        await this.#close()
        if (!isNoGroup(error)) this.#crew.trouble(error, 'read')
        await pause(settings.clock, isNoGroup(error) && failures === 0 ? 0 : patience(failures), signal)
        failures++
        await this.#makeAgain(error)
      }
    }
    signal.removeEventListener('abort', ended)
    await ending
    await this.#close()
  }

  /** Gives the right to read back. */
  async leave(): Promise<void> {
    await this.lease?.release().catch((error: unknown) => this.#crew.trouble(error, 'lease'))
  }

  /** A connection that was killed is no closed database. */
  #mustEnd(error: unknown): boolean {
    return isLasting(error) && !(codeOf(error) === 'CLOSED' && this.#connection !== undefined)
  }

  async #makeAgain(error: unknown): Promise<void> {
    if (!isNoGroup(error)) return
    await this.#groups.again(this.streams).catch((failure: unknown) => {
      if (isLasting(failure)) this.#crew.onLasting(failure)
      else this.#crew.trouble(failure, 'group')
    })
  }

  async #mayRead(): Promise<boolean> {
    const { lease } = this
    if (lease === undefined) return true
    if (!lease.isHeld) {
      this.#isTakenOver = false
      const { settings, reading } = this.#crew
      if (!(await lease.take())) {
        await pause(settings.clock, settings.claimAfterMs / 3, reading.signal)
        return false
      }
    }
    if (!this.#isTakenOver) await this.#sweep.takeOver(this.streams[0]!)
    this.#isTakenOver = true
    return true
  }

  async #read(): Promise<void> {
    const { target, settings, holdings, reading } = this.#crew
    // Who takes batches is not given crumbs.
    const least = Math.min(settings.batch, settings.prefetch)
    if (this.#crew.room < least) await holdings.until(() => this.#crew.room >= least, reading.signal)
    // Handlers end in swarms: one read for all of them in place of one for the first.
    if (this.#crew.room < settings.prefetch) await new Promise((resolve) => setImmediate(resolve))
    if (reading.signal.aborted || !this.isActive || this.#crew.room < 1) return
    this.#connection ??= await this.#open()
    if (reading.signal.aborted) return
    const count = Math.max(1, Math.floor(this.#crew.room / this.streams.length))
    const streams = this.streams.map((stream) => [stream, '>'] as const)
    this.#isReading = true
    this.#readAt = settings.clock.elapsed()
    try {
      const who = [target.group, target.consumer] as const
      const found = await this.#connection.xreadgroup(who, streams, { count, block: settings.blockMs })
      for (const [stream, rows] of found ?? []) await this.#took(stream, rows)
    } finally {
      this.#isReading = false
    }
  }

  async #took(stream: string, rows: readonly (readonly [string, Entry[1] | null])[]): Promise<void> {
    const entries = rows.filter((row): row is Entry => row[1] !== null)
    const last = entries.at(-1)
    if (last === undefined) return
    this.#groups.saw(stream, last[0])
    await this.#intake.take(stream, entries, () => 1)
  }

  async #open(): Promise<Dedicated> {
    const { db } = this.#crew
    const connection = await db.dedicated()
    const { kind } = db.features
    this.#clientId = undefined
    if (kind !== 'embedded' && kind !== 'cluster') {
      this.#clientId = await connection.client_id().catch((error: unknown) => {
        if (codeOf(error) === 'NOPERM') return undefined
        throw error
      })
    }
    return connection
  }

  /** Ends a wait at the store. */
  async #endWait(): Promise<void> {
    const { db, settings } = this.#crew
    try {
      for (let tellings = 0; this.#clientId !== undefined && tellings < MOST_TELLINGS; tellings++) {
        if (!this.#isReading) return
        await db.client_unblock(this.#clientId)
      }
    } catch {
      // The connection is closed instead.
    }
    if (!this.#isReading) return
    const waitedMs = (settings.clock.elapsed() - this.#readAt) / 1000
    await this.#close()
    if (db.features.kind === 'embedded') return
    for (const stream of this.streams) {
      await this.#sweep.strays(stream, waitedMs + 1000).catch((error: unknown) => this.#crew.trouble(error, 'stop'))
    }
  }

  async #close(): Promise<void> {
    const connection = this.#connection
    this.#connection = undefined
    await connection?.close().catch(() => undefined)
  }
}
