/**
 * What is said over a port, and how: RESP in messages.
 *
 * The one idea: a port carries two streams of RESP, and a message is whatever was said in one turn: a thousand calls made
 * together are one message each way. So a call takes 1.8 µs with its engine's work; a message posted for each,
 * and one back, takes 3.3 before anything is done (`npm run bench -- port`, Node 20).
 *
 * There, requests are arrays of words: `call <channel> <id> <word>…`, `batch` and `unit <channel> <id> (<count> <word>…)…`,
 * `open` and `close <channel> <id>`. Back, `[id, reply]` answers, `[id]` says that there is no answer for the store or session is
 * closed; `[-channel, push]` was not asked for, and `[-channel]` says that a session has ended. Channel 0 is the store.
 */
import type { MessagePort } from 'node:worker_threads'
import { type Bytes, raw } from '../../base/bytes.ts'
import type { Reply } from '../../base/reply.ts'
import { encodeInto, type TextSink } from '../../resp/reply-encoder.ts'

/** The channel of calls that belong to no session. */
export const STORE = 0

export const CALL = raw('call')
export const BATCH = raw('batch')
/** A batch run as one unit. */
export const UNIT = raw('unit')
export const OPEN = raw('open')
export const CLOSE = raw('close')

/** A number as a word. */
export const numeral = (value: number): Bytes => raw(`${value}`)

/** The first message that a port brings, put there before it is handed over. */
export interface Hello {
  readonly geartrain: typeof VERSION
  readonly name: string
}

/** Of this wire: both ends are of one version of the package, or one says so. */
export const VERSION = 1

/** Text goes out when so much has gathered: no string nears V8's longest. */
const PIECE = 1024 * 1024

/** What one end says. */
export class Outbox implements TextSink {
  readonly #port: MessagePort
  #text = ''
  #scheduled = false

  constructor(port: MessagePort) {
    this.#port = port
  }

  /** Says it before this turn ends. */
  say(words: Reply): void {
    encodeInto(this, words, 3)
  }

  /** Part of `say`. */
  write(text: string): void {
    if (this.#text.length + text.length >= PIECE) {
      this.flush()
      this.#post(text)
      return
    }
    this.#text += text
    if (this.#scheduled) return
    this.#scheduled = true
    process.nextTick(this.flush)
  }

  /** Sends what has been said so far. */
  readonly flush = (): void => {
    this.#scheduled = false
    if (this.#text === '') return
    const text = this.#text
    this.#text = ''
    this.#post(text)
  }

  #post(text: string): void {
    // Memory of its own: it changes hands, nothing is copied.
    const bytes = Buffer.allocUnsafeSlow(text.length)
    bytes.latin1Write(text)
    this.#port.postMessage(bytes, [bytes.buffer])
  }
}
