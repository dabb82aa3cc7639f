/**
 * Usage: what a key's stamp says, and what a use does to it.
 *
 * The one idea: each key has one small integer. Usually that is the second of its last use. Under an LFU policy it is
 * Redis' pair of a counter, which grows by the logarithm of the uses and shrinks as time goes by, and the minute it was
 * last looked at. Formulas and constants are Redis', so that both forget and prefer the same keys.
 */
import type { Random } from '../base/random.ts'
import type { KeyTable } from './key-table.ts'

/** A rule of stamps, in place of the second of the last use. */
export interface Usage {
  /** The stamp of a new key. */
  fresh(): number
  /** A key was looked up. */
  used(table: KeyTable, slot: number): void
  /** A key's value was stored anew, perhaps by a command that looked it up before. */
  overwritten(table: KeyTable, slot: number): void
}

/** The counter of a new key: enough not to be the first to go. */
export const LFU_INITIAL = 5
const LFU_MOST = 255
const MINUTES_MASK = 0xffff
/** How finely chances are drawn. */
const CHANCES = 2 ** 31

/** The time that stamps of the LFU rule are made at, and which command is running. */
export interface LfuNow {
  /** Seconds since the epoch. */
  readonly seconds: number
  /** Differs from command to command. */
  readonly command: number
}

/** Redis' LFU: stamps are `minute << 8 | counter`. */
export class Lfu implements Usage {
  /** lfu-log-factor: the larger, the more uses it takes to fill the counter. */
  logFactor = 10
  /** lfu-decay-time: minutes after which the counter falls by one; 0 is never. */
  decayMinutes = 1
  readonly #now: LfuNow
  readonly #random: Random
  #lastTable: KeyTable | undefined = undefined
  #lastSlot = -1
  #lastCommand = -1

  constructor(now: LfuNow, random: Random) {
    this.#now = now
    this.#random = random
  }

  fresh(): number {
    return this.stamp(LFU_INITIAL)
  }

  used(table: KeyTable, slot: number): void {
    this.#lastTable = table
    this.#lastSlot = slot
    this.#lastCommand = this.#now.command
    table.stamp(slot, this.stamp(this.#grown(this.counterOf(table.stampOf(slot)))))
  }

  overwritten(table: KeyTable, slot: number): void {
    // One command, one use, though it reads before it writes.
    const again = table === this.#lastTable && slot === this.#lastSlot && this.#lastCommand === this.#now.command
    if (!again) this.used(table, slot)
  }

  /** A stamp with this counter, as of now. */
  stamp(counter: number): number {
    return (this.#minute << 8) | counter
  }

  /** The counter of a stamp, less what time has taken from it. */
  counterOf(stamp: number): number {
    const counter = stamp & LFU_MOST
    if (this.decayMinutes === 0) return counter
    const now = this.#minute
    const then = stamp >>> 8
    // Redis' own turn of the clock, a minute short.
    const elapsed = now >= then ? now - then : MINUTES_MASK - then + now
    return Math.max(counter - Math.floor(elapsed / this.decayMinutes), 0)
  }

  get #minute(): number {
    return Math.floor(this.#now.seconds / 60) & MINUTES_MASK
  }

  #grown(counter: number): number {
    if (counter === LFU_MOST) return counter
    const base = Math.max(counter - LFU_INITIAL, 0)
    const chance = 1 / (base * this.logFactor + 1)
    return this.#random.below(CHANCES) < chance * CHANCES ? counter + 1 : counter
  }
}

/** For clients whose doing is not to be seen (CLIENT NO-TOUCH): only what is new gets a stamp. */
export class NoUse implements Usage {
  readonly #fresh: () => number

  constructor(fresh: () => number) {
    this.#fresh = fresh
  }

  fresh(): number {
    return this.#fresh()
  }

  used(): void {}

  overwritten(table: KeyTable, slot: number): void {
    table.stamp(slot, this.#fresh())
  }
}
