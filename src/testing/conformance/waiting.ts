/** Commands that wait: on connections of their own, so that nobody else does. */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import type { ConformanceCase } from './case.ts'

export const WAITING: readonly ConformanceCase[] = [
  {
    name: 'who waits keeps nobody else waiting, and is served',
    async run({ db, key }) {
      const first = db.blpop(key('l'), 0)
      const second = db.brpop([key('none'), key('m')], 0)
      equal(await db.set(key('k'), 'v'), 'OK')
      equal(await db.rpush(key('m'), ['a', 'b']), 2)
      equal(await db.rpush(key('l'), 'x'), 1)
      deepEqual(await first, [key('l'), 'x'])
      deepEqual(await second, [key('m'), 'b'])
      equal(await db.exists(key('l')), 0)
    },
  },
  {
    name: 'many wait at a time, and each is served once',
    async run({ db, key }) {
      const waiting = Array.from({ length: 8 }, () => db.blpop(key('l'), 0))
      for (let i = 0; i < 8; i++) await db.rpush(key('l'), i)
      const served = (await Promise.all(waiting)).map((pair) => pair![1])
      deepEqual(served.sort(), ['0', '1', '2', '3', '4', '5', '6', '7'])
    },
  },
  {
    name: 'when the time is up the answer is null',
    async run({ db, key }) {
      equal(await db.blpop(key('none'), 0.05), null)
      equal(await db.bzpopmin(key('none'), 0.05), null)
      equal(await db.blmove(key('none'), key('l'), 'LEFT', 'LEFT', 0.05), null)
      equal(await db.xread({ [key('none')]: '$' }, { block: 50 }), null)
    },
  },
  {
    name: 'sorted sets and streams wake their readers',
    async run({ db, key }) {
      const popped = db.bzpopmin(key('z'), 0)
      const read = db.xread({ [key('x')]: '0' }, { block: 0 })
      await db.zadd(key('z'), { m: 1.5 })
      await db.xadd(key('x'), '1-1', { a: 1 })
      deepEqual(await popped, [key('z'), 'm', 1.5])
      deepEqual([...(await read)!], [[key('x'), [['1-1', [['a', '1']]]]]])
    },
  },
  {
    name: 'a wait on a connection of its own is given up by its signal, and the connection with it',
    async run({ db, key }) {
      const stop = new AbortController()
      await using connection = await db.dedicated()
      const waits = connection.until(stop.signal, () => connection.blpop(key('l'), 0))
      const outcome = waits.catch((error: unknown) => error)
      equal(await db.set(key('k'), 'v'), 'OK')
      const reason = new Error('enough')
      stop.abort(reason)
      equal(await outcome, reason)
      await rejects(connection.get(key('k')), { code: 'CLOSED' })
      const next = await db.dedicated()
      equal(await next.until(new AbortController().signal, () => next.set(key('k'), 'v')), 'OK')
      await next.close()
    },
  },
]
