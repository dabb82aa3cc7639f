/**
 * Redis' glob patterns: `*`, `?`, `[a-z]`, `[^x]` and `\` escapes over bytes.
 *
 * The one idea: this is stringmatchlen, oddities included, because patterns decide what clients see: an unclosed
 * class ends with the pattern, ranges compare *signed* chars, and nothing but the empty pattern matches an empty
 * value. Once the rest after a `*` fits nowhere, no earlier `*` tries longer matches, so the work is bounded by
 * pattern * value.
 */
import type { Bytes } from './bytes.ts'

/** Set by a `*` whose rest matched nowhere: the `*`s before it can stop as well. */
let hopeless = false

/** Whether the pattern matches the whole value; `nocase` folds ASCII letters. */
export function matchGlob(pattern: Bytes, value: Bytes, nocase = false): boolean {
  hopeless = false
  return match(pattern, 0, value, 0, nocase)
}

const STAR = 42
const QUESTION = 63
const OPEN = 91
const CLOSE = 93
const CARET = 94
const BACKSLASH = 92
const DASH = 45

function match(pattern: Bytes, patternFrom: number, value: Bytes, valueFrom: number, nocase: boolean): boolean {
  const patternEnd = pattern.length
  const valueEnd = value.length
  let p = patternFrom
  let v = valueFrom
  while (p < patternEnd && v < valueEnd) {
    let code = pattern.charCodeAt(p)
    if (code === STAR) return matchStar(pattern, p, value, v, nocase)
    if (code === OPEN) {
      const end = matchClass(pattern, p + 1, value.charCodeAt(v), nocase)
      if (end < 0) return false
      p = end
    } else if (code !== QUESTION) {
      if (code === BACKSLASH && p + 1 < patternEnd) code = pattern.charCodeAt(++p)
      const other = value.charCodeAt(v)
      if (code !== other && !(nocase && fold(code) === fold(other))) return false
    }
    p++
    v++
    if (v === valueEnd) while (pattern.charCodeAt(p) === STAR) p++
  }
  return p === patternEnd && v === valueEnd
}

function matchStar(pattern: Bytes, star: number, value: Bytes, from: number, nocase: boolean): boolean {
  let p = star + 1
  while (pattern.charCodeAt(p) === STAR) p++
  if (p === pattern.length) return true
  for (let v = from; v < value.length; v++) {
    if (match(pattern, p, value, v, nocase)) return true
    if (hopeless) return false
  }
  hopeless = true
  return false
}

/** Matches one char against the class that opens before `from`. Returns where the class ends, or -1. */
function matchClass(pattern: Bytes, from: number, code: number, nocase: boolean): number {
  const end = pattern.length
  const negated = pattern.charCodeAt(from) === CARET
  const char = nocase ? fold(code) : code
  let p = negated ? from + 1 : from
  let found = false
  for (; ; p++) {
    // An unclosed class ends on the last char of the pattern.
    if (p >= end) {
      p = end - 1
      break
    }
    const current = pattern.charCodeAt(p)
    if (current === BACKSLASH && p + 1 < end) {
      // Escaped chars compare exactly, even without regard to case.
      if (pattern.charCodeAt(++p) === code) found = true
    } else if (current === CLOSE) {
      break
    } else if (p + 2 < end && pattern.charCodeAt(p + 1) === DASH) {
      if (inRange(current, pattern.charCodeAt(p + 2), char, nocase)) found = true
      p += 2
    } else if ((nocase ? fold(current) : current) === char) {
      found = true
    }
  }
  return found !== negated ? p : -1
}

function inRange(first: number, last: number, char: number, nocase: boolean): boolean {
  let low = signed(first)
  let high = signed(last)
  if (low > high) {
    const swap = low
    low = high
    high = swap
  }
  if (nocase) {
    low = fold(low)
    high = fold(high)
  }
  const code = signed(char)
  return code >= low && code <= high
}

/** C's `char` is signed where Redis runs. */
function signed(code: number): number {
  return code < 128 ? code : code - 256
}

function fold(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code
}
