/** Streams and their groups. */
import { deepEqual, equal, match } from 'node:assert/strict'
import type { ConformanceCase } from './case.ts'

export const STREAMS: readonly ConformanceCase[] = [
  {
    name: 'entries come in order, with their fields',
    async run({ db, key }) {
      equal(await db.xadd(key('x'), '1-1', { a: 1 }), '1-1')
      equal(
        await db.xadd(key('x'), '1-2', [
          ['b', 2],
          ['c', 3],
        ]),
        '1-2',
      )
      match(String(await db.xadd(key('x'), '*', { d: 4 })), /^\d+-\d+$/)
      equal(await db.xlen(key('x')), 3)
      deepEqual(await db.xrange(key('x'), '-', '1-9'), [
        ['1-1', [['a', '1']]],
        [
          '1-2',
          [
            ['b', '2'],
            ['c', '3'],
          ],
        ],
      ])
      deepEqual(await db.xrevrange(key('x'), '1-9', '-', { count: 1 }), [
        [
          '1-2',
          [
            ['b', '2'],
            ['c', '3'],
          ],
        ],
      ])
      equal(await db.xdel(key('x'), '1-1'), 1)
      equal(await db.xadd(key('none'), '*', { a: 1 }, { nomkstream: true }), null)
    },
  },
  {
    name: 'reads give a map of streams, or null',
    async run({ db, key }) {
      await db.xadd(key('x'), '1-1', { a: 1 })
      await db.xadd(key('y'), '2-1', { b: 2 })
      const found = await db.xread({ [key('x')]: '0', [key('y')]: '0' })
      deepEqual(
        [...found!],
        [
          [key('x'), [['1-1', [['a', '1']]]]],
          [key('y'), [['2-1', [['b', '2']]]]],
        ],
      )
      equal(await db.xread({ [key('x')]: '$' }), null)
    },
  },
  {
    name: 'groups share the entries and keep what is pending',
    async run({ db, key }) {
      equal(await db.xgroup_create(key('x'), 'g', '0', { mkstream: true }), 'OK')
      await db.xadd(key('x'), '1-1', { a: 1 })
      await db.xadd(key('x'), '1-2', { b: 2 })
      const read = await db.xreadgroup(['g', 'ada'], { [key('x')]: '>' }, { count: 1 })
      deepEqual([...read!], [[key('x'), [['1-1', [['a', '1']]]]]])
      equal((await db.xreadgroup(['g', 'bob'], { [key('x')]: '>' }))?.size, 1)
      equal(await db.xack(key('x'), 'g', '1-1'), 1)
      const [group] = await db.xinfo_groups(key('x'))
      equal(group!.name, 'g')
      equal(group!.pending, 1)
      equal(group!['last-delivered-id'], '1-2')
      deepEqual(await db.xclaim(key('x'), 'g', 'ada', 0, '1-2'), [['1-2', [['b', '2']]]])
      await db.xdel(key('x'), '1-2')
      deepEqual([...(await db.xreadgroup(['g', 'ada'], { [key('x')]: '0' }))!], [[key('x'), [['1-2', null]]]])
      await db.call('XADD', key('x'), '9-9', 'f', 'v')
      await db.xreadgroup(['g', 'ada'], { [key('x')]: '>' })
      equal(await db.xgroup_destroy(key('x'), 'g'), 1)
    },
  },
]
