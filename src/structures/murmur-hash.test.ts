import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromBuffer, raw } from '../base/bytes.ts'
import { hashHigh, hashLow, murmurHash64 } from './murmur-hash.ts'

const M = 0xc6a4a7935bd1e995n
const cut = (value: bigint): bigint => BigInt.asUintN(64, value)

/** The published algorithm in whole 64-bit integers. */
function slowly(data: Uint8Array, seed: bigint): bigint {
  let hash = seed ^ cut(BigInt(data.length) * M)
  const whole = data.length - (data.length % 8)
  const wordAt = (at: number): bigint => {
    let word = 0n
    for (let i = Math.min(7, data.length - 1 - at); i >= 0; i--) word = (word << 8n) | BigInt(data[at + i]!)
    return word
  }
  for (let at = 0; at < whole; at += 8) {
    let word = cut(wordAt(at) * M)
    word = cut((word ^ (word >> 47n)) * M)
    hash = cut((hash ^ word) * M)
  }
  if (whole < data.length) hash = cut((hash ^ wordAt(whole)) * M)
  hash = cut((hash ^ (hash >> 47n)) * M)
  return hash ^ (hash >> 47n)
}

describe('MurmurHash64A in halves', () => {
  test('is the same as in whole integers, for any bytes and seed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(0xffffffff), (data, seed) => {
        murmurHash64(fromBuffer(data), seed)
        expect((BigInt(hashHigh >>> 0) << 32n) | BigInt(hashLow >>> 0)).toBe(slowly(data, BigInt(seed)))
      }),
      { numRuns: 2000 },
    )
  })

  test('of nothing depends on the seed alone', () => {
    murmurHash64(raw(''), 0)
    expect([hashHigh, hashLow]).toEqual([0, 0])
  })
})
