/**
 * Nothing leaks: after 200 libraries have been loaded, replaced and deleted, some with callers that still wait, and 20,000
 * callers have left while their functions waited, memory, isolates and clients are what they were.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { LeakFacts } from './leaks-child.ts'

const TIMEOUT_MS = 240_000
/** Far below what is held by 20,000 calls, or 200 libraries, of a few hundred bytes each. */
const SLACK = 4 * 2 ** 20

interface Told {
  readonly before: LeakFacts
  readonly after: LeakFacts
}

async function told(host: string, manner: string): Promise<Told> {
  const child = fork(join(import.meta.dirname, 'leaks-child.ts'), [host, manner], {
    execArgv: ['--expose-gc', '--no-node-snapshot', '--import', 'tsx'],
  })
  const [facts]: Told[] = await once(child, 'message')
  await once(child, 'exit')
  return facts!
}

test.each(['isolate', 'realm', 'linked'])('on the %s host', { timeout: TIMEOUT_MS }, async (host) => {
  const { before, after } = await told(host, 'leave')
  expect(after.isolates).toBe(before.isolates)
  expect(after.clients).toBe(before.clients)
  expect(after.bytes - before.bytes).toBeLessThan(SLACK)
})

test('control: callers that stay are seen', { timeout: TIMEOUT_MS }, async () => {
  const { before, after } = await told('linked', 'stay')
  expect(after.clients - before.clients).toBe(20_000)
  expect(after.bytes - before.bytes).toBeGreaterThan(SLACK)
})
