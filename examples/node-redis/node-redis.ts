/**
 * node-redis (the package `redis`) against an embedded store that listens: over TCP, with RESP3 and its cache on the
 * client's side, which the store tells what has become stale.
 *
 *     npx tsx examples/node-redis/node-redis.ts
 */
import { open } from 'geartrain'
import { createClient } from 'redis'

const db = await open('memory:')
const server = await db.listen() // 127.0.0.1, on a free port

const client = createClient({
  url: server.url,
  RESP: 3,
  clientSideCache: { ttl: 0, maxEntries: 1000, evictPolicy: 'LRU' },
})
await client.connect()

await client.hSet('user:1', { name: 'Ada', born: '1815' })
console.log('node-redis reads', { ...(await client.hGetAll('user:1')) })
console.log('and keeps', await client.hGet('user:1', 'name'))

// Who serves the store may write to it directly. The news reach the client's cache before any later answer does.
await db.hset('user:1', { name: 'Ada Lovelace' })
await client.ping()
console.log('until it is', await client.hGet('user:1', 'name'))

const [added, first] = await client.multi().zAdd('visits', { value: '/about', score: 5 }).zRange('visits', 0, 0).exec()
console.log('a transaction gives', added, first)

const waiting = client.duplicate()
await waiting.connect()
const job = waiting.blPop('jobs', 0)
await db.rpush('jobs', 'paint the fence')
console.log('a waiting client gets', (await job)?.element)

await waiting.close()
await client.close()
await db.close()
