/** The acceptance table of portable scripts, as generated Lua on redis-server: keys. */
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { LuaServer } from '../../test/scripts/lua-on-server.ts'
import { t } from './spec.ts'

let server: LuaServer
let redis: Redis

beforeAll(async () => {
  server = await LuaServer.start()
  redis = server.redis
})
afterAll(() => server.stop())
beforeEach(() => redis.flushall())

const lua: LuaServer['lua'] = (spec, body) => server.lua(spec, body)
const pure: LuaServer['pure'] = (args, body) => server.pure(args, body)
const list = (key: string) => redis.lrange(key, 0, -1)

describe('rows 1 to 7', () => {
  test('arithmetic in branches', async () => {
    const s1 = pure({ a: t.number, b: t.number }, (_, { a, b }) => {
      let c = 5
      let d = 0
      if (a + b >= 10) {
        c = a - b
        d = 2.5
      } else d = 7.5
      return c + d
    })
    expect([await s1({ a: 2, b: 4 }), await s1({ a: 3, b: 7 }), await s1({ a: 13, b: 2 })]).toEqual([12.5, -1.5, 13.5])
  })

  test('a conditional set', async () => {
    const keepMax = lua({ keys: { k: 'string' }, args: { a: t.number } }, ({ k }, { a }, env) => {
      if ((env.toNumber(k.get() ?? '0') ?? 0) <= a) k.set(a)
      const v = k.get()
      return v === null ? null : env.toNumber(v)
    })
    expect(await keepMax({ k: 'foo' }, { a: 1 })).toBe(1)
    await redis.set('foo', '3')
    expect(await keepMax({ k: 'foo' }, { a: 2 })).toBe(3)
    expect(await keepMax({ k: 'neg' }, { a: -1 })).toBe(null)
    expect(await redis.exists('neg')).toBe(0)
    await redis.set('pos', '5')
    expect(await keepMax({ k: 'pos' }, { a: 6 })).toBe(6)
    expect(await redis.get('pos')).toBe('6')
  })
})

describe('rows 8 to 12', () => {
  test('a list is split', async () => {
    const split = lua(
      { keys: { inp: 'list', left: 'list', right: 'list' }, args: { cmp: t.number } },
      (keys, args, env) => {
        let v = keys.inp.popLeft()
        while (v !== null) {
          if ((env.toNumber(v) ?? 0) < args.cmp) keys.left.pushRight(v)
          else keys.right.pushRight(v)
          v = keys.inp.popLeft()
        }
        return null
      },
    )
    await redis.rpush('mylist', 1, 3, 2, 4)
    expect(await split({ inp: 'mylist', left: 'small', right: 'big' }, { cmp: 3 })).toBe(null)
    expect([await list('mylist'), await list('small'), await list('big')]).toEqual([[], ['1', '2'], ['3', '4']])
    await redis.flushall()
    expect(await split({ inp: 'none', left: 'small', right: 'big' }, { cmp: 3 })).toBe(null)
    expect(await redis.dbsize()).toBe(0)
  })

  test('a list is partitioned', async () => {
    const partition = lua(
      { keys: { inp: 'list', left: 'list', right: 'list' }, args: { cmp: t.number } },
      ({ inp, left, right }, { cmp }, { toNumber }) => {
        let v: string | null
        while ((v = inp.popLeft()) !== null) {
          if ((toNumber(v) ?? 0) < cmp) left.pushLeft(v)
          else right.pushRight(v)
        }
        if (left.length() > right.length()) {
          const last = left.popRight()
          if (last !== null) right.pushLeft(last)
        }
        return null
      },
    )
    await redis.rpush('a', 5, 2, 3, 7, 9, 8, 8, 1, 4)
    await partition({ inp: 'a', left: 'b', right: 'c' }, { cmp: 5 })
    expect([await list('b'), await list('c'), await redis.exists('a')]).toEqual([
      ['4', '1', '3', '2'],
      ['5', '7', '9', '8', '8'],
      0,
    ])
    await redis.rpush('d', 1, 2, 3, 4, 5, 6, 7, 8, 9)
    await partition({ inp: 'd', left: 'b', right: 'e' }, { cmp: 7 })
    expect([await list('b'), await list('e')]).toEqual([
      ['6', '5', '4', '3', '2', '1', '4', '1', '3'],
      ['2', '7', '8', '9'],
    ])
    await redis.del('a')
    await partition({ inp: 'b', left: 'a', right: 'd' }, { cmp: 3 })
    expect([await list('a'), await list('d')]).toEqual([
      ['1', '1', '2'],
      ['6', '5', '4', '3', '4', '3'],
    ])
  })
})

