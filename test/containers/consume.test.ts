/** Consumers on a clock that the tests move: claims, heartbeats, retries, dead letters, stops. */
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type Delivery, readDeadLetter } from '../../src/containers/index.ts'
import { bench, fill, gate, pendingOf, turn } from './consume-rig.ts'

type M = Delivery<Record<string, string>>

test('two consumers share entries: each is handled once, and none stays pending', async () => {
  await using b = await bench()
  const ids = await fill(b.db, 's', 100)
  const seen: string[] = []
  const group = b.db.consumerGroup('g', 's')
  const consumers = ['a', 'b'].map((name) =>
    group.as(name).consume(
      async (message) => {
        await turn()
        seen.push(message.id)
      },
      { ...b.on, concurrency: 4 },
    ),
  )
  while (seen.length < 100) await turn()
  for (const consumer of consumers) await consumer.stop()
  expect(seen.toSorted()).toEqual(ids.toSorted())
  expect(await pendingOf(b.db, 's', 'g')).toBe(0)
  expect(consumers.map(({ stats }) => stats.processed > 10)).toEqual([true, true])
})

test('what a dead consumer has left is claimed, counted as delivered twice', async () => {
  await using b = await bench()
  const ids = await fill(b.db, 's', 3)
  const group = b.db.consumerGroup('g', 's')
  await group.create()
  await group.as('dead').read()
  const seen: [string, number][] = []
  const claimed: string[] = []
  const consumer = group.as('b').consume((message) => seen.push([message.id, message.deliveries]), {
    ...b.on,
    claimAfterMs: 1000,
    concurrency: 3,
  })
  consumer.on('claimed', ({ from }) => claimed.push(from))
  await b.pass(900)
  expect(seen).toEqual([])
  await b.pass(1000)
  expect(seen).toEqual(ids.map((id) => [id, 2]))
  expect(claimed).toEqual(['dead', 'dead', 'dead'])
  await consumer.stop()
  expect(await b.db.xpending('s', 'g')).toEqual([0, null, null, null])
  expect(consumer.stats).toMatchObject({ claimed: 3, processed: 3, duplicates: 0 })
})

test('a slow handler keeps its message by the heartbeat', async () => {
  await using b = await bench()
  await fill(b.db, 's', 1)
  const group = b.db.consumerGroup('g', 's')
  const done = gate()
  let begun = 0
  const handler = (): Promise<void> => {
    begun++
    return done.opened
  }
  const options = { ...b.on, claimAfterMs: 1000 }
  const consumers = ['a', 'b'].map((name) => group.as(name).consume(handler, options))
  await b.pass(3500)
  expect(begun).toBe(1)
  done.open()
  for (const consumer of consumers) await consumer.stop()
  expect(await pendingOf(b.db, 's', 'g')).toBe(0)
})

test('without heartbeat a slow message is delivered again; the first to acknowledge is told so, the other too', async () => {
  await using b = await bench()
  await fill(b.db, 's', 1)
  const group = b.db.consumerGroup('g', 's')
  const held: M[] = []
  const done = gate()
  const handler = (message: M): Promise<void> => {
    held.push(message)
    return done.opened
  }
  const options = { ...b.on, claimAfterMs: 1000, heartbeat: false, ack: 'manual' } as const
  const consumers = ['a', 'b'].map((name) => group.as(name).consume(handler, options))
  await b.pass(2000)
  expect(held.map(({ deliveries }) => deliveries)).toEqual([1, 2])
  expect(await held[0]!.extend()).toBe(false)
  expect(held[0]!.signal.aborted).toBe(true)
  expect(await held[1]!.extend()).toBe(true)
  expect(await held[1]!.ack()).toBe(true)
  expect(await held[0]!.ack()).toBe(false)
  done.open()
  for (const consumer of consumers) await consumer.stop()
  expect(consumers.map(({ stats }) => stats.duplicates)).toEqual([1, 0])
})

test('a message is extended by hand', async () => {
  await using b = await bench()
  await fill(b.db, 's', 1)
  const group = b.db.consumerGroup('g', 's')
  const seen: M[] = []
  const done = gate()
  const handler = (message: M): Promise<void> => {
    seen.push(message)
    return done.opened
  }
  const options = { ...b.on, claimAfterMs: 1000, heartbeat: false }
  const consumers = ['a', 'b'].map((name) => group.as(name).consume(handler, options))
  for (let i = 0; i < 5; i++) {
    await b.pass(800)
    expect(await seen[0]!.extend()).toBe(true)
  }
  expect(seen.length).toBe(1)
  done.open()
  for (const consumer of consumers) await consumer.stop()
})

