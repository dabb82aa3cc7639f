/** What people use today takes our server for a Redis: ioredis, node-redis, redis-py, redis-cli. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../src/create.ts'
import { Server } from '../../src/server/index.ts'
import { oracleMissing } from '../oracle/available.ts'

const run = promisify(execFile)
const engine = createEngine()
const server = new Server(engine)
let port = 0

beforeAll(async () => {
  await server.listen([{ kind: 'tcp', host: '127.0.0.1', port: 0 }])
  port = server.port
})
afterAll(async () => {
  await server.close(100)
  engine.stop()
})

describe('clients of Redis', () => {
  it('ioredis: pipelines, transactions, blocking, streams', async () => {
    const redis = new Redis(port)
    const pusher = new Redis(port)
    expect(await redis.set('io:k', 'v', 'EX', 100)).toBe('OK')
    expect(await redis.pipeline().get('io:k').incr('io:n').exec()).toEqual([
      [null, 'v'],
      [null, 1],
    ])
    expect(await redis.multi().hset('io:h', { a: '1' }).hgetall('io:h').exec()).toEqual([
      [null, 1],
      [null, { a: '1' }],
    ])
    const waiting = redis.blpop('io:l', 5)
    await pusher.rpush('io:l', 'x')
    expect(await waiting).toEqual(['io:l', 'x'])
    const id = await redis.xadd('io:x', '*', 'f', 'v')
    expect(await redis.xrange('io:x', '-', '+')).toEqual([[id, ['f', 'v']]])
    redis.disconnect()
    pusher.disconnect()
  })

  it.each([2, 3] as const)('node-redis over RESP%i: hashes, sorted sets, pub/sub', async (RESP) => {
    const client = await createClient({ url: `redis://127.0.0.1:${port}`, RESP }).connect()
    const listener = await client.duplicate().connect()
    const heard: string[] = []
    await listener.subscribe('node:news', (message) => heard.push(message))
    await client.hSet(`node:h${RESP}`, { a: '1', b: '2' })
    expect({ ...(await client.hGetAll(`node:h${RESP}`)) }).toEqual({ a: '1', b: '2' })
    await client.zAdd(`node:z${RESP}`, [{ score: 1.5, value: 'x' }])
    expect(await client.zRangeWithScores(`node:z${RESP}`, 0, -1)).toEqual([{ score: 1.5, value: 'x' }])
    expect(await client.publish('node:news', 'hello')).toBe(1)
    await expect.poll(() => heard).toEqual(['hello'])
    await listener.close()
    await client.close()
  })

  it.skipIf(oracleMissing)('redis-py and redis-cli', async () => {
    const script = [
      'import redis',
      `r = redis.Redis(port=${port}, decode_responses=True)`,
      'r.set("py:k", "1"); r.incrby("py:k", 41); r.zadd("py:z", {"a": 1, "b": 2})',
      'print(r.get("py:k"), r.zrange("py:z", 0, -1, withscores=True), r.info("server")["redis_version"])',
    ].join('\n')
    const python = await run('/usr/bin/python3', ['-c', script])
    expect(python.stdout.trim()).toBe("42 [('a', 1.0), ('b', 2.0)] 7.0.15")
    const cli = await run('redis-cli', ['-p', String(port), '--no-raw', 'LRANGE', 'nothing', '0', '-1'])
    expect(cli.stdout).toBe('(empty array)\n')
  })
})
