/** The front door: a store in this process. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EmbeddedEngine, RedisError, type Value } from '../../src/index.ts'
import { eventually, Wire } from './wire.ts'

let db: EmbeddedEngine
let pushed: Value<string>[]
beforeEach(() => {
  pushed = []
  db = new EmbeddedEngine({ onPush: (message) => pushed.push(message) })
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
    await db.call('SET', 'b', value)
    expect(await db.callBuffer('GET', 'b')).toEqual(value)
  })

  test('gives integers beyond 2^53 exactly', async () => {
    expect(await db.call('INCRBY', 'n', 9007199254740993n)).toBe(9007199254740993n)
    expect(await db.call('INCRBY', 'm', 7n)).toBe(7)
  })

  test('rejects with the error and its code', async () => {
    await db.call('RPUSH', 'l', 'a')
    await expect(db.call('GET', 'l')).rejects.toMatchObject({ name: 'RedisError', code: 'WRONGTYPE' })
    await expect(db.call('NONSENSE')).rejects.toThrow(/unknown command/)
  })

  test('gives the errors within a transaction as items', async () => {
    await db.call('SET', 's', 'x')
    await db.call('MULTI')
    await db.call('INCR', 's')
    await db.call('STRLEN', 's')
    expect(await db.call('EXEC')).toEqual([expect.any(RedisError), 1])
  })

  test('that waits keeps nobody else waiting, and keeps the database', async () => {
    await db.call('SELECT', 3)
    const popped = db.call('BLPOP', 'jobs', 0)
    expect(await db.call('RPUSH', 'jobs', 'a')).toBe(1)
    expect(await popped).toEqual(['jobs', 'a'])
    expect(await db.call('EXISTS', 'jobs')).toBe(0)
  })

  test('hears messages', async () => {
    await db.call('SUBSCRIBE', 'news')
    const other = await Wire.open((await db.listen()).port)
    expect(await other.ask('\r\n', 'PUBLISH', 'news', 'hi')).toBe(':1\r\n')
    await eventually(() => pushed.length > 0)
    expect(pushed).toContainEqual(['message', 'news', 'hi'])
    other.close()
  })
})

describe('callSync', () => {
  test('returns the reply or throws the error', () => {
    expect(db.callSync('INCR', 'n')).toBe(1)
    expect(() => db.callSync('INCR')).toThrow(RedisError)
  })

  test('does not wait', () => {
    expect(db.callSync('BLPOP', 'jobs', 0)).toBeNull()
    expect(db.callSync('PING')).toBe('PONG')
  })
})

describe('listen and close', () => {
  test('serve the same data, and wake who waits there', async () => {
    const server = await db.listen({ port: 0 })
    const wire = await Wire.open(server.port)
    wire.send('BLPOP', 'jobs', '0')
    await eventually(() => db.engine.blocking.count === 1)
    db.callSync('RPUSH', 'jobs', 'x')
    expect(await wire.until('x\r\n')).toBe('*2\r\n$4\r\njobs\r\n$1\r\nx\r\n')
    wire.close()
  })

  test('end connections and waits', async () => {
    const waiting = db.call('BLPOP', 'jobs', 0)
    const wire = await Wire.open((await db.listen()).port)
    await Promise.all([db.close(), expect(waiting).rejects.toThrow(/closed/)])
    expect(await wire.untilClosed()).toBe('')
    await expect(db.call('PING')).rejects.toThrow(/closed/)
  })
})
