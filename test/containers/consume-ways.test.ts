/** Consumers on a clock that the tests move: groups that vanish, limits, batches, delays, loops, large and wrong input. */
import { expect, test } from 'vitest'
import { type Delivery, readDeadLetter } from '../../src/containers/index.ts'
import { answeredAfter, bench, fill, gate, pendingOf, turn } from './consume-rig.ts'

type M = Delivery<Record<string, string>>

test.for([
  ['flushed', (b: Awaited<ReturnType<typeof bench>>) => b.db.flushall(), ['1', '2']],
  ['destroyed', (b: Awaited<ReturnType<typeof bench>>) => b.db.xgroup_destroy('s', 'g'), ['1', '1', '2']],
] as const)('a group that was %s is made again, and told', async ([, remove, expected]) => {
  await using b = await bench()
  await b.db.xadd('s', '*', { n: 1 })
  const seen: string[] = []
  const consumer = b.db.consumerGroup('g', 's').consume((message) => seen.push(message.data.n!), b.on)
  const told: string[] = []
  consumer.on('recreated', ({ stream }) => told.push(stream))
  await b.pass(100)
  await remove(b)
  await b.pass(200)
  await b.db.xadd('s', '*', { n: 2 })
  await b.pass(1000)
  expect(seen).toEqual(expected)
  expect(told).toEqual(['s'])
  expect(consumer.stats.recreated).toBe(1)
  await consumer.stop()
})

test('a group that began at the end goes on where it was when it is made again', async () => {
  await using b = await bench()
  await b.db.xadd('s', '*', { n: 1 })
  const seen: string[] = []
  const group = b.db.consumerGroup('g', { s: '$' })
  const consumer = group.consume((message) => seen.push(message.data.n!), b.on)
  await b.pass(100)
  await b.db.multi().xgroup_destroy('s', 'g').xadd('s', '*', { n: 2 }).exec()
  await b.pass(1000)
  expect(seen).toEqual(['2'])
  await consumer.stop()
})

test('a handler that takes too long has failed, and its slot is free', async () => {
  await using b = await bench()
  await fill(b.db, 's', 2)
  const seen: [string, number][] = []
  const reasons: unknown[] = []
  const late = gate()
  const handler = async (message: M): Promise<void> => {
    seen.push([message.data.n!, message.deliveries])
    if (message.data.n === '0' && message.deliveries === 1) {
      message.signal.addEventListener('abort', () => reasons.push(message.signal.reason))
      await late.opened
      reasons.push(await message.ack())
    }
  }
  const consumer = b.db.consumerGroup('g', 's').consume(handler, { ...b.on, timeoutMs: 200, backoff: () => 100 })
  await b.pass(190)
  expect(seen).toEqual([['0', 1]])
  await b.pass(500)
  expect(seen).toEqual([
    ['0', 1],
    ['1', 1],
    ['0', 2],
  ])
  late.open()
  await turn()
  expect(reasons).toEqual([expect.objectContaining({ code: 'TIMEOUT' }), false])
  expect(consumer.stats).toMatchObject({ timedOut: 1, failed: 1, processed: 2 })
  await consumer.stop()
})

test('a message is settled once: what is said after that changes nothing', async () => {
  await using b = await bench()
  await fill(b.db, 's', 1)
  const said: unknown[] = []
  const handler = async (message: M): Promise<void> => {
    said.push(await message.ack(), await message.ack())
    await message.retry()
    await message.reject('no')
    said.push(await message.extend())
    throw new Error('too late')
  }
  const consumer = b.db.consumerGroup('g', 's').consume(handler, b.on)
  await b.pass(5000)
  expect(said).toEqual([true, false, false])
  expect(consumer.stats).toMatchObject({ processed: 1, deadLettered: 0, retried: 0 })
  await consumer.stop()
})

test('a handler can ask for another attempt that does not count', async () => {
  await using b = await bench()
  await fill(b.db, 's', 1)
  const seen: [number, number][] = []
  const started = b.clock.now()
  const handler = async (message: M): Promise<void> => {
    seen.push([message.deliveries, b.clock.now() - started])
    if (seen.length < 3) await message.retry({ afterMs: 300, counts: seen.length !== 1 })
  }
  const consumer = b.db.consumerGroup('g', 's').consume(handler, b.on)
  await b.pass(1000)
  expect(seen).toEqual([
    [1, 0],
    [1, 300],
    [2, 600],
  ])
  await consumer.stop()
})

