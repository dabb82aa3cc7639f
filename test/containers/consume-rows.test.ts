/**
 * The acceptance rows of consumers, one test each, on the embedded store and on redis-server.
 *
 * The one idea: nothing here depends on how fast the machine is. Consumers live on a clock that the test moves; how long an entry has
 * been idle is the store's to know, and is told to it by the test (XCLAIM with IDLE, which is what time does to a pending entry).
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type ConsumerGroup, type Delivery, readDeadLetter } from '../../src/containers/index.ts'
import type { Database } from '../../src/index.ts'
import { ManualClock } from '../../src/testing/index.ts'
import { eventually } from '../backends/redis-process.ts'
import { fill, gate, Mortal, onBothStores, pendingOf, type Started, turn } from './consume-rig.ts'

type M = Delivery<Record<string, string>>

const CLAIM_AFTER_MS = 60_000

/** Lets everything that is pending become idle for so long; its owners and counts stay. */
async function age(group: ConsumerGroup, stream: string, idleMs: number): Promise<void> {
  for (const { id, consumer } of await group.stream(stream).pending()) {
    await group.as(consumer).stream(stream).claimIds([id], { idleMs })
  }
}

/** What is pending as `consumer deliveries`. */
async function owners(group: ConsumerGroup, stream: string): Promise<string[]> {
  return (await group.stream(stream).pending()).map(({ consumer, deliveries }) => `${consumer} ${deliveries}`)
}

/** The ids of what can be claimed at once by who waits as long as consumers do. */
async function claimable(group: ConsumerGroup, stream: string): Promise<string[]> {
  return (await group.stream(stream).pending({ minIdleMs: CLAIM_AFTER_MS })).map(({ id }) => id)
}

/** A clock of consumers, and options that put them on it. */
function onClock() {
  const clock = new ManualClock()
  return { clock, on: { clock, claimAfterMs: CLAIM_AFTER_MS, blockMs: 100 } }
}

