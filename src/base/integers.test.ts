import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { raw } from './bytes.ts'
import { addInt64, fitInt64, formatInteger, INT64_MAX, INT64_MIN, parseInteger, parseSafe } from './integers.ts'

const int64 = fc.bigInt({ min: INT64_MIN, max: INT64_MAX })

describe('parseInteger', () => {
  it('reads what Redis writes, as a number while that is exact', () => {
    expect(parseInteger(raw('0'))).toBe(0)
    expect(parseInteger(raw('-7'))).toBe(-7)
    expect(parseInteger(raw('999999999999999'))).toBe(999999999999999)
    expect(parseInteger(raw('9007199254740991'))).toBe(9007199254740991)
    expect(parseInteger(raw('9007199254740992'))).toBe(9007199254740992n)
    expect(parseInteger(raw('9223372036854775807'))).toBe(INT64_MAX)
    expect(parseInteger(raw('-9223372036854775808'))).toBe(INT64_MIN)
  })

  it.each(['', '-', '+1', '-0', '01', '-01', ' 1', '1 ', '1.0', '1e3', '0x1', 'a', '12a', '1\0', '--1', '\xb2', 'inf'])(
    'refuses %j',
    (word) => {
      expect(parseInteger(raw(word))).toBeUndefined()
    },
  )

  it('refuses what lies outside int64', () => {
    for (const word of ['9223372036854775808', '-9223372036854775809', '10000000000000000000', '1'.repeat(40)]) {
      expect(parseInteger(raw(word))).toBeUndefined()
    }
  })

  it('reads back every int64, normalised', () => {
    fc.assert(
      fc.property(int64, (n) => {
        const value = parseInteger(raw(`${n}`))
        expect(value).toBe(fitInt64(n))
        expect(typeof value).toBe(Number.isSafeInteger(Number(n)) ? 'number' : 'bigint')
        expect(formatInteger(value!)).toBe(`${n}`)
      }),
    )
  })

  it('parseSafe refuses what is not exact as a number', () => {
    expect(parseSafe(raw('-12'))).toBe(-12)
    expect(parseSafe(raw('9007199254740992'))).toBeUndefined()
    expect(parseSafe(raw('x'))).toBeUndefined()
  })
})

describe('addInt64', () => {
  it('agrees with bigints and sees overflow', () => {
    fc.assert(
      fc.property(int64, int64, (a, b) => {
        expect(addInt64(fitInt64(a)!, fitInt64(b)!)).toBe(fitInt64(a + b))
      }),
    )
    expect(addInt64(INT64_MAX, 1)).toBeUndefined()
    expect(addInt64(INT64_MIN, -1)).toBeUndefined()
    expect(addInt64(INT64_MAX, -1)).toBe(INT64_MAX - 1n)
  })

  it('crosses the border between numbers and bigints exactly, both ways', () => {
    expect(addInt64(9007199254740991, 2)).toBe(9007199254740993n)
    expect(addInt64(9007199254740993n, -3)).toBe(9007199254740990)
  })
})
