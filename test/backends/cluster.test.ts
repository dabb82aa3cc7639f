/** A Redis Cluster: lines reach their nodes, slots may move, masters may die, and what can't be kept is refused. */
import { Cluster } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { slotOfKeys } from '../../src/backend/redis/cluster/routing.ts'
import { backendAt, type Connectable } from '../../src/backend/redis/open-redis.ts'
import { raw } from '../../src/base/bytes.ts'
import { hashSlot } from '../../src/base/slots.ts'
import { type Database, open } from '../../src/index.ts'
import { oracleMissing } from '../oracle/available.ts'
import { FakeServer } from './fake-server.ts'
import { RedisCluster } from './redis-cluster.ts'
import { eventually } from './redis-process.ts'

const argv = (line: string) => line.split(' ').map(raw)
const CROSSSLOT = { code: 'CROSSSLOT', message: "CROSSSLOT Keys in request don't hash to the same slot" }

describe('slotOfKeys', () => {
  test('is the slot of all keys, none, or an error', () => {
    expect(slotOfKeys(argv('SET {a}1 v'))).toBe(hashSlot(raw('a')))
    expect(slotOfKeys(argv('EVALSHA 0123 2 {a}1 {a}2 b'))).toBe(hashSlot(raw('a')))
    expect(slotOfKeys(argv('XREAD STREAMS {a}1 {a}2 0 0'))).toBe(hashSlot(raw('a')))
    expect(slotOfKeys(argv('PING'))).toBeUndefined()
    expect(slotOfKeys(argv('UNHEARD of'))).toBeUndefined()
    expect(slotOfKeys(argv('SMOVE a b m'))).toMatchObject(CROSSSLOT)
  })
})

describe('nodes that disagree', () => {
  test('are given up after some redirections', async () => {
    const slots = (port: number) => `*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:${port}\r\n`
    const answer = (to: () => number) => (words: readonly string[]) =>
      words[0] === 'CLUSTER' ? slots(one.port) : `-MOVED 1 127.0.0.1:${to()}\r\n`
    const other: FakeServer = await FakeServer.start(answer(() => one.port))
    const one: FakeServer = await FakeServer.start(answer(() => other.port))
    const db = await open(`redis+cluster://127.0.0.1:${one.port}`)
    await expect(db.get('k')).rejects.toMatchObject({ code: 'UNREACHABLE', message: /redirected a command 16 times/ })
    await expect(db.multi().get('k').exec()).rejects.toMatchObject({ code: 'UNREACHABLE' })
    expect([...one.heard, ...other.heard].filter((line) => line === 'GET k').length).toBeLessThan(60)
    await db.close()
    await Promise.all([one.stop(), other.stop()])
  })
})

