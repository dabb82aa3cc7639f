/**
 * Randomness, injected. Sampling (SPOP, eviction) and ids draw from here, so a seed replays a run.
 */
import { randomBytes } from 'node:crypto'

export interface Random {
  /** An integer in 0 <= n < limit; limit is at most 2^53. */
  below(limit: number): number
  /** That many random bytes. */
  bytes(count: number): Uint8Array
}

/** Unpredictable randomness: fast for sampling, cryptographic for `bytes`. */
export const systemRandom: Random = {
  below: (limit) => Math.floor(Math.random() * limit),
  bytes: (count) => randomBytes(count),
}

/** The same numbers for the same seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (t ^ (t >>> 14)) >>> 0
  }
  return {
    below: (limit) => Math.floor(((next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53) * limit),
    bytes(count) {
      const out = new Uint8Array(count)
      for (let i = 0; i < count; i++) out[i] = next() & 255
      return out
    },
  }
}
