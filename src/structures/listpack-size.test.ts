import { describe, expect, it } from 'vitest'
import { listpackIntegerBytes, listpackStringBytes } from './listpack-size.ts'

describe('listpack sizes', () => {
  it('grow with the integer', () => {
    const sizes: [number, number][] = [
      [0, 2],
      [127, 2],
      [128, 3],
      [-1, 3],
      [-4096, 3],
      [4095, 3],
      [4096, 4],
      [-4097, 4],
      [32767, 4],
      [32768, 5],
      [8388607, 5],
      [-8388609, 6],
      [2147483647, 6],
      [2147483648, 10],
      [-2147483649, 10],
      [2 ** 60, 10],
    ]
    for (const [value, size] of sizes) expect([value, listpackIntegerBytes(value)]).toEqual([value, size])
  })

  it('store canonical decimal strings as integers', () => {
    for (const value of ['0', '127', '-1', '4096', '2147483648', '-2147483648'])
      expect([value, listpackStringBytes(value)]).toEqual([value, listpackIntegerBytes(Number(value))])
    expect(listpackStringBytes('9223372036854775807')).toBe(10)
    expect(listpackStringBytes('-9223372036854775808')).toBe(10)
  })

  it('store everything else as a string with head and backward length', () => {
    for (const value of ['', '-', '-0', '01', '+1', '1 ', '1.5', 'a', '9223372036854775808', '-9223372036854775809'])
      expect([value, listpackStringBytes(value)]).toEqual([value, value.length + 2])
    const lengths: [number, number][] = [
      [63, 65],
      [64, 67],
      [125, 128],
      [126, 130],
      [4095, 4099],
      [4096, 4103],
      [16377, 16384],
      [16378, 16386],
    ]
    for (const [length, size] of lengths)
      expect([length, listpackStringBytes('x'.repeat(length))]).toEqual([length, size])
  })
})
