/**
 * Replies off the wire: what a client reads, RESP2 and RESP3, into the values of base/reply.ts.
 *
 * The one idea: a stack of unfinished aggregates instead of recursion, so that a reply may stop at any byte and nest
 * to any depth. Memory follows what has arrived: a promised length allocates nothing. Attributes are read and
 * dropped. Invariants: bytes between `#pos` and `#end` of `#buffer` are unread; after an error nothing is decoded.
 */
import type { Bytes } from '../base/bytes.ts'
import { formatDouble, parseDouble } from '../base/doubles.ts'
import { parseInteger } from '../base/integers.ts'
import {
  BigNumber,
  Double,
  MapReply,
  NIL_ARRAY,
  OK,
  PushReply,
  type Reply,
  ReplyError,
  SetReply,
  Status,
  Verbatim,
} from '../base/reply.ts'

interface Frame {
  readonly type: string
  readonly items: Reply[]
  missing: number
}

const FIRST_SIZE = 4096
/** A bulk of 512 MB cannot become a string; a longer line than 64 KB is no header, but errors and statuses may be. */
const MAX_BULK = 536_870_888
const MAX_COUNT = 4_294_967_295
const NO_BYTES = Buffer.alloc(0)

/** Decodes what one server sends. */
export class ReplyDecoder {
  /** The first violation of the protocol, in hiredis' words. */
  error: string | undefined = undefined

  #buffer: Buffer = NO_BYTES
  #pos = 0
  #end = 0
  readonly #frames: Frame[] = []
  /** The bulk whose header has been read: its type and length. */
  #bulkType = ''
  #bulkLength = -1
  /** How far the unfinished line has been searched, from `#pos`. */
  #searched = 0

  /** Bytes kept that belong to no complete element yet. */
  get pendingBytes(): number {
    return this.#end - this.#pos
  }

  /** Takes bytes; they are copied. */
  push(source: Uint8Array): void {
    if (this.error !== undefined) return
    const kept = this.#end - this.#pos
    const size = kept + source.length
    if (this.#pos + size > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(FIRST_SIZE, kept > 0 ? 2 * size : size))
      this.#buffer.copy(grown, 0, this.#pos, this.#end)
      this.#buffer = grown
      this.#pos = 0
      this.#end = kept
    }
    this.#buffer.set(source, this.#end)
    this.#end += source.length
  }

  /** The next complete reply, undefined when there is none: then more bytes are needed, or `error` is set. */
  next(): Reply | undefined {
    while (this.error === undefined) {
      const element = this.#bulkLength >= 0 ? this.#readBulk() : this.#readLine()
      if (element === undefined) break
      if (element !== OPENED) {
        const reply = this.#place(element)
        if (reply !== undefined) return reply
      }
    }
    if (this.#pos === this.#end) this.#reset()
    return undefined
  }

  #reset(): void {
    this.#pos = this.#end = 0
    if (this.#buffer.length > 16 * FIRST_SIZE) this.#buffer = NO_BYTES
  }

  #fail(error: string): undefined {
    this.error = error
    this.#buffer = NO_BYTES
    this.#pos = this.#end = 0
    this.#frames.length = 0
    return undefined
  }

  /** Puts an element where it belongs. Returns the reply that is complete now, if any. */
  #place(element: Reply): Reply | undefined {
    let value = element
    while (true) {
      const frame = this.#frames.at(-1)
      if (frame === undefined) return value
      // The pairs of an attribute describe the next element; nobody asks for them here.
      if (frame.type !== '|') frame.items.push(value)
      if (--frame.missing > 0) return undefined
      this.#frames.pop()
      if (frame.type === '|') return undefined
      value = aggregate(frame)
    }
  }

  #readBulk(): Reply | undefined {
    const length = this.#bulkLength
    if (this.#end - this.#pos < length + 2) return undefined
    const text = this.#buffer.latin1Slice(this.#pos, this.#pos + length) as Bytes
    this.#pos += length + 2
    this.#bulkLength = -1
    if (this.#bulkType === '$') return text
    if (this.#bulkType === '!') return new ReplyError(text)
    if (text.charAt(3) !== ':')
      return this.#fail('Verbatim string 4 bytes of content type are missing or incorrectly encoded.')
    return new Verbatim(text.slice(4) as Bytes, text.slice(0, 3))
  }

  /** Reads one line: a scalar, or the header of a bulk or an aggregate. Undefined when it is not complete. */
  #readLine(): Reply | Opened | undefined {
    const at = this.#buffer.subarray(0, this.#end).indexOf('\r\n', this.#pos + this.#searched, 'latin1')
    if (at < 0) {
      // The last byte may be the `\r` of an unfinished end.
      this.#searched = Math.max(0, this.#end - this.#pos - 1)
      return undefined
    }
    this.#searched = 0
    const type = this.#buffer.latin1Slice(this.#pos, this.#pos + 1)
    const text = this.#buffer.latin1Slice(Math.min(this.#pos + 1, at), at) as Bytes
    this.#pos = at + 2
    switch (type) {
      case '+':
        return text === 'OK' ? OK : new Status(text)
      case '-':
        return new ReplyError(text)
      case ':':
        return parseInteger(text) ?? this.#fail('Bad integer value')
      case ',':
        return this.#double(text)
      case '#':
        return text === 't' ? true : text === 'f' ? false : this.#fail('Bad bool value')
      case '_':
        return text === '' ? null : this.#fail('Bad nil value')
      case '(':
        return BIG.test(text) ? new BigNumber(text) : this.#fail('Bad bignum value')
      case '$':
      case '=':
      case '!':
        return this.#openBulk(type, text)
      case '*':
      case '%':
      case '~':
      case '>':
      case '|':
        return this.#openAggregate(type, text)
      default:
        return this.#fail(`Protocol error, got ${JSON.stringify(type)} as reply type byte`)
    }
  }

  /** Keeps the text where it is not what `%.17g` prints, so that a client can show the number as it was sent. */
  #double(text: Bytes): Reply | undefined {
    const value = NAN.test(text) ? Number.NaN : parseDouble(text)
    if (value === undefined) return this.#fail('Bad double value')
    return formatDouble(value) === text ? new Double(value) : new Double(value, text)
  }

  #openBulk(type: string, text: Bytes): Reply | Opened | undefined {
    if (text === '-1') return null
    const length = parseInteger(text)
    if (typeof length !== 'number' || length < 0 || length > MAX_BULK) return this.#fail('Bad bulk string length')
    this.#bulkType = type
    this.#bulkLength = length
    return OPENED
  }

  #openAggregate(type: string, text: Bytes): Reply | Opened | undefined {
    if (text === '-1') return type === '*' ? NIL_ARRAY : null
    const count = parseInteger(text)
    if (typeof count !== 'number' || count < 0 || count > MAX_COUNT) return this.#fail('Multi-bulk length out of range')
    const frame = { type, items: [], missing: type === '%' || type === '|' ? 2 * count : count }
    if (count === 0) return type === '|' ? OPENED : aggregate(frame)
    this.#frames.push(frame)
    return OPENED
  }
}

/** Says that a header was read and its content follows. */
const OPENED = Symbol('opened')
type Opened = typeof OPENED

const NAN = /^-?nan$/i
const BIG = /^[+-]?[0-9]+$/

function aggregate(frame: Frame): Reply {
  switch (frame.type) {
    case '%':
      return new MapReply(frame.items)
    case '~':
      return new SetReply(frame.items)
    case '>':
      return new PushReply(frame.items)
    default:
      return frame.items
  }
}
