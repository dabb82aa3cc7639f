/** The fixtures of `geartrain/testing` under vitest: a store for each test, on a clock of its own. */
import { test as base, expect } from 'vitest'
import { fixtures, openForTest } from '../../src/testing/index.ts'

const test = base.extend(fixtures)

test('a session ends after half an hour', async ({ db, clock }) => {
  await db.set('session:7', 'ada', { ex: 1800 })
  clock.advance(1_799_999)
  expect(await db.get('session:7')).toBe('ada')
  clock.advance(1)
  expect(await db.get('session:7')).toBeNull()
})

test('who waits is told when its time is up, at once', async ({ db, clock }) => {
  const popped = db.blpop('jobs', 3600)
  clock.advance(3_600_000)
  expect(await popped).toBeNull()
})

test('every test has a store of its own', async ({ db }) => {
  expect(await db.dbsize()).toBe(0)
  expect(await db.exists('session:7')).toBe(0)
})

base('chance repeats from its seed', async () => {
  const draw = async (seed: number) => {
    await using store = await openForTest({ seed })
    const { db } = store
    await db.sadd(
      's',
      Array.from({ length: 50 }, (_, i) => i),
    )
    return [await db.srandmember('s', { count: 10 }), await db.spop('s')]
  }
  expect(await draw(7)).toEqual(await draw(7))
  expect(await draw(7)).not.toEqual(await draw(8))
})

base('a store is closed with its test', async () => {
  const { db, [Symbol.asyncDispose]: dispose } = await openForTest()
  await dispose()
  await expect(db.get('k')).rejects.toMatchObject({ code: 'CLOSED' })
})
