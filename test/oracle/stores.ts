/** Stores for tests that say the same of several: a block of tests each, with its start and its end. */
import { afterAll, beforeAll, describe } from 'vitest'
import { type Database, open } from '../../src/index.ts'
import { oracleMissing } from './available.ts'
import { OracleServer } from './redis-server.ts'

/** Tests of a database, which is there when they run. */
type Tests = (db: () => Database) => void

/** On a store of this process. */
export function onEmbedded(tests: Tests): void {
  describe('embedded', () => {
    let db: Database
    beforeAll(async () => {
      db = await open()
    })
    afterAll(() => db.close())
    tests(() => db)
  })
}

/** On a redis-server of their own; skipped where there is none. */
export function onRedisServer(tests: Tests): void {
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
    tests(() => db)
  })
}
