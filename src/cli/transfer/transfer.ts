/**
 * A transfer: every key of a source into a target, counted.
 *
 * The one idea: portion by portion, with no more than one on its way; so it may be stopped between two, and a second run with
 * `skipExisting` goes on where it stopped, at the price of reading again what is there.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bytes, text } from '../../base/bytes.ts'
import { systemClock } from '../../base/clock.ts'
import type { Entries } from './entry.ts'
import type { Sink } from './sinks.ts'

/** A key that was not written, and why. */
export interface Refusal {
  readonly db: number
  readonly key: string
  readonly why: string
}

/** What became of the keys so far. */
export interface Tally {
  read: number
  written: number
  /** Left as they were, since they were there. */
  existing: number
  refused: number
  /** The first refusals. */
  readonly refusals: Refusal[]
}

/** How a transfer goes about it. */
export interface Pace {
  /** At most so many keys a second. */
  readonly rate: number | undefined
  readonly isStopped: () => boolean
  readonly onProgress: (tally: Tally) => void
}

/** Refusals that are told one by one. */
const TOLD = 20

export const emptyTally = (): Tally => ({ read: 0, written: 0, existing: 0, refused: 0, refusals: [] })

/** Moves what a source has into a sink. `tally` goes on from one database to the next. */
export async function transfer(entries: Entries, sink: Sink, tally: Tally, pace: Pace): Promise<void> {
  const started = systemClock.now()
  const before = tally.read
  for await (const portion of entries) {
    const fates = await sink.write(portion)
    portion.forEach(({ db, key }, i) => {
      const fate = fates[i]!
      if (fate === 'written') tally.written++
      else if (fate === 'exists') tally.existing++
      else refuse(tally, { db, key: text(key), why: fate.refused })
    })
    tally.read += portion.length
    pace.onProgress(tally)
    if (pace.isStopped()) return
    if (pace.rate === undefined) continue
    const dueMs = ((tally.read - before) / pace.rate) * 1000
    await sleep(Math.max(0, started + dueMs - systemClock.now()))
  }
}

function refuse(tally: Tally, refusal: Refusal): void {
  tally.refused++
  if (tally.refusals.length < TOLD) tally.refusals.push(refusal)
}

/** A key as people see it. */
export const shownKey = (db: number, key: Bytes | string): string => `database ${db}, ${JSON.stringify(key)}`
