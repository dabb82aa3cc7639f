/**
 * The counter of the Sync & Async page over 100,000 hashes, in an isolate, behind a socket: others are served between any two
 * of its sections. Told by counting, not by time.
 */
import { expect, test } from 'vitest'
import { open } from '../../src/index.ts'

const HASHES = 100_000

test('while an async function walks 100,000 hashes, another client is answered between any two of its batches', {
  timeout: 120_000,
}, async () => {
  const store = await open('memory:')
  const { url } = await store.listen()
  const clients = await Promise.all(Array.from({ length: 4 }, () => open(url)))
  try {
    for (let from = 0; from < HASHES; from += 10_000) {
      const batch = store.pipeline()
      for (let i = from; i < from + 10_000; i++) batch.hset(`h:${i}`, { name: i % 100 === 0 ? 'Ada' : 'Bob' })
      await batch.exec()
    }
    await store.functions.load(`#!js api_version=1.0 name=counter
redis.registerAsyncFunction('count', async (background, name) => {
  let count = 0
  let cursor = '0'
  do {
    background.block((client) => {
      const [next, keys] = client.call('scan', cursor, 'count', '1000')
      cursor = next
      for (const key of keys) if (client.call('hget', key, 'name') === name) count++
      client.call('incr', 'batches')
    })
  } while (cursor !== '0')
  return count
})`)
    let isDone = false
    const answer = store.functions.call('counter.count', { args: ['Ada'] }).finally(() => {
      isDone = true
    })
    const seen = new Set<number>()
    const looks = clients.map(async (client) => {
      while (!isDone) seen.add(Number(await client.get('batches')))
    })
    await Promise.all(looks)
    expect(await answer).toBe(HASHES / 100)
    const batches = Number(await store.get('batches'))
    expect(batches).toBeGreaterThanOrEqual(50)
    // A client in this very process takes two turns of its event loop for a request, so it sees every second state.
    expect(seen.size).toBeGreaterThan(batches * 0.4)
  } finally {
    await Promise.all(clients.map((client) => client.close()))
    await store.close()
  }
})
