/**
 * Rates: commands and bytes per second of late.
 *
 * The one idea: counts are noted while units run, ten times a second at most; a rate is the difference to the oldest note
 * of the last 1.6 seconds. Nothing ticks: where nothing ran there is no note, and the last one is the base.
 */

/** Counters that only grow. */
export interface Counts {
  readonly commands: number
  readonly bytesIn: number
  readonly bytesOut: number
}

interface Note extends Counts {
  readonly atMs: number
}

const NOTES = 16
const APART_MS = 100

export class Rates {
  #notes: Note[] = []

  /** Notes the counts as they are now. */
  note(nowMs: number, { commands, bytesIn, bytesOut }: Counts): void {
    const last = this.#notes.at(-1)
    if (last !== undefined && nowMs - last.atMs < APART_MS) return
    this.#notes.push({ atMs: nowMs, commands, bytesIn, bytesOut })
    if (this.#notes.length > NOTES) this.#notes.shift()
  }

  /** How much each count grows in a second. */
  perSecond(nowMs: number, counts: Counts): Counts {
    const from = nowMs - NOTES * APART_MS
    const base = this.#notes.find(({ atMs }) => atMs >= from) ?? this.#notes.at(-1)
    if (base === undefined || base.atMs >= nowMs) return { commands: 0, bytesIn: 0, bytesOut: 0 }
    const seconds = (nowMs - base.atMs) / 1000
    return {
      commands: (counts.commands - base.commands) / seconds,
      bytesIn: (counts.bytesIn - base.bytesIn) / seconds,
      bytesOut: (counts.bytesOut - base.bytesOut) / seconds,
    }
  }

  /** The counters start again. */
  reset(): void {
    this.#notes = []
  }
}
