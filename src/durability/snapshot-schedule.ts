/**
 * When snapshots are due: the points of `save`, in seconds and changes.
 *
 * The one idea: a point is passed when so many changes have come since the last save, and so many seconds have gone by.
 * After a save that failed the next try waits, as in Redis.
 */

/** `save <seconds> <changes>`. */
export interface SavePoint {
  readonly seconds: number
  readonly changes: number
}

/** Redis' default: after an hour with a change, after five minutes with a hundred, after one with ten thousand. */
export const REDIS_SAVE_POINTS = '3600 1 300 100 60 10000'

/** Seconds before a save that has failed is tried again. */
const RETRY_SECONDS = 5

/** The points that the directive says. */
export function savePoints(text: string): SavePoint[] {
  const numbers = text === '' ? [] : text.split(' ').map(Number)
  const points: SavePoint[] = []
  for (let i = 0; i + 1 < numbers.length; i += 2) points.push({ seconds: numbers[i]!, changes: numbers[i + 1]! })
  return points
}

/** How things stand. */
export interface SinceSave {
  /** Changes since the last save. */
  readonly changes: number
  /** Seconds since the last save that succeeded. */
  readonly seconds: number
  /** Seconds since the last try, if that failed. */
  readonly sinceFailure: number | undefined
}

/** The point that has been passed, if any. */
export function passedPoint(points: readonly SavePoint[], since: SinceSave): SavePoint | undefined {
  if (since.sinceFailure !== undefined && since.sinceFailure <= RETRY_SECONDS) return undefined
  return points.find(({ seconds, changes }) => since.changes >= changes && since.seconds > seconds)
}
