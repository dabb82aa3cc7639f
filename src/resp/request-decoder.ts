/**
 * Requests off the wire: bytes in, complete commands out, a pull at a time.
 *
 * The one idea: the caller lends a region of its read buffer, pulls commands until there are none, and takes the
 * buffer back with `release()`, which copies the unfinished rest. Words already complete are kept as strings, so the
 * rest is one header line or one bulk. Its copy grows with what has arrived, never with what a length promises.
 *
 * Invariants: everything readable lies in one region, `#pos` to `#end` of `#buffer`; when `#owned`, that region is
 * the held copy, else the caller's. After an error nothing is decoded any more. The grammar is Redis 7.0's to the
 * byte: the char after a `\r` and the two after a bulk are skipped unseen, and a NUL ends the search for a line end.
 */
import { type Bytes, EMPTY } from '../base/bytes.ts'
import { parseInteger } from '../base/integers.ts'
import { ReplyError } from '../base/reply.ts'
import { splitWords } from '../base/split-words.ts'
import { commandWord, word } from './words.ts'

/** What the decoder refuses. One object can serve every connection. */
export interface RequestLimits {
  /** `proto-max-bulk-len`. */
  maxBulkLength: number
}

/** V8's longest string is 24 bytes short of 512 MB. */
export const DEFAULT_MAX_BULK_LENGTH = 536_870_888

const DEFAULT_LIMITS: RequestLimits = { maxBulkLength: DEFAULT_MAX_BULK_LENGTH }
const MAX_LINE = 64 * 1024
const MAX_WORDS = 2_147_483_647
const MAX_WORDS_UNAUTHENTICATED = 10
const MAX_BULK_UNAUTHENTICATED = 16_384

/** A string's header and its place in the array. */
const WORD_COST = 24

const NO_BYTES = Buffer.alloc(0)
/** A held copy larger than this is let go once it is empty. */
const KEEP_HELD = 32 * 1024
const FIRST_HELD = 1024

const INVALID_MULTIBULK = protocolError('invalid multibulk length')
const INVALID_BULK = protocolError('invalid bulk length')
const UNAUTHENTICATED_MULTIBULK = protocolError('unauthenticated multibulk length')
const UNAUTHENTICATED_BULK = protocolError('unauthenticated bulk length')
const TOO_BIG_MULTIBULK_LINE = protocolError('too big mbulk count string')
const TOO_BIG_BULK_LINE = protocolError('too big bulk count string')
const TOO_BIG_INLINE = protocolError('too big inline request')
const UNBALANCED_QUOTES = protocolError('unbalanced quotes in request')

function protocolError(text: string): ReplyError {
  return new ReplyError(`ERR Protocol error: ${text}`)
}

/** No complete line yet. */
const NO_LINE = -1
/** A length that string2ll refuses. */
const NO_LENGTH = Number.NaN

const CR = 13
const LF = 10
const STAR = 42
const DOLLAR = 36

/** Decodes one connection's requests. */
export class RequestDecoder {
  /** Set by the first protocol error: write it to the client and close. */
  error: ReplyError | undefined = undefined
  /** False limits a request to 10 words of 16 KB, as Redis does before AUTH. */
  authenticated = true

  readonly #limits: RequestLimits
  #buffer: Buffer = NO_BYTES
  #pos = 0
  #end = 0
  #owned = false
  #held: Buffer = NO_BYTES

  /** The command in progress. */
  #argv: Bytes[] = []
  #argvBytes = 0
  /** Words still to come; 0 between commands. */
  #missing = 0
  /** Length of the bulk in progress, -1 when its header has not been read. */
  #bulkLength = -1
  /** How far an unfinished line has been searched for its end, from `#pos`. */
  #searched = 0

  constructor(limits: RequestLimits = DEFAULT_LIMITS) {
    this.#limits = limits
  }

  /**
   * What `client-query-buffer-limit` counts: bytes that have arrived and belong to no complete command, and what the
   * objects of their words cost, so that a flood of empty words is seen.
   */
  get pendingBytes(): number {
    return this.#end - this.#pos + this.#argvBytes
  }

  /**
   * Lends `buffer[start, end)`. Pull with `next()` as long as wished, then call `release()` before the memory is used
   * for anything else; only then push again.
   */
  push(buffer: Buffer, start: number, end: number): void {
    if (start === end || this.error !== undefined) return
    if (this.#pos === this.#end) {
      this.#lend(buffer, start, end)
      return
    }
    const wanted = this.#bulkLength < 0 ? 0 : this.#bulkLength + 2 - (this.#end - this.#pos)
    if (wanted <= 0 || wanted >= end - start) {
      this.#hold(buffer, start, end)
      return
    }
    // The rest of a bulk is here: complete it, and read on where the bytes lie.
    this.#hold(buffer, start, start + wanted)
    this.#takeBulk(this.#bulkLength)
    this.#lend(buffer, start + wanted, end)
  }

