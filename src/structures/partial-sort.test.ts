import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { partialSort } from './partial-sort.ts'

const byNumber = (a: number, b: number): number => a - b

describe('sorting in part', () => {
  test('brings the smallest items to the front, in order, and loses none', () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 300 })
    fc.assert(
      fc.property(numbers, fc.nat(300), (items, wanted) => {
        const sorted = items.toSorted(byNumber)
        const part = [...items]
        partialSort(part, wanted, byNumber)
        expect(part.slice(0, wanted)).toEqual(sorted.slice(0, wanted))
        expect(part.toSorted(byNumber)).toEqual(sorted)
      }),
      { numRuns: 500 },
    )
  })

  test('leaves the rest as it fell', () => {
    const items = Array.from({ length: 100 }, (_, i) => (i * 37) % 100)
    partialSort(items, 3, byNumber)
    expect(items.slice(0, 3)).toEqual([0, 1, 2])
    expect(items).not.toEqual(items.toSorted(byNumber))
  })
})
