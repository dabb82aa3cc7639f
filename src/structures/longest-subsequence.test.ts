import fc from 'fast-check'
import { expect, test } from 'vitest'
import { raw } from '../base/bytes.ts'
import { longestSubsequence, type Run, subsequenceLength } from './longest-subsequence.ts'

/** The naive model: the whole table of lengths, and the way back through it by Redis' rule. */
function model(a: string, b: string): { text: string; runs: Run[] } {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const [above, before] = [lengths[i - 1]!, lengths[i]!]
      before[j] = a[i - 1] === b[j - 1] ? above[j - 1]! + 1 : Math.max(above[j]!, before[j - 1]!)
    }
  }
  const pairs: [number, number][] = []
  for (let i = a.length, j = b.length; i > 0 && j > 0; ) {
    if (a[i - 1] === b[j - 1]) pairs.push([--i, --j])
    else if (lengths[i - 1]![j]! > lengths[i]![j - 1]!) i--
    else j--
  }
  const runs: { a: [number, number]; b: [number, number] }[] = []
  for (const [i, j] of pairs) {
    const open = runs.at(-1)
    if (open?.a[0] === i + 1 && open.b[0] === j + 1) [open.a[0], open.b[0]] = [i, j]
    else runs.push({ a: [i, i], b: [j, j] })
  }
  return {
    text: pairs
      .map(([i]) => a[i])
      .reverse()
      .join(''),
    runs,
  }
}

const text = fc
  .array(fc.constantFrom('a', 'b', 'c', '\x00', '\xff', 'abcab'), { maxLength: 60 })
  .map((parts) => raw(parts.join('')))

test('is the one that the whole table leads to', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      const expected = model(a, b)
      expect(longestSubsequence(a, b)).toEqual(expected)
      expect(subsequenceLength(a, b)).toBe(expected.text.length)
    }),
    { numRuns: 1000 },
  )
})

test('of a string and itself is the string, in one run', () => {
  const long = raw('\x01\x02\xfe'.repeat(500))
  expect(longestSubsequence(long, long)).toEqual({ text: long, runs: [{ a: [0, 1499], b: [0, 1499] }] })
})
