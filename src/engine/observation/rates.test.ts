import { expect, test } from 'vitest'
import { Rates } from './rates.ts'

const counts = (commands: number) => ({ commands, bytesIn: commands * 10, bytesOut: commands * 5 })

test('a rate is what was added since the oldest note of the window', () => {
  const rates = new Rates()
  for (let at = 0; at <= 5000; at += 50) rates.note(at, counts(at))
  expect(rates.perSecond(5000, counts(5000))).toEqual({ commands: 1000, bytesIn: 10_000, bytesOut: 5000 })
})

test('after a pause the last note is the base, so the rate falls', () => {
  const rates = new Rates()
  rates.note(0, counts(0))
  rates.note(100, counts(500))
  expect(rates.perSecond(10_100, counts(500)).commands).toBe(0)
  expect(rates.perSecond(10_100, counts(600)).commands).toBe(10)
})

test('without a note before there is no rate', () => {
  const rates = new Rates()
  expect(rates.perSecond(10, counts(5)).commands).toBe(0)
  rates.note(10, counts(5))
  expect(rates.perSecond(10, counts(9)).commands).toBe(0)
  rates.reset()
  expect(rates.perSecond(500, counts(9)).commands).toBe(0)
})
