/** Portable scripts: the acceptance rows, each under a prefix of its own; and scripts in queues, when they fail, all at once. */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import { acceptanceRows, k, prepare } from '../scripts/acceptance.ts'
import { heldBy } from '../scripts/data.ts'
import { addOne, appendToRead, frameField, pushToHash, setValue, writeAndFail } from '../scripts/value-scripts.ts'
import type { ConformanceCase } from './case.ts'

/** Objects of scripts have no prototype: what is compared is what they hold. */
function held(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

const ROWS: readonly ConformanceCase[] = acceptanceRows.map(({ row, given, run, gives, data }) => ({
  name: `row ${row}`,
  async run({ db, key }) {
    const own = db.withPrefix(key(':'))
    await prepare(own, given)
    deepEqual(held(await run(own)), gives)
    if (data !== undefined) deepEqual(held(await heldBy(own, k(''))), data)
  },
}))

export const SCRIPTS: readonly ConformanceCase[] = [
  ...ROWS,
  {
    name: 'row 56 a script that fails has its code, its message and its line, and what it wrote stays',
    async run({ db, key }) {
      await rejects(writeAndFail(db, { k: key('k') }), (error: Error & { code?: string; at?: { line: number } }) => {
        deepEqual(
          [error.name, error.code, error.message, typeof error.at?.line],
          ['ScriptError', 'EBAD', 'no', 'number'],
        )
        return true
      })
      equal(await db.get(key('k')), 'a')
    },
  },
  {
    name: "row 57 a command's error has its code",
    async run({ db, key }) {
      await db.hset(key('h'), { a: '1' })
      await rejects(pushToHash(db, { l: key('h') }), { name: 'ScriptError', code: 'WRONGTYPE' })
    },
  },
  {
    name: 'row 61 scripts in a transaction see what stands before them, and answer in order',
    async run({ db, key }) {
      const name = key('k')
      const queue = appendToRead.queue(db.multi().set(name, 'a'), { k: name }, { more: 'b' }).get(name)
      deepEqual(await queue.exec(), ['OK', 'ab', 'ab'])
    },
  },
  {
    name: 'row 63 a hundred at once do not come between each other',
    async run({ db, key }) {
      await Promise.all(Array.from({ length: 100 }, () => addOne(db, { k: key('n') })))
      equal(await db.get(key('n')), '100')
    },
  },
  {
    name: 'row 64 a prefix stands before keys and what is derived from them',
    async run({ db, key }) {
      const own = db.withPrefix(key('app:'))
      equal(await frameField(own, { base: '{s}' }, { v: 'x' }), key('app:{s}:frame:0'))
      equal(await db.hget(key('app:{s}:frame:0'), 'a'), 'x')
    },
  },
  {
    name: 'row 66 keys and arguments are checked before anything is sent',
    async run({ db, key }) {
      await rejects(Reflect.apply(setValue, undefined, [db, {}, { v: 'x' }]), { name: 'ShapeError', path: 'keys.k' })
      await rejects(Reflect.apply(setValue, undefined, [db, { k: key('k') }, { v: 1 }]), { path: 'args.v' })
      equal(await db.exists(key('k')), 0)
    },
  },
]
