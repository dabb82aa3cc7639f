import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { type Bytes, raw } from '../base/bytes.ts'
import { seededRandom } from '../base/random.ts'
import { IndexedMap } from './indexed-map.ts'
import { IndexedSet } from './indexed-set.ts'
import { ScoreMap } from './score-map.ts'
import { settleAll } from './settle.ts'

const key = (n: number): Bytes => raw(`key:${n}`)

function filled(count: number): IndexedMap<number> {
  const map = new IndexedMap<number>()
  for (let i = 0; i < count; i++) map.set(key(i), i)
  return map
}

function slotsOf(map: IndexedMap<number>): Map<Bytes, number> {
  return new Map([...map.keys()].map((name) => [name, map.slotOf(name)]))
}

afterEach(settleAll)

describe('IndexedMap', () => {
  type Step = { op: 'set' | 'delete' | 'deleteAt' | 'settle' | 'clear' | 'get'; n: number }
  const step: fc.Arbitrary<Step> = fc.record({
    op: fc.oneof(
      { weight: 100, arbitrary: fc.constant('set' as const) },
      { weight: 60, arbitrary: fc.constantFrom('delete' as const, 'deleteAt' as const) },
      { weight: 30, arbitrary: fc.constantFrom('get' as const, 'settle' as const) },
      { weight: 1, arbitrary: fc.constant('clear' as const) },
    ),
    n: fc.nat(40),
  })

  it('does what a Map does, whenever units end', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const map = new IndexedMap<number>()
        const model = new Map<Bytes, number>()
        for (const [at, { op, n }] of steps.entries()) {
          const before = slotsOf(map)
          if (op === 'set') {
            expect(map.set(key(n), at)).toBe(!model.has(key(n)))
            model.set(key(n), at)
          } else if (op === 'delete') expect(map.delete(key(n))).toBe(model.delete(key(n)))
          else if (op === 'deleteAt' && map.isLive(n)) {
            model.delete(map.keyAt(n))
            map.deleteAt(n)
          } else if (op === 'settle') {
            settleAll()
            expect(map.slots).toBe(map.size)
          } else if (op === 'clear') {
            map.clear()
            model.clear()
          }
          expect(map.get(key(n))).toBe(model.get(key(n)))
          expect(map.size).toBe(model.size)
          for (const [name, slot] of slotsOf(map)) expect(slot).toBeLessThanOrEqual(before.get(name) ?? slot)
        }
        expect(new Map(map.entries())).toEqual(model)
        for (const [name, value] of model) expect(map.valueAt(map.slotOf(name))).toBe(value)
      }),
    )
  })

  it('does what a Map does through growing to many segments and shrinking to one', () => {
    const map = new IndexedMap<number>()
    const model = new Map<Bytes, number>()
    const random = seededRandom(5)
    let wrong = 0
    for (let round = 0; round < 120_000; round++) {
      // The first half mostly adds, the second mostly deletes.
      const name = key(random.below(40_000))
      if (random.below(100) < (round < 60_000 ? 90 : 5)) {
        if (map.set(name, round) === model.has(name)) wrong++
      } else if (map.delete(name) !== model.delete(name)) wrong++
      if (map.has(name)) model.set(name, round)
      if (round % 7 === 0) settleAll()
    }
    settleAll()
    expect(map.size).toBe(model.size)
    expect(model.size).toBeGreaterThan(1000)
    for (const [name, value] of model) if (map.get(name) !== value) wrong++
    expect(wrong).toBe(0)
    for (const name of model.keys()) map.delete(name)
    settleAll()
    expect(map.slots).toBe(0)
    expect(map.byteSize).toBeLessThan(1400)
  })

  it('gives back the memory of a mass deletion and counts it in byteSize', () => {
    const map = filled(50_000)
    const full = map.byteSize
    expect(full / 50_000).toBeGreaterThan(16 + 16 + 24)
    expect(full / 50_000).toBeLessThan(16 + 24 + 32)
    for (let i = 0; i < 49_900; i++) map.delete(key(i))
    expect(map.byteSize).toBeLessThan(full - 49_900 * 24)
    settleAll()
    expect(map.byteSize / 100).toBeLessThan(120)
    for (let i = 49_900; i < 50_000; i++) expect(map.get(key(i))).toBe(i)
  })

  it('keeps the slot of a key that is deleted and added again before the unit ends', () => {
    const map = filled(10)
    const slot = map.slotOf(key(3))
    map.delete(key(3))
    expect(map.has(key(3))).toBe(false)
    map.set(key(99), 99)
    expect(map.set(key(3), -3)).toBe(true)
    settleAll()
    expect(map.slotOf(key(3))).toBe(slot)
    expect(map.get(key(3))).toBe(-3)
  })

  it('stays small when one unit deletes and adds a key over and over', () => {
    const map = filled(10)
    for (let i = 0; i < 1000; i++) {
      map.delete(key(3))
      map.set(key(3), i)
    }
    expect(map.slots).toBe(10)
    settleAll()
    expect(map.get(key(3))).toBe(999)
  })

  it('visits in slot order and may be changed meanwhile', () => {
    const map = filled(5)
    const seen: Bytes[] = []
    map.forEachSlot((slot) => {
      seen.push(map.keyAt(slot))
      map.deleteAt(slot)
      if (slot === 1) map.delete(key(3))
      if (slot === 2) map.set(key(7), 7)
    })
    expect(seen).toEqual([key(0), key(1), key(2), key(4), key(7)])
    expect(map.size).toBe(0)
  })

  it('may be cleared during a scan, and deletes a slot once', () => {
    const map = filled(5)
    const seen: number[] = []
    map.deleteAt(4)
    map.deleteAt(4)
    expect(map.size).toBe(4)
    map.scan(0, 10, (slot) => {
      seen.push(slot)
      map.clear()
    })
    expect(seen).toEqual([3])
    map.set(key(1), 1)
    settleAll()
    expect([...map.entries()]).toEqual([[key(1), 1]])
  })

  it('draws every living slot equally often, and no dead one', () => {
    const map = filled(10)
    for (const n of [0, 4, 9]) map.delete(key(n))
    const counts = new Map<Bytes, number>()
    const random = seededRandom(11)
    for (let i = 0; i < 7000; i++) {
      const name = map.keyAt(map.randomSlot(random))
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    expect(counts.size).toBe(7)
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
    map.clear()
    expect(map.randomSlot(random)).toBe(-1)
  })
})

