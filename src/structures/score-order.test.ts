import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Bytes, raw } from '../base/bytes.ts'
import { seededRandom } from '../base/random.ts'
import { ScoreOrder } from './score-order.ts'

type Pair = [member: Bytes, score: number]

const byOrder = (a: Pair, b: Pair): number => a[1] - b[1] || (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)

function pairsOf(order: ScoreOrder): Pair[] {
  const out: Pair[] = []
  order.forEachRange(0, order.size - 1, false, (member, score) => out.push([member, score]))
  return out
}

/** A tree of some thousand pairs has three levels: what the small runs of fast-check never reach. */
function churn(seed: number, members: number, steps: number, spread: number): [ScoreOrder, Map<Bytes, number>] {
  const random = seededRandom(seed)
  const order = new ScoreOrder()
  const model = new Map<Bytes, number>()
  for (let i = 0; i < steps; i++) {
    const member = raw(`m${random.below(members)}`)
    const score = random.below(spread)
    const current = model.get(member)
    if (current === undefined) {
      order.insert(score, member)
      model.set(member, score)
    } else if (random.below(3) === 0) {
      order.move(current, score, member)
      model.set(member, score)
    } else {
      order.remove(current, member)
      model.delete(member)
    }
  }
  return [order, model]
}

test.each([
  [1, 20_000, 40_000, 1_000_000],
  [2, 20_000, 40_000, 5],
  [3, 300, 20_000, 50],
])('a churned tree holds what a sorted array holds (seed %i)', (seed, members, steps, spread) => {
  const [order, model] = churn(seed, members, steps, spread)
  const sorted = [...model].sort(byOrder)
  expect(order.size).toBe(sorted.length)
  expect(pairsOf(order)).toEqual(sorted)
  expect(pairsOf(order.copy())).toEqual(sorted)
  const random = seededRandom(seed + 100)
  for (let i = 0; i < 150; i++) {
    const index = random.below(sorted.length)
    const [member, score] = sorted[index]!
    expect(order.rank(score, member)).toBe(index)
    expect([order.memberAt(index), order.scoreAt(index)]).toEqual([member, score])
    const bound = random.below(spread + 2) - 1
    expect(order.countBelow(bound, false)).toBe(sorted.filter((pair) => pair[1] < bound).length)
    expect(order.countBelow(bound, true)).toBe(sorted.filter((pair) => pair[1] <= bound).length)
  }
})

test('ranges are walked in both directions across leaves', () => {
  const order = new ScoreOrder()
  for (let i = 0; i < 1_000; i++) order.insert(i, raw(`m${i}`))
  const seen: number[] = []
  order.forEachRange(100, 700, false, (_, score) => seen.push(score))
  expect(seen).toEqual(Array.from({ length: 601 }, (_, i) => 100 + i))
  seen.length = 0
  order.forEachRange(100, 700, true, (_, score) => seen.push(score))
  expect(seen).toEqual(Array.from({ length: 601 }, (_, i) => 700 - i))
  seen.length = 0
  order.forEachRange(5, 4, false, (_, score) => seen.push(score))
  expect(seen).toEqual([])
})

test('any sequence of range removals leaves what splice leaves', () => {
  const sizes = fc.integer({ min: 1, max: 3_000 })
  const cuts = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 400 })))
  fc.assert(
    fc.property(sizes, fc.boolean(), cuts, (size, descending, runs) => {
      const order = new ScoreOrder()
      const model: Pair[] = []
      let names = 0
      for (let i = 0; i < size; i++) {
        const score = descending ? -i : i % 7
        order.insert(score, raw(`m${i}`))
        model.push([raw(`m${i}`), score])
      }
      model.sort(byOrder)
      for (const [where, length] of runs) {
        if (model.length === 0) break
        const start = Math.min(model.length - 1, Math.floor(where * model.length))
        const stop = Math.min(model.length - 1, start + length - 1)
        const removed: Pair[] = []
        order.removeRange(start, stop, (member, score) => removed.push([member, score]))
        expect(removed).toEqual(model.splice(start, stop - start + 1))
        const added: Pair = [raw(`new${names++}`), model.length % 5]
        order.insert(added[1], added[0])
        model.push(added)
        model.sort(byOrder)
      }
      expect(pairsOf(order)).toEqual(model)
      model.forEach(([member, score], index) => {
        if (index % 37 === 0) expect(order.rank(score, member)).toBe(index)
      })
    }),
    { numRuns: 40 },
  )
})

test('members of one score are ordered as memcmp orders them, and bounded so', () => {
  const member = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) }).map(raw)
  fc.assert(
    fc.property(fc.uniqueArray(member, { maxLength: 400, minLength: 150 }), member, (members, bound) => {
      const order = new ScoreOrder()
      for (const each of members) order.insert(0, each)
      const sorted = members.toSorted((a, b) => Buffer.compare(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1')))
      expect(pairsOf(order).map((pair) => pair[0])).toEqual(sorted)
      expect(order.countBelowLex(bound, false)).toBe(sorted.filter((each) => each < bound).length)
      expect(order.countBelowLex(sorted[100]!, true)).toBe(101)
    }),
    { numRuns: 30 },
  )
})

test('a tree emptied completely can be filled again', () => {
  const order = new ScoreOrder()
  for (let i = 0; i < 10_000; i++) order.insert(-i, raw(`m${i}`))
  for (let i = 0; i < 10_000; i++) order.remove(-i, raw(`m${i}`))
  expect([order.size, order.search(raw('m1'))]).toEqual([0, -1])
  order.insert(1, raw('again'))
  expect(pairsOf(order)).toEqual([['again', 1]])
})
