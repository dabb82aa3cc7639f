import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Pending, PendingList } from './pending-list.ts'
import { compareIds, formatId, MAX_ID, MIN_ID, streamId } from './stream-id.ts'

const entry = (ms: number): Pending<string> => ({
  id: streamId(ms, ms % 3),
  owner: 'o',
  deliveryTimeMs: 0,
  deliveryCount: 1,
})

const idsOf = (entries: Iterable<Pending<string>>) => [...entries].map(({ id }) => formatId(id))

describe('a pending list', () => {
  it('does what a sorted array does', () => {
    const operations = fc.array(fc.tuple(fc.constantFrom('add', 'add', 'tail', 'delete', 'front'), fc.nat(1200)), {
      maxLength: 1500,
      minLength: 300,
    })
    fc.assert(
      fc.property(operations, (steps) => {
        const list = new PendingList<string>()
        const model = new Map<number, Pending<string>>()
        const smallest = () => [...model.keys()].reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
        let tail = 2000
        for (const [step, number] of steps) {
          const ms = step === 'tail' ? ++tail : step === 'front' ? Math.min(smallest(), 9999) : number
          const id = streamId(ms, ms % 3)
          expect(list.get(id)).toBe(model.get(ms))
          if (step === 'delete' || step === 'front') {
            expect(list.delete(id)).toBe(model.get(ms))
            model.delete(ms)
          } else if (!model.has(ms)) {
            const added = entry(ms)
            list.add(added)
            model.set(ms, added)
          }
        }
        const sorted = [...model.values()].sort((a, b) => compareIds(a.id, b.id))
        expect(list.size).toBe(sorted.length)
        expect([list.first(), list.last()]).toEqual([sorted[0], sorted.at(-1)])
        expect(idsOf(list.from(MIN_ID))).toEqual(idsOf(sorted))
        const middle = streamId(600, 0)
        const after = sorted.filter(({ id }) => compareIds(id, middle) >= 0)
        expect(idsOf(list.slice(middle, MAX_ID, 7))).toEqual(idsOf(after.slice(0, 7)))
        expect(idsOf(list.slice(MIN_ID, middle, 1e9))).toEqual(
          idsOf(sorted.filter(({ id }) => compareIds(id, middle) <= 0)),
        )
      }),
      { numRuns: 10 },
    )
  })

  it('splits blocks when thousands arrive in no order', () => {
    const list = new PendingList<string>()
    const order = Array.from({ length: 3000 }, (_, i) => (i * 1009) % 3000)
    for (const ms of order) list.add(entry(ms))
    expect(idsOf(list.from(MIN_ID))).toEqual(Array.from({ length: 3000 }, (_, ms) => `${ms}-${ms % 3}`))
    for (const ms of order.slice(0, 2990)) expect(list.delete(streamId(ms, ms % 3))).toBeDefined()
    expect(idsOf(list.from(MIN_ID))).toHaveLength(10)
    expect(list.size).toBe(10)
  })

  it('gives nothing for a limit of 0 and from an empty list', () => {
    const list = new PendingList<string>()
    expect([list.first(), list.last(), list.get(MIN_ID), list.delete(MIN_ID)]).toEqual(Array(4).fill(undefined))
    expect(list.slice(MIN_ID, MAX_ID, 5)).toEqual([])
    list.add(entry(1))
    expect(list.slice(MIN_ID, MAX_ID, 0)).toEqual([])
  })
})
