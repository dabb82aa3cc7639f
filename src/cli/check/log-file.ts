/**
 * An append-only file, looked over: how far it is whole, and what stands where it ends to be.
 *
 * The one idea: a file is good up to the end of its last whole unit: a command, or a MULTI with its EXEC. Nothing is run and
 * nothing is kept but positions. The judgement is redis-check-aof's: the same files pass, and the same byte is the last good one.
 */
import type { RdbFinding } from './snapshot-file.ts'
import { lookOverSnapshot } from './snapshot-file.ts'

/** What is wrong, and where. */
export interface Problem {
  /** Bytes before the place. */
  readonly offset: number
  readonly sentence: string
}

/** What was found in an append-only file. */
export interface LogFinding {
  readonly size: number
  /** Bytes that are whole units: what is left when the rest is cut off. */
  readonly goodUpTo: number
  readonly commands: number
  readonly transactions: number
  /** Lines that say something about the file and change no data (timestamps, state beside the data). */
  readonly annotations: number
  /** The snapshot that the file begins with. */
  readonly preamble: RdbFinding | undefined
  readonly problem: Problem | undefined
}

const [CR, LF, STAR, DOLLAR, HASH] = [13, 10, 42, 36, 35]
/** Headers longer than this are none, as in redis-check-aof. */
const LONGEST_HEADER = 128

/** Looks a file over, from its first byte. */
export function lookOverLog(bytes: Uint8Array): LogFinding {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const counts = { commands: 0, transactions: 0, annotations: 0 }
  const hasPreamble = buffer.latin1Slice(0, Math.min(5, buffer.length)) === 'REDIS'
  const preamble = hasPreamble ? lookOverSnapshot(buffer) : undefined
  if (preamble?.problem !== undefined) {
    return { size: buffer.length, goodUpTo: 0, ...counts, preamble, problem: preamble.problem }
  }
  const reader = new LogReader(buffer, preamble?.length ?? 0)
  const problem = readUnits(reader, counts)
  return { size: buffer.length, goodUpTo: reader.goodUpTo, ...counts, preamble, problem }
}

/** Reads to the end, or to the first thing that is wrong. */
function readUnits(
  reader: LogReader,
  counts: { commands: number; transactions: number; annotations: number },
): Problem | undefined {
  let isOpen = false
  while (!reader.isAtEnd) {
    if (reader.skipAnnotation()) {
      counts.annotations++
      if (!isOpen) reader.goodUpTo = reader.at
      continue
    }
    const name = reader.command()
    if (typeof name !== 'string') return name
    if (name === 'MULTI' || name === 'EXEC') {
      if (isOpen === (name === 'MULTI')) return { offset: reader.at, sentence: `an unexpected ${name}` }
      isOpen = name === 'MULTI'
      if (!isOpen) counts.transactions++
    } else counts.commands++
    if (!isOpen) reader.goodUpTo = reader.at
  }
  return isOpen ? { offset: reader.at, sentence: 'the file ends inside a MULTI' } : undefined
}

/** Walks over commands as they are written. */
class LogReader {
  at: number
  goodUpTo: number
  readonly #buffer: Buffer

  constructor(buffer: Buffer, at: number) {
    this.#buffer = buffer
    this.at = at
    this.goodUpTo = at
  }

  get isAtEnd(): boolean {
    return this.at >= this.#buffer.length
  }

  /** Passes over a line that begins with #. */
  skipAnnotation(): boolean {
    if (this.#buffer[this.at] !== HASH) return false
    const end = this.#buffer.indexOf(LF, this.at)
    // An unfinished one is no annotation: what follows would stand in its line.
    if (end < 0) return false
    this.at = end + 1
    return true
  }

  /** Passes over a command; its name where that is MULTI or EXEC, else some other word. */
  command(): string | Problem {
    const words = this.#header(STAR)
    if (typeof words !== 'number') return words
    if (words < 1) return this.#wrong(`a command of ${words} words`)
    let name = ''
    for (let i = 0; i < words; i++) {
      const length = this.#header(DOLLAR)
      if (typeof length !== 'number') return length
      if (length < 0) return this.#wrong(`a word of ${length} bytes`)
      const from = this.at
      if (length + 2 > this.#buffer.length - from) {
        this.at = this.#buffer.length
        return this.#wrong(`the file ends where a word of ${length} bytes should be`)
      }
      this.at = from + length
      if (this.#buffer[this.at] !== CR || this.#buffer[this.at + 1] !== LF) {
        return this.#wrong('a word does not end where its length says')
      }
      this.at += 2
      if (i === 0 && length <= 5) name = this.#buffer.latin1Slice(from, from + length).toUpperCase()
    }
    return name
  }

  /** A line of a prefix and a number. */
  #header(prefix: number): number | Problem {
    const start = this.at
    if (this.isAtEnd) return this.#wrong('the file ends inside a command')
    if (this.#buffer[start] !== prefix) {
      const found = JSON.stringify(this.#buffer.latin1Slice(start, start + 1))
      return this.#wrong(`${JSON.stringify(String.fromCharCode(prefix))} should stand here, and not ${found}`)
    }
    const line = this.#buffer.latin1Slice(start + 1, Math.min(start + LONGEST_HEADER, this.#buffer.length))
    const found = /^-?\d+(?=\r\n)/.exec(line)
    if (found !== null) {
      this.at = start + found[0].length + 3
      return Number(found[0])
    }
    if (start + line.length + 1 >= this.#buffer.length && /^-?\d*\r?$/.test(line)) {
      this.at = this.#buffer.length
      return this.#wrong('the file ends inside a command')
    }
    return this.#wrong('this line says no number')
  }

  #wrong(sentence: string): Problem {
    return { offset: this.at, sentence }
  }
}
