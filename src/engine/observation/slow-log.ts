/**
 * SlowLog: the commands that took long, newest first.
 *
 * The one idea: an entry is trimmed when it is made (32 words of 128 bytes), so that the log stays small whatever
 * clients send; of a long word it keeps a copy, so that the word itself can go.
 */
import { type Argv, type Bytes, fromBuffer, raw, toBuffer } from '../../base/bytes.ts'
import type { SlowEntry, SlowLogPort } from '../../commands/context.ts'

const MOST_WORDS = 32
const LONGEST_WORD = 128

export class SlowLog implements SlowLogPort {
  /** Oldest first. */
  #entries: SlowEntry[] = []
  #nextId = 0
  #maxLength = 128

  get length(): number {
    return this.#entries.length
  }

  /** slowlog-max-len: what is there too many goes at once. */
  set maxLength(most: number) {
    this.#maxLength = most
    this.#trim()
  }

  get maxLength(): number {
    return this.#maxLength
  }

  add(argv: Argv, atMs: number, micros: number, address: string, name: Bytes): void {
    if (this.#maxLength === 0) return
    this.#entries.push({
      id: this.#nextId++,
      seconds: Math.floor(atMs / 1000),
      micros: Math.floor(micros),
      argv: trimmed(argv),
      address: raw(address),
      name,
    })
    this.#trim()
  }

  latest(count: number): readonly SlowEntry[] {
    return this.#entries.slice(Math.max(0, this.#entries.length - count)).reverse()
  }

  reset(): void {
    this.#entries = []
  }

  #trim(): void {
    const extra = this.#entries.length - this.#maxLength
    if (extra > 0) this.#entries.splice(0, extra)
  }
}

function trimmed(argv: Argv): Argv {
  const kept = argv.length > MOST_WORDS ? MOST_WORDS - 1 : argv.length
  const words: Bytes[] = []
  for (let i = 0; i < kept; i++) words.push(shortened(argv[i]!))
  if (kept < argv.length) words.push(raw(`... (${argv.length - kept} more arguments)`))
  return words
}

function shortened(word: Bytes): Bytes {
  if (word.length <= LONGEST_WORD) return word
  const text = raw(`${word.slice(0, LONGEST_WORD)}... (${word.length - LONGEST_WORD} more bytes)`)
  // A slice would keep the whole word alive.
  return fromBuffer(toBuffer(text))
}
