/**
 * Replies into JavaScript values, as functions see them.
 *
 * The one idea: the store speaks RESP3 to functions, so a reply says what it is: a map is an object, a set a Set, an
 * integer always a bigint, a simple string a string. Values are made with the guest's own constructors.
 */
import type { Bytes } from '../base/bytes.ts'
import {
  BigNumber,
  Double,
  isArray,
  MapReply,
  NilArray,
  Pairs,
  type Reply,
  ReplyError,
  SetReply,
  Status,
  Verbatim,
} from '../base/reply.ts'
import type { Intrinsics } from './intrinsics.ts'
import { decode, fill } from './natives.ts'

const NOT_TEXT = 'Could not decode value as string'
const BINARY_KEY = 'Binary map key is not supported'
const NO_KEY = 'Given object can not be a object key'

/** Reads replies for one library, with strings as text or, `isRaw`, as ArrayBuffers. */
export class ReplyReader {
  readonly #make: Intrinsics
  readonly #isRaw: boolean

  constructor(intrinsics: Intrinsics, isRaw: boolean) {
    this.#make = intrinsics
    this.#isRaw = isRaw
  }

  /** The value of a reply. An error, at any depth, is thrown as its text. */
  read(reply: Reply): unknown {
    if (typeof reply === 'string') return this.#string(reply)
    if (typeof reply === 'number') return BigInt(reply)
    if (reply === null || typeof reply === 'bigint' || typeof reply === 'boolean') return reply
    if (reply instanceof ReplyError) throw decode(reply.message) ?? reply.message
    if (reply instanceof Status) return this.#string(reply.text)
    if (reply instanceof NilArray) return null
    if (isArray(reply)) return this.#array(reply)
    if (reply instanceof Double) return reply.value
    if (reply instanceof MapReply) return this.#object(reply.items)
    if (reply instanceof SetReply) return this.#set(reply.items)
    if (reply instanceof Pairs) return this.#pairs(reply.items)
    if (reply instanceof Verbatim) return this.#verbatim(reply)
    if (reply instanceof BigNumber) return this.#marked(new this.#make.String(reply.digits), 'big_number')
    return this.#array(reply.items)
  }

  /** The value of a bulk that is known to be ASCII. */
  readAscii(value: Bytes): unknown {
    return this.#isRaw ? bufferOf(this.#make, value) : value
  }

  #string(value: Bytes): unknown {
    if (this.#isRaw) return bufferOf(this.#make, value)
    const text = decode(value)
    if (text === undefined) throw NOT_TEXT
    return text
  }

  #array(items: readonly Reply[]): unknown[] {
    const out: unknown[] = new this.#make.Array()
    for (const item of items) out.push(this.read(item))
    return out
  }

  #pairs(items: readonly Reply[]): unknown[] {
    const out: unknown[] = new this.#make.Array()
    for (let i = 0; i < items.length; i += 2) out.push(this.#array([items[i]!, items[i + 1]!]))
    return out
  }

  #set(items: readonly Reply[]): Set<unknown> {
    const out = new this.#make.Set<unknown>()
    for (const item of items) out.add(this.read(item))
    return out
  }

  #object(items: readonly Reply[]): object {
    const out: Record<string, unknown> = this.#make.Object.create(this.#make.Object.prototype)
    for (let i = 0; i < items.length; i += 2) {
      const name = keyOf(items[i]!)
      const value = this.read(items[i + 1]!)
      if (name !== '__proto__') out[name] = value
      // Assigned, this name would change the object's prototype and be lost.
      else Object.defineProperty(out, name, { value, writable: true, enumerable: true, configurable: true })
    }
    return out
  }

  #verbatim({ text, format }: Verbatim): unknown {
    const value = this.#string(text)
    const holder = typeof value === 'string' ? new this.#make.String(value) : bufferOf(this.#make, text)
    return Object.assign(this.#marked(holder, 'verbatim'), { __format: format })
  }

  #marked(holder: object, type: string): object {
    return Object.assign(holder, { __reply_type: type })
  }
}

function keyOf(key: Reply): string {
  if (typeof key === 'number' || typeof key === 'bigint') return String(key)
  const name = key instanceof Status ? key.text : key
  if (typeof name !== 'string') throw NO_KEY
  const text = decode(name)
  if (text === undefined) throw BINARY_KEY
  return text
}

/** The bytes in a buffer of the guest's own. */
export function bufferOf(make: Intrinsics, value: Bytes): ArrayBuffer {
  const buffer = new make.ArrayBuffer(value.length)
  fill(buffer, value)
  return buffer
}
