/** Ids: every way to say one, exact to the last bit, and what is refused. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isBare, lowerEnd, upperEnd } from './bounds.ts'
import { compareIds, type IdLike, idOf, LAST_ID, lastSeen, parseId, sequenceOf, timeOf } from './id.ts'

const MAX = 2n ** 64n - 1n
const part = fc.bigInt({ min: 0n, max: MAX })

test('an id is read and told exactly, whatever its size', () => {
  fc.assert(
    fc.property(part, part, (ms, seq) => {
      const id = idOf([ms, seq])
      expect(id).toBe(`${ms}-${seq}`)
      expect(parseId(id)).toEqual({ ms, seq })
      expect(idOf({ ms, seq })).toBe(id)
      expect(idOf({ id })).toBe(id)
    }),
  )
})

test('ids compare by numbers, never by text', () => {
  fc.assert(
    fc.property(part, part, part, part, (a, b, c, d) => {
      const wanted = a === c ? (b === d ? 0 : b < d ? -1 : 1) : a < c ? -1 : 1
      expect(compareIds([a, b], [c, d])).toBe(wanted)
    }),
  )
  expect(compareIds('9-0', '10-0')).toBe(-1)
  expect(compareIds('5-10', '5-2')).toBe(1)
  expect(compareIds('007-01', '7-1')).toBe(0)
})

test('instants are whole milliseconds', () => {
  const at = new Date(1_514_764_800_123)
  expect(idOf(at)).toBe('1514764800123-0')
  expect(idOf({ epochMilliseconds: 12.9 })).toBe('12-0')
  expect(idOf([at, 7])).toBe('1514764800123-7')
  expect(lastSeen(at)).toBe(`1514764800123-${MAX}`)
  expect(lastSeen('5')).toBe('5-0')
  expect(lastSeen(5)).toBe('5-0')
  expect(timeOf('1514764800123-9')).toEqual(at)
  expect(timeOf(LAST_ID).getTime()).toBeNaN()
  expect(sequenceOf('5-9007199254740991')).toBe(2 ** 53 - 1)
  expect(sequenceOf('5-9007199254740992')).toBeNaN()
})

test.each<[IdLike | null | boolean]>([
  [''],
  ['-'],
  ['5-'],
  ['-5'],
  ['1-2-3'],
  ['18446744073709551616'],
  ['0-18446744073709551616'],
  ['(5-0'],
  [' 5'],
  ['$'],
  [-1],
  [1.5],
  [2 ** 60],
  [-1n],
  [2n ** 64n],
  [Number.NaN],
  [new Date(Number.NaN)],
  [new Date(-1)],
  [[5, -1]],
  [[5, 1.5]],
  [{ ms: -1 }],
  [{ id: 'x' }],
  [null],
  [true],
])('%o is no id', (like) => {
  // @ts-expect-error: callers without types pass anything
  expect(() => idOf(like)).toThrow(RangeError)
})

test('ends are told as XRANGE has them', () => {
  expect([lowerEnd({}), upperEnd({})]).toEqual(['-', '+'])
  expect([lowerEnd({ from: '-' }), upperEnd({ to: '+' })]).toEqual(['-', '+'])
  expect([lowerEnd({ from: 7 }), upperEnd({ to: 7 })]).toEqual(['7-0', `7-${MAX}`])
  expect([lowerEnd({ after: '7-1' }), upperEnd({ before: '7-1' })]).toEqual(['(7-1', '(7-1'])
  expect([lowerEnd({ after: new Date(7) }), upperEnd({ before: new Date(7) })]).toEqual([`(7-${MAX}`, '(7-0'])
  expect(() => lowerEnd({ from: 1, after: 1 })).toThrow(TypeError)
  expect(() => upperEnd({ to: 1, before: 1 })).toThrow(TypeError)
  expect(isBare('-', '(0-0')).toBe(true)
  expect(isBare(`(${LAST_ID}`, '+')).toBe(true)
  expect(isBare('-', '+')).toBe(false)
})
