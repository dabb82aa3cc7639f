import { describe, expect, test } from 'vitest'
import { formatFixed } from './fixed-point.ts'

describe('doubles with a fixed number of decimals', () => {
  test('are rounded to the even digit where they lie half-way', () => {
    expect([0.03125, 0.09375, -0.03125, 1.96875].map((value) => formatFixed(value, 4))).toEqual([
      '0.0312',
      '0.0938',
      '-0.0312',
      '1.9688',
    ])
    expect(formatFixed(200.0078125, 6)).toBe('200.007812')
  })

  test('are rounded by their exact value elsewhere', () => {
    expect([0, 1.00005, 166274.15156960033, 0.00004].map((value) => formatFixed(value, 4))).toEqual([
      '0.0000',
      '1.0001',
      '166274.1516',
      '0.0000',
    ])
  })

  test('have all their digits, however large, and a sign even when they are zero', () => {
    expect(formatFixed(1e23, 6)).toBe('99999999999999991611392.000000')
    expect(formatFixed(-0, 6)).toBe('-0.000000')
    expect(formatFixed(-Infinity, 6)).toBe('-inf')
  })
})
