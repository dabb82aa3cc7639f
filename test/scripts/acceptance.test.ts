/** The acceptance rows of portable scripts, on an embedded store and on redis-server, with every run shadowed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, open } from '../../src/index.ts'
import { shadowMode } from '../../src/script/run/local.ts'
import { acceptanceRows, k, prepare } from '../../src/testing/scripts/acceptance.ts'
import { heldBy } from '../../src/testing/scripts/data.ts'

beforeAll(() => {
  shadowMode.isOn = true
})
afterAll(() => {
  shadowMode.isOn = false
})

describe('embedded', () => {
  let db: Database
  beforeAll(async () => {
    db = await open()
  })
  afterAll(() => db.close())
  test.each(acceptanceRows)('$row', async ({ given, run, gives, data }) => {
    await db.flushall()
    await prepare(db, given)
    expect(await run(db)).toEqual(gives)
    if (data !== undefined) expect(await heldBy(db, k(''))).toEqual(data)
  })
})
