/**
 * The hash of every key and member: HalfSipHash-1-3 over every char, under a secret made once per process.
 *
 * The one idea: V8 hashes a long string by its length alone, so 2,000 Map keys of 17,000 chars each collide all with all;
 * here every byte counts and nobody outside can compute collisions (Linux keys its hash tables the same way).
 * Invariant: the seed never changes while a table lives.
 */
import { randomBytes } from 'node:crypto'
import type { Bytes } from '../base/bytes.ts'

const secret = randomBytes(8)
let seed0 = secret.readInt32LE(0)
let seed1 = secret.readInt32LE(4)

/** Fixes the seed, so that a test can replay a layout. Every table filled before is broken by it. */
export function seedHash(a: number, b: number): void {
  seed0 = a | 0
  seed1 = b | 0
}

/** The seeded 32-bit hash of a key, as an int32. */
export function hashBytes(key: Bytes): number {
  const length = key.length
  let v0 = seed0
  let v1 = seed1
  let v2 = seed0 ^ 0x6c796765
  let v3 = seed1 ^ 0x74656462
  const whole = length & ~3
  // Rounds are written out: as a function over shared state they take twice as long.
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
  let last = length << 24
  for (let i = whole; i < length; i++) last |= key.charCodeAt(i) << ((i & 3) << 3)
  v3 ^= last
  for (let round = 0; round < 4; round++) {
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
    if (round === 0) {
      v0 ^= last
      v2 ^= 0xff
    }
  }
  return v1 ^ v3
}
