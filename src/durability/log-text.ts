/**
 * The text of the log: units as Redis writes them.
 *
 * The one idea: an effect is a command as a client would send it, a unit of several stands between MULTI and EXEC, and what
 * is ours alone (changes of state beside the data) stands in annotations, lines that begin with `#`, which redis-server
 * skips. It reads such a line into 1024 bytes: what is longer is cut into numbered parts.
 */
import type { Bytes } from '../base/bytes.ts'
import { raw } from '../base/bytes.ts'
import type { Effect } from '../keyspace/reports.ts'
import type { LogBuffer } from './log-buffer.ts'

const MULTI = [raw('MULTI')]
const EXEC = [raw('EXEC')]
const SELECT = raw('SELECT')
/** What annotations of ours begin with. */
export const NOTE = '#GEARTRAIN:'
/** Characters of base64 in one annotation: with all that stands before them, below a thousand. */
const PART = 800

/** Writes units, one after the other, into one file. */
export class LogText {
  /** The database that the file's reader has selected; a reader begins without. */
  #db = -1
  #second = 0

  /** Adds a unit. `second`: the time it is stamped with (aof-timestamp-enabled), seconds since the epoch; 0 for none. */
  unit(into: LogBuffer, effects: readonly Effect[], second: number): void {
    if (second > this.#second) {
      this.#second = second
      into.text(`#TS:${second}\r\n`)
    }
    if (effects.length === 1) {
      this.#effect(into, effects[0]!)
      return
    }
    // In front, as in Redis: the database is part of no transaction.
    this.#select(into, effects[0]!)
    into.command(MULTI)
    for (let i = 0; i < effects.length; i++) this.#effect(into, effects[i]!)
    into.command(EXEC)
  }

  #effect(into: LogBuffer, effect: Effect): void {
    const { extra, argv } = effect
    if (extra !== undefined) {
      into.text(notes(extra, argv[0]!))
      return
    }
    this.#select(into, effect)
    into.command(argv)
  }

  #select(into: LogBuffer, { db, extra }: Effect): void {
    if (db === this.#db || extra !== undefined) return
    this.#db = db
    into.command([SELECT, raw(`${db}`)])
  }
}

/** A change of state beside the data: `#GEARTRAIN:<name>:<part>/<parts>:<base64>`, a line for each part. */
function notes(name: string, change: Bytes): string {
  const base64 = Buffer.from(change, 'latin1').toString('base64')
  const parts = Math.max(Math.ceil(base64.length / PART), 1)
  let text = ''
  for (let i = 0; i < parts; i++) {
    text += `${NOTE}${name}:${i + 1}/${parts}:${base64.slice(i * PART, (i + 1) * PART)}\r\n`
  }
  return text
}

/** One annotation of ours, read. */
export interface NotePart {
  readonly name: string
  readonly part: number
  readonly parts: number
  readonly base64: string
}

/** Reads an annotation; undefined for one that is not ours. */
export function readNote(line: string): NotePart | undefined {
  if (!line.startsWith(NOTE)) return undefined
  const match = /^([a-z0-9-]+):([0-9]+)\/([0-9]+):([A-Za-z0-9+/=]*)$/.exec(line.slice(NOTE.length))
  if (match === null) return undefined
  return { name: match[1]!, part: Number(match[2]), parts: Number(match[3]), base64: match[4]! }
}
