/**
 * Meter: stops code of one scope that runs too long.
 *
 * The one idea: compiled code counts down `left` in every loop and at every function entry, and calls `spent` at zero; only
 * then is the clock read. Once the time is up every further count throws, so that nothing the code does (catch, finally,
 * another call) keeps it alive. A section has its own time. Background code has the same between two turns of the event
 * loop, sections not counted: an alarm that rings shows that the loop has turned.
 */
import type { Clock } from '../../base/clock.ts'
import { type Limits, TERMINATED } from '../host.ts'
import { ABORTING, lockedText, NOT_ABORTING } from '../notices.ts'

/** Counts between two looks at the clock: a few microseconds of a tight loop. */
const STRIDE = 1024
/** A call into the store costs about as much as so many loop iterations. */
const CALL = 16

export class Meter {
  /** What is left of the current stride; compiled code counts it down. Idle code has none, so its first count arms the background's time. */
  left = 0
  readonly #clock: Clock
  readonly #limits: Pick<Limits, 'lockMs' | 'stops'>
  readonly #warn: (text: string) => void
  /** How long the running section may take. */
  #limitMs: number
  /** When the running code is stopped; undefined until the clock is first read for it. */
  #deadline: number | undefined = undefined
  #tripped = false
  #running: 'nothing' | 'section' | 'background' = 'nothing'

  constructor(clock: Clock, limits: Pick<Limits, 'lockMs' | 'stops'>, warn: (text: string) => void) {
    this.#clock = clock
    this.#limits = limits
    this.#warn = warn
    this.#limitMs = limits.lockMs
  }

  /** Called when `left` is used up. */
  readonly spent = (): void => {
    if (this.#tripped) this.#stop()
    const now = this.#clock.now()
    if (this.#running === 'nothing') {
      this.#running = 'background'
      this.#limitMs = this.#limits.lockMs
      this.#clock.at(now, () => this.#rest())
    }
    if (this.#running === 'background') this.#followLimit()
    this.#deadline ??= now + this.#limitMs
    if (now >= this.#deadline) this.#late(now)
    this.left = STRIDE
  }

  /** Counts a call into the store. */
  spend(): void {
    this.left -= CALL
    if (this.left < 0) this.spent()
  }

  /** Runs code as a section of its own time. */
  section<A, T>(run: (given: A) => T, given: A, limitMs: number = this.#limits.lockMs): T {
    const running = this.#running
    const outerMs = this.#limitMs
    this.#limitMs = limitMs
    const deadline = this.#deadline
    const startedAt = running === 'background' ? this.#clock.now() : 0
    this.#running = 'section'
    this.#deadline = undefined
    this.left = STRIDE
    try {
      const value = run(given)
      if (this.#tripped) throw TERMINATED
      return value
    } catch (error) {
      throw this.#tripped ? TERMINATED : error
    } finally {
      this.#running = running
      this.#limitMs = outerMs
      this.#tripped = false
      this.left = 0
      this.#deadline = deadline
      if (deadline !== undefined && running === 'background') this.#deadline = deadline + this.#clock.now() - startedAt
    }
  }

  /** Background code lives with the limit that holds now, also when it was changed meanwhile. */
  #followLimit(): void {
    const { lockMs } = this.#limits
    if (this.#deadline !== undefined) this.#deadline += lockMs - this.#limitMs
    this.#limitMs = lockMs
  }

  /** The time is up: the code is stopped, or the operator told. */
  #late(now: number): void {
    const limitMs = this.#limitMs
    const tookMs = limitMs + now - this.#deadline!
    if (this.#running === 'section') this.#warn(lockedText(tookMs, limitMs))
    if (this.#limits.stops) {
      this.#warn(ABORTING)
      this.#stop()
    }
    this.#warn(NOT_ABORTING)
    this.#deadline = Number.POSITIVE_INFINITY
  }

  #stop(): never {
    this.#tripped = true
    this.left = -1
    throw TERMINATED
  }

  /** The event loop has turned. */
  #rest(): void {
    this.#running = 'nothing'
    this.#tripped = false
    this.#deadline = undefined
    this.left = 0
  }
}
