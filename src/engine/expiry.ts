/**
 * Expiry: removing keys on time, and the engine's only alarm.
 *
 * The one idea: the alarm is set for the earliest thing that can happen (a deadline, the end of a wait) and moved only
 * forward in urgency. Due keys are removed in slices of about a millisecond, at most a quarter of the time, so that a
 * mass expiry never stalls clients.
 */
import type { Cancel } from '../base/clock.ts'
import type { Engine } from './engine.ts'

/** Keys removed between two looks at the clock. */
const BATCH = 64
const SLICE_MS = 1

export class Expiry {
  readonly #engine: Engine
  /** DEBUG SET-ACTIVE-EXPIRE: keys are then only removed when met. */
  active = true
  /** active-expire-effort, 1 to 10. */
  effort = 1
  #alarmAt = Number.POSITIVE_INFINITY
  #cancel: Cancel | undefined
  #more = false

  constructor(engine: Engine) {
    this.#engine = engine
    engine.keyspace.onDeadline = (when) => this.arm(when)
  }

  /** Makes sure that the engine ticks at `when` or before. */
  arm(when: number): void {
    if (when >= this.#alarmAt || this.#stopped) return
    this.#cancel?.()
    this.#alarmAt = when
    this.#cancel = this.#engine.clock.at(when, () => {
      this.#alarmAt = Number.POSITIVE_INFINITY
      this.#cancel = undefined
      this.#engine.tick()
    })
  }

  #stopped = false

  /** No more ticks: the engine is closing. */
  stop(): void {
    this.#stopped = true
    this.#cancel?.()
    this.#cancel = undefined
    this.#alarmAt = Number.POSITIVE_INFINITY
  }

  /** After a full slice the rest waits: a quarter of the time goes to expiry at most, 43 % at the highest effort. */
  get #pauseMs(): number {
    return Math.round((100 * SLICE_MS) / (25 + 2 * (this.effort - 1))) - SLICE_MS
  }

  /** Sets the alarm for whatever comes next. */
  rearm(): void {
    const { keyspace, blocking, clock } = this.#engine
    if (this.#more) this.arm(clock.now() + this.#pauseMs)
    const removes = this.active && keyspace.removesExpired
    const next = Math.min(removes ? keyspace.nextDeadline : Number.POSITIVE_INFINITY, blocking.nextAlarm)
    // What is due now but was left for later waits for its pause.
    if (next !== Number.POSITIVE_INFINITY) this.arm(Math.max(next, clock.now() + (this.#more ? this.#pauseMs : 0)))
  }

  /** Removes due keys for one slice, inside the current unit. */
  run(): void {
    this.#more = false
    const { keyspace, clock, statistics, observation } = this.#engine
    if (!this.active || !keyspace.removesExpired) return
    statistics.expireCycles++
    const started = clock.elapsed()
    this.#more = !this.#removeDue(clock.now() + SLICE_MS)
    if (this.#more) statistics.expireCapReached++
    const micros = clock.elapsed() - started
    statistics.expireMicros += micros
    observation.latency.note('expire-cycle', keyspace.now, micros)
  }

  /** Whether nothing due is left when the time is over. */
  #removeDue(until: number): boolean {
    const { keyspace, clock, events } = this.#engine
    for (const db of keyspace.databases) {
      while (db.expireDue(keyspace.now, BATCH) === BATCH) {
        // What is done about the keys that went counts as well.
        if (events.follower !== undefined) events.deliverNow()
        if (clock.now() > until) return false
      }
    }
    return true
  }
}
