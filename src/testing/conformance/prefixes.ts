/** Views under a prefix: keys have it in the store, and nobody who works under it sees it. */
import { deepEqual, equal, rejects, throws } from 'node:assert/strict'
import type { ConformanceCase } from './case.ts'

export const PREFIXES: readonly ConformanceCase[] = [
  {
    name: 'every key of a line gets the prefix',
    async run({ db, key }) {
      const view = db.withPrefix(key('app:'))
      await view.mset({ a: 1, b: 2 })
      deepEqual(await db.mget([key('app:a'), key('app:b'), key('a')]), ['1', '2', null])
      await view.zadd('z', { x: 1 })
      equal(await view.zunionstore('to', ['z', 'none']), 1)
      equal(await db.zscore(key('app:to'), 'x'), 1)
      await view.xadd('s', '1-1', { f: 'v' })
      deepEqual(await view.xread({ s: '0' }), new Map([['s', [['1-1', [['f', 'v']]]]]]))
      deepEqual(await view.multi().get('a').add('GET', 'b').exec(), ['1', '2'])
      equal(await view.call('GET', 'a'), '1')
      equal(view.keyPrefix, key('app:'))
    },
  },
  {
    name: 'SORT finds what its patterns name, and stores under the prefix',
    async run({ db, key }) {
      const view = db.withPrefix(key('app:'))
      await view.rpush('l', ['x', 'y'])
      if (db.features.kind === 'cluster') return
      await view.mset({ w_x: 2, w_y: 1, n_x: 'ex', n_y: 'why' })
      deepEqual(await view.sort('l', { by: 'w_*', get: ['#', 'n_*'] }), ['y', 'why', 'x', 'ex'])
      equal(await view.sort('l', { alpha: true, desc: true, store: 'to' }), 2)
      deepEqual(await db.lrange(key('app:to'), 0, -1), ['y', 'x'])
    },
  },
  {
    name: 'replies name keys without it',
    async run({ db, key }) {
      const view = db.withPrefix(key('app:'))
      await view.rpush('l', ['a', 'b', 'c'])
      await view.zadd('z', { x: 1, y: 2 })
      deepEqual(await view.lmpop(['none', 'l'], 'LEFT'), ['l', ['a']])
      deepEqual(await view.blpop(['none', 'l'], 1), ['l', 'b'])
      deepEqual(await view.blmpop(1, ['l'], 'RIGHT'), ['l', ['c']])
      deepEqual(await view.bzpopmin('z', 1), ['z', 'x', 1])
      deepEqual(await view.zmpop('z', 'MIN'), ['z', [['y', 2]]])
      deepEqual(await view.buffers.keys('*'), [])
      await view.mset({ 'k?': 1, kx: 2 })
      deepEqual((await view.keys('k*')).sort(), ['k?', 'kx'])
      deepEqual(await view.keys('k\\?'), ['k?'])
      await view.del('kx')
      equal(await view.randomkey(), 'k?')
    },
  },
  {
    name: 'a prefix is no pattern, and prefixes nest',
    async run({ db, key }) {
      const star = db.withPrefix(key('a*['))
      await star.set('k', 'v')
      await db.set(key('abc[k'), 'other')
      deepEqual(await star.keys('*'), ['k'])
      const inner = star.withPrefix('b:')
      await inner.set('k', 'w')
      equal(await db.get(key('a*[b:k')), 'w')
      deepEqual((await star.keys('*')).sort(), ['b:k', 'k'])
      equal(await star.deleteAll(), 2)
      equal(await db.get(key('abc[k')), 'other')
    },
  },
  {
    name: 'what is about all keys is refused, and what is not known',
    async run({ db, key }) {
      const view = db.withPrefix(key('app:'))
      await rejects(view.flushall(), /deleteAll/)
      await rejects(view.dbsize(), /DBSIZE/)
      await rejects(view.call('NO.SUCH', 'k'), /not known which of its words are keys/)
      throws(() => db.withPrefix(''), TypeError)
    },
  },
  {
    name: 'transactions watch keys under it',
    async run({ db, key }) {
      const view = db.withPrefix(key('app:'))
      let attempts = 0
      await view.transaction('n', async (tx) => {
        const n = Number(await tx.get('n'))
        if (attempts++ === 0) await db.set(key('app:n'), 5)
        return tx.multi().set('n', n + 1)
      })
      equal(attempts, 2)
      equal(await db.get(key('app:n')), '6')
    },
  },
  {
    name: 'channels have it too',
    async run({ db, key }) {
      const view = db.withPrefix(key('app:'))
      await using heard = await view.subscribe('news')
      await using matched = await view.psubscribe('n*')
      await using outside = await db.subscribe([key('app:news'), key('news')])
      await view.publish('news', 'hello')
      await db.publish(key('news'), 'not for the view')
      await view.publish('news', 'bye')
      deepEqual((await heard.next()).value, { channel: 'news', message: 'hello' })
      deepEqual((await heard.next()).value, { channel: 'news', message: 'bye' })
      deepEqual((await matched.next()).value, { channel: 'news', message: 'hello', pattern: 'n*' })
      deepEqual((await outside.next()).value, { channel: key('app:news'), message: 'hello' })
      if (db.features.kind !== 'cluster') deepEqual(await view.pubsub_numsub('news'), [['news', 2]])
    },
  },
]
