/**
 * Words cut out of a buffer without leaving JavaScript.
 *
 * The one idea: `latin1Slice` crosses into C++ (70-120 ns whatever the length), `String.fromCharCode` with all codes
 * at once is one builtin that fills a flat one-byte string (20 ns for 3, 37 ns for 16 chars). It wants its arguments
 * spelled out: an apply or a spread costs more than the crossing. Measured on Node 20 in bench/resp.ts.
 * Command names repeat: a small table gives back the string of last time, whose hash V8 knows already.
 */
import { type Bytes, EMPTY } from '../base/bytes.ts'

/** The longest word that is cut in JavaScript. */
const SHORT = 20

const cut = String.fromCharCode

/** The `length` bytes from `at` as a flat string. */
export function word(b: Buffer, at: number, length: number): Bytes {
  if (length > SHORT) return b.latin1Slice(at, at + length) as Bytes
  return length <= 12 ? upTo12(b, at, length) : upTo20(b, at, length)
}

const NAME_SLOTS = 256
/** Direct-mapped, so bounded; two names in one place only cost time. */
const names: Bytes[] = new Array<Bytes>(NAME_SLOTS).fill(EMPTY)

/** The same for a word that is likely to be a command's name. */
export function commandWord(b: Buffer, at: number, length: number): Bytes {
  if (length > SHORT || length === 0) return word(b, at, length)
  const slot = (b[at]! * 31 + b[at + length - 1]! * 7 + length) & (NAME_SLOTS - 1)
  const known = names[slot]!
  if (known.length === length) {
    let i = 0
    while (i < length && known.charCodeAt(i) === b[at + i]) i++
    if (i === length) return known
  }
  const fresh = word(b, at, length)
  names[slot] = fresh
  return fresh
}

// biome-ignore format: one row per ten bytes; one line per byte hides how alike the cases are
function upTo12(b: Buffer, at: number, length: number): Bytes {
  switch (length) {
    case 0:
      return EMPTY
    case 1:
      return cut(b[at]!) as Bytes
    case 2:
      return cut(b[at]!, b[at + 1]!) as Bytes
    case 3:
      return cut(b[at]!, b[at + 1]!, b[at + 2]!) as Bytes
    case 4:
      return cut(b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!) as Bytes
    case 5:
      return cut(b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!, b[at + 4]!) as Bytes
    case 6:
      return cut(b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!, b[at + 4]!, b[at + 5]!) as Bytes
    case 7:
      return cut(b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!, b[at + 4]!, b[at + 5]!, b[at + 6]!) as Bytes
    case 8:
      return cut(
        b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!, b[at + 4]!, b[at + 5]!, b[at + 6]!, b[at + 7]!,
      ) as Bytes
    case 9:
      return cut(
        b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!, b[at + 4]!, b[at + 5]!, b[at + 6]!, b[at + 7]!, b[at + 8]!,
      ) as Bytes
    case 10:
      return cut(
        b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!, b[at + 4]!, b[at + 5]!, b[at + 6]!, b[at + 7]!, b[at + 8]!, b[at + 9]!,
      ) as Bytes
    case 11:
      return cut(
        b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!, b[at + 4]!, b[at + 5]!, b[at + 6]!, b[at + 7]!, b[at + 8]!, b[at + 9]!,
        b[at + 10]!,
      ) as Bytes
    case 12:
      return cut(
        b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!, b[at + 4]!, b[at + 5]!, b[at + 6]!, b[at + 7]!, b[at + 8]!, b[at + 9]!,
        b[at + 10]!, b[at + 11]!,
      ) as Bytes
    default:
      return b.latin1Slice(at, at + length) as Bytes
  }
}

// biome-ignore format: one row per ten bytes; one line per byte hides how alike the cases are
function upTo20(b: Buffer, at: number, length: number): Bytes {
  switch (length) {
    case 13:
      return cut(
        b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!, b[at + 4]!, b[at + 5]!, b[at + 6]!, b[at + 7]!, b[at + 8]!, b[at + 9]!,
        b[at + 10]!, b[at + 11]!, b[at + 12]!,
      ) as Bytes
    case 14:
      return cut(
        b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!, b[at + 4]!, b[at + 5]!, b[at + 6]!, b[at + 7]!, b[at + 8]!, b[at + 9]!,
        b[at + 10]!, b[at + 11]!, b[at + 12]!, b[at + 13]!,
      ) as Bytes
    case 15:
      return cut(
        b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!, b[at + 4]!, b[at + 5]!, b[at + 6]!, b[at + 7]!, b[at + 8]!, b[at + 9]!,
        b[at + 10]!, b[at + 11]!, b[at + 12]!, b[at + 13]!, b[at + 14]!,
      ) as Bytes
    case 16:
      return cut(
        b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!, b[at + 4]!, b[at + 5]!, b[at + 6]!, b[at + 7]!, b[at + 8]!, b[at + 9]!,
        b[at + 10]!, b[at + 11]!, b[at + 12]!, b[at + 13]!, b[at + 14]!, b[at + 15]!,
      ) as Bytes
    case 17:
      return cut(
        b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!, b[at + 4]!, b[at + 5]!, b[at + 6]!, b[at + 7]!, b[at + 8]!, b[at + 9]!,
        b[at + 10]!, b[at + 11]!, b[at + 12]!, b[at + 13]!, b[at + 14]!, b[at + 15]!, b[at + 16]!,
      ) as Bytes
    case 18:
      return cut(
        b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!, b[at + 4]!, b[at + 5]!, b[at + 6]!, b[at + 7]!, b[at + 8]!, b[at + 9]!,
        b[at + 10]!, b[at + 11]!, b[at + 12]!, b[at + 13]!, b[at + 14]!, b[at + 15]!, b[at + 16]!, b[at + 17]!,
      ) as Bytes
    case 19:
      return cut(
        b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!, b[at + 4]!, b[at + 5]!, b[at + 6]!, b[at + 7]!, b[at + 8]!, b[at + 9]!,
        b[at + 10]!, b[at + 11]!, b[at + 12]!, b[at + 13]!, b[at + 14]!, b[at + 15]!, b[at + 16]!, b[at + 17]!, b[at + 18]!,
      ) as Bytes
    case 20:
      return cut(
        b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!, b[at + 4]!, b[at + 5]!, b[at + 6]!, b[at + 7]!, b[at + 8]!, b[at + 9]!,
        b[at + 10]!, b[at + 11]!, b[at + 12]!, b[at + 13]!, b[at + 14]!, b[at + 15]!, b[at + 16]!, b[at + 17]!, b[at + 18]!, b[at + 19]!,
      ) as Bytes
    default:
      return b.latin1Slice(at, at + length) as Bytes
  }
}
