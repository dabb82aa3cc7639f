/**
 * A log file, read: record by record, with the place of each.
 *
 * The one idea: a file that ends in the middle of a record was cut off by a crash; one that is wrong anywhere else was
 * damaged. The first may be cut back to its last whole record, the second may not: what follows would be lost in silence.
 * Hence a record that seems to reach beyond the end counts as cut off only if nothing behind its beginning reads as
 * records: a damaged length must not pass for a crash.
 */
import type { Argv, Bytes } from '../base/bytes.ts'
import { commandWord, word } from '../resp/words.ts'
import type { OpenFile } from './files.ts'

const STAR = 42
const DOLLAR = 36
const HASH = 35
const CR = 13
const LF = 10
const ZERO = 48
const NINE = 57
/** redis-server reads annotations into so many bytes. */
const LONGEST_NOTE = 1024
/** Digits of a length or count, and its line's other bytes. */
const LONGEST_HEADER = 13
const MOST_WORDS = 1024 * 1024
/** V8's longest string. */
const LONGEST_WORD = 536870888
const WINDOW = 1024 * 1024

/** A command, or an annotation without its end of line; `at` and `end` are its place in the file. */
export type LogRecord =
  | { readonly kind: 'command'; readonly at: number; readonly end: number; readonly argv: Argv }
  | { readonly kind: 'note'; readonly at: number; readonly end: number; readonly line: string }

/** Where a file is no log any more: it ends too early (`torn`), or something else stands there than should. */
export class LogDamage extends Error {
  override readonly name = 'LogDamage'
  readonly kind: 'torn' | 'corrupt'
  /** Where it was found. */
  readonly offset: number
  /** Where the record begins that is not whole. */
  readonly at: number
  constructor(kind: 'torn' | 'corrupt', offset: number, at: number, message: string) {
    super(message)
    this.kind = kind
    this.offset = offset
    this.at = at
  }
}

export class LogReader {
  readonly #file: OpenFile
  readonly #size: number
  #window: Buffer = Buffer.alloc(0)
  /** Where the window lies in the file. */
  #base: number
  /** How far the window was read. */
  #at = 0
  /** Where the current record begins in the file. */
  #begin = 0

  /** Reads from an offset: behind a snapshot that the file begins with. */
  constructor(file: OpenFile, from = 0) {
    this.#file = file
    this.#size = file.size
    this.#base = from
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#base + this.#at
  }

  /** The next record; undefined at the end. Throws `LogDamage`. */
  next(): LogRecord | undefined {
    const at = this.offset
    this.#begin = at
    if (at === this.#size) return undefined
    this.#need(1)
    switch (this.#window[this.#at]) {
      case HASH:
        return { kind: 'note', at, line: this.#note(), end: this.offset }
      case STAR:
        return { kind: 'command', at, argv: this.#command(), end: this.offset }
      default:
        throw this.#corrupt('a record begins with * or #')
    }
  }

  #command(): Argv {
    const count = this.#header(STAR)
    if (count < 1 || count > MOST_WORDS) throw this.#corrupt(`a command has ${count} words`)
    const argv: Bytes[] = []
    for (let i = 0; i < count; i++) {
      const length = this.#header(DOLLAR)
      if (length > LONGEST_WORD) throw this.#corrupt(`a word has ${length} bytes`)
      this.#need(length + 2)
      const from = this.#at
      const end = from + length
      if (this.#window[end] !== CR || this.#window[end + 1] !== LF) {
        throw this.#corrupt('a word does not end where its length says')
      }
      argv.push(i === 0 ? commandWord(this.#window, from, length) : word(this.#window, from, length))
      this.#at = end + 2
    }
    return argv
  }

  /** The number of a `*` or `$` line. */
  #header(sign: number): number {
    let value = 0
    for (let i = 0; ; i++) {
      this.#need(i + 1)
      const byte = this.#window[this.#at + i]!
      if (i === 0 ? byte === sign : byte >= ZERO && byte <= NINE && i < LONGEST_HEADER) {
        if (i > 0) value = value * 10 + byte - ZERO
        continue
      }
      if (i < 2 || byte !== CR) throw this.#corrupt(`${String.fromCharCode(sign)} and a number should stand there`)
      this.#need(i + 2)
      if (this.#window[this.#at + i + 1] !== LF) throw this.#corrupt('a line ends in CR and LF')
      this.#at += i + 2
      return value
    }
  }

  #note(): string {
    for (let i = 0; i < LONGEST_NOTE; i++) {
      this.#need(i + 1)
      if (this.#window[this.#at + i] !== LF) continue
      const from = this.#at
      this.#at += i + 1
      return this.#window.latin1Slice(from, from + i).replace(/\r$/, '')
    }
    throw this.#corrupt('an annotation does not end')
  }

  #corrupt(why: string): LogDamage {
    return new LogDamage('corrupt', this.offset, this.#begin, why)
  }

  /** Sees to it that so many bytes are in the window; throws when the file has no more. */
  #need(count: number): void {
    if (this.#window.length - this.#at >= count) return
    if (this.offset + count > this.#size) throw this.#tooShort()
    const kept = this.#window.subarray(this.#at)
    const from = this.offset
    const length = Math.min(Math.max(count, WINDOW), this.#size - from)
    const window = Buffer.allocUnsafeSlow(length)
    kept.copy(window)
    for (let filled = kept.length; filled < length; ) {
      const got = this.#file.read(window.subarray(filled), from + filled)
      if (got === 0) throw this.#tooShort()
      filled += got
    }
    this.#window = window
    this.#base = from
    this.#at = 0
  }

  #tooShort(): LogDamage {
    const { offset } = this
    const begin = this.#begin
    const later = this.#laterRecord(begin)
    if (later === undefined) return new LogDamage('torn', offset, begin, 'the file ends in the middle of a record')
    return new LogDamage('corrupt', offset, begin, `a length is wrong: another record begins at ${later}`)
  }

  /** Where a whole record stands behind one that seems to be cut off; undefined when none does. */
  #laterRecord(begin: number): number | undefined {
    const rest = Buffer.allocUnsafe(this.#size - begin)
    for (let filled = 0; filled < rest.length; ) {
      const got = this.#file.read(rest.subarray(filled), begin + filled)
      if (got === 0) return undefined
      filled += got
    }
    for (let at = rest.indexOf('\n*', 1); at >= 0; at = rest.indexOf('\n*', at + 1)) {
      if (isRecord(rest, at + 1)) return begin + at + 1
    }
    return undefined
  }
}

/** Whether a whole command stands there that has a name. */
function isRecord(bytes: Buffer, from: number): boolean {
  const header = /^\*([0-9]{1,7})\r\n\$[0-9]{1,2}\r\n[A-Za-z]/.exec(bytes.subarray(from, from + 32).latin1Slice())
  if (header === null) return false
  let at = from + header[1]!.length + 3
  for (let i = 0; i < Number(header[1]); i++) {
    const line = /^\$([0-9]{1,10})\r\n/.exec(bytes.subarray(at, at + 16).latin1Slice())
    if (line === null) return false
    at += line[0].length + Number(line[1])
    if (bytes[at] !== CR || bytes[at + 1] !== LF) return false
    at += 2
  }
  return true
}
