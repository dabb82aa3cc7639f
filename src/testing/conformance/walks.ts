/** Walks over keys and elements, as async iterables. */
import { deepEqual, equal } from 'node:assert/strict'
import type { ConformanceCase } from './case.ts'

/** Everything an iterable gives. */
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

const many = (count: number): string[] => Array.from({ length: count }, (_, i) => `m${i}`)

export const WALKS: readonly ConformanceCase[] = [
  {
    name: 'scan finds every key that matches, by type too',
    async run({ db, key }) {
      const view = db.withPrefix(key('walk:'))
      const names = many(60)
      for (const name of names) await view.set(name, 'v')
      await view.rpush('list', 'x')
      deepEqual([...new Set(await all(view.scan({ count: 7 })))].sort(), [...names, 'list'].sort())
      deepEqual(await all(view.scan({ type: 'list' })), ['list'])
      deepEqual([...new Set(await all(db.scan({ match: key('walk:l*') })))], [key('walk:list')])
      deepEqual(await all(view.buffers.scan({ match: 'lis?' })), [Buffer.from('list')])
    },
  },
  {
    name: 'hscan, sscan and zscan give fields, members and scores',
    async run({ db, key }) {
      const names = many(300)
      await db.hset(key('h'), Object.fromEntries(names.map((name, i) => [name, i])))
      await db.sadd(key('s'), names)
      await db.zadd(key('z'), Object.fromEntries(names.map((name, i) => [name, i / 4])))
      const fields = new Map(await all(db.hscan(key('h'), { count: 20 })))
      deepEqual([fields.size, fields.get('m7'), fields.get('m299')], [300, '7', '299'])
      equal(new Set(await all(db.sscan(key('s')))).size, 300)
      const scores = new Map(await all(db.zscan(key('z'), { match: 'm29*' })))
      deepEqual([scores.size, scores.get('m299')], [11, 74.75])
      deepEqual(await all(db.buffers.zscan(key('none'))), [])
    },
  },
  {
    name: 'a loop may be left at any time',
    async run({ db, key }) {
      await db.sadd(key('s'), many(500))
      let seen = 0
      for await (const member of db.sscan(key('s'), { count: 10 })) if (member.startsWith('m') && ++seen === 3) break
      equal(seen, 3)
    },
  },
  {
    name: 'an error of the store is thrown by the loop',
    async run({ db, key }) {
      await db.set(key('k'), 'v')
      const failure: unknown = await all(db.hscan(key('k'))).catch((error: unknown) => error)
      equal(failure instanceof Error && 'code' in failure && failure.code, 'WRONGTYPE')
    },
  },
]
