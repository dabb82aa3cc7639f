/** Subscriptions: messages as async iterables, confirmed before they are given, bounded, ended by their user or a signal. */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import type { ConformanceCase } from './case.ts'

export const SUBSCRIPTIONS: readonly ConformanceCase[] = [
  {
    name: 'what is published once subscribe has resolved is heard, in order',
    async run({ db, key }) {
      const subscription = await db.subscribe([key('a'), key('b')])
      await db.publish(key('a'), '1')
      await db.publish(key('b'), 'größer')
      await db.publish(key('a'), '3')
      const heard: string[] = []
      for await (const { channel, message } of subscription) {
        heard.push(`${channel.slice(-1)}=${message}`)
        if (heard.length === 3) break
      }
      deepEqual(heard, ['a=1', 'b=größer', 'a=3'])
      // The loop was left: the subscription is over.
      deepEqual(await subscription.next(), { value: undefined, done: true })
    },
  },
  {
    name: 'patterns and shard channels, bytes as they are',
    async run({ db, key }) {
      const value = Buffer.from([0, 255, 13, 10])
      await using matched = await db.buffers.psubscribe(key('?'))
      await using sharded = await db.ssubscribe(key('s'))
      await db.publish(key('x'), value)
      await db.spublish(key('s'), 'shard')
      const { value: message } = await matched.next()
      deepEqual([message?.message, String(message?.channel), String(message?.pattern)], [value, key('x'), key('?')])
      deepEqual((await sharded.next()).value, { channel: key('s'), message: 'shard' })
    },
  },
  {
    name: 'a signal ends it: the loop returns; one that is aborted already rejects',
    async run({ db, key }) {
      const stop = new AbortController()
      const subscription = await db.subscribe(key('a'), { signal: stop.signal })
      const waiting = subscription.next()
      stop.abort()
      deepEqual(await waiting, { value: undefined, done: true })
      await rejects(db.subscribe(key('a'), { signal: stop.signal }), { name: 'AbortError' })
    },
  },
  {
    name: 'the queue is bounded: it fails, or forgets the oldest',
    async run({ db, key }) {
      await using strict = await db.subscribe(key('a'), { maxQueued: 2 })
      await using lenient = await db.subscribe(key('a'), { maxQueued: 2, overflow: 'drop' })
      await using last = await db.subscribe(key('a'))
      for (const message of ['1', '2', '3']) await db.publish(key('a'), message)
      // When the last one has it, all have.
      for (let i = 0; i < 3; i++) await last.next()
      await db.ping()
      equal((await lenient.next()).value?.message, '2')
      equal(lenient.dropped, 1)
      deepEqual([(await strict.next()).value?.message, (await strict.next()).value?.message], ['1', '2'])
      await rejects(strict.next(), { code: 'OVERFLOW' })
      deepEqual(await strict.next(), { value: undefined, done: true })
    },
  },
  {
    name: 'closing the database ends it with an error',
    async run({ other, key }) {
      const db = await other()
      const subscription = await db.subscribe(key('a'))
      const waiting = rejects(subscription.next(), { code: 'CLOSED' })
      await db.close()
      await waiting
    },
  },
]
