/** The acceptance rows of portable scripts, on an embedded store and on redis-server, with every run in process shadowed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, open } from '../../src/index.ts'
import { shadowMode } from '../../src/script/run/local.ts'
import { acceptanceRows, k, prepare } from '../../src/testing/scripts/acceptance.ts'
import { heldBy } from '../../src/testing/scripts/data.ts'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'

beforeAll(() => {
  shadowMode.isOn = true
})
afterAll(() => {
  shadowMode.isOn = false
})

function rows(database: () => Database): void {
  test.each(acceptanceRows)('$row', async ({ given, run, gives, data }) => {
    const db = database()
    await db.flushall()
    await prepare(db, given)
    expect(await run(db)).toEqual(gives)
    if (data !== undefined) expect(await heldBy(db, k(''))).toEqual(data)
  })
}

describe('embedded', () => {
  let db: Database
  beforeAll(async () => {
    db = await open()
  })
  afterAll(() => db.close())
  rows(() => db)
})

describe.skipIf(oracleMissing)('redis-server', () => {
  let server: OracleServer
  let db: Database
  beforeAll(async () => {
    server = await OracleServer.start()
    db = await open(`redis://127.0.0.1:${server.port}`)
  })
  afterAll(async () => {
    await db.close()
    await server.stop()
  })
  rows(() => db)
})
