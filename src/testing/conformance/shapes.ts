/** Replies whose form differs between protocols, or depends on options: read by their shape they are the same everywhere. */
import { deepEqual, equal } from 'node:assert/strict'
import type { ConformanceCase } from './case.ts'

export const SHAPES: readonly ConformanceCase[] = [
  {
    name: 'what a group has pending, in sum and entry by entry',
    async run({ db, key }) {
      await db.xadd(key('s'), '1-1', { a: 1, b: 2 })
      await db.xadd(key('s'), '2-1', { a: 3 })
      await db.xgroup_create(key('s'), 'g', '0')
      deepEqual(await db.xpending(key('s'), 'g'), [0, null, null, null])
      await db.xreadgroup(['g', 'c'], { [key('s')]: '>' })
      await db.xdel(key('s'), '1-1')
      deepEqual(await db.xpending(key('s'), 'g'), [2, '1-1', '2-1', [['c', 2]]])
      const [first] = await db.xpending(key('s'), 'g', { start: '-', end: '+', count: 5 })
      deepEqual([first?.[0], first?.[1], typeof first?.[2], first?.[3]], ['1-1', 'c', 'number', 1])
      deepEqual(
        await db.xreadgroup(['g', 'c'], { [key('s')]: '0' }),
        new Map([
          [
            key('s'),
            [
              ['1-1', null],
              ['2-1', [['a', '3']]],
            ],
          ],
        ]),
      )
      equal(await db.xadd(key('none'), '1-1', { a: 1 }, { nomkstream: true }), null)
      const full = await db.xinfo_stream(key('s'), { full: true })
      deepEqual([full.length, full.entries, full.groups[0]?.consumers[0]?.name], [1, [['2-1', [['a', '3']]]], 'c'])
      deepEqual((await db.xinfo_stream(key('s')))['last-entry'], ['2-1', [['a', '3']]])
    },
  },
  {
    name: 'places with what was asked for',
    async run({ db, key }) {
      await db.geoadd(key('g'), [
        [13.361389, 38.115556, 'Palermo'],
        [15.087269, 37.502669, 'Catania'],
      ])
      equal(await db.geodist(key('g'), 'Palermo', 'Catania', { unit: 'KM' }), 166.2742)
      const area = { fromlonlat: [15, 37], byradius: [200, 'KM'], asc: true } as const
      deepEqual(await db.geosearch(key('g'), area), ['Catania', 'Palermo'])
      const [near] = await db.geosearch(key('g'), { ...area, withdist: true, withhash: true })
      deepEqual(near, { member: 'Catania', distance: 56.4413, hash: 3479447370796909 })
      const [far] = await db.geosearch(key('g'), { ...area, asc: false, desc: true, withcoord: true })
      deepEqual([far?.member, far?.position.map(Math.round)], ['Palermo', [13, 38]])
    },
  },
  {
    name: 'one popped, many popped, none popped',
    async run({ db, key }) {
      equal(await db.zpopmin(key('none')), null)
      await db.zadd(key('z'), { a: 1, b: 2, c: 3 })
      deepEqual(await db.zpopmin(key('z')), ['a', 1])
      deepEqual(await db.zpopmax(key('z'), { count: 5 }), [
        ['c', 3],
        ['b', 2],
      ])
    },
  },
  {
    name: 'what two strings have in common, in four forms',
    async run({ db, key }) {
      await db.mset([
        [key('a'), 'ohmytext'],
        [key('b'), 'mynewtext'],
      ])
      equal(await db.lcs(key('a'), key('b')), 'mytext')
      equal(await db.lcs(key('a'), key('b'), { len: true }), 6)
      const long = { idx: true, minmatchlen: 4 } as const
      deepEqual(await db.lcs(key('a'), key('b'), long), {
        matches: [
          [
            [4, 7],
            [5, 8],
          ],
        ],
        len: 6,
      })
      const { matches } = await db.lcs(key('a'), key('b'), { ...long, withmatchlen: true })
      deepEqual(matches[0]?.[2], 4)
    },
  },
]