test('consumers with the same name do not disturb each other', async () => {
  await using b = await bench()
  const ids = await fill(b.db, 's', 50)
  const group = b.db.consumerGroup('g', 's')
  const seen: string[] = []
  const handler = async (message: M): Promise<void> => {
    await turn()
    seen.push(message.id)
  }
  const options = { ...b.on, concurrency: 3, claimAfterMs: 1000 }
  const twins = [group.consume(handler, options), group.consume(handler, options)]
  await b.pass(5000, 100)
  for (const twin of twins) await twin.stop()
  expect(seen.toSorted()).toEqual(ids.toSorted())
})

test('batches: several at once, each with its own fate', async () => {
  await using b = await bench()
  await fill(b.db, 's', 7)
  const sizes: number[] = []
  const handler = async (messages: readonly M[]): Promise<void> => {
    sizes.push(messages.length)
    for (const message of messages) if (message.data.n === '3' && message.deliveries === 1) await message.retry()
  }
  const consumer = b.db.consumerGroup('g', 's').consume(handler, { ...b.on, batch: 5, backoff: () => 100 })
  await b.pass(50)
  expect(sizes).toEqual([5, 2])
  await b.pass(200)
  expect(sizes).toEqual([5, 2, 1])
  expect(consumer.stats).toMatchObject({ processed: 7, retried: 1 })
  await consumer.stop()
})

test('no more is held than may be, and a pause begins nothing', async () => {
  await using b = await bench()
  await fill(b.db, 's', 50)
  let most = 0
  const consumer = b.db.consumerGroup('g', 's').consume(
    async () => {
      const { running, queued } = consumer.stats
      most = Math.max(most, running + queued)
      await turn()
    },
    { ...b.on, concurrency: 2, prefetch: 6 },
  )
  while (consumer.stats.processed < 10) await turn()
  consumer.pause()
  await turn()
  const { processed, delivered } = consumer.stats
  await b.pass(1000)
  expect(consumer.stats.processed - processed).toBeLessThanOrEqual(2)
  expect(consumer.stats.delivered - delivered).toBeLessThanOrEqual(6)
  consumer.resume()
  while (consumer.stats.processed < 50) await turn()
  expect(most).toBe(6)
  await consumer.stop()
})

test('acknowledgements are sent together', async () => {
  await using b = await bench()
  await fill(b.db, 's', 1000)
  const consumer = b.db.consumerGroup('g', 's').consume(async () => {}, { ...b.on, concurrency: 100 })
  while (consumer.stats.processed < 1000) await turn()
  await consumer.stop()
  const calls = /cmdstat_xack:calls=(\d+)/.exec(await b.db.info(['commandstats']))![1]
  expect(Number(calls)).toBeLessThan(200)
  expect(await pendingOf(b.db, 's', 'g')).toBe(0)
})

test.for([
  ['the next is handled', {}, ['0', '1', '2']],
  ['of one key the next waits', { orderBy: () => 'all' }, ['0']],
] as const)('while acknowledgements are on their way %s', async ([, more, expected]) => {
  await using b = await bench()
  await fill(b.db, 's', 3)
  const answers = gate()
  const deaf = answeredAfter(b.db, 'XACK', answers.opened)
  const seen: string[] = []
  const consumer = deaf.consumerGroup('g', 's').consume((message) => seen.push(message.data.n!), { ...b.on, ...more })
  await b.pass(200)
  expect(seen).toEqual(expected)
  expect(consumer.stats.processed).toBe(0)
  const stopped = consumer.stop()
  answers.open()
  await stopped
  expect(consumer.stats.processed).toBe(seen.length)
  expect(await pendingOf(b.db, 's', 'g')).toBe(0)
})

test('acknowledged entries are deleted where that is wanted', async () => {
  await using b = await bench()
  await fill(b.db, 's', 10)
  const consumer = b.db.consumerGroup('g', 's').consume(() => {}, { ...b.on, deleteAcked: true })
  await b.pass(100)
  await consumer.stop()
  expect([await b.db.xlen('s'), await pendingOf(b.db, 's', 'g')]).toEqual([0, 0])
})

