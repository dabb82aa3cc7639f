/**
 * The wire between the engine and an isolate: replies as latin1 text, or as numbers and null, which cross for less.
 *
 * The one idea: every kind of reply has a letter, and whatever has a length says it first, so that reading never looks for
 * an end. What loops get crosses as it is: a bulk that stands alone is its bytes (all else begins with a NUL), OK is true;
 * taking a mark off again cost a tenth of a command. What comes out of an isolate was perhaps made by hostile code: reading
 * throws for whatever is not well formed, and never reads past the end.
 */
import { type Bytes, raw } from '../../../base/bytes.ts'
import {
  BigNumber,
  Double,
  isArray,
  MapReply,
  NilArray,
  OK,
  Pairs,
  type Reply,
  ReplyError,
  SetReply,
  Status,
  Verbatim,
} from '../../../base/reply.ts'

/** What crosses. */
export type Wired = string | number | boolean | null

/** What begins with it is no bulk that stands alone. */
const MARK = '\0'
const MALFORMED = 'malformed reply of an isolate'
/** Deeper than any reply, and far from the end of the stack. */
const DEEPEST = 1000

/** A reply, on its way. */
export function toWire(reply: Reply): Wired {
  if (typeof reply === 'string' && reply.charCodeAt(0) !== 0) return reply
  if (reply === null || typeof reply === 'number') return reply
  return reply === OK ? true : MARK + encode(reply)
}

/** A reply that has arrived. Throws for what is none. */
export function fromWire(wired: unknown): Reply {
  if (typeof wired === 'string' && wired.charCodeAt(0) !== 0) return raw(wired)
  if (wired === null || typeof wired === 'number') return wired
  if (wired === true) return OK
  if (typeof wired !== 'string') throw new TypeError(MALFORMED)
  const reader = new Reader(wired)
  const reply = reader.read(0)
  if (!reader.isDone) throw new TypeError(MALFORMED)
  return reply
}

const sized = (letter: string, value: string): string => `${letter}${value.length}:${value}`

function encode(reply: Reply): string {
  if (typeof reply === 'string') return sized('$', reply)
  if (reply === null || reply instanceof NilArray) return '_'
  if (typeof reply === 'number') return sized('i', String(reply))
  if (typeof reply === 'bigint') return sized('n', String(reply))
  if (typeof reply === 'boolean') return reply ? 't' : 'f'
  if (reply instanceof Status) return sized('+', reply.text)
  if (reply instanceof ReplyError) return sized('-', reply.message)
  if (reply instanceof Double) return sized('d', String(reply.value)) + sized('$', reply.text ?? '')
  if (reply instanceof Verbatim) return sized('=', reply.format) + sized('$', reply.text)
  if (reply instanceof BigNumber) return sized('(', reply.digits)
  if (isArray(reply)) return encodeItems('*', reply)
  return encodeItems(reply instanceof MapReply ? '%' : reply instanceof SetReply ? '~' : '^', reply.items)
}

function encodeItems(letter: string, items: readonly Reply[]): string {
  let text = `${letter}${items.length}:`
  for (let i = 0; i < items.length; i++) text += encode(items[i]!)
  return text
}

class Reader {
  readonly #text: string
  #at = MARK.length

  constructor(text: string) {
    this.#text = text
  }

  get isDone(): boolean {
    return this.#at === this.#text.length
  }

  read(depth: number): Reply {
    if (depth > DEEPEST) throw new TypeError(MALFORMED)
    switch (this.#text[this.#at++]) {
      case '_':
        return null
      case 't':
        return true
      case 'f':
        return false
      case '$':
        return this.#sized()
      case 'i':
        return Number(this.#sized())
      case 'n':
        return BigInt(this.#sized())
      case '+':
        return new Status(this.#sized())
      case '-':
        return new ReplyError(this.#sized())
      case 'd':
        return this.#double()
      case '=':
        return this.#verbatim()
      case '(':
        return new BigNumber(this.#sized())
      case '*':
        return this.#items(depth)
      case '%':
        return this.#map(depth)
      case '~':
        return new SetReply(this.#items(depth))
      case '^':
        return new Pairs(this.#items(depth))
      default:
        throw new TypeError(MALFORMED)
    }
  }

  /** A decimal number and a colon. */
  #count(): number {
    const colon = this.#text.indexOf(':', this.#at)
    const digits = colon < 0 ? '' : this.#text.slice(this.#at, colon)
    if (!/^\d{1,10}$/.test(digits)) throw new TypeError(MALFORMED)
    this.#at = colon + 1
    return Number(digits)
  }

  #sized(): Bytes {
    const length = this.#count()
    const end = this.#at + length
    if (end > this.#text.length) throw new TypeError(MALFORMED)
    const value = this.#text.slice(this.#at, end)
    this.#at = end
    return raw(value)
  }

  #items(depth: number): Reply[] {
    const count = this.#count()
    const items: Reply[] = []
    for (let i = 0; i < count; i++) items.push(this.read(depth + 1))
    return items
  }

  #map(depth: number): Reply {
    const items = this.#items(depth)
    if (items.length % 2 !== 0) throw new TypeError(MALFORMED)
    return new MapReply(items)
  }

  #double(): Reply {
    const value = Number(this.#sized())
    const text = this.read(DEEPEST)
    return typeof text === 'string' && text !== '' ? new Double(value, text) : new Double(value)
  }

  #verbatim(): Reply {
    const format = this.#sized()
    const text = this.read(DEEPEST)
    if (typeof text !== 'string' || format.length !== 3) throw new TypeError(MALFORMED)
    return new Verbatim(text, format)
  }
}