test('poison is tried as often as it may, each time later, and ends in the dead letters with its cause', async () => {
  await using b = await bench()
  const fields = [
    ['x', '1'],
    ['dead.stream', 'mine'],
    ['x', '2'],
  ] as const
  const id = await b.db.xadd('s', '*', fields)
  const group = b.db.consumerGroup('g', 's')
  const times: number[] = []
  const started = b.clock.now()
  const consumer = group.consume(
    () => {
      times.push(b.clock.now() - started)
      throw new TypeError('poison')
    },
    { ...b.on, maxDeliveries: 3, backoff: (deliveries) => 100 * 2 ** (deliveries - 1) },
  )
  const dead: unknown[] = []
  consumer.on('deadLettered', ({ reason, to, message }) => dead.push([reason, to, message.id]))
  await b.pass(2000)
  expect(times).toEqual([0, 100, 300])
  expect(dead).toEqual([['failed', '{s}:dead', id]])
  expect(await pendingOf(b.db, 's', 'g')).toBe(0)
  const [letter] = await b.db.xrange(group.deadLetterKey('s'), '-', '+')
  const found = readDeadLetter(letter![1])!
  expect(found.fields).toEqual(fields)
  expect(found.cause).toMatchObject({
    stream: 's',
    id,
    group: 'g',
    consumer: 'g.c1',
    deliveries: 3,
    reason: 'failed',
    error: 'TypeError',
    message: 'poison',
  })
  expect(consumer.stats).toMatchObject({ failed: 3, retried: 2, deadLettered: 1, processed: 0 })
  await consumer.stop()
})

test('what kills its consumers goes to the dead letters without another call', async () => {
  await using b = await bench()
  const [id] = await fill(b.db, 's', 1)
  const group = b.db.consumerGroup('g', 's')
  await group.create()
  await group.read()
  await b.db.xclaim('s', 'g', 'dead', 0, [id!], { retrycount: 5 })
  let calls = 0
  const consumer = group.consume(() => calls++, { ...b.on, claimAfterMs: 1000 })
  await b.pass(2000)
  expect(calls).toBe(0)
  const [letter] = await b.db.xrange(group.deadLetterKey('s'), '-', '+')
  expect(readDeadLetter(letter![1])!.cause).toMatchObject({ reason: 'exhausted', deliveries: 6 })
  await consumer.stop()
})

test('dead letters are brought back as new entries, delivered for the first time', async () => {
  await using b = await bench()
  await fill(b.db, 's', 3)
  const group = b.db.consumerGroup('g', 's')
  let isBroken = true
  const seen: [string, number][] = []
  const handler = async (message: M): Promise<void> => {
    if (isBroken) return message.reject('not today')
    seen.push([message.data.n!, message.deliveries])
  }
  const consumer = group.consume(handler, b.on)
  await b.pass(100)
  expect(await b.db.xlen(group.deadLetterKey('s'))).toBe(3)
  isBroken = false
  expect(await group.redrive({ count: 1 })).toBe(1)
  expect(await group.redrive({ filter: ({ message }) => message === 'not today' })).toBe(2)
  expect(await group.redrive()).toBe(0)
  await b.pass(100)
  expect(seen).toEqual([
    ['0', 1],
    ['1', 1],
    ['2', 1],
  ])
  expect(await b.db.xlen(group.deadLetterKey('s'))).toBe(0)
  await consumer.stop()
})

test('without dead letters a message is tried without end', async () => {
  await using b = await bench()
  await fill(b.db, 's', 1)
  let calls = 0
  const group = b.db.consumerGroup('g', 's')
  const handler = (): void => {
    if (++calls < 9) throw new Error('again')
  }
  const consumer = group.consume(handler, { ...b.on, maxDeliveries: 2, deadLetter: false, backoff: () => 100 })
  await b.pass(2000)
  expect(calls).toBe(9)
  await consumer.stop()
  expect(await pendingOf(b.db, 's', 'g')).toBe(0)
})

test.for([
  ['deadLetter', 1, { invalid: 1, deadLettered: 1, skipped: 0 }],
  ['skip', 0, { invalid: 1, deadLettered: 0, skipped: 1 }],
] as const)('what does not fit its schema: %s', async ([onInvalid, letters, stats]) => {
  await using b = await bench()
  await b.db.xadd('s', '*', { n: 'one' })
  await b.db.xadd('s', '*', { n: '2' })
  const schema = z.object({ n: z.coerce.number() })
  const group = b.db.consumerGroup('g', 's', { schema })
  const seen: number[] = []
  const consumer = group.consume((message) => seen.push(message.data.n), { ...b.on, onInvalid })
  await b.pass(100)
  expect(seen).toEqual([2])
  expect(await b.db.xlen(group.deadLetterKey('s'))).toBe(letters)
  expect(await pendingOf(b.db, 's', 'g')).toBe(0)
  expect(consumer.stats).toMatchObject(stats)
  await consumer.stop()
})

test('what does not fit its schema can end the consumer, and stays pending', async () => {
  await using b = await bench()
  await b.db.xadd('s', '*', { n: 'one' })
  const group = b.db.consumerGroup('g', 's', { schema: z.object({ n: z.coerce.number() }) })
  const consumer = group.consume(() => {}, { ...b.on, onInvalid: 'throw' })
  await expect(consumer.done).rejects.toMatchObject({ code: 'PAYLOAD' })
  expect(await b.db.xpending('s', 'g', { idle: 30_000, start: '-', end: '+', count: 9 })).toHaveLength(1)
})

