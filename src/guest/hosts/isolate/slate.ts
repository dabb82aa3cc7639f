/**
 * The slate: memory that an isolate and the engine both see, for the words of a command on the way out and a bulk on the
 * way back. This is the inside's half; slate-reader.ts is the engine's.
 *
 * The one idea: isolated-vm takes 70 to 130 ns for each string that crosses, and for a call that takes and gives nothing
 * it has a shorter way; to write and read a short word here takes 1 to 2 ns a char. Each word says its length, and where the
 * engine may have the same word already. What does not fit crosses as strings.
 */

/** The most words of a command, and the longest word, that go by the slate. */
export const MOST_WORDS = 7
export const LONGEST_WORD = 64
/** Words that the engine remembers, by the place that the inside names. */
export const PLACES = 256
/** A count, and for each word its length and its place. */
export const SLATE_BYTES = 1 + MOST_WORDS * (2 + LONGEST_WORD)

/** The last char of ASCII, and the last that is a byte. */
export const ASCII = 0x7f
export const BYTE = 0xff

const { fromCharCode } = String

/** Writes the words of a command, whose chars go up to `last`; false when they do not fit, or are no strings. */
export function writeWords(slate: Uint8Array, words: readonly unknown[], last: number): boolean {
  const count = words.length
  if (count > MOST_WORDS) return false
  let at = 1
  for (let i = 0; i < count; i++) {
    const word = words[i]
    if (typeof word !== 'string') return false
    const { length } = word
    if (length > LONGEST_WORD) return false
    const start = at + 2
    let sum = length
    for (let j = 0; j < length; j++) {
      const char = word.charCodeAt(j)
      if (char > last) return false
      slate[start + j] = char
      sum = (sum * 31 + char) | 0
    }
    slate[at] = length
    slate[at + 1] = sum ^ (sum >>> 8) ^ (sum >>> 16)
    at = start + length
  }
  slate[0] = count
  return true
}

/** The bytes of a slate as chars: eight at a time, since every piece is a string of its own. */
export function readChars(slate: Uint8Array, from: number, length: number): string {
  const end = from + length
  let text = ''
  let at = from
  for (; at + 8 <= end; at += 8) {
    text += fromCharCode(
      slate[at]!,
      slate[at + 1]!,
      slate[at + 2]!,
      slate[at + 3]!,
      slate[at + 4]!,
      slate[at + 5]!,
      slate[at + 6]!,
      slate[at + 7]!,
    )
  }
  if (at + 4 <= end) {
    text += fromCharCode(slate[at]!, slate[at + 1]!, slate[at + 2]!, slate[at + 3]!)
    at += 4
  }
  for (; at < end; at++) text += fromCharCode(slate[at]!)
  return text
}

/** Whether the first so many bytes of the slate's bulk are ASCII. */
export function isBulkAscii(slate: Uint8Array): boolean {
  const end = 1 + slate[0]!
  let all = 0
  for (let at = 1; at < end; at++) all |= slate[at]!
  return all <= ASCII
}
