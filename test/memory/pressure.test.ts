/** A process with a heap of 512 MB lives through far more writes than it can hold. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const WRITES = Number(process.env.PRESSURE_WRITES ?? (process.env.SOAK === '1' ? 10_000_000 : 300_000))

test(`${WRITES} writes under pressure keep to the limit, and V8 to its own`, async () => {
  const child = fork(join(import.meta.dirname, 'pressure-child.ts'), [`${WRITES}`], {
    execArgv: ['--max-old-space-size=512', '--import', 'tsx'],
  })
  const told: Record<string, number>[] = []
  child.on('message', (message: Record<string, number>) => told.push(message))
  const [status, signal] = await once(child, 'exit')
  expect([status, signal]).toEqual([0, null])
  const { limit = 0, used, evicted, mostOver, refused } = told[0]!
  expect(limit).toBeGreaterThan(250 * 1024 ** 2)
  expect(limit).toBeLessThan(350 * 1024 ** 2)
  expect(used).toBeGreaterThan(limit * 0.9)
  expect(mostOver).toBeLessThan(1.02)
  expect(evicted).toBeGreaterThan(1000)
  expect(refused).toBe(0)
  if (process.env.SHOW === '1') console.log(told[0])
}, 3_600_000)
