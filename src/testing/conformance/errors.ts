/** Errors: Redis' own with their codes, wrong arguments, and calls after the end. */
import { equal, match, rejects, throws } from 'node:assert/strict'
import type { ConformanceCase } from './case.ts'

export const ERRORS: readonly ConformanceCase[] = [
  {
    name: 'an error reply rejects with its code and text',
    async run({ db, key }) {
      await db.rpush(key('l'), 'a')
      await rejects(db.incr(key('l')), {
        name: 'RedisError',
        code: 'WRONGTYPE',
        message: 'WRONGTYPE Operation against a key holding the wrong kind of value',
      })
      await rejects(db.call('INCRBY', key('n'), 'ten'), { message: 'ERR value is not an integer or out of range' })
      await rejects(db.call('GET'), { message: "ERR wrong number of arguments for 'get' command" })
      await rejects(db.call('NOSUCHCOMMAND', key('k')), (error: Error) => {
        match(error.message, /^ERR unknown command 'NOSUCHCOMMAND'/)
        return true
      })
      await rejects(db.lset(key('none'), 0, 'x'), { message: 'ERR no such key' })
    },
  },
  {
    name: 'arguments that cannot be sent are refused before anything is sent',
    async run({ db }) {
      await rejects(Reflect.apply(db.get, db, []), TypeError)
      await rejects(Reflect.apply(db.get, db, [{}]), TypeError)
    },
  },
  {
    name: 'commands about a connection are refused, with the way that there is',
    async run({ db }) {
      await rejects(db.call('SELECT', 1), { code: 'UNSUPPORTED' })
      await rejects(db.call('multi'), { code: 'UNSUPPORTED' })
      throws(() => db.pipeline().add('SUBSCRIBE', 'c'), { code: 'UNSUPPORTED' })
    },
  },
  {
    name: 'after the end every call is rejected, and so is one that waits',
    async run({ other, key }) {
      const db = await other()
      await db.ping()
      const waiting = db.blpop(key('l'), 0)
      const expected = rejects(waiting, { code: 'CLOSED' })
      await db.ping()
      await db.close()
      await expected
      await rejects(db.get(key('k')), { code: 'CLOSED' })
      await rejects(db.pipeline().get(key('k')).exec(), { code: 'CLOSED' })
      await rejects(
        db.transaction(key('k'), async (tx) => tx.multi()),
        { code: 'CLOSED' },
      )
      equal(await db.close(), undefined)
    },
  },
]
