import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { type Bytes, raw } from '../base/bytes.ts'
import { chunkLength } from './chunk.ts'
import { limits } from './limits.ts'
import { List } from './list.ts'

const usual = limits.listChunk
afterEach(() => {
  limits.listChunk = usual
})

function elementsOf(list: List): Bytes[] {
  return list.slice(0, list.size - 1)
}

function bothWays(list: List): [Bytes[], Bytes[]] {
  const forwards: Bytes[] = []
  const backwards: Bytes[] = []
  list.forEachFrom(0, false, (value, index) => {
    expect(index).toBe(forwards.length)
    forwards.push(value)
    return true
  })
  list.forEachFrom(list.size - 1, true, (value, index) => {
    expect(index).toBe(list.size - 1 - backwards.length)
    backwards.push(value)
    return true
  })
  return [forwards, backwards.reverse()]
}

function removeFrom(model: Bytes[], value: Bytes, count: number): number {
  let left = count === 0 ? model.length : Math.abs(count)
  let removed = 0
  for (let at = count < 0 ? model.lastIndexOf(value) : model.indexOf(value); at !== -1 && left > 0; left--) {
    model.splice(at, 1)
    removed++
    at = count < 0 ? model.lastIndexOf(value) : model.indexOf(value)
  }
  return removed
}

function positionsIn(model: Bytes[], value: Bytes, rank: number, count: number, maxlen: number): number[] {
  const indexes = model.map((_, index) => index)
  if (rank < 0) indexes.reverse()
  const matches = indexes.slice(0, maxlen === 0 ? undefined : maxlen).filter((index) => model[index] === value)
  const from = Math.abs(rank) - 1
  return matches.slice(from, count === 0 ? undefined : from + count)
}

const OPERATIONS = ['pushHead', 'pushTail', 'popHead', 'popTail', 'insert', 'set', 'trim', 'removeValue'] as const
type Step = [what: (typeof OPERATIONS)[number], n: number, burst: number]

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom(...OPERATIONS),
  fc.integer({ min: 0, max: 999 }),
  fc.constantFrom(1, 1, 3, 100, 200),
)

function apply(list: List, model: Bytes[], [what, n, burst]: Step): void {
  if (what === 'trim' && model.length > 0) {
    const start = n % Math.min(model.length, 50)
    const stop = model.length - 1 - (burst % 50)
    list.trim(start, stop)
    model.splice(0, model.length, ...(start > stop ? [] : model.slice(start, stop + 1)))
    return
  }
  if (what === 'removeValue') {
    const count = (n % 40) - 20
    const value = raw(`v${n % 3}`)
    expect(list.removeValue(value, count)).toBe(removeFrom(model, value, count))
    return
  }
  for (let i = 0; i < burst; i++) {
    const value = raw(`v${(n + i) % 3}`)
    const at = model.length === 0 ? 0 : (n * 31) % model.length
    if (what === 'pushHead') {
      list.pushHead(value)
      model.unshift(value)
    } else if (what === 'pushTail') {
      list.pushTail(value)
      model.push(value)
    } else if (what === 'popHead') expect(list.popHead()).toBe(model.shift())
    else if (what === 'popTail') expect(list.popTail()).toBe(model.pop())
    else if (what === 'insert') {
      list.insert(at, value)
      model.splice(at, 0, value)
    } else if (what === 'set' && model.length > 0) {
      list.set(at, value)
      model[at] = value
    }
  }
}

test('any history leaves what an array would hold', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const list = new List()
      const model: Bytes[] = []
      for (const each of steps) apply(list, model, each)
      expect(list.size).toBe(model.length)
      expect(elementsOf(list)).toEqual(model)
      expect(bothWays(list)).toEqual([model, model])
      expect(elementsOf(list.copy())).toEqual(model)
      expect(list.indexOf(raw('v1'))).toBe(model.indexOf(raw('v1')))
      for (let i = -1; i <= model.length; i += 17) expect(list.get(i)).toBe(model[i])
      if (model.length === 0) return
      const [from, to] = [model.length >> 2, model.length >> 1]
      expect(list.slice(from, to)).toEqual(model.slice(from, to + 1))
    }),
    { numRuns: 100 },
  )
})

test('the same for any list-max-listpack-size, changed on the way', () => {
  const setting = fc.constantFrom(1, 2, 3, 5, 128, 300, -1, -5)
  fc.assert(
    fc.property(fc.array(fc.tuple(setting, fc.array(step, { maxLength: 12 })), { maxLength: 6 }), (histories) => {
      const list = new List()
      const model: Bytes[] = []
      for (const [value, steps] of histories) {
        limits.listChunk = chunkLength(value)
        for (const each of steps) apply(list, model, each)
      }
      expect(bothWays(list)).toEqual([model, model])
      for (let i = -1; i <= model.length; i += 17) expect(list.get(i)).toBe(model[i])
    }),
    { numRuns: 200 },
  )
})

test('list-max-listpack-size is a number of elements, or a size', () => {
  expect([1, 7, 100_000, 0].map(chunkLength)).toEqual([1, 7, 32_767, 1])
  expect([-1, -2, -5, -9].map(chunkLength)).toEqual([64, usual, 1024, 1024])
})

test('positions follow rank, count and maxlen', () => {
  const small = fc.integer({ min: 0, max: 5 })
  const rank = fc.integer({ min: -4, max: 4 }).filter((n) => n !== 0)
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b').map(raw)), rank, small, small, (model, from, count, maxlen) => {
      const list = new List()
      for (const value of model) list.pushTail(value)
      expect(list.positions(raw('a'), from, count, maxlen)).toEqual(positionsIn(model, raw('a'), from, count, maxlen))
    }),
  )
})

test('a queue that never grows long keeps its size and its memory estimate', () => {
  const list = new List()
  for (let i = 0; i < 50; i++) list.pushHead(raw('job'))
  const before = list.byteSize
  for (let i = 0; i < 10_000; i++) {
    list.pushHead(raw('job'))
    list.popTail()
  }
  expect([list.size, list.byteSize]).toEqual([50, before])
  list.trim(1, 0)
  expect([list.size, list.byteSize]).toEqual([0, new List().byteSize])
})

test('a copy does not follow its original', () => {
  const list = new List()
  for (let i = 0; i < 300; i++) list.pushTail(raw(`${i}`))
  const copy = list.copy()
  list.set(0, raw('changed'))
  list.popTail()
  expect([copy.size, copy.get(0), copy.get(299)]).toEqual([300, '0', '299'])
})
