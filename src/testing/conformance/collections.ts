/** Hashes, lists, sets, sorted sets and places: maps are maps, scores are numbers, whatever the protocol. */
import { deepEqual, equal, ok } from 'node:assert/strict'
import type { ConformanceCase } from './case.ts'

export const COLLECTIONS: readonly ConformanceCase[] = [
  {
    name: 'hashes are maps',
    async run({ db, key }) {
      equal(await db.hset(key('h'), { name: 'Ada', born: 1815 }), 2)
      const all = await db.hgetall(key('h'))
      ok(all instanceof Map)
      deepEqual([...all].sort(), [
        ['born', '1815'],
        ['name', 'Ada'],
      ])
      equal((await db.hgetall(key('none'))).size, 0)
      deepEqual(await db.hmget(key('h'), ['name', 'none']), ['Ada', null])
      equal(await db.hincrby(key('h'), 'born', 1), 1816)
      equal(await db.hexists(key('h'), 'name'), 1)
      deepEqual(new Set(await db.hkeys(key('h'))), new Set(['name', 'born']))
      equal(await db.hlen(key('h')), 2)
      const picked = await db.hrandfield(key('h'), { count: 5, withvalues: true })
      deepEqual(picked.sort(), [
        ['born', '1816'],
        ['name', 'Ada'],
      ])
      equal(await db.hdel(key('h'), ['name', 'born']), 2)
    },
  },
  {
    name: 'lists keep their order at both ends',
    async run({ db, key }) {
      equal(await db.rpush(key('l'), ['a', 'b', 'c']), 3)
      equal(await db.lpush(key('l'), 'z'), 4)
      deepEqual(await db.lrange(key('l'), 0, -1), ['z', 'a', 'b', 'c'])
      equal(await db.lindex(key('l'), -1), 'c')
      equal(await db.lindex(key('l'), 9), null)
      deepEqual(await db.lpos(key('l'), 'b', { count: 0 }), [2])
      equal(await db.lpos(key('l'), 'none'), null)
      equal(await db.linsert(key('l'), 'BEFORE', 'b', 'x'), 5)
      equal(await db.lmove(key('l'), key('m'), 'LEFT', 'RIGHT'), 'z')
      deepEqual(await db.lpop(key('l'), { count: 2 }), ['a', 'x'])
      equal(await db.rpop(key('l')), 'c')
      equal(await db.lpop(key('none')), null)
      equal(await db.lpop(key('none'), { count: 1 }), null)
      deepEqual(await db.lmpop([key('none'), key('l')], 'LEFT', { count: 2 }), [key('l'), ['b']])
      equal(await db.lmpop([key('none')], 'LEFT'), null)
    },
  },
  {
    name: 'sets are sets',
    async run({ db, key }) {
      equal(await db.sadd(key('a'), ['x', 'y', 'z']), 3)
      equal(await db.sadd(key('b'), ['y', 'q']), 2)
      deepEqual(await db.smembers(key('a')), new Set(['x', 'y', 'z']))
      deepEqual(await db.sinter([key('a'), key('b')]), new Set(['y']))
      deepEqual(await db.smismember(key('a'), ['x', 'q']), [1, 0])
      equal(await db.sintercard([key('a'), key('b')]), 1)
      equal(await db.sunionstore(key('c'), [key('a'), key('b')]), 4)
      deepEqual(await db.spop(key('b'), { count: 5 }), new Set(['y', 'q']))
      equal(await db.spop(key('b')), null)
      deepEqual(await db.smembers(key('none')), new Set())
    },
  },
  {
    name: 'scores are numbers, members come in their order',
    async run({ db, key }) {
      equal(await db.zadd(key('z'), { ada: 1.5, bob: 2, eve: 0.1 }), 3)
      deepEqual(await db.zrange(key('z'), 0, -1), ['eve', 'ada', 'bob'])
      deepEqual(await db.zrange(key('z'), 0, -1, { withscores: true }), [
        ['eve', 0.1],
        ['ada', 1.5],
        ['bob', 2],
      ])
      equal(await db.zscore(key('z'), 'ada'), 1.5)
      equal(await db.zscore(key('z'), 'none'), null)
      deepEqual(await db.zmscore(key('z'), ['ada', 'none']), [1.5, null])
      equal(await db.zincrby(key('z'), 1.25, 'ada'), 2.75)
      equal(await db.zadd(key('z'), { ada: 0.25 }, { incr: true }), 3)
      equal(await db.zadd(key('z'), { ada: 1 }, { incr: true, nx: true }), null)
      equal(await db.zrank(key('z'), 'ada'), 2)
      equal(await db.zrank(key('z'), 'none'), null)
      equal(await db.zadd(key('inf'), { low: -Infinity, high: Infinity }), 2)
      deepEqual(await db.zrange(key('inf'), 0, -1, { withscores: true }), [
        ['low', -Infinity],
        ['high', Infinity],
      ])
      deepEqual(await db.zrange(key('z'), '-inf', '+inf', { byscore: true, limit: [1, 1] }), ['bob'])
      deepEqual(await db.zmpop(key('z'), 'MIN', { count: 2 }), [
        key('z'),
        [
          ['eve', 0.1],
          ['bob', 2],
        ],
      ])
      deepEqual(await db.zpopmax(key('z'), { count: 3 }), [['ada', 3]])
      equal(await db.zmpop(key('z'), 'MIN'), null)
    },
  },
  {
    name: 'sorted sets are combined',
    async run({ db, key }) {
      await db.zadd(key('a'), { x: 1, y: 2 })
      await db.zadd(key('b'), { y: 10, q: 20 })
      const both = [key('a'), key('b')]
      deepEqual(await db.zunion(both, { withscores: true }), [
        ['x', 1],
        ['y', 12],
        ['q', 20],
      ])
      deepEqual(await db.zinter(both, { weights: [2, 1], withscores: true }), [['y', 14]])
      deepEqual(await db.zdiff(both), ['x'])
      equal(await db.zunionstore(key('c'), both, { aggregate: 'MAX' }), 3)
      equal(await db.zcount(key('c'), '(1', 20), 2)
    },
  },
  {
    name: 'places have positions',
    async run({ db, key }) {
      equal(await db.geoadd(key('g'), [13.361389, 38.115556, 'Palermo', 15.087269, 37.502669, 'Catania']), 2)
      const [position, none] = await db.geopos(key('g'), ['Palermo', 'none'])
      ok(Math.abs(position![0] - 13.361389) < 1e-5 && Math.abs(position![1] - 38.115556) < 1e-5)
      equal(none, null)
      deepEqual(await db.geosearch(key('g'), { frommember: 'Palermo', byradius: [200, 'KM'], asc: true }), [
        'Palermo',
        'Catania',
      ])
      deepEqual(await db.geohash(key('g'), ['Palermo', 'none']), ['sqc8b49rny0', null])
    },
  },
  {
    name: 'sorting takes numbers and words',
    async run({ db, key }) {
      await db.rpush(key('l'), [3, 10, 2])
      deepEqual(await db.sort(key('l')), ['2', '3', '10'])
      deepEqual(await db.sort(key('l'), { alpha: true, desc: true }), ['3', '2', '10'])
      equal(await db.sort(key('l'), { store: key('m') }), 3)
    },
  },
]