test('a stop finishes what is held and leaves nothing pending', async () => {
  await using b = await bench()
  await fill(b.db, 's', 20)
  const group = b.db.consumerGroup('g', 's')
  const first = gate()
  let calls = 0
  const handler = (): Promise<void> => {
    calls++
    return first.opened
  }
  const consumer = group.consume(handler, { ...b.on, concurrency: 2, prefetch: 7 })
  await turn()
  expect(consumer.stats).toMatchObject({ running: 2, queued: 5 })
  const stopped = consumer.stop()
  first.open()
  await stopped
  await consumer.stop()
  await consumer.done
  expect(calls).toBe(7)
  expect(await pendingOf(b.db, 's', 'g')).toBe(0)
  expect((await b.db.xinfo_groups('s'))[0]).toMatchObject({ lag: 13 })
})

test('a stop can give back what was not begun, claimable at once and not counted as delivered', async () => {
  await using b = await bench()
  const ids = await fill(b.db, 's', 20)
  const group = b.db.consumerGroup('g', 's')
  const first = gate()
  const options = { ...b.on, concurrency: 2, prefetch: 7, claimAfterMs: 1000 }
  const consumer = group.consume(() => first.opened, options)
  await turn()
  const stopped = consumer.stop({ queued: 'handBack' })
  await turn()
  first.open()
  await stopped
  expect(await b.db.xpending('s', 'g', { idle: 1000, start: '-', end: '+', count: 99 })).toEqual(
    ids.slice(2, 7).map((id) => [id, 'g.c1', 1000, 0]),
  )
  const seen: [string, number][] = []
  const next = group.as('next').consume((message) => seen.push([message.id, message.deliveries]), options)
  await b.pass(50)
  await next.stop()
  expect(new Map(seen)).toEqual(new Map(ids.slice(2).map((id) => [id, 1])))
  expect(seen).toHaveLength(18)
})

test('a stop with a limit aborts handlers and leaves their messages to others', async () => {
  await using b = await bench()
  await fill(b.db, 's', 1)
  const group = b.db.consumerGroup('g', 's')
  const signals: AbortSignal[] = []
  const handler = (message: M): Promise<void> => {
    signals.push(message.signal)
    return new Promise(() => {})
  }
  const consumer = group.consume(handler, { ...b.on, claimAfterMs: 5000 })
  await turn()
  let isStopped = false
  const stopped = consumer.stop({ drainMs: 500, graceMs: 200 }).then(() => (isStopped = true))
  await b.pass(490)
  expect(signals[0]!.aborted).toBe(false)
  await b.pass(20)
  expect(signals[0]!.reason).toMatchObject({ code: 'STOPPED' })
  expect(isStopped).toBe(false)
  await b.pass(500)
  await stopped
  expect(await b.db.xpending('s', 'g', { idle: 5000, start: '-', end: '+', count: 9 })).toHaveLength(1)
})

test('an abort leaves everything claimable at once', async () => {
  await using b = await bench()
  const ids = await fill(b.db, 's', 9)
  const group = b.db.consumerGroup('g', 's')
  const controller = new AbortController()
  const options = { ...b.on, concurrency: 2, prefetch: 5, claimAfterMs: 5000, signal: controller.signal }
  let calls = 0
  const handler = (message: M): Promise<void> => {
    if (calls++ === 0) throw new Error('waits for another attempt')
    return new Promise((_, reject) => message.signal.addEventListener('abort', reject))
  }
  const consumer = group.consume(handler, options)
  await turn()
  expect(consumer.stats).toMatchObject({ running: 2, waiting: 1, queued: 3 })
  controller.abort()
  await consumer.done
  const rows = await b.db.xpending('s', 'g', { idle: 5000, start: '-', end: '+', count: 99 })
  expect(rows.map(([id, , , deliveries]) => [id, deliveries])).toEqual(
    ids.slice(0, 6).map((id, i) => [id, i < 3 ? 1 : 0]),
  )
})

test('an entry that was trimmed while it was pending is told as lost and not handled', async () => {
  await using b = await bench()
  const [id] = await fill(b.db, 's', 1)
  const group = b.db.consumerGroup('g', 's')
  await group.create()
  await group.as('dead').read()
  await b.db.xtrim('s', { maxlen: 0 })
  const lost: string[] = []
  let calls = 0
  const consumer = group.consume(() => calls++, { ...b.on, claimAfterMs: 1000 })
  consumer.on('lost', (event) => lost.push(event.id))
  await b.pass(2000)
  expect([calls, lost]).toEqual([0, [id]])
  expect(await pendingOf(b.db, 's', 'g')).toBe(0)
  await consumer.stop()
})

test('an entry that is deleted while it waits for another attempt is not handled again', async () => {
  await using b = await bench()
  const [id] = await fill(b.db, 's', 1)
  let calls = 0
  const handler = (): void => {
    calls++
    throw new Error('later')
  }
  const consumer = b.db.consumerGroup('g', 's').consume(handler, { ...b.on, backoff: () => 500 })
  await b.pass(100)
  await b.db.xdel('s', id!)
  await b.pass(1000)
  expect([calls, consumer.stats.lost]).toEqual([1, 1])
  expect(await pendingOf(b.db, 's', 'g')).toBe(0)
  await consumer.stop()
})
