/**
 * Texts: what bytes of replies spell, as UTF-8, and the promises they come in.
 *
 * The one idea: strings never change, so the promise of one serves all who ask for it: making one, and collecting it, takes
 * 25 ns of some 70 that a GET takes. So short texts are remembered under their last chars, each with its promise.
 */
import { type Bytes, bytes, raw, text } from '../base/bytes.ts'
import { glanceAt } from '../base/glance.ts'
import { isKnownAscii } from '../base/known-text.ts'

const REMEMBERED = 4096
const LONGEST = 64

/** Bytes that are their own text, and what they were promised in. */
const promised: string[] = new Array(REMEMBERED).fill('')
const promises: Promise<string>[] = new Array(REMEMBERED).fill(Promise.resolve(''))

/** Decodes bytes as UTF-8; malformed sequences become U+FFFD. */
export function textOf(value: Bytes): string {
  return isKnownAscii(value) ? value : text(value)
}

/** A promise of `textOf(value)`, shared with others who were promised the same. */
export function promiseOf(value: Bytes): Promise<string> {
  const at = glanceAt(value) & (REMEMBERED - 1)
  return promised[at] === value ? promises[at]! : promise(value, at)
}

function promise(value: Bytes, at: number): Promise<string> {
  const decoded = text(value)
  const made = Promise.resolve(decoded)
  if (decoded === value && value.length <= LONGEST) {
    promised[at] = value
    promises[at] = made
  }
  return made
}

/** Encodes text as UTF-8. */
export function bytesOf(given: string): Bytes {
  return isKnownAscii(given) ? raw(given) : bytes(given)
}
