/**
 * A count that is expensive, kept for a while: the answer comes at once from the cache, or is counted beside the data in
 * small steps while everybody else is served.
 *
 *     npx tsx examples/functions-cached-count/functions-cached-count.ts
 */
import { open } from 'geartrain'

const db = await open('memory:')

await db.functions.load(`#!js api_version=1.0 name=counts
const CACHED_SECONDS = 5

/** Counts keys of hashes with this field and value: a batch, then room for others, then the next. */
async function count(client, field, value) {
  let cursor = '0'
  let found = 0
  do {
    const [next, keys] = client.block((c) => c.call('scan', cursor, 'count', 100))
    cursor = next
    for (const key of keys) {
      found += client.block((c) => c.call('type', key) === 'hash' && c.call('hget', key, field) === value ? 1 : 0)
    }
  } while (cursor !== '0')
  client.block((c) => c.call('set', 'count:' + field + ':' + value, found, 'ex', CACHED_SECONDS))
  return found
}

redis.registerAsyncFunction('having', (client, field, value) => {
  const cached = client.call('get', 'count:' + field + ':' + value)
  if (cached !== null) return Number(cached)
  return client.executeAsync(async (background) => count(background, field, value))
})`)

for (let i = 0; i < 1000; i++) await db.hset(`user:${i}`, { city: i % 4 === 0 ? 'London' : 'Paris' })

const having = (city: string): Promise<unknown> => db.functions.call('counts.having', { args: ['city', city] })
console.log('in London:', await having('London'))
await db.hset('user:1', { city: 'London' })
console.log('still, from the cache:', await having('London'))
console.log('kept for seconds:', (await db.ttl('count:city:London')) > 0)
await db.del('count:city:London')
console.log('counted anew:', await having('London'))

await db.close()
