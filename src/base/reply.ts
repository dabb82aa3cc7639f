/**
 * Replies: what a command answers, as JavaScript values.
 *
 * The one idea: handlers say what a reply *is*, never how a protocol version writes it; only `resp/` knows RESP2
 * from RESP3. A plain string is a bulk, a plain number or bigint an integer, an array an array; a small class marks
 * the kinds that JavaScript has no value for.
 */
import type { Bytes } from './bytes.ts'

/** A simple string: `+OK`. */
export class Status {
  readonly text: Bytes
  constructor(text: string) {
    this.text = text as Bytes
  }
}

/** A Redis error as a value; also what command handlers throw. Not an `Error`: a WRONGTYPE must not pay for a stack. */
export class ReplyError {
  /** The whole text after the `-`: code, space, message. */
  readonly message: Bytes
  constructor(message: string) {
    this.message = message as Bytes
  }
  /** The first word: `ERR`, `WRONGTYPE` … */
  get code(): string {
    const space = this.message.indexOf(' ')
    return space < 0 ? this.message : this.message.slice(0, space)
  }
}

/** A double: `,1.5` in RESP3, a bulk in RESP2; printed as `%.17g` unless `text` says how (libraries print as JavaScript). */
export class Double {
  readonly value: number
  readonly text: Bytes | undefined
  constructor(value: number, text?: Bytes) {
    this.value = value
    this.text = text
  }
}

/** Text with a three-letter format: `=15:txt:…` in RESP3, a bulk in RESP2. */
export class Verbatim {
  readonly format: string
  readonly text: Bytes
  constructor(text: Bytes, format = 'txt') {
    this.text = text
    this.format = format
  }
}

/** An integer beyond 64 bits: `(…` in RESP3, a bulk in RESP2. */
export class BigNumber {
  readonly digits: Bytes
  constructor(digits: Bytes) {
    this.digits = digits
  }
}

/** `[a, b, a, b …]`, flat in RESP2, an array of two-element arrays in RESP3 (ZRANGE WITHSCORES, HRANDFIELD WITHVALUES). */
export class Pairs {
  readonly items: readonly Reply[]
  constructor(items: readonly Reply[]) {
    this.items = items
  }
}

/** `[key, value, key, value …]`: a map in RESP3, flat in RESP2. */
export class MapReply {
  readonly items: readonly Reply[]
  constructor(items: readonly Reply[]) {
    this.items = items
  }
}

/** A set in RESP3, an array in RESP2. */
export class SetReply {
  readonly items: readonly Reply[]
  constructor(items: readonly Reply[]) {
    this.items = items
  }
}

/** Out-of-band data: `>` in RESP3, an array in RESP2. */
export class PushReply {
  readonly items: readonly Reply[]
  constructor(items: readonly Reply[]) {
    this.items = items
  }
}

/** What is said of the reply behind it: `|` in RESP3; RESP2 has nothing of the kind, so it is never sent there. */
export class AttributeReply {
  readonly items: readonly Reply[]
  constructor(items: readonly Reply[]) {
    this.items = items
  }
}

/** Several replies to one command, written one after the other (SUBSCRIBE a b c). An empty one writes nothing. */
export class Replies {
  readonly items: readonly Reply[]
  constructor(items: readonly Reply[]) {
    this.items = items
  }
}

/** The null array of RESP2 (`*-1`); RESP3 has only one null. */
export class NilArray {
  readonly kind = 'nil-array'
}

export type Reply =
  | null
  | number
  | bigint
  | boolean
  | Bytes
  | Status
  | ReplyError
  | Double
  | Verbatim
  | BigNumber
  | Pairs
  | MapReply
  | SetReply
  | PushReply
  | AttributeReply
  | Replies
  | NilArray
  | readonly Reply[]

export const OK = new Status('OK')
export const QUEUED = new Status('QUEUED')
export const PONG = new Status('PONG')
export const NIL_ARRAY = new NilArray()
export const NO_REPLY = new Replies([])

/** Whether a reply is a plain array. */
export function isArray(reply: Reply): reply is readonly Reply[] {
  return Array.isArray(reply)
}
