/**
 * Waiting by the injected clock: once, again and again, and longer after each failure.
 */
import type { Clock } from '../../base/clock.ts'

/** Waits; an abort ends it early, without an error. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve()
    const end = (): void => {
      cancel()
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const cancel = clock.at(clock.now() + ms, end)
    signal?.addEventListener('abort', end, { once: true })
  })
}

const FIRST_MS = 50
const LONGEST_MS = 5000

/** How long to wait after so many failures in a row. */
export const patience = (failures: number): number => Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 10))