describe.skipIf(oracleMissing)('Redis Cluster', () => {
  let cluster: RedisCluster
  let db: Database
  let backend: Connectable
  beforeAll(async () => {
    cluster = await RedisCluster.start()
    db = await open(cluster.url)
    backend = await backendAt(cluster.url, {})
  })
  afterAll(async () => {
    await Promise.all([db.close(), backend.close()])
    await cluster.stop()
  })
  beforeEach(() => db.flushall())

  test('commands over several slots are refused before they are sent, unless they can be split', async () => {
    await expect(db.smove('a', 'b', 'm')).rejects.toMatchObject({ name: 'RedisError', ...CROSSSLOT })
    await expect(db.msetnx({ a: 1, b: 2 })).rejects.toMatchObject(CROSSSLOT)
    await expect(db.multi().set('a', 1).set('b', 1).exec()).rejects.toMatchObject(CROSSSLOT)
    await expect(db.transaction(['a', 'b'], async (tx) => tx.multi())).rejects.toMatchObject(CROSSSLOT)
    expect(await db.mset({ a: 1, b: 2, c: 3 })).toBe('OK')
    expect(await db.mget(['c', 'none', 'a', 'c'])).toEqual(['3', null, '1', '3'])
    await expect(db.call('MSET', 'a', 1, 'b')).rejects.toMatchObject({
      message: /wrong number of arguments for 'mset'/,
    })
    const [n, crossed] = await db.pipeline().dbsize().add('SMOVE', 'a', 'b', 'm').exec()
    expect(n).toBe(3)
    expect(crossed).toMatchObject(CROSSSLOT)
    await expect(db.call('SCAN', 0)).rejects.toMatchObject({ code: 'UNSUPPORTED', message: /db\.scan/ })
  })

  test('a script that was loaded is on every master', async () => {
    const sha = await db.call('SCRIPT', 'LOAD', "return redis.call('INCR', KEYS[1])")
    for (const key of ['a', 'b', 'c', 'd']) expect(await db.call('EVALSHA', String(sha), 1, key)).toBe(1)
    expect(await db.call('SCRIPT', 'EXISTS', String(sha), '0'.repeat(40))).toEqual([1, 0])
    await expect(db.call('EVAL', 'return 1', 2, 'a', 'b')).rejects.toMatchObject(CROSSSLOT)
    expect(await db.call('DUMP', 'a')).toBeTypeOf('string')
    expect(await db.config_set({ 'slowlog-max-len': 100 })).toBe('OK')
    const kept = await Promise.all(cluster.nodes.map((node) => node.ask('CONFIG', 'GET', 'slowlog-max-len')))
    expect(kept).toEqual(kept.map(() => 'slowlog-max-len 100'))
  })

  test('each master can be walked by itself', async () => {
    await db.mset(Array.from({ length: 40 }, (_, i) => [`k${i}`, i] as const))
    const nodes = await backend.nodes!()
    const sizes = await Promise.all(nodes.map((node) => node.call(undefined, argv('DBSIZE'))))
    expect(sizes.length).toBe(3)
    expect(sizes.reduce((a: number, b) => a + Number(b), 0)).toBe(40)
  })

  test('a session is on the node of its first key, and so are its messages', async () => {
    const session = await backend.session()
    const pushed: string[] = []
    session.onPush = ({ items }) => pushed.push(items.join(' '))
    await session.call(undefined, argv('SSUBSCRIBE orders'))
    await db.spublish('orders', 'one')
    await eventually('a message', () => pushed.length === 1)
    expect(pushed).toEqual(['smessage orders one'])
    await session.close()
    const other = await backend.session()
    expect(await other.call(undefined, argv('WATCH a'))).toBe('OK')
    expect(await other.call(undefined, argv('GET b'))).toMatchObject({ code: 'MOVED' })
    await other.close()
  })

  test('a slot that moves is followed: ASK, TRYAGAIN, MOVED, also in a unit', async () => {
    const [slot, from] = [hashSlot(raw('m')), cluster.ownerOf(hashSlot(raw('m')))]
    const to = cluster.nodes.slice(0, 3).find((node) => node !== from)!
    const [fromId, toId] = [await cluster.id(from), await cluster.id(to)]
    await db.mset({ '{m}1': 'a', '{m}2': 'b' })
    await to.ask('CLUSTER', 'SETSLOT', `${slot}`, 'IMPORTING', fromId)
    await from.ask('CLUSTER', 'SETSLOT', `${slot}`, 'MIGRATING', toId)
    await from.ask('MIGRATE', '127.0.0.1', `${to.port}`, '{m}1', '0', '1000')
    expect(await db.get('{m}1')).toBe('a')
    expect(await db.set('{m}new', 'c')).toBe('OK')
    expect(await db.multi().get('{m}new').append('{m}new', '!').exec()).toEqual(['c', 2])
    const both = db.mget(['{m}1', '{m}2'])
    await from.ask('MIGRATE', '127.0.0.1', `${to.port}`, '{m}2', '0', '1000')
    expect(await both).toEqual(['a', 'b'])
    for (const node of [to, from]) await node.ask('CLUSTER', 'SETSLOT', `${slot}`, 'NODE', toId)
    expect(await db.multi().get('{m}2').exec()).toEqual(['b'])
    expect(await db.pipeline().get('{m}1').get('{m}2').get('a').exec()).toEqual(['a', 'b', null])
    expect(await db.transaction('{m}1', async (tx) => tx.multi().get('{m}1'))).toEqual(['a'])
  })

  test('a client that is given says where, and stays its owner’s', async () => {
    const client = new Cluster([{ host: '127.0.0.1', port: cluster.nodes[0]!.port }], {
      keyPrefix: 'app:',
      redisOptions: { stringNumbers: true },
    })
    await client.set('k', 'v')
    const mine = await open(client)
    expect(await mine.get('k')).toBe('v')
    expect(await mine.incr('n')).toBe(1)
    expect(await mine.mget(['k', 'n', 'none'])).toEqual(['v', '1', null])
    await mine.close()
    expect(await client.get('n')).toBe('1')
    client.disconnect()
  })

  test('when a master dies, its replica is used as soon as it has taken over', async () => {
    const slot = hashSlot(raw('f'))
    const master = cluster.ownerOf(slot)
    await db.set('f', 'before')
    await db.wait(1, 500)
    const waiting = db.blpop('{f}l', 0)
    const lost = expect(waiting).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
    await eventually('BLPOP waits', async () => /cmd=blpop/.test(await master.ask('CLIENT', 'LIST')))
    await master.kill()
    await lost
    const many = Array.from({ length: 100 }, () => db.get('f'))
    expect(await db.dbsize()).toBeGreaterThan(0)
    expect(new Set(await Promise.all(many))).toEqual(new Set(['before']))
    expect(await db.set('f', 'after')).toBe('OK')
  })
})
