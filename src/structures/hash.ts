/**
 * The hash of every key and member: HalfSipHash-1-3 over every char, under a secret made once per process.
 *
 * The one idea: V8 hashes a long string by its length alone, so 2,000 Map keys of 17,000 chars each collide all with all;
 * here every byte counts and nobody outside can compute collisions (Linux keys its hash tables the same way).
 * Invariant: the seed never changes while a table lives.
 */
import type { Bytes } from '../base/bytes.ts'
import { systemRandom } from '../base/random.ts'

const secret = Buffer.from(systemRandom.bytes(8))
let seed0 = secret.readInt32LE(0)
let seed1 = secret.readInt32LE(4)

/** Reading chars is two thirds of the time (16 bytes: 32 of 50 ns). Copying a key out costs 60 ns but then 0.3 ns a char, not 2. */
const LONG = 64
const scratch = Buffer.allocUnsafeSlow(1 << 16)
const words = new Int32Array(scratch.buffer)

/** Fixes the seed, so that a test can replay a layout. Every table filled before is broken by it. */
export function seedHash(a: number, b: number): void {
  seed0 = a | 0
  seed1 = b | 0
}

/** The seeded 32-bit hash of a key, as an int32. */
export function hashBytes(key: Bytes): number {
  const length = key.length
  if (length >= LONG) return hashLong(key)
  let v0 = seed0
  let v1 = seed1
  let v2 = seed0 ^ 0x6c796765
  let v3 = seed1 ^ 0x74656462
  const whole = length & ~3
  // The rounds stand here written out: over state in an array they take twice as long.
  for (let i = 0; i < whole; i += 4) {
    const word =
      key.charCodeAt(i) | (key.charCodeAt(i + 1) << 8) | (key.charCodeAt(i + 2) << 16) | (key.charCodeAt(i + 3) << 24)
    v3 ^= word
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
    v0 ^= word
  }
  let tail = length << 24
  for (let i = whole; i < length; i++) tail |= key.charCodeAt(i) << ((i & 3) << 3)
  return finish(v0, v1, v2, v3, tail)
}

/** The same hash, reading the key in pieces from a buffer. */
function hashLong(key: Bytes): number {
  const length = key.length
  let v0 = seed0
  let v1 = seed1
  let v2 = seed0 ^ 0x6c796765
  let v3 = seed1 ^ 0x74656462
  let tail = length << 24
  for (let from = 0; from < length; from += scratch.length) {
    // A piece of a long string is a view of it, not a copy.
    const piece = length <= scratch.length ? key : key.slice(from, from + scratch.length)
    const written = scratch.latin1Write(piece, 0)
    const whole = written >>> 2
    for (let i = 0; i < whole; i++) {
      const word = words[i]!
      v3 ^= word
      v0 = (v0 + v1) | 0
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
      v0 = (v0 << 16) | (v0 >>> 16)
      v2 = (v2 + v3) | 0
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
      v0 = (v0 + v3) | 0
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
      v2 = (v2 + v1) | 0
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
      v2 = (v2 << 16) | (v2 >>> 16)
      v0 ^= word
    }
    for (let i = whole << 2; i < written; i++) tail |= scratch[i]! << ((i & 3) << 3)
  }
  return finish(v0, v1, v2, v3, tail)
}

/** The round for the last word, and three more. */
function finish(v0: number, v1: number, v2: number, v3: number, tail: number): number {
  v3 ^= tail
  v0 = (v0 + v1) | 0
  v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
  v0 = (v0 << 16) | (v0 >>> 16)
  v2 = (v2 + v3) | 0
  v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
  v0 = (v0 + v3) | 0
  v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
  v2 = (v2 + v1) | 0
  v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
  v2 = (v2 << 16) | (v2 >>> 16)
  v0 ^= tail
  v2 ^= 0xff
  for (let round = 0; round < 3; round++) {
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
  }
  return v1 ^ v3
}
