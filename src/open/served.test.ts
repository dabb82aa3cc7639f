/** A database of this process as its users see it: any words, at once, served. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually, Wire } from '../../test/server/wire.ts'
import { type Database, open, RedisError } from '../index.ts'

let db: Database
beforeEach(async () => {
  db = await open()
})
afterEach(() => db.close())

describe('call', () => {
  test('takes text, numbers and bytes, and gives text', async () => {
    expect(await db.call('SET', 'größe', 12)).toBe('OK')
    expect(await db.call('GET', 'größe')).toBe('12')
    expect(await db.call('APPEND', 'größe', 'ü')).toBe(4)
    expect(await db.call('GET', 'größe')).toBe('12ü')
    expect(await db.call('GET', 'nothing')).toBeNull()
  })

  test('gives bytes as they are to those who ask for them', async () => {
    const value = Buffer.from([0, 255, 13, 10])
    await db.set('b', value)
    expect(await db.callBuffer('GET', 'b')).toEqual(value)
    expect(await db.buffers.get('b')).toEqual(value)
  })

  test('gives integers beyond 2^53 exactly', async () => {
    expect(await db.call('INCRBY', 'n', 9007199254740993n)).toBe(9007199254740993n)
    expect(await db.call('INCRBY', 'm', 7n)).toBe(7)
  })

  test('rejects with the error and its code', async () => {
    await db.rpush('l', 'a')
    await expect(db.call('GET', 'l')).rejects.toMatchObject({ name: 'RedisError', code: 'WRONGTYPE' })
    await expect(db.call('NONSENSE')).rejects.toThrow(/unknown command/)
  })

  test('refuses what is about one connection, and says what to do', async () => {
    await expect(db.call('SELECT', 3)).rejects.toThrow(/open/)
    await expect(db.call('multi')).rejects.toThrow(/db.multi/)
    expect(() => db.pipeline().add('SUBSCRIBE', 'c')).toThrow(/db.subscribe/)
  })

  test('that waits keeps nobody else waiting', async () => {
    const popped = db.call('BLPOP', 'jobs', 0)
    expect(await db.call('RPUSH', 'jobs', 'a')).toBe(1)
    expect(await popped).toEqual(['jobs', 'a'])
    expect(await db.call('EXISTS', 'jobs')).toBe(0)
  })
})

describe('sync', () => {
  test('returns the reply or throws the error', () => {
    expect(db.sync.incr('n')).toBe(1)
    expect(db.sync.call('INCR', 'n')).toBe(2)
    expect(() => db.sync.call('INCR')).toThrow(RedisError)
  })

  test('does not wait', () => {
    expect(db.sync.blpop('jobs', 0)).toBeNull()
    expect(db.sync.ping()).toBe('PONG')
  })
})

describe('listen and close', () => {
  test('serve the same data, and wake who waits there', async () => {
    const server = await db.listen({ port: 0 })
    const wire = await Wire.open(server.port)
    wire.send('BLPOP', 'jobs', '0')
    await eventually(() => String(db.sync.call('CLIENT', 'LIST')).includes('cmd=blpop'))
    db.sync.rpush('jobs', 'x')
    expect(await wire.until('x\r\n')).toBe('*2\r\n$4\r\njobs\r\n$1\r\nx\r\n')
    wire.close()
  })

  test('end connections and waits', async () => {
    const waiting = db.blpop('jobs', 0)
    const wire = await Wire.open((await db.listen()).port)
    await Promise.all([db.close(), expect(waiting).rejects.toThrow(/closed/)])
    expect(await wire.untilClosed()).toBe('')
    await expect(db.ping()).rejects.toThrow(/closed/)
  })
})
