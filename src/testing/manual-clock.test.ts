import { expect, test } from 'vitest'
import { ManualClock } from './manual-clock.ts'

test('alarms ring in order of time, each at its own instant', () => {
  const clock = new ManualClock(1000)
  const rung: [string, number][] = []
  clock.at(1020, () => rung.push(['second', clock.now()]))
  clock.at(1010, () => rung.push(['first', clock.now()]))
  clock.at(1020, () => rung.push(['third', clock.now()]))
  clock.at(1031, () => rung.push(['never', clock.now()]))
  clock.advance(30)
  expect(rung).toEqual([
    ['first', 1010],
    ['second', 1020],
    ['third', 1020],
  ])
  expect(clock.now()).toBe(1030)
})

test('a cancelled alarm is silent, one set by another rings on the way', () => {
  const clock = new ManualClock(0)
  const rung: number[] = []
  const cancel = clock.at(5, () => rung.push(-1))
  clock.at(3, () => {
    cancel()
    cancel()
    clock.at(4, () => rung.push(clock.now()))
  })
  clock.advance(10)
  expect(rung).toEqual([4])
})

test('an alarm in the past rings at the next move, without turning time back', () => {
  const clock = new ManualClock(100)
  const rung: number[] = []
  clock.at(50, () => rung.push(clock.now()))
  clock.advance(0)
  expect(rung).toEqual([100])
})