describe('IndexedSet and ScoreMap', () => {
  it('hold members', () => {
    const set = new IndexedSet()
    expect([set.add(key(1)), set.add(key(1)), set.add(key(2)), set.delete(key(1)), set.delete(key(1))]).toEqual([
      true,
      false,
      true,
      true,
      false,
    ])
    settleAll()
    expect([...set.keys()]).toEqual([key(2)])
  })

  it('hold scores, NaN for the absent, through growing and shrinking', () => {
    const scores = new ScoreMap()
    for (let i = 0; i < 20_000; i++) scores.set(key(i), i / 8)
    expect(scores.size).toBe(20_000)
    expect(scores.set(key(5), -1)).toBe(false)
    for (let i = 0; i < 20_000; i++) if (i % 100 !== 5) scores.delete(key(i))
    settleAll()
    for (let i = 5; i < 20_000; i += 100) expect(scores.get(key(i))).toBe(i === 5 ? -1 : i / 8)
    expect(scores.get(key(6))).toBeNaN()
    expect(scores.byteSize / scores.size).toBeLessThan(120)
    expect([...scores.entries()].length).toBe(200)
    scores.clear()
    expect(scores.set(key(6), 0)).toBe(true)
    expect(scores.get(key(6))).toBe(0)
  })
})
