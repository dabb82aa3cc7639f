/**
 * CoarseClock: sees to it that idle times rest on a moment that is not long past.
 *
 * The one idea: commands that need the time look at the clock; the last use of keys and clients only needs it about
 * right. So while commands run, time is looked at `hz` times a second, as Redis' cron does, and not once for each.
 * Nothing ticks while nothing runs.
 */
import type { Cancel, Clock } from '../base/clock.ts'
import type { Keyspace } from '../keyspace/keyspace.ts'

export class CoarseClock {
  readonly #clock: Clock
  readonly #keyspace: Keyspace
  #cancel: Cancel | undefined
  /** False once the last look is too old: the next unit calls `look`. */
  fresh = false
  /** Looks a second, at most. */
  hz = 10
  /** Hear of each look: for what is to be seen now and then, while commands run. */
  readonly onLook: ((nowMs: number) => void)[] = []

  constructor(clock: Clock, keyspace: Keyspace) {
    this.#clock = clock
    this.#keyspace = keyspace
  }

  look(): void {
    this.fresh = true
    const now = this.#keyspace.look()
    this.#cancel = this.#clock.at(now + 1000 / this.hz, this.#aged)
    for (const hear of this.onLook) hear(now)
  }

  stop(): void {
    this.#cancel?.()
    this.fresh = false
  }

  readonly #aged = (): void => {
    this.fresh = false
  }
}