describe('rows 13 to 25', () => {
  test('the lowest of a sorted set are filtered', async () => {
    const lowest = lua({ keys: { z: 'zset' }, args: { prefix: t.string } }, ({ z }, { prefix }) =>
      z
        .popMin(5)
        .map(([member]) => member)
        .filter((member) => member.startsWith(prefix)),
    )
    await redis.zadd('z', 0, 'a_x_0', 0.5, 'b_v_0', 1, 'a_p_1', 1, 'b_t_1', 1.5, 'b_q_2', 2, 'b_u_3', 2, 'c_e_0')
    expect(await lowest({ z: 'z' }, { prefix: 'a_' })).toEqual(['a_x_0', 'a_p_1'])
    expect(await redis.zrange('z', 0, -1)).toEqual(['b_u_3', 'c_e_0'])
    await redis.zadd('y', 15, 'c_k_6')
    expect(await lowest({ z: 'y' }, { prefix: 'a_' })).toEqual([])
    expect(await redis.exists('y')).toBe(0)
  })

  test('members are swapped between sets', async () => {
    const swap = lua(
      { keys: { left: 'set', right: 'set' }, args: { list: t.array(t.string) } },
      ({ left, right }, { list }) => {
        const moved: Record<string, boolean> = {}
        for (const m of list) {
          if (left.has(m) && !right.has(m)) {
            left.remove(m)
            right.add(m)
            moved[m] = true
          }
        }
        for (const m of list) {
          if (right.has(m) && !left.has(m)) {
            right.remove(m)
            left.add(m)
            moved[m] = true
          }
        }
        return moved
      },
    )
    await redis.sadd('l', 'a', 'b', 'c', 'd')
    await redis.sadd('r', 'b', 'd', 'e', 'f')
    const keys = { left: 'l', right: 'r' }
    expect(await swap(keys, { list: ['a', 'b', 'c'] })).toEqual({ a: true, c: true })
    expect([(await redis.smembers('l')).sort(), (await redis.smembers('r')).sort()]).toEqual([
      ['a', 'b', 'c', 'd'],
      ['b', 'd', 'e', 'f'],
    ])
    expect(await swap(keys, { list: ['a', 'd', 'e', 'f'] })).toEqual({ a: true, e: true, f: true })
    expect([(await redis.smembers('l')).sort(), (await redis.smembers('r')).sort()]).toEqual([
      ['a', 'b', 'c', 'd', 'e', 'f'],
      ['b', 'd'],
    ])
    expect(await swap(keys, { list: ['d'] })).toEqual({})
  })

  test('workers pick tasks', async () => {
    const pick = lua(
      { keys: { queue: 'zset', info: 'hash', busy: 'hash' }, args: { worker: t.string } },
      ({ queue, info, busy }, { worker }, env) => {
        for (const [task] of queue.popMax()) {
          busy.set(task, worker)
          return [task, env.toNumber(info.get(task))]
        }
        return []
      },
    )
    await redis.zadd('q', 0.25, 't0', 1, 't1')
    await redis.hset('i', 't0', '0.5', 't1', '0.75')
    const keys = { queue: 'q', info: 'i', busy: 'b' }
    expect(await pick(keys, { worker: 'w1' })).toEqual(['t1', 0.75])
    expect([await redis.zrange('q', 0, -1), await redis.hgetall('b')]).toEqual([['t0'], { t1: 'w1' }])
    await redis.flushall()
    expect([await pick(keys, { worker: 'w1' }), await redis.dbsize()]).toEqual([[], 0])
  })

  test('tasks of dead workers return', async () => {
    const check = lua(
      { keys: { busy: 'hash', queue: 'zset', heartbeat: 'string' }, args: { task: t.string, worker: t.string } },
      ({ busy, queue, heartbeat }, { task, worker }) => {
        if (heartbeat.exists() || busy.get(task) !== worker) return null
        busy.remove(task)
        queue.add(task, 2)
        return queue.size()
      },
    )
    await redis.hset('b', 't1', 'w0')
    const keys = { busy: 'b', queue: 'q', heartbeat: 'heartbeat:w0' }
    await redis.set('heartbeat:w0', 'alive')
    expect(await check(keys, { task: 't1', worker: 'w0' })).toBe(null)
    await redis.del('heartbeat:w0')
    expect(await check(keys, { task: 't1', worker: 'w0' })).toBe(1)
    expect([await redis.zrange('q', 0, -1, 'WITHSCORES'), await redis.exists('b')]).toEqual([['t1', '2'], 0])
  })

  test('a stack of frames', async () => {
    const spec = {
      keys: { base: 'any' },
      derivedKeys: true,
      args: { field: t.string, value: t.string.optional() },
    } as const
    const set = lua(spec, ({ base }, { field, value }, env) => {
      const size = env.toNumber(base.child('string', 'size').get()) ?? 0
      base.child('hash', 'frame', size).set(field, value ?? '')
      return null
    })
    const cascading = lua(spec, ({ base }, { field }, env) => {
      let n = env.toNumber(base.child('string', 'size').get()) ?? 0
      while (n >= 0) {
        const found = base.child('hash', 'frame', n).get(field)
        if (found !== null) return found
        n--
      }
      return null
    })
    const pop = lua({ keys: { base: 'any' }, derivedKeys: true }, ({ base }, _, env) => {
      const size = base.child('string', 'size')
      const n = env.toNumber(size.get()) ?? 0
      const frame = base.child('hash', 'frame', n)
      const found = frame.getAll()
      frame.delete()
      if (n > 0) size.set(n - 1)
      else size.delete()
      return found
    })
    await set({ base: 'foo' }, { field: 'a', value: 'hi' })
    expect([await redis.hgetall('foo:frame:0'), await redis.exists('foo:size')]).toEqual([{ a: 'hi' }, 0])
    await redis.hset('foo:frame:0', 'b', 'foo')
    await redis.hset('foo:frame:1', 'b', 'bb')
    await redis.set('foo:size', '1')
    const found = []
    for (const field of ['a', 'b', 'z']) found.push(await cascading({ base: 'foo' }, { field }))
    expect(found).toEqual(['hi', 'bb', null])
    expect(await pop({ base: 'foo' })).toEqual({ b: 'bb' })
    expect([await redis.exists('foo:frame:1'), await redis.get('foo:size')]).toEqual([0, '0'])
    expect([await pop({ base: 'foo' }), await pop({ base: 'foo' })]).toEqual([{ a: 'hi', b: 'foo' }, {}])
    expect(await redis.dbsize()).toBe(0)
  })
})

