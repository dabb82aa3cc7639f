import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Bytes, raw } from '../../base/bytes.ts'
import { ReplyError } from '../../base/reply.ts'
import { LEX_MAX, LEX_MIN, SortedSet } from '../../structures/sorted-set.ts'
import { lexRange, readLexBound } from './lex-range.ts'

const bound = fc.constantFrom('-', '+', '[a', '(a', '[b', '(b', '[c', '(c', '[', '(')
const members = fc.uniqueArray(fc.constantFrom('', 'a', 'aa', 'b', 'bb', 'c', 'd'))

const above = (member: string, min: string): boolean =>
  min[0] === '[' ? member >= min.slice(1) : min[0] === '(' ? member > min.slice(1) : min === '-'
const below = (member: string, max: string): boolean =>
  max[0] === '[' ? member <= max.slice(1) : max[0] === '(' ? member < max.slice(1) : max === '+'

function setOf(scored: readonly (readonly [string, number])[]): SortedSet {
  const set = new SortedSet()
  for (const [member, score] of scored) set.set(raw(member), score)
  return set
}

function selected(set: SortedSet, min: string, max: string, reverse: boolean): Bytes[] {
  const found: Bytes[] = []
  const { first, last } = lexRange(raw(min), raw(max)).span(set, reverse, 0)
  if (first <= last) set.forEachRange(first, last, false, (member) => found.push(member))
  return found
}

describe('a lexical bound', () => {
  test('names a member or an end', () => {
    expect(readLexBound(raw('[a'))).toEqual({ edge: 'member', member: 'a', exclusive: false })
    expect(readLexBound(raw('('))).toEqual({ edge: 'member', member: '', exclusive: true })
    expect(readLexBound(raw('-'))).toBe(LEX_MIN)
    expect(readLexBound(raw('+\0a'))).toBe(LEX_MAX)
  })

  test.each(['', 'a', '-a', '+a', '{a'])('is not %j', (word) => {
    expect(() => readLexBound(raw(word))).toThrow(ReplyError)
  })
})

describe('a lexical range', () => {
  test('is what a filter finds where all scores are equal', () => {
    fc.assert(
      fc.property(members, bound, bound, fc.boolean(), (words, min, max, reverse) => {
        const expected = words.filter((word) => above(word, min) && below(word, max)).sort()
        expect(selected(setOf(words.map((word) => [word, 1])), min, max, reverse)).toEqual(expected)
      }),
    )
  })

  test('is the first run within the bounds where scores differ, seen from the end it is read from', () => {
    const set = setOf([
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['a2', 4],
      ['d', 5],
    ])
    expect(selected(set, '[b', '[c', false)).toEqual(['b', 'c', 'a2'])
    expect(selected(set, '[a', '[c', false)).toEqual(['a', 'b', 'c', 'a2'])
    expect(selected(set, '(a2', '+', true)).toEqual(['d'])
    const falling = setOf([
      ['c', 1],
      ['b', 2],
      ['a', 3],
    ])
    expect(selected(falling, '[b', '[c', false)).toEqual([])
    expect(selected(falling, '-', '[c', false)).toEqual(['c', 'b', 'a'])
  })
})
