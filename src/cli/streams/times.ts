/**
 * Places in a stream as people type them: a date, so long ago, or an id.
 *
 * The one idea: no time zone but UTC unless one is written, so that the same words mean the same everywhere.
 */
import { InvalidArgumentError } from 'commander'
import { type IdLike, idOf } from '../../containers/id.ts'

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const DATE = /^\d{4}-\d{2}(-\d{2})?([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/

/** A place that was typed; `now` is asked where it is relative. */
export type Place = (nowMs: number) => IdLike

/** Reads `2018-01-31`, `2018-01-31T10:00`, `15m` (ago), an id, or `now`. */
export function placeOf(text: string): Place {
  const ago = /^(\d+)([smhd])$/.exec(text)
  if (ago !== null) {
    const ms = Number(ago[1]) * UNIT_MS[ago[2]!]!
    return (nowMs) => new Date(Math.max(0, nowMs - ms))
  }
  if (text === 'now') return (nowMs) => new Date(nowMs)
  if (DATE.test(text)) {
    const isZoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text) && /[T ]/.test(text)
    const at = new Date(/[T ]/.test(text) && !isZoned ? `${text.replace(' ', 'T')}Z` : text.replace(' ', 'T'))
    if (Number.isNaN(at.getTime())) throw new InvalidArgumentError('there is no such date.')
    return () => at
  }
  try {
    idOf(text)
  } catch {
    throw new InvalidArgumentError(
      'it is a date (2018-01-31T10:00, in UTC), how long ago (15m, 2h, 7d), now, or an id.',
    )
  }
  return () => text
}

/** Milliseconds for people: `950ms`, `12s`, `3m20s`, `2h05m`, `3d04h`. */
export function spanOf(ms: number | null | undefined): string | null {
  if (ms === null || ms === undefined) return null
  if (ms < 1000) return `${Math.round(ms)}ms`
  const s = Math.floor(ms / 1000)
  if (s < 60) return `${s}s`
  const [m, h, d] = [Math.floor(s / 60), Math.floor(s / 3600), Math.floor(s / 86_400)]
  const two = (n: number): string => String(n).padStart(2, '0')
  if (h === 0) return `${m}m${two(s % 60)}s`
  return d === 0 ? `${h}h${two(m % 60)}m` : `${d}d${two(h % 24)}h`
}
