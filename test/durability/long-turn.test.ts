/** A turn that does not end: a program that awaits one call after the other never lets the process look at its sockets. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { SimulatedFiles } from '../../src/testing/simulated-files.ts'
import { Trial } from './rig.ts'

const clock = new ManualClock()
let trial: Trial

beforeEach(async () => {
  trial = await Trial.open({ files: new SimulatedFiles(), clock, config: { appendfsync: 'everysec' } })
})
afterEach(() => trial.close())

const unwritten = (): number => trial.store.log?.unwritten ?? Number.NaN
const written = (): number => (trial.store.log?.position ?? Number.NaN) - unwritten()

test('what has gathered is written whenever it is 64 KB', () => {
  let most = 0
  for (let i = 0; i < 10_000; i++) {
    trial.run(`SET key:${i} ${'x'.repeat(i % 100)}`)
    most = Math.max(most, unwritten())
  }
  expect(written()).toBeGreaterThan(500_000)
  expect(most).toBeGreaterThan(64 * 1024 - 200)
  expect(most).toBeLessThan(64 * 1024)
})

test('what is little is written once it is a tenth of a second old, and units follow', () => {
  trial.run('SET a 1')
  clock.advance(99)
  for (let i = 0; i < 16; i++) trial.run('SET a 2')
  expect(written()).toBe(0)
  clock.advance(1)
  // One of sixteen looks at the clock.
  for (let i = 0; i < 16; i++) trial.run('SET a 3')
  expect(written()).toBeGreaterThan(0)
})
