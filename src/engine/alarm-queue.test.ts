import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AlarmQueue } from './alarm-queue.ts'

interface Item {
  readonly when: number
  readonly order: number
}

test('gives items in order of time, then of arrival, and never a forgotten one', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('push' as const), when: fc.nat(40) }),
    fc.record({ kind: fc.constant('forget' as const), which: fc.nat() }),
    fc.record({ kind: fc.constant('due' as const), now: fc.nat(40) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const queue = new AlarmQueue<Item>()
      let model: Item[] = []
      let order = 0
      for (const action of steps) {
        if (action.kind === 'push') {
          const item = { when: action.when, order: order++ }
          queue.push(item.when, item)
          model.push(item)
          model.sort((a, b) => a.when - b.when || a.order - b.order)
        } else if (action.kind === 'forget') {
          const item = model[action.which % Math.max(model.length, 1)]
          if (item === undefined) continue
          queue.forget(item)
          model = model.filter((other) => other !== item)
        } else {
          const first = model[0]
          const due = first !== undefined && first.when <= action.now ? model.shift() : undefined
          expect(queue.due(action.now)).toBe(due)
        }
        expect(queue.next).toBe(model[0]?.when ?? Number.POSITIVE_INFINITY)
      }
    }),
  )
})

test('stays in order when most of it was forgotten', () => {
  const queue = new AlarmQueue<Item>()
  const items = Array.from({ length: 1000 }, (_, order) => ({ when: (order * 7919) % 1000, order }))
  for (const item of items) queue.push(item.when, item)
  for (const item of items) if (item.when % 10 !== 0) queue.forget(item)
  const given: number[] = []
  for (let item = queue.due(1000); item !== undefined; item = queue.due(1000)) given.push(item.when)
  expect(given).toEqual(Array.from({ length: 100 }, (_, i) => i * 10))
})
