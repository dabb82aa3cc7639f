import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitInt64 } from '../base/integers.ts'
import { type Integer, IntSet } from './int-set.ts'

const integer: fc.Arbitrary<Integer> = fc
  .oneof(fc.bigInt({ min: -5n, max: 5n }), fc.bigInt({ min: 2n ** 53n - 4n, max: 2n ** 53n + 4n }))
  .map((value) => fitInt64(value)!)

test('members stand in numeric order, each once, numbers and bigints side by side', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), integer)), (steps) => {
      const set = new IntSet()
      const model = new Set<Integer>()
      for (const [adding, value] of steps) {
        if (adding) expect(set.add(value)).toBe(!model.has(value))
        else expect(set.delete(value)).toBe(model.delete(value))
        if (adding) model.add(value)
        expect(set.has(value)).toBe(model.has(value))
      }
      const ascending = [...model].sort((a, b) => (a < b ? -1 : 1)).map(String)
      const copy = set.copy()
      set.add(77)
      expect(Array.from({ length: copy.size }, (_, i) => copy.at(i))).toEqual(ascending)
    }),
  )
})
