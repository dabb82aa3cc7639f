/**
 * Natives of an isolate: what natives.ts gives the runtime, without Node. The build of the inside puts this in its place.
 *
 * The one idea: what a builtin says of an object cannot be forged when the builtin was taken before the library ran: a
 * getter that throws for all objects but those with the slot it reads is a test for that slot.
 */
import { type Bytes, isAscii, raw } from '../../../base/bytes.ts'
import { type Callback, isCallback } from '../../intrinsics.ts'

const { apply, getPrototypeOf, getOwnPropertyDescriptor } = Reflect
const { fromCharCode } = String
const { toString: textOfFunction } = Function.prototype
const { valueOf: valueOfString, charCodeAt } = String.prototype
/** Newer than the language that this is compiled for; without it a lone surrogate is an error. */
const toWellFormed: unknown = Reflect.get(String.prototype, 'toWellFormed')
const { test } = RegExp.prototype
const own = { decodeURIComponent, encodeURIComponent, escape, unescape }
const sizeOfSet = getterOf(Set.prototype, 'size')
const lengthOfBuffer = getterOf(ArrayBuffer.prototype, 'byteLength')
const AsyncPrototype = getPrototypeOf(async () => {})
const PromisePrototype = Promise.prototype
const View = Uint8Array
const ASYNC_TEXT = /^async\b/
/** Calls of `fromCharCode` with more arguments would end the stack. */
const CHUNK = 4096

function getterOf(prototype: object, name: string): () => unknown {
  return getOwnPropertyDescriptor(prototype, name)!.get!
}

function passes(check: () => unknown, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  try {
    apply(check, value, [])
    return true
  } catch {
    return false
  }
}

export const isStringObject = (value: unknown): value is object => passes(valueOfString, value)
export const isArrayBuffer = (value: unknown): value is ArrayBuffer => passes(lengthOfBuffer, value)
export const isSet = (value: unknown): value is ReadonlySet<unknown> => passes(sizeOfSet, value)

/** A promise, or what passes for one in this place. */
export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && inherits(value, PromisePrototype)
}

function inherits(value: object, wanted: object): boolean {
  for (let at: object | null = value; at !== null; at = getPrototypeOf(at)) if (at === wanted) return true
  return false
}

/** Whether a value is an async function, by its kind. */
export function isAsyncFunction(value: unknown): value is Callback {
  if (typeof value !== 'function') return false
  return (
    getPrototypeOf(value) === AsyncPrototype || apply(test, ASYNC_TEXT, [apply(textOfFunction, value, [])]) === true
  )
}

/** Whether a value is text that is its own bytes. */
export function isOwnBytes(value: unknown): boolean {
  return typeof value === 'string' && isAscii(value)
}

/** Text as UTF-8. */
export function encode(text: string): Bytes {
  if (isAscii(text)) return raw(text)
  const formed = isCallback(toWellFormed) ? String(apply(toWellFormed, text, [])) : text
  return raw(own.unescape(own.encodeURIComponent(formed)))
}

/** The text that bytes are; undefined when they are none. */
export function decode(value: Bytes): string | undefined {
  if (isAscii(value)) return value
  try {
    return own.decodeURIComponent(own.escape(value))
  } catch {
    return undefined
  }
}

/** What a buffer, or a view of one, holds. */
export function bytesOf(value: ArrayBuffer | ArrayBufferView): Bytes {
  const view = ArrayBuffer.isView(value) ? new View(value.buffer, value.byteOffset, value.byteLength) : new View(value)
  let text = ''
  for (let i = 0; i < view.length; i += CHUNK) text += apply(fromCharCode, undefined, view.subarray(i, i + CHUNK))
  return raw(text)
}

/** Writes bytes into a buffer of their length. */
export function fill(buffer: ArrayBuffer, value: Bytes): void {
  const view = new View(buffer)
  for (let i = 0; i < value.length; i++) view[i] = apply(charCodeAt, value, [i])
}

/** The version of V8: that of the host, who tells it before the library runs. */
let version = ''
export const v8Version = (): string => version
export function tellVersion(told: string): void {
  version = told
}
