/** Strings: text, bytes, numbers beyond 2^53, options, bits and counting. */
import { deepEqual, equal, ok } from 'node:assert/strict'
import type { ConformanceCase } from './case.ts'

/** All 256 bytes. */
const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, i) => i))

export const STRINGS: readonly ConformanceCase[] = [
  {
    name: 'text comes back as it went in, in any script',
    async run({ db, key }) {
      equal(await db.set(key('k'), 'größe 字 🚂'), 'OK')
      equal(await db.get(key('k')), 'größe 字 🚂')
      equal(await db.set(key('größe 字'), 12), 'OK')
      equal(await db.get(key('größe 字')), '12')
      equal(await db.strlen(key('k')), Buffer.byteLength('größe 字 🚂'))
      equal(await db.get(key('none')), null)
      equal(await db.set(key('empty'), ''), 'OK')
      equal(await db.get(key('empty')), '')
    },
  },
  {
    name: 'bytes come back byte for byte, as keys, fields and values',
    async run({ db, key }) {
      const name = Buffer.concat([Buffer.from(key('b')), EVERY_BYTE])
      equal(await db.set(name, EVERY_BYTE), 'OK')
      deepEqual(await db.buffers.get(name), EVERY_BYTE)
      deepEqual(await db.callBuffer('GET', name), EVERY_BYTE)
      equal(await db.hset(key('h'), [[EVERY_BYTE, EVERY_BYTE]]), 1)
      deepEqual(await db.buffers.hget(key('h'), EVERY_BYTE), EVERY_BYTE)
      deepEqual([...(await db.buffers.hgetall(key('h')))], [[EVERY_BYTE, EVERY_BYTE]])
      deepEqual(await db.buffers.mget([name, key('none')]), [EVERY_BYTE, null])
      const big = Buffer.alloc(300_000, EVERY_BYTE)
      await db.set(key('big'), big)
      ok((await db.buffers.get(key('big')))?.equals(big))
    },
  },
  {
    name: 'SET takes its options, and says what there was',
    async run({ db, key }) {
      equal(await db.set(key('k'), 'a', { nx: true }), 'OK')
      equal(await db.set(key('k'), 'b', { nx: true }), null)
      equal(await db.set(key('k'), 'b', { get: true }), 'a')
      equal(await db.set(key('k'), 'c', { xx: true, ex: 100 }), 'OK')
      ok((await db.ttl(key('k'))) > 90)
      equal(await db.set(key('k'), 'd', { keepttl: true }), 'OK')
      ok((await db.pttl(key('k'))) > 90_000)
      equal(await db.persist(key('k')), 1)
      equal(await db.ttl(key('k')), -1)
      equal(await db.getdel(key('k')), 'd')
      equal(await db.ttl(key('k')), -2)
    },
  },
  {
    name: 'counters are exact to 64 bits',
    async run({ db, key }) {
      equal(await db.incr(key('n')), 1)
      equal(await db.incrby(key('n'), 41), 42)
      equal(await db.decrby(key('n'), 50), -8)
      equal(await db.call('INCRBY', key('big'), 9007199254740993n), 9007199254740993n)
      equal(await db.call('INCRBY', key('big'), 1), 9007199254740994n)
      equal(await db.call('DECRBY', key('low'), 9223372036854775807n), -9223372036854775807n)
      equal(await db.call('INCRBY', key('edge'), 9007199254740991n), 9007199254740991)
      equal(await db.call('INCRBY', key('round'), 10_000_000_000), 10_000_000_000)
      const replies = await db.pipeline().add('INCRBY', key('big'), 1).exec()
      deepEqual(replies, [9007199254740995n])
      equal(await db.incrbyfloat(key('f'), '0.1'), '0.1')
    },
  },
  {
    name: 'parts, ranges and many at once',
    async run({ db, key }) {
      equal(await db.append(key('k'), 'hello'), 5)
      equal(await db.setrange(key('k'), 6, 'world'), 11)
      equal(await db.getrange(key('k'), 6, -1), 'world')
      equal(await db.getrange(key('none'), 0, -1), '')
      equal(await db.mset({ [key('a')]: 1, [key('b')]: '2' }), 'OK')
      deepEqual(await db.mget([key('a'), key('none'), key('b')]), ['1', null, '2'])
      equal(await db.msetnx({ [key('a')]: 3, [key('c')]: 3 }), 0)
      equal(await db.exists([key('a'), key('a'), key('c')]), 2)
      equal(await db.del([key('a'), key('b'), key('c')]), 2)
      equal(await db.lcs(key('k'), key('k'), { len: true }), 11)
    },
  },
  {
    name: 'bits and approximate counts',
    async run({ db, key }) {
      equal(await db.setbit(key('b'), 7, 1), 0)
      equal(await db.getbit(key('b'), 7), 1)
      equal(await db.bitcount(key('b')), 1)
      deepEqual(
        await db.bitfield(key('b'), [
          ['SET', 'u8', 0, 255],
          ['OVERFLOW', 'FAIL'],
          ['INCRBY', 'u8', 0, 1],
        ]),
        [1, null],
      )
      equal(await db.pfadd(key('p'), ['a', 'b', 'c']), 1)
      equal(await db.pfcount(key('p')), 3)
    },
  },
  {
    name: 'types, encodings and names of keys',
    async run({ db, key }) {
      await db.set(key('k'), 'v')
      equal(await db.type(key('k')), 'string')
      equal(await db.type(key('none')), 'none')
      equal(await db.object_encoding(key('k')), 'embstr')
      equal(await db.rename(key('k'), key('l')), 'OK')
      equal(await db.copy(key('l'), key('m')), 1)
      equal(await db.renamenx(key('l'), key('m')), 0)
      equal(await db.touch([key('l'), key('m'), key('none')]), 2)
      equal(await db.unlink(key('l')), 1)
    },
  },
]
