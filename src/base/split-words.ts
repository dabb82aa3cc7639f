/**
 * The words of an inline command or a configuration line: Redis' sdssplitargs.
 *
 * The one idea: blanks separate words; double quotes take `\n`, `\x41` and friends, single quotes only `\'`; a quote
 * may open anywhere but must close at the end of a word. Words come back flat, never as slices of the line.
 */
import type { Bytes } from './bytes.ts'

const ESCAPES = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['a', '\x07'],
])
const HEX_PAIR = /^[0-9a-fA-F]{2}$/

/** Splits a line into words; `undefined` when its quotes are unbalanced. A NUL ends the line. */
export function splitWords(line: string): Bytes[] | undefined {
  const words: Bytes[] = []
  const nul = line.indexOf('\0')
  const end = nul < 0 ? line.length : nul
  let at = 0
  while (true) {
    while (at < end && isSpace(line.charCodeAt(at))) at++
    if (at >= end) return words
    const word: string[] = []
    at = readWord(line, at, end, word)
    if (at < 0) return undefined
    // Through a buffer, so that the word is neither a rope nor a slice.
    words.push(Buffer.from(word.join(''), 'latin1').latin1Slice() as Bytes)
  }
}

/** Reads one word into parts. Returns where it ends, or -1 for unbalanced quotes. */
function readWord(line: string, from: number, end: number, parts: string[]): number {
  let at = from
  while (at < end) {
    const char = line.charAt(at)
    if (char === '"' || char === "'") {
      at = char === '"' ? readDouble(line, at + 1, end, parts) : readSingle(line, at + 1, end, parts)
      // The closing quote ends the word: a blank or the end of the line must follow.
      return at >= 0 && at < end && !isSpace(line.charCodeAt(at)) ? -1 : at
    }
    if (isWordEnd(line.charCodeAt(at))) return at
    parts.push(char)
    at++
  }
  return at
}

function readDouble(line: string, from: number, end: number, parts: string[]): number {
  let at = from
  while (at < end) {
    const char = line.charAt(at)
    if (char === '"') return at + 1
    if (char !== '\\' || at + 1 >= end) {
      parts.push(char)
      at++
      continue
    }
    const next = line.charAt(at + 1)
    const pair = line.slice(at + 2, Math.min(at + 4, end))
    if (next === 'x' && HEX_PAIR.test(pair)) {
      parts.push(String.fromCharCode(Number.parseInt(pair, 16)))
      at += 4
    } else {
      parts.push(ESCAPES.get(next) ?? next)
      at += 2
    }
  }
  return -1
}

function readSingle(line: string, from: number, end: number, parts: string[]): number {
  let at = from
  while (at < end) {
    const char = line.charAt(at)
    if (char === "'") return at + 1
    if (char === '\\' && at + 1 < end && line.charAt(at + 1) === "'") {
      parts.push("'")
      at += 2
    } else {
      parts.push(char)
      at++
    }
  }
  return -1
}

/** C's isspace: what is skipped before a word, and what may follow a closing quote. */
function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}

/** What ends an unquoted word: unlike isspace, not `\v` and `\f`. */
function isWordEnd(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13
}
