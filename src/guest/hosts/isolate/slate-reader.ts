/**
 * SlateReader: the engine's half of the slate (slate.ts).
 *
 * The one idea: whatever stands on the slate was perhaps written by hostile code, so nothing of it is used twice: a length
 * is checked when it is read, and a word is copied, or compared with one that was copied before and then taken from there.
 * Nobody writes meanwhile: the isolate is locked by the thread that reads. Loops say the same words again and again, and a
 * word that is remembered takes a fifth of the time of a new string.
 */
import { type Argv, type Bytes, EMPTY, raw } from '../../../base/bytes.ts'
import type { Reply } from '../../../base/reply.ts'
import { LONGEST_WORD, MOST_WORDS, PLACES, readChars } from './slate.ts'
import { toWire, type Wired } from './wire.ts'

/** The longest text that V8 joins by copying. */
const FLAT = 12

export class SlateReader {
  readonly #slate: Buffer
  readonly #known: Bytes[] = new Array<Bytes>(PLACES).fill(EMPTY)

  /** `memory` has `SLATE_BYTES` bytes. */
  constructor(memory: SharedArrayBuffer) {
    this.#slate = Buffer.from(memory)
  }

  /** The words of a command; undefined when what stands there is none. */
  words(): Argv | undefined {
    const slate = this.#slate
    const count = slate[0]!
    if (count === 0 || count > MOST_WORDS) return undefined
    const argv = new Array<Bytes>(count)
    let at = 1
    for (let i = 0; i < count; i++) {
      const length = slate[at]!
      if (length > LONGEST_WORD) return undefined
      argv[i] = this.#word(slate[at + 1]!, at + 2, length)
      at += 2 + length
    }
    return argv
  }

  /** Answers a command: a short bulk is written and nothing given, all else is given. */
  answer(reply: Reply): Wired | undefined {
    if (typeof reply !== 'string' || reply.length > LONGEST_WORD) return toWire(reply)
    const slate = this.#slate
    slate[0] = reply.length
    for (let i = 0; i < reply.length; i++) slate[i + 1] = reply.charCodeAt(i)
    return undefined
  }

  /** The word that stands there: the one that is known by its place if it is the same. */
  #word(place: number, start: number, length: number): Bytes {
    const slate = this.#slate
    const known = this.#known[place]!
    if (known.length === length) {
      let i = 0
      while (i < length && known.charCodeAt(i) === slate[start + i]) i++
      if (i === length) return known
    }
    // Neither a slice nor a rope, since it may be stored: V8 makes no rope of so few chars.
    const word = raw(length <= FLAT ? readChars(slate, start, length) : slate.latin1Slice(start, start + length))
    this.#known[place] = word
    return word
  }
}