function rows(start: () => Promise<Started>): void {
  let db: Database
  let stop: () => Promise<void>
  beforeAll(async () => {
    ;({ db, stop } = await start())
  })
  afterAll(() => stop?.())

  test('6: who leaves a loop that follows gives its connection back', async () => {
    const stream = db.stream('followed')
    await fill(db, 'followed', 3)
    const before = (await db.client_list()).split('\n').length
    for await (const { data } of stream.follow()) if (data.n === '2') break
    await eventually('as many connections as before', async () => {
      return (await db.client_list()).split('\n').length === before
    })
  })

  test('10: two workers, four at once: every entry exactly once, none left', async () => {
    const ids = await fill(db, 'shared', 100)
    const group = db.consumerGroup('g', 'shared')
    const seen: string[] = []
    const handler = async (message: M): Promise<void> => {
      await turn()
      seen.push(message.id)
    }
    const workers = ['a', 'b'].map((name) => group.as(name).consume(handler, { concurrency: 4 }))
    await eventually('all', () => seen.length >= 100)
    for (const worker of workers) await worker.stop()
    expect(seen.toSorted()).toEqual(ids.toSorted())
    expect(await pendingOf(db, 'shared', 'g')).toBe(0)
  })

  test('11: what a dead worker has read is handled by another one, delivered twice', async () => {
    const ids = await fill(db, 'crashed', 3)
    const group = db.consumerGroup('g', 'crashed')
    await group.create()
    await group.as('dead').read()
    await age(group, 'crashed', CLAIM_AFTER_MS)
    const seen: [string, number][] = []
    const consumer = group.as('b').consume((m) => seen.push([m.id, m.deliveries]), { claimAfterMs: CLAIM_AFTER_MS })
    await eventually('all three', () => consumer.stats.processed === 3)
    await consumer.stop()
    expect(seen).toEqual(ids.map((id) => [id, 2]))
    const consumers = await group.stream('crashed').consumers()
    expect(consumers.map(({ name, pending }) => [name, pending])).toEqual([
      ['b', 0],
      ['dead', 0],
    ])
  })

  test('12: a slow handler keeps its message, for it gives signs of life', async () => {
    const { clock, on } = onClock()
    const [slow] = await fill(db, 'slow', 1)
    const group = db.consumerGroup('g', 'slow')
    const done = gate()
    let begun = 0
    const consumer = group.as('a').consume(() => {
      begun++
      return done.opened
    }, on)
    await eventually('begun', () => begun === 1)
    for (let third = 0; third < 9; third++) {
      await age(group, 'slow', CLAIM_AFTER_MS - 1)
      clock.advance(CLAIM_AFTER_MS / 3)
      const isYoung = async () => (await group.stream('slow').pending({ minIdleMs: CLAIM_AFTER_MS - 1 })).length === 0
      await eventually('a sign of life', isYoung)
    }
    // Somebody else looks, finds what is really dead, and leaves this one alone.
    const [dead] = await fill(db, 'slow', 1)
    await group.as('dead').read()
    await group.as('dead').stream('slow').claimIds([dead!], { idleMs: CLAIM_AFTER_MS })
    const others = new ManualClock()
    const other = group.as('b').consume(() => {}, { ...on, clock: others })
    await eventually('the dead one', () => {
      others.advance(0)
      return other.stats.claimed === 1
    })
    expect(await owners(group, 'slow')).toEqual(expect.arrayContaining(['a 1']))
    expect(begun).toBe(1)
    done.open()
    await consumer.stop()
    await other.stop()
    expect(consumer.stats).toMatchObject({ overtaken: 0, duplicates: 0 })
    expect((await group.pending()).filter(({ id }) => id === slow)).toEqual([])
  })

  test('13: without signs of life it is delivered again; the first acknowledgement counts, the other is told', async () => {
    const { clock, on } = onClock()
    await fill(db, 'silent', 1)
    const group = db.consumerGroup('g', 'silent')
    const held: M[] = []
    const done = gate()
    const handler = (message: M): Promise<void> => {
      held.push(message)
      return done.opened
    }
    const silent = { ...on, heartbeat: false, ack: 'manual' } as const
    const first = group.as('a').consume(handler, silent)
    await eventually('the first', () => held.length === 1)
    await age(group, 'silent', CLAIM_AFTER_MS)
    const second = group.as('b').consume(handler, silent)
    await eventually('the second', () => {
      clock.advance(0)
      return held.length === 2
    })
    expect(held.map(({ deliveries }) => deliveries)).toEqual([1, 2])
    expect(await held[0]!.extend()).toBe(false)
    expect(held[0]!.signal.reason).toMatchObject({ code: 'OVERTAKEN' })
    expect(await held[1]!.ack()).toBe(true)
    expect(await held[0]!.ack()).toBe(false)
    done.open()
    await first.stop()
    await second.stop()
    expect([first.stats.duplicates, second.stats.duplicates]).toEqual([1, 0])
  })

  test('14, 15: poison is tried three times, each later, and becomes a dead letter with its fields', async () => {
    const { clock, on } = onClock()
    const started = clock.now()
    const id = await db.stream('poison').add([
      ['a', '1'],
      ['a', '2'],
    ])
    const group = db.consumerGroup('g', 'poison')
    const at: number[] = []
    const consumer = group.consume(
      () => {
        at.push(clock.now() - started)
        throw new RangeError('never')
      },
      { ...on, maxDeliveries: 3, backoff: (deliveries) => 100 * 2 ** (deliveries - 1) },
    )
    for (const [attempts, waitMs] of [
      [1, 100],
      [2, 200],
    ] as const) {
      await eventually('it waits', () => consumer.stats.failed === attempts && consumer.stats.waiting === 1)
      clock.advance(waitMs - 1)
      await turn()
      expect(at.length).toBe(attempts)
      clock.advance(1)
    }
    await eventually('dead', () => consumer.stats.deadLettered === 1)
    await consumer.stop()
    expect(at).toEqual([0, 100, 300])
    expect(await pendingOf(db, 'poison', 'g')).toBe(0)
    const letters = await db.stream(group.deadLetterKey('poison')).range()
    expect(letters.map(({ fields }) => readDeadLetter(fields))).toMatchObject([
      {
        cause: { stream: 'poison', id, deliveries: 3, reason: 'failed', error: 'RangeError' },
        fields: [
          ['a', '1'],
          ['a', '2'],
        ],
      },
    ])
  })

  test('16: what fits no schema becomes a dead letter without a handler, and the rest goes on', async () => {
    await db.xadd('typed', '*', { n: 'one' })
    await db.xadd('typed', '*', { n: '2' })
    const group = db.consumerGroup('g', 'typed', { schema: z.object({ n: z.coerce.number() }) })
    const seen: number[] = []
    const consumer = group.consume(({ data }) => seen.push(data.n))
    await eventually('both', () => consumer.stats.processed + consumer.stats.deadLettered === 2)
    await consumer.stop()
    expect(seen).toEqual([2])
    const [letter, ...more] = await db.stream(group.deadLetterKey('typed')).range()
    expect(readDeadLetter(letter!.fields)).toMatchObject({ cause: { reason: 'invalid' }, fields: [['n', 'one']] })
    expect(more).toEqual([])
  })

  test('17: a stop finishes what runs, and what was fetched and not begun can be claimed at once, uncounted', async () => {
    const ids = await fill(db, 'stopped', 7)
    const group = db.consumerGroup('g', 'stopped')
    const done = gate()
    let begun = 0
    const handler = (): Promise<void> => {
      begun++
      return done.opened
    }
    const consumer = group.consume(handler, { concurrency: 2, prefetch: 7, claimAfterMs: CLAIM_AFTER_MS })
    await eventually('two run', () => begun === 2 && consumer.stats.queued === 5)
    const stopped = consumer.stop({ queued: 'handBack' })
    await eventually('the five', async () => (await claimable(group, 'stopped')).length === 5)
    done.open()
    await stopped
    expect(consumer.stop()).toBe(stopped)
    await consumer.done
    expect(await claimable(group, 'stopped')).toEqual(ids.slice(2))
    expect(await owners(group, 'stopped')).toEqual(Array(5).fill('g.c1 0'))
    const seen: [string, number][] = []
    const next = group.as('next').consume((m) => seen.push([m.id, m.deliveries]), { claimAfterMs: CLAIM_AFTER_MS })
    await eventually('the rest', () => next.stats.processed === 5)
    await next.stop()
    expect(seen.toSorted()).toEqual(ids.slice(2).map((id) => [id, 1]))
    expect(await pendingOf(db, 'stopped', 'g')).toBe(0)
  })

  test('18: a stop with a limit does not wait for a handler that ignores its signal, and its entry stays', async () => {
    const { clock, on } = onClock()
    const ids = await fill(db, 'deaf', 1)
    const group = db.consumerGroup('g', 'deaf')
    const held: M[] = []
    const consumer = group.consume((message) => {
      held.push(message)
      return new Promise(() => {})
    }, on)
    await eventually('begun', () => held.length === 1)
    let isOver = false
    const stopped = consumer.stop({ drainMs: 500, graceMs: 200 }).finally(() => (isOver = true))
    await turn()
    expect(held[0]!.signal.aborted).toBe(false)
    await eventually('stopped', () => {
      clock.advance(100)
      return isOver
    })
    await stopped
    expect(held[0]!.signal.reason).toMatchObject({ code: 'STOPPED' })
    expect(await claimable(group, 'deaf')).toEqual(ids)
  })

  test('19: an entry trimmed while it was pending is reported, off what is pending, and given to no handler', async () => {
    const [id] = await fill(db, 'trimmed', 1)
    const group = db.consumerGroup('g', 'trimmed')
    await group.create()
    await group.as('dead').read()
    await age(group, 'trimmed', CLAIM_AFTER_MS)
    await db.stream('trimmed').trim({ maxlen: 0, exact: true })
    const lost: string[] = []
    let begun = 0
    const consumer = group.consume(() => begun++, { claimAfterMs: CLAIM_AFTER_MS })
    consumer.on('lost', (event) => lost.push(event.id))
    await eventually('lost', () => consumer.stats.lost === 1)
    await consumer.stop()
    expect([lost, begun, await pendingOf(db, 'trimmed', 'g')]).toEqual([[id], 0, 0])
  })

  test('20: a flush under a consumer: the group is made again and told, and new entries flow', async () => {
    const group = db.consumerGroup('g', ['flushed', 'flushed-too'])
    await fill(db, 'flushed', 2)
    const seen: string[] = []
    const told: string[] = []
    const consumer = group.consume((m) => seen.push(`${m.stream} ${m.data.n}`), { blockMs: 100 })
    consumer.on('recreated', ({ stream }) => told.push(stream))
    await eventually('both', () => seen.length === 2)
    await db.flushall()
    await eventually('made again', () => told.length === 2)
    await db.stream('flushed-too').add({ n: 'new' })
    await eventually('the new one', () => seen.includes('flushed-too new'))
    await consumer.stop()
    expect(consumer.stats.recreated).toBe(2)
    expect(told.toSorted()).toEqual(['flushed', 'flushed-too'])
  })

  test('21: lag is counted, then not known, and how far it is behind is', async () => {
    const ids = await fill(db, 'lagging', 10)
    const group = db.consumerGroup('g', 'lagging')
    const consumer = group.consume(() => new Promise(() => {}), { prefetch: 4 })
    await eventually('four', () => consumer.stats.delivered === 4)
    expect(await consumer.lag()).toMatchObject({ lagging: { undelivered: 6, pending: 4 } })
    await db.stream('lagging').delete(ids[6]!)
    const { lagging } = await consumer.lag()
    expect(lagging).toMatchObject({ undelivered: null, behindMs: expect.any(Number) })
    await consumer.abort()
  })

  test('22: by key one after the other, failures included; keys beside each other', async () => {
    await db.stream('keyed').addAll(Array.from({ length: 40 }, (_, n) => ({ key: `u${n % 2}`, n })))
    const running = new Set<string>()
    const seen = new Map<string, number[]>()
    let wrong = 0
    let most = 0
    const handler = async ({ data: { key, n }, deliveries }: M): Promise<void> => {
      if (running.has(key!)) wrong++
      running.add(key!)
      most = Math.max(most, running.size)
      await turn()
      running.delete(key!)
      if (Number(n) % 7 === 0 && deliveries === 1) throw new Error('once')
      seen.set(key!, [...(seen.get(key!) ?? []), Number(n)])
    }
    const consumer = db.consumerGroup('g', 'keyed').consume(handler, {
      concurrency: 8,
      orderBy: ({ data }) => data.key!,
      backoff: () => 5,
    })
    await eventually('all', () => consumer.stats.processed === 40)
    await consumer.stop()
    expect([wrong, most]).toEqual([0, 2])
    for (const [i, key] of ['u0', 'u1'].entries()) {
      expect(seen.get(key)).toEqual(Array.from({ length: 20 }, (_, n) => 2 * n + i))
    }
    expect(consumer.stats.failed).toBe(6)
  })

  test('23: a dead letter comes back as a new entry; a crash at any call leaves it in one place', async () => {
    const group = db.consumerGroup('g', 'driven')
    const consumer = group.consume((message) => message.reject('no'))
    await fill(db, 'driven', 1)
    await eventually('dead', () => consumer.stats.deadLettered === 1)
    await consumer.stop()
    const dead = group.deadLetterKey('driven')
    await db.xtrim('driven', { maxlen: 0 })
    const places = async () => [await db.xlen('driven'), await db.xlen(dead)]
    const letter = (await db.xrange(dead, '-', '+'))[0]![1]
    const outcomes = new Set<string>()
    for (let calls = 1; calls < 12; calls++) {
      await db.del(['driven', dead])
      await db.xadd(dead, '*', letter)
      const mortal = new Mortal(db)
      mortal.dieIn(calls)
      const driving = mortal.db.consumerGroup('g', 'driven').redrive()
      await Promise.race([driving, eventually('over', () => mortal.isDead)])
      await db.ping()
      await turn()
      const found = await places()
      expect(found.reduce((a, b) => a + b, 0)).toBe(1)
      outcomes.add(found.join())
      mortal.die()
    }
    expect([...outcomes]).toEqual(['0,1', '1,0'])
    const seen: number[] = []
    await group.create()
    const again = group.consume((message) => seen.push(message.deliveries))
    await eventually('again', () => again.stats.processed === 1)
    await again.stop()
    expect(seen).toEqual([1])
  })

  test('23: a dead letter whose stream has become something else stays a dead letter', async () => {
    const group = db.consumerGroup('g', 'changed')
    const consumer = group.consume((message) => message.reject('no'))
    await fill(db, 'changed', 1)
    await eventually('dead', () => consumer.stats.deadLettered === 1)
    await consumer.stop()
    await db.set('changed', 'text')
    await expect(group.redrive()).rejects.toMatchObject({ code: 'WRONGTYPE' })
    expect(await db.xlen(group.deadLetterKey('changed'))).toBe(1)
  })

  test('24: a thousand fast messages are acknowledged in far fewer calls, and none is left', async () => {
    await fill(db, 'fast', 1000)
    const group = db.consumerGroup('g', 'fast')
    const calls = async () => Number(/cmdstat_xack:calls=(\d+)/.exec(await db.info(['commandstats']))?.[1] ?? 0)
    const before = await calls()
    const consumer = group.consume(async () => {}, { concurrency: 100 })
    await eventually('all', () => consumer.stats.processed === 1000)
    await consumer.stop()
    expect((await calls()) - before).toBeLessThan(200)
    expect(await pendingOf(db, 'fast', 'g')).toBe(0)
  })
}

onBothStores(rows)
