/** Subscriptions where the conformance suite cannot look: lost connections, keyspace notifications, prefixes. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openMemory } from '../open/memory.ts'
import { open } from '../open/open.ts'
import type { Database } from './database.ts'

let db: Database
beforeEach(() => {
  db = openMemory('', {})
})
afterEach(() => db.close())

/** Ends the connections of subscribers from outside. */
const killSubscribers = (): Promise<number> => db.client_kill({ type: 'PUBSUB' })

test('a lost connection makes the loop throw, after what had come', async () => {
  const subscription = await db.subscribe('news')
  await db.publish('news', 'last')
  expect(await killSubscribers()).toBe(1)
  const heard: string[] = []
  const loop = async (): Promise<void> => {
    for await (const { message } of subscription) heard.push(message)
  }
  await expect(loop()).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
  expect(heard).toEqual(['last'])
  expect(await db.pubsub_channels()).toEqual([])
})

test('with reconnect it subscribes anew', async () => {
  await using subscription = await db.subscribe('news', { reconnect: true })
  await killSubscribers()
  await expect.poll(() => db.pubsub_channels()).toEqual(['news'])
  await db.publish('news', 'again')
  expect((await subscription.next()).value).toEqual({ channel: 'news', message: 'again' })
})

test('a subscription that is closed while its connection is lost stays closed', async () => {
  const subscription = await db.subscribe('news', { reconnect: true })
  await killSubscribers()
  await subscription.close()
  expect(await subscription.next()).toEqual({ value: undefined, done: true })
  await new Promise((resolve) => setTimeout(resolve, 120))
  expect(await db.pubsub_channels()).toEqual([])
})

test('leaving a loop ends the subscription in the store', async () => {
  const subscription = await db.subscribe(['a', 'b'])
  await db.publish('a', 'x')
  for await (const _ of subscription) break
  expect(await db.pubsub_channels()).toEqual([])
})

test('several may wait for the next message, and are served in order', async () => {
  await using subscription = await db.subscribe('c')
  const waiting = [subscription.next(), subscription.next()]
  await db.publish('c', '1')
  await db.publish('c', '2')
  expect((await Promise.all(waiting)).map(({ value }) => value?.message)).toEqual(['1', '2'])
})

test('arguments that mean nothing are refused', async () => {
  await expect(db.subscribe([])).rejects.toThrow(TypeError)
  await expect(db.subscribe('c', { maxQueued: 0 })).rejects.toThrow('maxQueued')
})

test('keyspace notifications under a prefix are about its keys, and name them without it', async () => {
  await db.config_set({ 'notify-keyspace-events': 'KEA' })
  const view = db.withPrefix('app:')
  await using events = await view.psubscribe('__keyevent@0__:*')
  await using ofKeys = await view.psubscribe('__keyspace@0__:k*')
  await using ofKey = await view.subscribe('__keyspace@0__:k1')
  await using both = await view.psubscribe('__key*')
  await db.set('other:k1', 'v')
  await db.set('k1', 'v')
  await view.set('k1', 'v')
  await view.del('k1')
  const shown = async (
    subscription: AsyncIterable<{ channel: string; message: string; pattern?: string }>,
    n: number,
  ) => {
    const heard: string[] = []
    for await (const { channel, message, pattern } of subscription) {
      if (heard.push(`${pattern ?? ''} ${channel} ${message}`) === n) break
    }
    return heard
  }
  expect(await shown(events, 2)).toEqual([
    '__keyevent@0__:* __keyevent@0__:set k1',
    '__keyevent@0__:* __keyevent@0__:del k1',
  ])
  expect(await shown(ofKeys, 2)).toEqual([
    '__keyspace@0__:k* __keyspace@0__:k1 set',
    '__keyspace@0__:k* __keyspace@0__:k1 del',
  ])
  expect(await shown(ofKey, 2)).toEqual([' __keyspace@0__:k1 set', ' __keyspace@0__:k1 del'])
  expect(await shown(both, 4)).toEqual([
    '__key* __keyspace@0__:k1 set',
    '__key* __keyevent@0__:set k1',
    '__key* __keyspace@0__:k1 del',
    '__key* __keyevent@0__:del k1',
  ])
})

test('opened with a prefix, a database is closed as a whole', async () => {
  const whole = await open('memory:shared-prefix')
  const app = await open('memory:shared-prefix', { keyPrefix: 'app:' })
  await app.set('k', 'v')
  expect(await whole.get('app:k')).toBe('v')
  expect(app.sync.randomkey()).toBe('k')
  await app.close()
  await expect(app.get('k')).rejects.toMatchObject({ code: 'CLOSED' })
  expect(await whole.get('app:k')).toBe('v')
  await whole.close()
})
