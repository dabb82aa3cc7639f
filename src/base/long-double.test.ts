import { describe, expect, it } from 'vitest'
import { raw } from './bytes.ts'
import { addLongDoubles, formatHuman, isLongDouble, parseMilliseconds } from './long-double.ts'

function sum(a: string, b: string): string {
  const result = addLongDoubles(raw(a), raw(b))
  return result.sum ?? result.fault
}

describe('addLongDoubles', () => {
  // Answers of redis-server 7.0.15: SET k a, INCRBYFLOAT k b.
  it.each<[string, string, string]>([
    ['10.50', '0.1', '10.6'],
    ['5.0e3', '2.0e2', '5200'],
    ['0', '0.1', '0.1'],
    ['3.0', '1.1', '4.1'],
    ['-1', '1', '0'],
    ['-0', '-0', '0'],
    ['0', '1e-18', '0'],
    ['0', '-1e-18', '0'],
    ['999999999999999', '1', '1000000000000000'],
    ['9007199254740993', '2', '9007199254740995'],
    ['0', '0x1p4', '16'],
    ['0', '4e-324', '0'],
    ['0', '1e-400', '0'],
  ])('%s + %s = %s', (a, b, expected) => {
    expect(sum(a, b)).toBe(expected)
  })

  it('works with 64 bits of mantissa, not 53', () => {
    expect(sum('18446744073709551615', '0')).toBe('18446744073709551615')
    expect(sum('18446744073709551615', '1')).toBe('18446744073709551616')
    expect(sum('18446744073709551616', '1')).toBe('18446744073709551616')
    expect(sum('18446744073709551616', '3')).toBe('18446744073709551620')
  })

  it('holds values that no double holds', () => {
    expect(sum('1e400', '0')).toMatch(/^10000000000000000000281880683947\d+$/)
    expect(sum('1e4933', '0')).toBe('not-a-float')
    expect(sum('1.1e4932', '1.1e4932')).toBe('not-finite')
  })

  it('refuses what is no float', () => {
    for (const word of ['', ' 1', '1 ', 'nan', '1_0', '.', '1e', '0x', '--1', 'abc', '1\0', '1e-5000']) {
      expect(sum('0', word)).toBe('not-a-float')
      expect(isLongDouble(raw(word))).toBe(false)
    }
    expect(sum('0', '1'.repeat(5120))).toBe('not-a-float')
  })

  it('takes infinities as floats whose sum is not finite', () => {
    expect(isLongDouble(raw('-INF'))).toBe(true)
    expect(sum('1', 'inf')).toBe('not-finite')
    expect(sum('-inf', 'infinity')).toBe('not-finite')
  })
})

describe('parseMilliseconds', () => {
  it('rounds up, in long doubles', () => {
    expect(parseMilliseconds(raw('0'))).toBe(0)
    expect(parseMilliseconds(raw('1.5'))).toBe(1500)
    expect(parseMilliseconds(raw('0.07'))).toBe(70)
    expect(parseMilliseconds(raw('0.0001'))).toBe(1)
    expect(parseMilliseconds(raw('-0.0001'))).toBe(0)
    expect(parseMilliseconds(raw('-1'))).toBe(-1000)
  })

  it('turns what exceeds int64 into its minimum, as the cast in C does', () => {
    expect(parseMilliseconds(raw('inf'))).toBe(-(2 ** 63))
    expect(parseMilliseconds(raw('1e400'))).toBe(-(2 ** 63))
    expect(parseMilliseconds(raw('x'))).toBeUndefined()
  })
})

it('formatHuman prints a double with 17 decimals and no trailing zeros', () => {
  expect(formatHuman(13.361389338970184)).toBe('13.36138933897018433')
  expect(formatHuman(-0)).toBe('0')
  expect(formatHuman(1e22)).toBe('10000000000000000000000')
  expect(formatHuman(-1e-20)).toBe('0')
  expect(formatHuman(0.5)).toBe('0.5')
})
