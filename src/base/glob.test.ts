import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { raw } from './bytes.ts'
import { matchGlob } from './glob.ts'

function matches(pattern: string, value: string, nocase = false): boolean {
  return matchGlob(raw(pattern), raw(value), nocase)
}

describe('matchGlob', () => {
  // Expectations follow redis-server 7.0.15's HSCAN MATCH.
  it.each<[string, string, boolean]>([
    ['h?llo', 'hello', true],
    ['h?llo', 'hllo', false],
    ['h*llo', 'heeeello', true],
    ['h*llo', 'hllo', true],
    ['h[ae]llo', 'hallo', true],
    ['h[ae]llo', 'hillo', false],
    ['h[^e]llo', 'hello', false],
    ['h[^e]llo', 'hallo', true],
    ['h[a-c]llo', 'hbllo', true],
    ['h[c-a]llo', 'hbllo', true],
    ['h[a-c]llo', 'hdllo', false],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
    ['a\\', 'a\\', true],
    ['[\\]]', ']', true],
    ['[abc', 'b', true],
    ['[', 'a', false],
    ['[^', 'a', true],
    ['[a-]', '-', false],
    ['*', '', false],
    ['', '', true],
    ['', 'a', false],
    ['a**', 'a', true],
    ['**b', 'aab', true],
    ['*a*b*', 'xxaxxbxx', true],
    ['abc*', 'ab', false],
    ['?', '\xff', true],
    ['[\x80-\xff]', '\xe9', true],
    ['[a-\xff]', 'b', false],
    ['[a-\xff]', 'A', true],
  ])('%j on %j: %s', (pattern, value, expected) => {
    expect(matches(pattern, value)).toBe(expected)
  })

  it('folds ASCII letters only when asked to', () => {
    expect(matches('HeLLo', 'hello')).toBe(false)
    expect(matches('HeLLo', 'hello', true)).toBe(true)
    expect(matches('h[A-E]llo', 'hello', true)).toBe(true)
    expect(matches('h[E]llo', 'hello', true)).toBe(true)
    expect(matches('h[\\E]llo', 'hello', true)).toBe(false)
    expect(matches('\xc4', '\xe4', true)).toBe(false)
  })

  it('agrees with a regular expression on stars and question marks', () => {
    const word = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 8 }).map((list) => list.join(''))
    const glob = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 8 }).map((list) => list.join(''))
    fc.assert(
      fc.property(glob, word, (pattern, value) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
        expect(matches(pattern, value)).toBe(expression.test(value))
      }),
      { numRuns: 500 },
    )
  })

  it('gives up on a pattern of many stars at once', () => {
    // Without the guard this takes longer than the universe has.
    expect(matches(`${'*a'.repeat(60)}b`, 'a'.repeat(5000))).toBe(false)
  })
})
