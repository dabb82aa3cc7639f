/** The tests of limits.ts: `geartrain functions test limits.test.ts`. */
import { deepEqual } from 'node:assert/strict'
import type { TestStore } from 'geartrain/testing'

export async function opensAgainAfterAMinute({ db, clock }: TestStore): Promise<void> {
  const isLetIn = (): Promise<unknown> => db.functions.call('limits.isLetIn', { keys: ['ada'], args: ['2'] })
  deepEqual([await isLetIn(), await isLetIn(), await isLetIn()], [true, true, false])
  clock.advance(60_000)
  deepEqual(await isLetIn(), true)
}
