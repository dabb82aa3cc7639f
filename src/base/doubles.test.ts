import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { raw } from './bytes.ts'
import { formatDouble, parseDouble, roundShift } from './doubles.ts'

describe('parseDouble', () => {
  // Every pair was answered by redis-server 7.0.15 (ZADD, ZSCORE).
  it.each<[string, number]>([
    ['+1', 1],
    ['.5', 0.5],
    ['5.', 5],
    ['00012', 12],
    ['1e5', 1e5],
    ['1E-2', 0.01],
    ['inf', Infinity],
    ['+inf', Infinity],
    ['-inf', -Infinity],
    ['INFINITY', Infinity],
    ['-Infinity', -Infinity],
    ['0x10', 16],
    ['0x.8', 0.5],
    ['+0x1', 1],
    ['-0x1', -1],
    ['0X1.8P+3', 12],
    ['0x1p-1074', 5e-324],
    ['0x0p-9999', 0],
    ['0x1.fffffffffffff8p1', 4],
    ['0e-400', 0],
    ['0e99999', 0],
    ['4e-324', 5e-324],
    ['1e-310', 1e-310],
    ['1.7976931348623158e308', Number.MAX_VALUE],
  ])('reads %s', (word, value) => {
    expect(parseDouble(raw(word))).toBe(value)
  })

  it.each([
    '',
    ' 1',
    '1 ',
    '\n1',
    '1_0',
    '1,5',
    'nan',
    '-NAN',
    'nan(1)',
    'Infinityx',
    'in',
    '0x',
    '0x.',
    '0x1p',
    '0b1',
    '0o7',
    '1e',
    '1e+',
    '.',
    '+.',
    'e5',
    '--1',
    '1-1',
    '1e400',
    '-1e400',
    '1e-400',
    '2e-324',
    '0x1p1024',
    '0x1p-1080',
    '0x1p-1075',
    '1.7976931348623159e308',
    '1\0',
    '\xb2',
  ])('refuses %j', (word) => {
    expect(parseDouble(raw(word))).toBeUndefined()
  })

  it('keeps the sign of zero', () => {
    expect(parseDouble(raw('-0'))).toBe(-0)
    expect(parseDouble(raw('-0x0'))).toBe(-0)
  })
})

describe('formatDouble', () => {
  it.each<[number, string]>([
    [0, '0'],
    [-0, '-0'],
    [3, '3'],
    [-12345, '-12345'],
    [0.1, '0.10000000000000001'],
    [1.5, '1.5'],
    [0.0001, '0.0001'],
    [0.00001, '1.0000000000000001e-05'],
    [1e-7, '9.9999999999999995e-08'],
    [2 ** -14, '6.103515625e-05'],
    [1e16, '10000000000000000'],
    [1e17, '1e+17'],
    [123456789012345680, '1.2345678901234568e+17'],
    [1e300, '1.0000000000000001e+300'],
    [5e-324, '4.9406564584124654e-324'],
    [Number.MAX_VALUE, '1.7976931348623157e+308'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
    [Number.NaN, '-nan'],
  ])('prints %d as %s', (value, text) => {
    expect(formatDouble(value)).toBe(text)
  })

  it('rounds exact ties at the 17th digit to even, where JavaScript rounds up', () => {
    expect(formatDouble(2 ** 50 + 0.25)).toBe('1125899906842624.2')
    expect(formatDouble(-(2 ** 50) - 0.25)).toBe('-1125899906842624.2')
    expect(formatDouble(2 ** 50 + 0.75)).toBe('1125899906842624.8')
    expect(formatDouble(2 ** 51 + 0.5)).toBe('2251799813685248.5')
    expect(formatDouble(2 ** -25)).toBe('2.9802322387695312e-08')
  })

  it('is read back as the same double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        expect(parseDouble(formatDouble(value))).toBe(value)
      }),
    )
  })
})

it('roundShift rounds halves to even', () => {
  expect([5n, 6n, 7n, 10n, 2n, 1n].map((n) => roundShift(n, 2))).toEqual([1n, 2n, 2n, 2n, 0n, 0n])
  expect(roundShift(3n, -2)).toBe(12n)
})