describe('rows 26 to 43: handles', () => {
  test('strings', async () => {
    const v = { v: t.string }
    const set = lua({ keys: { k: 'string' }, args: v }, ({ k }, { v }) => k.set(v))
    const ifMissing = lua({ keys: { k: 'string' }, args: v }, ({ k }, { v }) => k.set(v, { ifMissing: true }))
    const getSet = lua({ keys: { k: 'string' }, args: v }, ({ k }, { v }) => k.getSet(v, { ttl: 100000 }))
    const keep = lua({ keys: { k: 'string' }, args: v }, ({ k }, { v }) => k.set(v, { ifExists: true, keepTtl: true }))
    const orDefault = lua({ keys: { k: 'string' } }, ({ k }) => k.get() ?? 'd')
    const k = { k: 'bar' }
    expect(await set(k, { v: 'v' })).toBe(true)
    expect(await ifMissing(k, { v: 'c' })).toBe(false)
    expect(await getSet(k, { v: 'b' })).toBe('v')
    expect(await getSet({ k: 'none' }, { v: 'b' })).toBe(null)
    expect(await keep(k, { v: 'c' })).toBe(true)
    expect(await redis.pttl('bar')).toBeGreaterThan(0)
    await redis.set('empty', '')
    expect([await orDefault({ k: 'empty' }), await orDefault({ k: 'missing' })]).toEqual(['', 'd'])
    const incr = lua({ keys: { k: 'string' } }, ({ k }) => k.incrBy(0.5))
    await redis.set('n', '0.25')
    expect([await incr({ k: 'n' }), await redis.get('n')]).toEqual([0.75, '0.75'])
  })

  test('hashes', async () => {
    await redis.hset('h', 'd', '3', 'e', '4', 'f', '5')
    const many = lua({ keys: { h: 'hash' } }, ({ h }) => h.getMany('b', 'c', 'd', 'e'))
    const isNull = lua({ keys: { h: 'hash' } }, ({ h }) => h.getMany('x').x === null)
    const all = lua({ keys: { h: 'hash' } }, ({ h }) => h.getAll())
    const incr = lua({ keys: { h: 'hash' } }, ({ h }) => h.incrBy('e', 2))
    expect(await many({ h: 'h' })).toEqual({ b: null, c: null, d: '3', e: '4' })
    expect([await isNull({ h: 'none' }), await all({ h: 'none' })]).toEqual([true, {}])
    expect([await incr({ h: 'h' }), await redis.hget('h', 'e')]).toEqual([6, '6'])
    const setAll = lua(
      { keys: { h: 'hash' }, args: { o: t.record(t.number) } },
      ({ h }, { o }) => h.setAll(o) + h.setAll({ z: 1 }),
    )
    expect(await setAll({ h: 'g' }, { o: { a: 1, b: 0.5 } })).toBe(3)
    expect(await redis.hgetall('g')).toEqual({ a: '1', b: '0.5', z: '1' })
  })

  test('lists', async () => {
    await redis.lpush('l', 'a', 'b', 'c')
    const pop = lua({ keys: { l: 'list' } }, ({ l }) => l.popManyLeft(2))
    expect([await pop({ l: 'l' }), await list('l'), await pop({ l: 'none' })]).toEqual([['c', 'b'], ['a'], []])
    await redis.rpush('m', 'a', 'b', 'c', 'd', 'e')
    const range = lua({ keys: { l: 'list' }, args: { a: t.number, b: t.number } }, ({ l }, { a, b }) => l.range(a, b))
    expect(await range({ l: 'm' }, { a: -100, b: 100 })).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(await range({ l: 'm' }, { a: 3, b: 1 })).toEqual([])
    const some = lua({ keys: { l: 'list' } }, ({ l }) => (l.length() > 0 ? 'y' : 'n'))
    expect([await some({ l: 'm' }), await some({ l: 'none' })]).toEqual(['y', 'n'])
  })

  test('sorted sets, kinds, deadlines and streams', async () => {
    await redis.zadd('z', 0.25, 'a', 0.5, 'b', 0.75, 'c')
    const top = lua({ keys: { z: 'zset' } }, ({ z }) => z.popMax(2))
    expect(await top({ z: 'z' })).toEqual([
      ['c', 0.75],
      ['b', 0.5],
    ])
    const kind = lua({ keys: { k: 'any' } }, ({ k }) => k.type())
    expect([await kind({ k: 'none' }), await kind({ k: 'z' })]).toEqual([null, 'zset'])
    const ttl = lua({ keys: { k: 'any' } }, ({ k }) => [
      k.ttl(),
      k.expire(1500),
      k.ttl(),
      k.expire(9, 'ifPersistent'),
      k.persist(),
      k.exists(),
    ])
    const [before, isSet, after, ...others] = (await ttl({ k: 'z' })) as unknown[]
    expect([before, isSet, others]).toEqual([-1, true, [false, true, true]])
    expect(after).toBeGreaterThan(1400)
    expect(await ttl({ k: 'none' })).toEqual([null, false, null, false, false, false])
    await redis.zadd('eq', 1, 'b', 1, 'a', 1, 'c')
    const ends = lua({ keys: { z: 'zset' } }, ({ z }) => [z.popMin(2), z.popMax(1)])
    expect(await ends({ z: 'eq' })).toEqual([
      [
        ['a', 1],
        ['b', 1],
      ],
      [['c', 1]],
    ])
    const stream = lua({ keys: { s: 'stream' } }, ({ s }) => {
      const id = s.add({ a: 1, b: 'x' }, { id: '5-1' })
      s.add({ a: 2 }, { id: '6-0', maxLength: 1 })
      return { id, all: s.range(), length: s.length(), removed: s.remove('6-0'), trimmed: s.trim(0) }
    })
    const expected = { id: '5-1', all: [{ id: '6-0', fields: { a: '2' } }], length: 1, removed: 1, trimmed: 0 }
    expect(await stream({ s: 's' })).toEqual(expected)
    await redis.zadd('inf', 'inf', 'a')
    const isInfinite = lua({ keys: { z: 'zset' } }, ({ z }) => Number.isFinite(z.score('a') ?? 0))
    expect(await isInfinite({ z: 'inf' })).toBe(false)
  })
})

describe('rows 56 to 58: failures', () => {
  test('fail ends the script and keeps what was written', async () => {
    const fails = lua({ keys: { k: 'string' } }, ({ k }, _, env) => {
      k.set('a')
      return env.fail('EBAD', 'no\n"way" ü')
    })
    await expect(fails({ k: 'k' })).rejects.toThrow(/user_script:\d+: GEARTRAIN EBAD no\\x0a"way" ü/)
    expect(await redis.get('k')).toBe('a')
  })

  test('a wrong type is answered as it is', async () => {
    const push = lua({ keys: { l: 'list' } }, ({ l }) => l.pushLeft('x'))
    await redis.hset('h', 'a', '1')
    await expect(push({ l: 'h' })).rejects.toThrow(/^WRONGTYPE .*on @user_script:\d+/)
  })
})
