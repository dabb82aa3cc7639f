/**
 * Texts: what bytes of replies spell, as UTF-8, and the promises they come in.
 *
 * The one idea: what is read is read again, and over a store in this thread it is the very same string. So short ASCII texts
 * are remembered under their last chars: to find one again takes 6 ns, to look at 16 chars 15, of some 80 that a GET takes.
 * Strings never change, so the promise of one serves all who ask for it: making one, and collecting it, takes 25 ns.
 * At most 4,096 texts of 64 chars are held.
 */
import { type Bytes, bytes, isAscii, raw, text } from '../base/bytes.ts'
import { glanceAt } from '../base/glance.ts'

const REMEMBERED = 4096
const SHORTEST = 8
const LONGEST = 64

const seen: string[] = new Array(REMEMBERED).fill('')
/** Of the texts that stand there. */
const promises: Promise<string>[] = new Array(REMEMBERED).fill(Promise.resolve(''))

/** Decodes bytes as UTF-8; malformed sequences become U+FFFD. */
export function textOf(value: Bytes): string {
  const at = glanceAt(value) & (REMEMBERED - 1)
  return seen[at] === value ? value : learned(value, at)
}

/** A promise of `textOf(value)`, shared with others who were promised the same. */
export function promiseOf(value: Bytes): Promise<string> {
  const at = glanceAt(value) & (REMEMBERED - 1)
  if (seen[at] === value) return promises[at]!
  const decoded = learned(value, at)
  return seen[at] === value ? promises[at]! : Promise.resolve(decoded)
}

function learned(value: Bytes, at: number): string {
  if (value.length < SHORTEST || value.length > LONGEST || !isAscii(value)) return text(value)
  seen[at] = value
  promises[at] = Promise.resolve(value)
  return value
}

/** ASCII texts that were sent. */
const sent: string[] = new Array(REMEMBERED).fill('')

/** Encodes text as UTF-8. */
export function bytesOf(given: string): Bytes {
  const at = glanceAt(given) & (REMEMBERED - 1)
  return sent[at] === given ? raw(given) : spelled(given, at)
}

function spelled(given: string, at: number): Bytes {
  const encoded = bytes(given)
  if (encoded === given && given.length <= LONGEST) sent[at] = given
  return encoded
}
