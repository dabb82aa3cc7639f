/**
 * ManualClock: time that stands still until it is moved.
 *
 * The one idea: `advance` visits every alarm on the way at its own instant, in order, so that a test sees what a day
 * would have shown, in microseconds of real time.
 */
import type { Cancel, Clock } from '../base/clock.ts'

interface Alarm {
  readonly when: number
  readonly wake: () => void
}

export class ManualClock implements Clock {
  #now: number
  /** In order of time; those of one instant in order of arrival. */
  readonly #alarms: Alarm[] = []

  /** Starts at `startMs`, milliseconds since the epoch. */
  constructor(startMs = 1_700_000_000_000) {
    this.#now = startMs
  }

  now(): number {
    return this.#now
  }

  micros(): number {
    return this.#now * 1000
  }

  elapsed(): number {
    return this.#now * 1000
  }

  at(whenMs: number, wake: () => void): Cancel {
    const alarm: Alarm = { when: Math.max(whenMs, this.#now), wake }
    const after = this.#alarms.findIndex((other) => other.when > alarm.when)
    this.#alarms.splice(after < 0 ? this.#alarms.length : after, 0, alarm)
    return () => {
      const index = this.#alarms.indexOf(alarm)
      if (index >= 0) this.#alarms.splice(index, 1)
    }
  }

  /** Moves time on by so many milliseconds, ringing the alarms on the way, those they set included. */
  advance(ms: number): void {
    const until = this.#now + ms
    while (this.#alarms.length > 0 && this.#alarms[0]!.when <= until) {
      const alarm = this.#alarms.shift()!
      this.#now = alarm.when
      alarm.wake()
    }
    this.#now = until
  }
}
