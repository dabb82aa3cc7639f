/**
 * The longest common subsequence of two strings: its length, its text, and the runs in which it matches.
 *
 * The one idea: of the table of lengths only the steps matter. Along a row of it (a prefix of `a` against every prefix of
 * `b`) lengths grow by 0 or 1, so that a row is a row of bits, here in words of 32: a bit is 0 where the length grows.
 * The next row follows from the last by one addition with carry a word (Crochemore, Iliopoulos, Pinzon and Reid), and
 * the way back needs nothing but that bit: where two chars differ, it says from which side the length came.
 *
 * Which of several longest subsequences it is, is that of Redis: from the end, matches first, and otherwise a step in `a`
 * only if leaving out the char of `b` would lose length.
 */

import { type Bytes, fromBuffer } from '../base/bytes.ts'
import { countBits } from './bits.ts'

/** A run of chars that match, as its first and last place in each string. */
export interface Run {
  readonly a: readonly [first: number, last: number]
  readonly b: readonly [first: number, last: number]
}

/** A longest common subsequence, and its runs from the last to the first. */
export interface Subsequence {
  readonly text: Bytes
  readonly runs: readonly Run[]
}

/** The length of the longest common subsequence of two strings. */
export function subsequenceLength(a: Bytes, b: Bytes): number {
  // One row is kept, of any of the two.
  const [rowed, along] = a.length < b.length ? [a, b] : [b, a]
  const width = wordsFor(along)
  const row = new Int32Array(width).fill(-1)
  const places = placesOf(rowed, along)
  for (let i = 0; i < rowed.length; i++) advance(row, 0, 0, places[rowed.charCodeAt(i)]!)
  return grownIn(row, 0)
}

/** The longest common subsequence of two strings. Takes a bit of memory for each pair of chars while it runs. */
export function longestSubsequence(a: Bytes, b: Bytes): Subsequence {
  const width = wordsFor(b)
  const rows = new Int32Array((a.length + 1) * width)
  rows.fill(-1, 0, width)
  const places = placesOf(a, b)
  for (let i = 0; i < a.length; i++) advance(rows, i * width, (i + 1) * width, places[a.charCodeAt(i)]!)
  return wayBack(a, b, rows, width)
}

const wordsFor = (text: Bytes): number => Math.ceil(text.length / 32)

/** For each byte that `a` has, a row of bits: the places where `b` has it. */
function placesOf(a: Bytes, b: Bytes): readonly (Int32Array | undefined)[] {
  const width = wordsFor(b)
  const places = new Array<Int32Array | undefined>(256).fill(undefined)
  for (let i = 0; i < a.length; i++) places[a.charCodeAt(i)] ??= new Int32Array(width)
  for (let j = 0; j < b.length; j++) {
    const row = places[b.charCodeAt(j)]
    if (row !== undefined) row[j >>> 5]! |= 1 << (j & 31)
  }
  return places
}

/** Makes the row at `to` from the one at `from`, for a char that `b` has in these places. */
function advance(rows: Int32Array, from: number, to: number, places: Int32Array): void {
  let carry = 0
  for (let k = 0; k < places.length; k++) {
    const row = rows[from + k]!
    const met = row & places[k]!
    const sum = (row + met + carry) | 0
    carry = ((row & met) | ((row | met) & ~sum)) >>> 31
    rows[to + k] = sum | (row & ~met)
  }
}

/** How often the length grows along the row that begins at `from` and is the last. */
function grownIn(rows: Int32Array, from: number): number {
  const row = rows.subarray(from)
  return row.length * 32 - countBits(new Uint8Array(row.buffer, row.byteOffset, row.byteLength), 0, row.byteLength)
}

function wayBack(a: Bytes, b: Bytes, rows: Int32Array, width: number): Subsequence {
  let left = grownIn(rows, a.length * width)
  const text = Buffer.alloc(left)
  const runs: Run[] = []
  let i = a.length
  let j = b.length
  while (i > 0 && j > 0) {
    const [lastA, lastB] = [i, j]
    while (i > 0 && j > 0 && a.charCodeAt(i - 1) === b.charCodeAt(j - 1)) {
      text[--left] = a.charCodeAt(--i)
      j--
    }
    if (i < lastA) runs.push({ a: [i, lastA - 1], b: [j, lastB - 1] })
    if (i === 0 || j === 0) break
    if ((rows[i * width + ((j - 1) >>> 5)]! & (1 << ((j - 1) & 31))) === 0) i--
    else j--
  }
  return { text: fromBuffer(text), runs }
}
