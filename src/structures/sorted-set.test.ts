import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { type Bytes, raw } from '../base/bytes.ts'
import { seededRandom } from '../base/random.ts'
import { limits } from './limits.ts'
import { settleAll } from './settle.ts'
import { LEX_MAX, LEX_MIN, SortedSet } from './sorted-set.ts'

type Pair = [member: Bytes, score: number]

const defaults = { ...limits }
afterEach(() => {
  Object.assign(limits, defaults)
})

const byOrder = (a: Pair, b: Pair): number =>
  (a[1] === b[1] ? 0 : a[1] - b[1]) || (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)

function pairsOf(set: SortedSet): Pair[] {
  const out: Pair[] = []
  set.forEach((member, score) => {
    out.push([member, score])
  })
  return out
}

const member = fc.integer({ min: 0, max: 40 }).map((n) => raw(`m${n}`))
const score = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.1, 1e300),
)
const step = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant('set' as const), member, score) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('delete' as const), member, score) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('popMin' as const, 'popMax' as const), member, score) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('cut' as const, 'settle' as const), member, score) },
)

function apply(set: SortedSet, model: Map<Bytes, number>, [what, name, value]: [string, Bytes, number]): void {
  const sorted = [...model].sort(byOrder)
  if (what === 'set') {
    const current = model.get(name)
    expect(set.set(name, value + 0)).toBe(current === undefined ? 'added' : current === value ? 'same' : 'updated')
    // toEqual tells -0 from 0; which of them is held has a test of its own.
    if (current !== value) model.set(name, value + 0)
  } else if (what === 'delete') {
    expect(set.delete(name)).toBe(model.delete(name))
  } else if (what === 'cut') {
    const stop = Math.min(sorted.length - 1, 4)
    set.deleteRange(2, stop, (gone) => model.delete(gone))
  } else if (what === 'settle') {
    settleAll()
  } else {
    const taken = what === 'popMin' ? sorted[0] : sorted.at(-1)
    const popped = what === 'popMin' ? set.popMin() : set.popMax()
    expect(popped && [popped.member, popped.score]).toEqual(taken)
    if (taken !== undefined) model.delete(taken[0])
  }
}

test('any history leaves what a map sorted anew would hold, small or big', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.constantFrom(0, 8, 128), score, (steps, limit, bound) => {
      limits.zsetMaxListpackEntries = limit
      const set = new SortedSet()
      const model = new Map<Bytes, number>()
      for (const each of steps) apply(set, model, each)
      const sorted = [...model].sort(byOrder)
      expect(set.size).toBe(sorted.length)
      expect(pairsOf(set)).toEqual(sorted)
      expect(pairsOf(set.copy())).toEqual(sorted)
      expect(set.copy().encoding()).toBe(set.encoding())
      sorted.forEach(([name, value], index) => {
        expect([set.rank(name), set.score(name), set.memberAt(index)]).toEqual([index, value, name])
      })
      const below = sorted.filter((pair) => pair[1] < bound).length
      const upTo = sorted.filter((pair) => pair[1] <= bound).length
      expect([set.firstIndexByScore(bound, false), set.firstIndexByScore(bound, true)]).toEqual([below, upTo])
      expect([set.lastIndexByScore(bound, false), set.lastIndexByScore(bound, true)]).toEqual([upTo - 1, below - 1])
      const scanned: Pair[] = []
      for (let cursor = 0, first = true; first || cursor !== 0; first = false) {
        cursor = set.scan(cursor, 3, (name, value) => scanned.push([name, value]))
      }
      expect(scanned.sort(byOrder)).toEqual(sorted)
    }),
    { numRuns: 200 },
  )
})

test('the encoding turns at one member, or one byte, too many and never back', () => {
  const set = new SortedSet()
  for (let i = 0; i < 128; i++) set.set(raw(`m${i}`), i)
  set.set(raw('m0'), 5)
  expect(set.encoding()).toBe('listpack')
  set.set(raw('one more'), 1)
  expect(set.encoding()).toBe('skiplist')
  set.deleteRange(0, 127)
  expect([set.size, set.encoding()]).toEqual([1, 'skiplist'])
  const long = new SortedSet()
  long.set(raw('x'.repeat(64)), 1)
  expect(long.encoding()).toBe('listpack')
  long.set(raw('x'.repeat(65)), 1)
  expect(long.encoding()).toBe('skiplist')
})

test('lexical bounds are inclusive, exclusive or open', () => {
  const set = new SortedSet()
  for (const name of ['a', 'b', 'c', 'd']) set.set(raw(name), 0)
  const at = (name: string, exclusive: boolean) => ({ edge: 'member' as const, member: raw(name), exclusive })
  expect([set.firstIndexByLex(LEX_MIN), set.firstIndexByLex(LEX_MAX)]).toEqual([0, 4])
  expect([set.lastIndexByLex(LEX_MIN), set.lastIndexByLex(LEX_MAX)]).toEqual([-1, 3])
  expect([set.firstIndexByLex(at('b', false)), set.firstIndexByLex(at('b', true))]).toEqual([1, 2])
  expect([set.lastIndexByLex(at('c', false)), set.lastIndexByLex(at('c', true))]).toEqual([2, 1])
  expect([set.firstIndexByLex(at('bb', false)), set.lastIndexByLex(at('bb', false))]).toEqual([2, 1])
})

test('minus zero equals zero; a big set keeps the one given first, a small set only knows zero', () => {
  const small = new SortedSet()
  small.set(raw('m'), -0)
  expect(Object.is(small.score(raw('m')), 0)).toBe(true)
  limits.zsetMaxListpackEntries = 0
  const big = new SortedSet()
  big.set(raw('m'), -0)
  expect(big.set(raw('m'), 0)).toBe('same')
  expect(Object.is(big.score(raw('m')), -0)).toBe(true)
})

test('random members are met in both states, none from an empty set', () => {
  const random = seededRandom(7)
  expect(new SortedSet().random(random)).toBeUndefined()
  for (const limit of [0, 128]) {
    limits.zsetMaxListpackEntries = limit
    const set = new SortedSet()
    for (let i = 0; i < 10; i++) set.set(raw(`m${i}`), i)
    const met = new Set<Bytes>()
    for (let i = 0; i < 300; i++) met.add(set.random(random)!.member)
    expect(met.size).toBe(10)
  }
})

test('what was estimated for members is given back when they go', () => {
  for (const limit of [0, 128]) {
    limits.zsetMaxListpackEntries = limit
    const set = new SortedSet()
    for (let i = 0; i < 20; i++) set.set(raw(`member-${i}`), i)
    const full = set.byteSize
    set.set(raw('x'.repeat(50)), 1)
    expect(set.byteSize).toBeGreaterThan(full + 50)
    set.delete(raw('x'.repeat(50)))
    settleAll()
    expect(set.byteSize).toBeLessThan(full + 50)
    set.deleteRange(0, 19)
    settleAll()
    expect(set.byteSize).toBeLessThan(full - 20 * 24)
  }
})
