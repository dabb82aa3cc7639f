/** Commands that look at all keys, also where these lie on several nodes. */
import { deepEqual, equal, ok } from 'node:assert/strict'
import type { ConformanceCase } from './case.ts'

const NAMES = Array.from({ length: 50 }, (_, i) => `key:${i}`)

export const WHOLE_STORE: readonly ConformanceCase[] = [
  {
    name: 'keys of any slot are counted, listed, read and removed together',
    wholeStore: true,
    async run({ db }) {
      equal(await db.mset(NAMES.map((name, i) => [name, i] as const)), 'OK')
      equal(await db.dbsize(), 50)
      deepEqual((await db.keys('key:*')).sort(), [...NAMES].sort())
      deepEqual(await db.mget(['none', ...NAMES, 'none']), [null, ...NAMES.map((_, i) => `${i}`), null])
      ok(NAMES.includes((await db.randomkey()) ?? ''))
      equal(await db.exists([...NAMES, 'none', NAMES[0]!]), 51)
      equal(await db.touch(NAMES), 50)
      equal(await db.del(NAMES.slice(0, 10)), 10)
      equal(await db.unlink(NAMES), 40)
      equal(await db.dbsize(), 0)
      equal(await db.randomkey(), null)
    },
  },
  {
    name: 'a pipeline reaches keys of any slot and keeps the order of its replies',
    wholeStore: true,
    async run({ db }) {
      const queue = db.pipeline()
      for (const [i, name] of NAMES.entries()) queue.add('SET', name, i).add('GET', name)
      deepEqual(
        await queue.exec(),
        NAMES.flatMap((_, i) => ['OK', `${i}`]),
      )
      equal(await db.flushdb(), 'OK')
      equal(await db.dbsize(), 0)
    },
  },
  {
    name: 'what is about a server answers',
    wholeStore: true,
    async run({ db }) {
      equal(await db.ping(), 'PONG')
      equal(await db.ping({ message: 'hi' }), 'hi')
      equal(await db.echo('hi'), 'hi')
      ok((await db.info('server')).includes('redis_version'))
      equal((await db.time()).length, 2)
      equal((await db.config_get('maxmemory')).size, 1)
      equal(await db.publish('nobody', 'hears'), 0)
      ok(Number(await db.command_count()) > 100)
    },
  },
]
