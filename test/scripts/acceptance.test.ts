/** The acceptance rows of portable scripts, on an embedded store and on redis-server, with every run in process shadowed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, open } from '../../src/index.ts'
import { shadowMode } from '../../src/script/run/local.ts'
import { acceptanceRows, k, prepare } from '../../src/testing/scripts/acceptance.ts'
import { heldBy } from '../../src/testing/scripts/data.ts'
import { appendToRead, writeAndFail } from '../../src/testing/scripts/value-scripts.ts'
import { onEmbedded, onRedisServer } from '../oracle/stores.ts'

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

onEmbedded(rows)

describe('over a port', () => {
  let store: Database
  let db: Database
  beforeAll(async () => {
    store = await open()
    db = await open(store.port())
  })
  afterAll(async () => {
    await db.close()
    await store.close()
  })
  rows(() => db)

  test('56 a failure comes with its code, its message and its line', async () => {
    await expect(writeAndFail(db, { k: 'k' })).rejects.toMatchObject({
      name: 'ScriptError',
      code: 'EBAD',
      message: 'no',
      at: { line: expect.any(Number) },
    })
  })

  test('61 scripts in transactions', async () => {
    const queue = appendToRead.queue(db.multi().set('k', 'a'), { k: 'k' }, { more: 'b' }).get('k')
    expect(await queue.exec()).toEqual(['OK', 'ab', 'ab'])
  })
})
onRedisServer(rows)
