/**
 * Texts: what bytes of replies spell, as UTF-8, and the promises they come in.
 *
 * The one idea: what is read is read again, and over a store in this thread it is the very same string. So short ASCII texts
 * are remembered under their last chars: to find one again takes 6 ns, to look at 16 chars 15, of some 90 that a GET takes.
 * Strings never change, so the promise of one serves all who ask for it: making one, and collecting it, takes 25 ns.
 * At most 4,096 texts of 64 chars are held.
 */
import { type Bytes, isAscii, text } from '../base/bytes.ts'
import { glanceAt } from '../base/glance.ts'

const REMEMBERED = 4096
const SHORTEST = 8
const LONGEST = 64

const seen: string[] = new Array(REMEMBERED).fill('')
/** Of the texts that stand there, once they were promised. */
const promises: (Promise<string> | undefined)[] = new Array(REMEMBERED).fill(undefined)

/** Decodes bytes as UTF-8; malformed sequences become U+FFFD. */
export function textOf(value: Bytes): string {
  if (value.length < SHORTEST || value.length > LONGEST) return text(value)
  const at = glanceAt(value) & (REMEMBERED - 1)
  return seen[at] === value ? value : learned(value, at)
}

/** A promise of `textOf(value)`, shared with others who were promised the same. */
export function promiseOf(value: Bytes): Promise<string> {
  if (value.length < SHORTEST || value.length > LONGEST) return Promise.resolve(text(value))
  const at = glanceAt(value) & (REMEMBERED - 1)
  const promised = promises[at]
  if (promised !== undefined && seen[at] === value) return promised
  const promise = Promise.resolve(learned(value, at))
  if (seen[at] === value) promises[at] = promise
  return promise
}

function learned(value: Bytes, at: number): string {
  if (seen[at] === value) return value
  if (!isAscii(value)) return text(value)
  seen[at] = value
  promises[at] = undefined
  return value
}
