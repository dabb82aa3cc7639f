import { describe, expect, test } from 'vitest'
import { seededRandom } from './random.ts'
import { arcSine, cosine, sine } from './trigonometry.ts'

const BITS = 220n

/** x + a x^3 / (2 * 3) + …, or 1 + …, in fixed point: as exact as need be. */
function exactly(x: number, isSine: boolean): number {
  const scaled = (BigInt(x * 2 ** 60) << BITS) >> 60n
  const one = 1n << BITS
  let sum = 0n
  let term = isSine ? scaled : one
  for (let k = isSine ? 1n : 0n; term !== 0n; k += 2n) {
    sum += term
    term = -((((term * scaled) >> BITS) * scaled) >> BITS) / ((k + 1n) * (k + 2n))
  }
  return Number(sum) / 2 ** Number(BITS)
}

/** How many of many angles a function misses the exact value of. */
function missed(actual: (x: number) => number, isSine: boolean): number {
  const random = seededRandom(1)
  let count = 0
  for (let i = 0; i < 5000; i++) {
    // So many bits that the fixed point holds the angle whole.
    const x = (random.below(2 ** 53) / 2 ** 53 - 0.5) * 8
    if (actual(x) !== exactly(x, isSine)) count++
  }
  return count
}

describe('sine and cosine', () => {
  test('are the doubles nearest to the exact values, but for one in a thousand at most', () => {
    expect(missed(sine, true)).toBeLessThanOrEqual(5)
    expect(missed(cosine, false)).toBeLessThanOrEqual(5)
  })

  test("are found wanting where they are V8's", () => {
    expect(missed(Math.sin, true)).toBeGreaterThan(50)
  })

  test('are right at the corners', () => {
    expect([sine(0), cosine(0), sine(Math.PI), cosine(Math.PI / 2)]).toEqual([
      0, 1, 1.2246467991473532e-16, 6.123233995736766e-17,
    ])
    expect(sine(-0.5)).toBe(-sine(0.5))
    expect(sine(1e-300)).toBe(1e-300)
    expect(cosine(Infinity)).toBeNaN()
    expect(sine(1e10)).toBe(Math.sin(1e10))
  })
})

describe('the arc sine', () => {
  test('is the inverse of the sine', () => {
    const random = seededRandom(2)
    for (let i = 0; i < 2000; i++) {
      const y = random.below(2 ** 53) / 2 ** 53
      expect(Math.abs(arcSine(y) - Math.asin(y))).toBeLessThan(3e-16)
    }
  })

  test('ends at a right angle', () => {
    expect([arcSine(0), arcSine(1), arcSine(-1), arcSine(0.5)]).toEqual([
      0,
      Math.PI / 2,
      -Math.PI / 2,
      0.5235987755982989,
    ])
    expect(arcSine(1.1)).toBeNaN()
  })
})
