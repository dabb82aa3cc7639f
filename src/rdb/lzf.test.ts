import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compressLzf, expandLzf, LZF_MOST_GAIN } from './lzf.ts'

function packed(input: Uint8Array, room = input.length * 2 + 10): Buffer {
  const out = Buffer.alloc(room)
  return out.subarray(0, compressLzf(input, 0, input.length, out, room))
}

function expanded(input: Uint8Array, length: number): string | undefined {
  const out = Buffer.alloc(length)
  return expandLzf(input, 0, input.length, out) ? out.toString('latin1') : undefined
}

describe('LZF', () => {
  it('gives back what went in', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 4 }), fc.nat(400)).map(([unit, times]) => {
        return Uint8Array.from({ length: unit.length * times }, (_, i) => unit[i % unit.length]!)
      }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const input = Buffer.concat(pieces)
        expect(expanded(packed(input), input.length)).toBe(input.toString('latin1'))
      }),
    )
  })

  it('refers back as far as it may, and no farther', () => {
    for (const distance of [8190, 8191, 8192, 8193, 9000]) {
      const noise = Buffer.from(Array.from({ length: distance - 6 }, (_, i) => (i * 7919 + (i >> 3)) & 255))
      const input = Buffer.concat([Buffer.from('needle'), noise, Buffer.from('needle')])
      expect(expanded(packed(input), input.length)).toBe(input.toString('latin1'))
    }
  })

  it('makes the best of zeros, and no more than what is the most', () => {
    const zeros = Buffer.alloc(1 << 20)
    const { length } = packed(zeros)
    expect(zeros.length / length).toBeGreaterThan(80)
    expect(zeros.length).toBeLessThanOrEqual(length * LZF_MOST_GAIN)
  })

  it('expands what others wrote: runs, references that overlap, long ones', () => {
    expect(expanded(Buffer.from([2, 97, 98, 99, 0x20, 2]), 6)).toBe('abcabc')
    expect(expanded(Buffer.from([0, 97, 0xe0, 3, 0]), 13)).toBe('a'.repeat(13))
  })

  it('says no when there is no room, and never writes beyond', () => {
    const out = Buffer.alloc(50, 7)
    expect(compressLzf(Buffer.from('abcdefghijklmnopqrstuvwxyz'), 0, 26, out, 22)).toBe(0)
    expect(out.subarray(22).every((byte) => byte === 7)).toBe(true)
  })

  it('refuses what does not fill the length exactly or refers before the start', () => {
    const bad: [number[], number][] = [
      [[2, 97, 98], 3],
      [[0, 97], 2],
      [[1, 97, 98], 1],
      [[0x20, 0], 3],
      [[0, 97, 0x20], 4],
      [[0, 97, 0xe0, 3], 13],
      [[0, 97, 0x20, 1], 4],
      [[0, 97, 0x20, 0], 3],
    ]
    for (const [bytes, length] of bad) expect(expanded(Buffer.from(bytes), length), String(bytes)).toBeUndefined()
  })
})
