/** Pipelines, MULTI and optimistic transactions. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import type { ConformanceCase } from './case.ts'

export const QUEUES: readonly ConformanceCase[] = [
  {
    name: 'a pipeline answers each command in order, errors in their places',
    async run({ db, key }) {
      const queue = db.pipeline().set(key('k'), 'v').incr(key('k')).hset(key('h'), { f: 1 }).hgetall(key('h'))
      const [set, wrong, n, all] = await queue.get(key('none')).add('ECHO', 'hi').exec()
      equal(set, 'OK')
      ok(wrong instanceof Error)
      equal(n, 1)
      deepEqual(all, new Map([['f', '1']]))
      const many = db.pipeline()
      for (let i = 0; i < 500; i++) many.add('RPUSH', key('l'), i)
      deepEqual(
        await many.exec(),
        Array.from({ length: 500 }, (_, i) => i + 1),
      )
      deepEqual(await db.pipeline().exec(), [])
    },
  },
  {
    name: 'a command that would wait in a queue is answered as if its time were up',
    async run({ db, key }) {
      const replies = await db.pipeline().blpop(key('none'), 0).rpush(key('l'), 'a').blpop(key('l'), 0).exec()
      deepEqual(replies, [null, 1, [key('l'), 'a']])
      deepEqual(await db.multi().blpop(key('none'), 0).ping().exec(), [null, 'PONG'])
    },
  },
  {
    name: 'MULTI runs all or, when a command cannot be queued, nothing',
    async run({ db, key }) {
      const [n, wrong, v] = await db.multi().incrby(key('n'), 5).lpush(key('n'), 'x').get(key('n')).exec()
      equal(n, 5)
      ok(wrong instanceof Error)
      equal(v, '5')
      await rejects(db.multi().set(key('n'), 'changed').add('NOSUCHCOMMAND', key('n')).exec(), { code: 'EXECABORT' })
      equal(await db.get(key('n')), '5')
    },
  },
  {
    name: 'a transaction runs again when a watched key has changed',
    async run({ db, key, other }) {
      const rival = await other()
      let attempts = 0
      const replies = await db.transaction(key('n'), async (tx) => {
        const n = Number(await tx.get(key('n')))
        if (attempts++ < 2) await rival.incr(key('n'))
        return tx
          .multi()
          .set(key('n'), n * 10)
          .get(key('n'))
      })
      deepEqual(replies, ['OK', '20'])
      equal(attempts, 3)
      const never = db.transaction(key('n'), async (tx) => tx.multi().set(key('n'), await rival.incr(key('n'))), {
        retries: 1,
      })
      await rejects(never, { code: 'CONFLICT' })
    },
  },
  {
    name: 'units of many clients lose nothing',
    async run({ db, key }) {
      const add = () =>
        db.transaction(key('sum'), async (tx) => tx.multi().set(key('sum'), Number(await tx.get(key('sum'))) + 1))
      await Promise.all(Array.from({ length: 6 }, add))
      equal(await db.get(key('sum')), '6')
    },
  },
]
