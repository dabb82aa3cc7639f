/**
 * LZF: the compression of long strings.
 *
 * The one idea: a stream of literal runs (a byte n < 32, then n + 1 bytes as they are) and references back (three bits of
 * length, thirteen of distance; length 7 means that one more byte adds to it). A table from the hash of three bytes to the
 * place they were last seen at finds the references; it is not cleared between calls: each call's places lie above those of
 * all calls before.
 *
 * Invariant: three bytes give at most 264, so what claims to unpack to more than 88 times its size is refused unread.
 */

const LONGEST_LITERAL = 32
const LONGEST_MATCH = 264
const FARTHEST = 8192
const HASH_BITS = 14
const places = new Int32Array(1 << HASH_BITS)
/** Where the next call's places begin; 0 is what no call has written. */
let base = 1
const LAST_BASE = 2 ** 30

/** How many bytes one compressed byte can become at most. */
export const LZF_MOST_GAIN = 88

/**
 * Compresses `input[from..to)` into `out` from its start; answers the length, or 0 when it would not fit into `room`
 * bytes.
 */
export function compressLzf(input: Uint8Array, from: number, to: number, out: Uint8Array, room: number): number {
  let at = from
  let literal = from
  let end = 0
  // V8's strings end below 2^29, so that no place passes 2^31.
  if (base > LAST_BASE) {
    places.fill(0)
    base = 1
  }
  const start = base - from
  base += to - from
  while (at < to - 2) {
    const hash = hashAt(input, at)
    const place = places[hash]! - start
    places[hash] = at + start
    const distance = at - place
    if (place < from || distance > FARTHEST || !sameThree(input, place, at)) {
      at++
      continue
    }
    const length = matchLength(input, place, at, Math.min(LONGEST_MATCH, to - at))
    end = putLiterals(input, literal, at, out, end, room)
    if (end < 0 || end + 3 > room) return 0
    end = putReference(out, end, distance - 1, length - 2)
    const after = at + length
    for (at++; at < after && at < to - 2; at++) places[hashAt(input, at)] = at + start
    at = after
    literal = after
  }
  end = putLiterals(input, literal, to, out, end, room)
  return Math.max(end, 0)
}

function hashAt(input: Uint8Array, at: number): number {
  const three = input[at]! | (input[at + 1]! << 8) | (input[at + 2]! << 16)
  return Math.imul(three, 0x9e3779b1) >>> (32 - HASH_BITS)
}

function sameThree(input: Uint8Array, a: number, b: number): boolean {
  return input[a] === input[b] && input[a + 1] === input[b + 1] && input[a + 2] === input[b + 2]
}

function matchLength(input: Uint8Array, a: number, b: number, most: number): number {
  let length = 3
  while (length < most && input[a + length] === input[b + length]) length++
  return length
}

/** Writes literal runs; answers the new end, or -1 when there is no room. */
function putLiterals(input: Uint8Array, from: number, to: number, out: Uint8Array, end: number, room: number): number {
  for (let at = from; at < to; ) {
    const run = Math.min(LONGEST_LITERAL, to - at)
    if (end + run + 1 > room) return -1
    out[end++] = run - 1
    for (const stop = at + run; at < stop; at++) out[end++] = input[at]!
  }
  return end
}

function putReference(out: Uint8Array, end: number, distance: number, length: number): number {
  if (length < 7) {
    out[end++] = (length << 5) | (distance >> 8)
  } else {
    out[end++] = (7 << 5) | (distance >> 8)
    out[end++] = length - 7
  }
  out[end++] = distance & 255
  return end
}

/** Expands `input[from..to)` into `out`, which it must fill exactly; answers whether it did. */
export function expandLzf(input: Uint8Array, from: number, to: number, out: Uint8Array): boolean {
  let at = from
  let end = 0
  while (at < to) {
    const control = input[at++]!
    if (control < LONGEST_LITERAL) {
      const run = control + 1
      if (at + run > to || end + run > out.length) return false
      for (const stop = at + run; at < stop; ) out[end++] = input[at++]!
      continue
    }
    let length = control >> 5
    if (length === 7) {
      if (at >= to) return false
      length += input[at++]!
    }
    if (at >= to) return false
    let place = end - ((control & 31) << 8) - input[at++]! - 1
    if (place < 0 || end + length + 2 > out.length) return false
    // Byte by byte: a reference may reach into what it is just writing.
    for (const stop = end + length + 2; end < stop; ) out[end++] = out[place++]!
  }
  return end === out.length
}
