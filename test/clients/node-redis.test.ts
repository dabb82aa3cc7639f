/** node-redis takes our server for a Redis, over RESP2 and RESP3. */
import { createClient, WatchError } from 'redis'
import { describe, expect, test } from 'vitest'
import { serve } from './served.ts'

const server = serve()

describe.each([2, 3] as const)('node-redis over RESP%i', (RESP) => {
  const connect = () => createClient({ url: `redis://127.0.0.1:${server.port}`, RESP }).connect()
  type Connected = Awaited<ReturnType<typeof connect>>

  /** Runs a test's body with clients of its own, on empty data. */
  async function withClients(run: (client: Connected, other: Connected) => Promise<void>): Promise<void> {
    const client = await connect()
    const other = await connect()
    await client.flushAll()
    try {
      await run(client, other)
    } finally {
      other.destroy()
      client.destroy()
    }
  }

  test('hashes, sorted sets, numbers', () =>
    withClients(async (client) => {
      await client.hSet('h', { a: '1', b: '2' })
      expect({ ...(await client.hGetAll('h')) }).toEqual({ a: '1', b: '2' })
      await client.zAdd('z', [
        { score: 1.5, value: 'x' },
        { score: Number.POSITIVE_INFINITY, value: 'y' },
      ])
      expect(await client.zRangeWithScores('z', 0, -1)).toEqual([
        { score: 1.5, value: 'x' },
        { score: Number.POSITIVE_INFINITY, value: 'y' },
      ])
      expect(await client.zScore('z', 'nothing')).toBeNull()
      expect(await client.incrByFloat('f', 0.1)).toBe('0.1')
    }))

  test('commands of one turn go out together and are answered in order', () =>
    withClients(async (client) => {
      const replies = await Promise.all([client.set('k', 'v'), client.get('k'), client.incr('n'), client.incr('n')])
      expect(replies).toEqual(['OK', 'v', 1, 2])
    }))

  test('a transaction runs whole, or not at all when a watched key has changed', () =>
    withClients(async (client, other) => {
      expect(await client.multi().set('k', '1').incr('k').get('k').exec()).toEqual(['OK', 2, '2'])
      await client.watch('k')
      await other.set('k', 'theirs')
      await expect(client.multi().set('k', 'mine').exec()).rejects.toThrow(WatchError)
      expect(await client.get('k')).toBe('theirs')
    }))

  test('blocking commands wait for another client, or for their time', () =>
    withClients(async (client, other) => {
      const waiting = client.blPop('l', 5)
      await other.rPush('l', 'x')
      expect(await waiting).toEqual({ key: 'l', element: 'x' })
      expect(await client.bzPopMin('z', 0.01)).toBeNull()
    }))

  test('messages come by channel and by pattern', () =>
    withClients(async (client, listener) => {
      const heard: string[] = []
      await listener.subscribe('news', (message, channel) => heard.push(`${channel}: ${message}`))
      await listener.pSubscribe('n*', (message, channel) => heard.push(`n* ${channel}: ${message}`))
      expect(await client.publish('news', 'hello')).toBe(2)
      await expect.poll(() => heard).toEqual(['news: hello', 'n* news: hello'])
      await listener.unsubscribe('news')
      expect(await client.publish('news', 'bye')).toBe(1)
    }))

  test('iterators of scans give everything', () =>
    withClients(async (client) => {
      const names = Array.from({ length: 500 }, (_, i) => `key:${i}`)
      await client.mSet(names.flatMap((name) => [name, '1']))
      await client.hSet('a-hash', Object.fromEntries(names.map((name) => [name, '1'])))
      const found = new Set<string>()
      for await (const keys of client.scanIterator({ MATCH: 'key:*' })) for (const key of keys) found.add(key)
      expect(found.size).toBe(500)
      const fields = new Set<string>()
      for await (const some of client.hScanIterator('a-hash')) for (const { field } of some) fields.add(field)
      expect(fields.size).toBe(500)
    }))
})
