/** A pause between attempts. It keeps the process alive, other than the clock's alarms: somebody waits for what follows. */
import { setTimeout as sleep } from 'node:timers/promises'

/** The n-th pause between attempts to connect, from 0: doubling, never long. */
export const backoffMs = (attempt: number): number => Math.min(25 * 2 ** attempt, 1000)

/** Resolves after so many milliseconds, or when `signal` says that nobody waits any more. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined)
}