test('before: a message is acknowledged first, and a failure is not tried again', async () => {
  await using b = await bench()
  await fill(b.db, 's', 2)
  const pending: number[] = []
  const handler = async (): Promise<void> => {
    pending.push(await pendingOf(b.db, 's', 'g'))
    throw new Error('gone')
  }
  const consumer = b.db.consumerGroup('g', 's').consume(handler, { ...b.on, ack: 'before' })
  await b.pass(5000, 100)
  expect(pending).toEqual([0, 0])
  expect(consumer.stats).toMatchObject({ failed: 2, retried: 0, running: 0 })
  await consumer.stop()
})

test('delayed messages come when they are due, whatever they hold', async () => {
  await using b = await bench()
  const stream = b.db.stream('s')
  const started = b.clock.now()
  await stream.addDelayed(
    [
      ['a', 'ü'],
      ['a', '2'],
    ],
    { delayMs: 700 },
  )
  await stream.addDelayed({ a: 'first' }, { at: started + 300 })
  await stream.addDelayed({ a: 'first' }, { at: new Date(started + 300) })
  await expect(stream.addDelayed({ a: '1' }, { delayMs: -1 })).rejects.toThrow(RangeError)
  await expect(stream.addDelayed({ a: Buffer.from('x') }, { delayMs: 1 })).rejects.toThrow('holds text')
  const seen: [number, unknown][] = []
  const handler = (message: M): unknown => seen.push([b.clock.now() - started, message.fields])
  const consumer = b.db.consumerGroup('g', 's').consume(handler, b.on)
  await b.pass(2000)
  expect(seen).toEqual([
    [300, [['a', 'first']]],
    [300, [['a', 'first']]],
    [
      700,
      [
        ['a', 'ü'],
        ['a', '2'],
      ],
    ],
  ])
  expect(consumer.stats.released).toBe(3)
  await consumer.stop()
})

test('messages as an iterable: settled by hand, and what was not is claimable when the loop is left', async () => {
  await using b = await bench()
  const ids = await fill(b.db, 's', 5)
  const group = b.db.consumerGroup('g', 's')
  const seen: string[] = []
  for await (const message of group.messages({ ...b.on, claimAfterMs: 1000 })) {
    seen.push(message.id)
    if (seen.length !== 2) expect(await message.ack()).toBe(true)
    if (seen.length === 3) break
  }
  expect(seen).toEqual(ids.slice(0, 3))
  const rows = await b.db.xpending('s', 'g', { idle: 1000, start: '-', end: '+', count: 9 })
  expect(rows[0]).toEqual([ids[1], 'g.c1', 1000, 1])
  const controller = new AbortController()
  const rest: string[] = []
  const loop = (async () => {
    for await (const message of group.messages({ ...b.on, claimAfterMs: 1000, signal: controller.signal })) {
      rest.push(message.id)
      await message.ack()
    }
  })()
  await b.pass(100)
  controller.abort(new Error('enough'))
  await expect(loop).rejects.toThrow('enough')
  expect(rest.toSorted()).toEqual([ids[1], ...ids.slice(3)].toSorted())
  expect(await pendingOf(b.db, 's', 'g')).toBe(0)
})

test('a clock that goes back delays and loses nothing', async () => {
  await using b = await bench()
  const ids = await fill(b.db, 's', 3)
  const group = b.db.consumerGroup('g', 's')
  await group.create()
  await group.as('dead').read({ count: 2 })
  b.clock.advance(-60_000)
  const seen: string[] = []
  let failures = 0
  const handler = (message: M): void => {
    if (failures++ < 1) {
      b.clock.advance(-10_000)
      throw new Error('once')
    }
    seen.push(message.id)
  }
  const consumer = group.consume(handler, { ...b.on, claimAfterMs: 1000, backoff: () => 100 })
  await b.pass(90_000, 100)
  expect(seen.toSorted()).toEqual(ids)
  expect(consumer.stats.age.maxMs).toBeGreaterThanOrEqual(0)
  await consumer.stop()
  expect(await pendingOf(b.db, 's', 'g')).toBe(0)
})

