import { afterEach, describe, expect, it } from 'vitest'
import { raw } from '../base/bytes.ts'
import { seededRandom } from '../base/random.ts'
import { hashBytes, seedHash } from './hash.ts'

/** HalfSipHash-c-d as its paper states it: the reference that the fast code is held against. */
function halfSipHash(key: Uint8Array, k0: number, k1: number, c: number, d: number): number {
  const v = new Int32Array([k0, k1, k0 ^ 0x6c796765, k1 ^ 0x74656462])
  const rotate = (at: number, by: number): void => {
    v[at] = (v[at]! << by) | (v[at]! >>> (32 - by))
  }
  /** The quarter of a round: a += b, b rotated and xored with the sum. */
  const mix = (a: number, b: number, by: number): void => {
    v[a]! += v[b]!
    rotate(b, by)
    v[b]! ^= v[a]!
  }
  const round = (): void => {
    mix(0, 1, 5)
    rotate(0, 16)
    mix(2, 3, 8)
    mix(0, 3, 7)
    mix(2, 1, 13)
    rotate(2, 16)
  }
  const padded = new Uint8Array((key.length & ~3) + 4)
  padded.set(key)
  padded[padded.length - 1] = key.length
  const view = new DataView(padded.buffer)
  for (let at = 0; at < padded.length; at += 4) {
    const word = view.getInt32(at, true)
    v[3]! ^= word
    for (let i = 0; i < c; i++) round()
    v[0]! ^= word
  }
  v[2]! ^= 0xff
  for (let i = 0; i < d; i++) round()
  return v[1]! ^ v[3]!
}

describe('hashBytes', () => {
  const k0 = 0x03020100
  const k1 = 0x07060504
  afterEach(() => seedHash(seededRandom(1).below(2 ** 32), 7))

  it('is measured against a reference that knows the published vectors of HalfSipHash-2-4', () => {
    const published = [0xa9359f5b, 0x27475ab8, 0xfa62a603, 0x8afee704]
    for (const [length, bigEndian] of published.entries()) {
      const out = new DataView(new ArrayBuffer(4))
      const input = Uint8Array.from({ length }, (_, i) => i)
      out.setInt32(0, halfSipHash(input, k0, k1, 2, 4), true)
      expect(out.getUint32(0)).toBe(bigEndian)
    }
  })

  it('is HalfSipHash-1-3 for keys of every length, short, copied out and in pieces', () => {
    seedHash(k0, k1)
    const random = seededRandom(3)
    const lengths = [...Array(300).keys(), 65_535, 65_536, 65_537, 65_539, 200_003]
    for (const length of lengths) {
      const input = random.bytes(length)
      const key = raw(Buffer.from(input).latin1Slice())
      expect(hashBytes(key), `length ${length}`).toBe(halfSipHash(input, k0, k1, 1, 3))
    }
  })

  it('depends on the seed', () => {
    seedHash(1, 2)
    const first = hashBytes(raw('key'))
    seedHash(1, 3)
    expect(hashBytes(raw('key'))).not.toBe(first)
  })
})
