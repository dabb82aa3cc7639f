/**
 * Time, injected. Nothing below `create.ts` reads the machine's clock: a unit sees one frozen instant, tests move it by hand.
 */

/** Cancels a pending wake-up; calling it twice is harmless. */
export type Cancel = () => void

/** The engine's only source of time. */
export interface Clock {
  /** Milliseconds since the Unix epoch, an integer. */
  now(): number
  /** Microseconds since the Unix epoch, an integer (TIME, stream ids, statistics). */
  micros(): number
  /** Microseconds, with a fraction, on a clock that never jumps: only differences mean something. */
  elapsed(): number
  /** Runs `wake` once, at or soon after `whenMs` (absolute). */
  at(whenMs: number, wake: () => void): Cancel
}

/** Timers wait at most this long: `setTimeout` with more fires at once. */
const LONGEST_WAIT_MS = 2 ** 31 - 1

/** The machine's clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  micros: () => Math.floor((performance.timeOrigin + performance.now()) * 1000),
  elapsed: () => performance.now() * 1000,
  at(whenMs, wake) {
    const wait = Math.min(Math.max(whenMs - Date.now(), 0), LONGEST_WAIT_MS)
    const timer = setTimeout(wake, wait)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/** Keeps the process alive, which neither a wait in a store of this process nor its clock does, until it is cancelled. */
export function stayAwake(): Cancel {
  const timer = setInterval(() => {}, LONGEST_WAIT_MS)
  return () => clearInterval(timer)
}