test('lag: what is undelivered, pending and how old', async () => {
  await using b = await bench()
  await fill(b.db, 's', 10)
  const group = b.db.consumerGroup('g', 's')
  const consumer = group.consume(() => new Promise(() => {}), { ...b.on, prefetch: 4, heartbeat: false })
  await b.pass(500)
  expect(await consumer.lag()).toEqual({ s: { undelivered: 6, pending: 4, oldestPendingMs: 500, behindMs: 500 } })
  const next = (await b.db.xrange('s', '-', '+'))[6]!
  await b.db.xdel('s', next[0])
  expect(await consumer.lag()).toMatchObject({ s: { undelivered: null, behindMs: 500 } })
  await consumer.abort()
})

test('large messages: a megabyte, and ten thousand fields, as dead letters too', async () => {
  await using b = await bench()
  await b.db.xadd('s', '*', { big: 'x'.repeat(1 << 20) })
  const many = Array.from({ length: 10_000 }, (_, i) => [`f${i}`, `${i}`] as const)
  await b.db.xadd('s', '*', many)
  const group = b.db.consumerGroup('g', 's')
  const consumer = group.consume((message) => message.reject('too much'), b.on)
  await b.pass(100)
  const letters = await b.db.xrange(group.deadLetterKey('s'), '-', '+')
  expect(readDeadLetter(letters[0]![1])!.fields[0]![1].length).toBe(1 << 20)
  expect(readDeadLetter(letters[1]![1])!.fields).toEqual(many)
  await consumer.stop()
})

test('what only a person can mend ends a consumer', async () => {
  await using b = await bench()
  await b.db.set('text', '1')
  const wrong = b.db.consumerGroup('g', 'text').consume(() => {}, b.on)
  await expect(wrong.done).rejects.toMatchObject({ code: 'WRONGTYPE' })
  const dead = b.db.consumerGroup('g', 's').consume(() => {}, { ...b.on, deadLetter: 'text' })
  await expect(dead.done).rejects.toMatchObject({ code: 'DEAD_LETTER' })
  const later = b.db.consumerGroup('g', 's').consume(() => {}, b.on)
  await b.pass(100)
  await b.db.del('s')
  await b.db.set('s', 'no stream')
  await expect(Promise.all([later.done, b.pass(2000)])).rejects.toMatchObject({ code: 'WRONGTYPE' })
})

test('a dead letter that is refused while it is moved stays pending', async () => {
  await using b = await bench()
  const [id] = await fill(b.db, 's', 1)
  const group = b.db.consumerGroup('g', 's')
  const handler = async (message: M): Promise<void> => {
    await b.db.set('dead', 'no stream')
    await message.reject('no')
  }
  const consumer = group.consume(handler, { ...b.on, deadLetter: 'dead' })
  await expect(Promise.all([consumer.done, b.pass(1000)])).rejects.toMatchObject({ code: 'WRONGTYPE' })
  const rows = await b.db.xpending('s', 'g', { start: '-', end: '+', count: 9 })
  expect(rows.map(([pending]) => pending)).toEqual([id])
})

test('options that make no sense are refused', async () => {
  await using b = await bench()
  const group = b.db.consumerGroup('g', 's')
  for (const options of [{ concurrency: 0 }, { prefetch: 1.5 }, { claimAfterMs: -1 }, { timeoutMs: 0 }])
    expect(() => group.consume(() => {}, options)).toThrow(RangeError)
  expect(() => Reflect.apply(group.consume, group, [{ concurrency: 2 }])).toThrow('consume takes a handler')
})

test('a listener that throws is its own problem', async () => {
  await using b = await bench()
  await fill(b.db, 's', 2)
  const warnings: string[] = []
  const hear = (warning: Error): unknown => warnings.push(warning.message)
  process.on('warning', hear)
  const consumer = b.db.consumerGroup('g', 's').consume(() => {}, b.on)
  consumer.on('handled', () => {
    throw new Error('listener')
  })
  await b.pass(50)
  process.off('warning', hear)
  expect(consumer.stats.processed).toBe(2)
  expect(warnings).toContain('listener')
  await consumer.stop()
})
