import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { raw } from '../base/bytes.ts'
import { type Consumer, ConsumerGroup } from './consumer-group.ts'
import { formatId, MIN_ID, streamId } from './stream-id.ts'

/** Who holds what, as the group's list says and as the consumers' lists say. */
function views(group: ConsumerGroup): [string[], string[]] {
  const show = (name: string, ms: number, count: number) => `${name}:${ms}:${count}`
  const whole = [...group.pending.from(MIN_ID)].map((e) => show(e.owner.name, e.id.ms, e.deliveryCount))
  const parts = group.consumers
    .values()
    .flatMap((consumer) => [...consumer.pending.from(MIN_ID)].map((e) => show(consumer.name, e.id.ms, e.deliveryCount)))
  return [whole.sort(), parts.sort()]
}

describe('a consumer group', () => {
  it('keeps its own list and those of its consumers in step', () => {
    const names = ['a', 'b', 'c'] as const
    const step = fc.tuple(fc.constantFrom('deliver', 'deliver', 'ack', 'assign', 'remove'), fc.nat(60), fc.nat(2))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const group = new ConsumerGroup(raw('g'), MIN_ID, undefined)
        const model = new Map<number, string>()
        const consumer = (name: string): Consumer => group.consumers.get(raw(name)) ?? group.addConsumer(raw(name), 5)
        for (const [what, ms, who] of steps) {
          const name = names[who]!
          const id = streamId(ms, 0)
          if (what === 'deliver') {
            group.deliver(id, consumer(name), 7)
            model.set(ms, name)
          } else if (what === 'ack') {
            expect(group.acknowledge(id)).toBe(model.delete(ms))
          } else if (what === 'assign') {
            const entry = group.pending.get(id)
            expect(entry !== undefined).toBe(model.has(ms))
            if (entry !== undefined) group.assign(entry, consumer(name))
            if (entry !== undefined) model.set(ms, name)
          } else if (group.consumers.get(raw(name)) !== undefined) {
            const mine = [...model].filter(([, owner]) => owner === name)
            expect(group.removeConsumer(raw(name))).toBe(mine.length)
            for (const [held] of mine) model.delete(held)
          } else expect(group.removeConsumer(raw(name))).toBeUndefined()
        }
        const expected = [...model].map(([ms, owner]) => `${owner}:${ms}:1`).sort()
        expect(views(group)).toEqual([expected, expected])
        expect(views(group.copy())).toEqual([expected, expected])
      }),
    )
  })

  it('starts the delivery count anew when an entry is delivered again', () => {
    const group = new ConsumerGroup(raw('g'), MIN_ID, undefined)
    const [first, second] = [group.addConsumer(raw('first'), 0), group.addConsumer(raw('second'), 0)]
    const entry = group.deliver(streamId(1, 0), first, 10)
    entry.deliveryCount = 4
    expect(group.deliver(streamId(1, 0), second, 20)).toBe(entry)
    expect([entry.owner, entry.deliveryTimeMs, entry.deliveryCount]).toEqual([second, 20, 1])
    expect([first.pending.size, second.pending.size, group.pending.size]).toEqual([0, 1, 1])
  })

  it('lists consumers in the order of their bytes', () => {
    const group = new ConsumerGroup(raw('g'), MIN_ID, undefined)
    for (const name of ['b', 'a', 'ab', '\xff', 'B', '']) group.addConsumer(raw(name), 0)
    expect(group.consumers.values().map(({ name }) => name)).toEqual(['', 'B', 'a', 'ab', 'b', '\xff'])
  })

  it('weighs what it holds, and nothing more once that is gone', () => {
    const group = new ConsumerGroup(raw('g'), MIN_ID, undefined)
    const empty = group.byteSize
    const consumer = group.addConsumer(raw('c'), 0)
    for (let ms = 1; ms <= 10; ms++) group.deliver(streamId(ms, 0), consumer, 0)
    expect(group.byteSize).toBeGreaterThan(empty + 10 * 100)
    group.removeConsumer(raw('c'))
    expect(group.byteSize).toBe(empty)
  })

  it('copies into objects of its own', () => {
    const group = new ConsumerGroup(raw('g'), streamId(3, 0), 3)
    group.deliver(streamId(3, 0), group.addConsumer(raw('c'), 8), 9)
    const copy = group.copy()
    group.acknowledge(streamId(3, 0))
    expect([copy.entriesRead, formatId(copy.lastDeliveredId), copy.pending.size]).toEqual([3, '3-0', 1])
    expect(copy.consumers.get(raw('c'))?.seenTimeMs).toBe(8)
  })
})
