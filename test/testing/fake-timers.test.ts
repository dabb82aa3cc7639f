/** What vitest's fake timers do to a database on the machine's clock: time follows them, for they replace that clock. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { open } from '../../src/index.ts'
import { openForTest } from '../../src/testing/index.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('keys expire and waits end as fake time passes', async () => {
  await using db = await open()
  await using heard = await db.psubscribe('__keyevent@*__:expired')
  await db.config_set({ 'notify-keyspace-events': 'Ex' })
  await db.set('k', 'v', { px: 500 })
  const popped = db.blpop('jobs', 10)
  await vi.advanceTimersByTimeAsync(499)
  expect(await db.get('k')).toBe('v')
  await vi.advanceTimersByTimeAsync(1)
  expect((await heard.next()).value?.message).toBe('k')
  expect(await db.get('k')).toBeNull()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await popped).toBeNull()
})

test('a manual clock knows nothing of fake time', async () => {
  await using store = await openForTest()
  const { db, clock } = store
  await db.set('k', 'v', { px: 500 })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await db.get('k')).toBe('v')
  clock.advance(500)
  expect(await db.get('k')).toBeNull()
})