  /** The next complete command, or undefined: then more bytes are needed, or `error` is set. */
  next(): Bytes[] | undefined {
    if (this.error !== undefined) return undefined
    while (true) {
      if (this.#missing > 0) {
        if (!this.#readWords()) return undefined
        return this.#take()
      }
      if (this.#argv.length > 0) return this.#take()
      if (this.#pos === this.#end) return undefined
      if (this.#buffer[this.#pos] === STAR) {
        const argv = this.#readSmall()
        if (argv !== undefined) return argv
        if (!this.#readCount()) return undefined
      } else {
        const words = this.#readInline()
        if (words === undefined || words.length > 0) return words
      }
    }
  }

  /**
   * The fast path: a whole command of at most 9 words of at most 99 bytes, read with locals only. Undefined for
   * anything else, with nothing consumed. Measured: 34-43 ns a word, where the general path
   * takes 62-74 (bench/resp.ts).
   */
  #readSmall(): Bytes[] | undefined {
    const buffer = this.#buffer
    const end = this.#end
    let pos = this.#pos
    if (pos + 4 > end || buffer[pos + 2] !== CR) return undefined
    const count = buffer[pos + 1]! - 48
    if (count < 1 || count > 9) return undefined
    const argv = blankWords(count)
    pos += 4
    for (let i = 0; i < count; i++) {
      // `$0\r\n\r\n` is the shortest word; so many bytes can be read without looking at the end.
      if (pos + 6 > end || buffer[pos] !== DOLLAR) return undefined
      let length = buffer[pos + 1]! - 48
      if (length < 0 || length > 9) return undefined
      if (buffer[pos + 2] !== CR) {
        const digit = buffer[pos + 2]! - 48
        if (length === 0 || digit < 0 || digit > 9 || buffer[pos + 3] !== CR) return undefined
        length = length * 10 + digit
        pos++
      }
      pos += 4
      if (pos + length + 2 > end) return undefined
      argv[i] = i === 0 ? commandWord(buffer, pos, length) : word(buffer, pos, length)
      pos += length + 2
    }
    this.#pos = pos
    return argv
  }

  /** Gives the lent memory back: what is left of it is copied. */
  release(): void {
    if (this.#owned) return
    const buffer = this.#buffer
    const from = this.#pos
    const to = this.#end
    this.#lend(NO_BYTES, 0, 0)
    if (from < to && this.error === undefined) this.#hold(buffer, from, to)
  }

  #lend(buffer: Buffer, start: number, end: number): void {
    this.#buffer = buffer
    this.#pos = start
    this.#end = end
    this.#owned = false
    if (this.#held.length > KEEP_HELD) this.#held = NO_BYTES
  }

  /** Appends to the held copy, which becomes the region. */
  #hold(source: Buffer, from: number, to: number): void {
    const kept = this.#owned ? this.#end - this.#pos : 0
    const size = kept + to - from
    let held = this.#held
    if (this.#pos + size > held.length || !this.#owned) {
      if (size > held.length) {
        // Doubling, but not past the end of a bulk whose length is known: it is let go right after.
        const wanted = this.#bulkLength + 2
        const doubled = Math.max(FIRST_HELD, 2 * size)
        held = Buffer.allocUnsafeSlow(wanted >= size && wanted < doubled ? wanted : doubled)
      }
      if (kept > 0) this.#held.copy(held, 0, this.#pos, this.#end)
      this.#held = held
      this.#pos = 0
    }
    source.copy(held, this.#pos + kept, from, to)
    this.#buffer = held
    this.#end = this.#pos + size
    this.#owned = true
  }

  #take(): Bytes[] {
    const argv = this.#argv
    this.#argv = []
    this.#argvBytes = 0
    return argv
  }

  #fail(error: ReplyError): false {
    this.error = error
    this.#argv = []
    this.#argvBytes = 0
    this.#lend(NO_BYTES, 0, 0)
    return false
  }

  /** Reads the words that are missing. False when bytes are missing as well, or on an error. */
  #readWords(): boolean {
    while (this.#missing > 0) {
      if (this.#bulkLength < 0 && !this.#readBulkLength()) return false
      const length = this.#bulkLength
      if (this.#end - this.#pos < length + 2) return false
      this.#takeBulk(length)
    }
    return true
  }

  #takeBulk(length: number): void {
    const from = this.#pos
    this.#argv.push(word(this.#buffer, from, length))
    this.#argvBytes += length + WORD_COST
    this.#missing--
    this.#bulkLength = -1
    this.#pos = from + length + 2
  }

  /** Reads `*<count>\r\n`. */
  #readCount(): boolean {
    const line = this.#lineEnd(TOO_BIG_MULTIBULK_LINE)
    if (line === NO_LINE) return false
    const count = this.#length(this.#pos + 1, line)
    if (!(count <= MAX_WORDS)) return this.#fail(INVALID_MULTIBULK)
    if (count > MAX_WORDS_UNAUTHENTICATED && !this.authenticated) return this.#fail(UNAUTHENTICATED_MULTIBULK)
    this.#pos = line + 2
    this.#missing = Math.max(count, 0)
    return true
  }

  /** Reads `$<length>\r\n`. */
  #readBulkLength(): boolean {
    const line = this.#lineEnd(TOO_BIG_BULK_LINE)
    if (line === NO_LINE) return false
    const first = this.#buffer[this.#pos]!
    if (first !== DOLLAR) return this.#fail(unexpected(first))
    const length = this.#length(this.#pos + 1, line)
    if (!(length >= 0 && length <= this.#limits.maxBulkLength)) return this.#fail(INVALID_BULK)
    if (length > MAX_BULK_UNAUTHENTICATED && !this.authenticated) return this.#fail(UNAUTHENTICATED_BULK)
    this.#pos = line + 2
    this.#bulkLength = length
    return true
  }

  /** Where the `\r` of the line at `#pos` stands, once the char after it has arrived as well. */
  #lineEnd(tooBig: ReplyError): number {
    const buffer = this.#buffer
    const end = this.#end
    let at = this.#pos + this.#searched
    for (; at < end; at++) {
      const code = buffer[at]!
      if (code === CR) {
        this.#searched = 0
        return at + 1 < end ? at : NO_LINE
      }
      if (code === 0) break
    }
    this.#searched = at - this.#pos
    if (end - this.#pos > MAX_LINE) this.#fail(tooBig)
    return NO_LINE
  }

  /** The decimal between two places; NaN when string2ll refuses it. */
  #length(from: number, to: number): number {
    const buffer = this.#buffer
    const digits = to - from
    if (digits > 0 && digits <= 9) {
      let value = buffer[from]! - 48
      if (value >= 0 && value <= 9 && (value > 0 || digits === 1)) {
        let at = from + 1
        for (; at < to; at++) {
          const digit = buffer[at]! - 48
          if (digit < 0 || digit > 9) break
          value = value * 10 + digit
        }
        if (at === to) return value
      }
    }
    if (digits > 20) return NO_LENGTH
    return Number(parseInteger(buffer.latin1Slice(from, to) as Bytes) ?? NO_LENGTH)
  }

  /** Reads a line of words. Empty lines give no words; undefined when the line is not complete, or on an error. */
  #readInline(): Bytes[] | undefined {
    const buffer = this.#buffer
    const start = this.#pos
    const end = this.#end
    let at = start + this.#searched
    while (at < end && buffer[at] !== LF && buffer[at] !== 0) at++
    if (at === end || buffer[at] === 0) {
      this.#searched = at - start
      if (end - start > MAX_LINE) this.#fail(TOO_BIG_INLINE)
      return undefined
    }
    this.#searched = 0
    this.#pos = at + 1
    const to = at > start && buffer[at - 1] === CR ? at - 1 : at
    const words = splitWords(buffer.latin1Slice(start, to))
    if (words === undefined) this.#fail(UNBALANCED_QUOTES)
    return words
  }
}

/** An array that V8 allocates at its size: pushing onto an empty one reserves 17 places. */
function blankWords(count: number): Bytes[] {
  switch (count) {
    case 1:
      return [EMPTY]
    case 2:
      return [EMPTY, EMPTY]
    case 3:
      return [EMPTY, EMPTY, EMPTY]
    case 4:
      return [EMPTY, EMPTY, EMPTY, EMPTY]
    default: {
      const words: Bytes[] = []
      for (let i = 0; i < count; i++) words.push(EMPTY)
      return words
    }
  }
}

/** Control chars that would break the error's line become spaces. */
function unexpected(code: number): ReplyError {
  return protocolError(`expected '$', got '${code === CR || code === LF ? ' ' : String.fromCharCode(code)}'`)
}
