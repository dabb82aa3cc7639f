import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LatencyHistogram } from './latency-histogram.ts'

const of = (...micros: number[]): LatencyHistogram => {
  const histogram = new LatencyHistogram()
  for (const value of micros) histogram.record(value)
  return histogram
}

// What redis-server 7.0.15 printed of durations known from its own statistics.
test('prints the ends of ranges that redis-server prints', () => {
  const ends = [4, 6, 7, 11, 14, 15, 24, 27, 34, 37, 247, 754].map((micros) => of(micros).percentile(50))
  expect(ends).toEqual([4.015, 6.015, 7.007, 11.007, 14.015, 15.039, 24.063, 27.007, 34.047, 37.119, 247.807, 757.759])
  expect(of(6).percentile(0)).toBe(5.984)
  const levels = [4, 8, 16, 33, 37, 247, 754, 30_000, 50_000].map((micros) => of(micros).cumulative()[0]![0])
  expect(levels).toEqual([4, 8, 16, 33, 66, 264, 1056, 33_816, 67_633])
})

test('a percentile is within a hundredth of the sorted value', () => {
  const micros = fc.integer({ min: 1, max: 900_000_000 }).map((nanos) => nanos / 1000)
  fc.assert(
    fc.property(
      fc.array(micros, { minLength: 1 }),
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      (values, percent) => {
        const histogram = of(...values)
        const sorted = [...values].sort((a, b) => a - b)
        const at = Math.max(1, Math.floor((percent / 100) * values.length + 0.5)) - 1
        const found = histogram.percentile(percent)
        expect(Math.abs(found - sorted[at]!)).toBeLessThanOrEqual(Math.max(0.002, sorted[at]! / 100))
      },
    ),
  )
})

test('sums grow, and end with all values', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 2e6, noNaN: true }), { minLength: 1 }), (values) => {
      const levels = of(...values).cumulative()
      expect(levels.at(-1)![1]).toBe(values.length)
      for (let i = 1; i < levels.length; i++) {
        expect(levels[i]![0]).toBeGreaterThan(levels[i - 1]![0])
        expect(levels[i]![1]).toBeGreaterThan(levels[i - 1]![1])
      }
    }),
  )
})

test('nothing is shorter than a nanosecond or longer than a second', () => {
  expect(of(0).percentile(100)).toBe(0.001)
  expect(of(-5).percentile(100)).toBe(0.001)
  expect(of(1e9).percentile(0)).toBeLessThanOrEqual(1_000_000)
})
