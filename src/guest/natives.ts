/**
 * Natives: what the guest runtime asks of the place it runs in: the kinds of objects, and text as bytes.
 *
 * The one idea: the runtime imports this file and no other that knows Node. Inside an isolate there is no Node: there the
 * same runtime is built with hosts/isolate/natives.ts in the place of this file.
 */
import { types } from 'node:util'
import { type Bytes, bytes, fromBuffer, raw, toBuffer } from '../base/bytes.ts'
import { isKnownAscii } from '../base/known-text.ts'
import { type Callback, isCallback } from './intrinsics.ts'
import { strictText } from './utf8.ts'

export const isPromise: (value: unknown) => value is Promise<unknown> = types.isPromise
export const isStringObject: (value: unknown) => value is object = types.isStringObject
export const isArrayBuffer: (value: unknown) => value is ArrayBuffer | SharedArrayBuffer = types.isAnyArrayBuffer
export const isSet: (value: unknown) => value is ReadonlySet<unknown> = types.isSet

/** Whether a value is an async function, by its kind. */
export function isAsyncFunction(value: unknown): value is Callback {
  return isCallback(value) && types.isAsyncFunction(value)
}

/** Whether a value is text that is its own bytes. */
export function isOwnBytes(value: unknown): boolean {
  return typeof value === 'string' && isKnownAscii(value)
}

/** Text as UTF-8. */
export function encode(text: string): Bytes {
  return isKnownAscii(text) ? raw(text) : bytes(text)
}

/** The text that bytes are; undefined when they are none. */
export function decode(value: Bytes): string | undefined {
  return isKnownAscii(value) ? value : strictText(value)
}

/** What a buffer, or a view of one, holds. */
export function bytesOf(value: ArrayBuffer | SharedArrayBuffer | ArrayBufferView): Bytes {
  return fromBuffer(
    ArrayBuffer.isView(value)
      ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      : new Uint8Array(value),
  )
}

/** Up to here a loop is faster. */
const SHORT = 64

/** Writes bytes into a buffer of their length. */
export function fill(buffer: ArrayBuffer, value: Bytes): void {
  const array = new Uint8Array(buffer)
  // A buffer on the way was a third of what a trigger on SET costs: keys are short.
  if (value.length > SHORT) array.set(toBuffer(value))
  else for (let i = 0; i < value.length; i++) array[i] = value.charCodeAt(i)
}

/** The version of V8. */
export const v8Version = (): string => process.versions.v8
