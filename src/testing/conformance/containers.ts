/** Streams, groups and time series as containers: the walk that introduced them elsewhere, step by step. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import type { ConsumerGroup } from '../../containers/consumer-group.ts'
import { compareIds } from '../../containers/id.ts'
import type { Message } from '../../containers/message.ts'
import { type Bench, type ConformanceCase, turns } from './case.ts'

/** Messages as `key: field value`, without their ids. */
const told = (messages: readonly Message<unknown>[], key: (name: string) => string): string[] =>
  messages.map(({ stream, fields }) => `${stream.slice(key('').length)}: ${fields.flat().join(' ')}`)

const idsOf = (messages: readonly { readonly id: string }[]): string[] => messages.map(({ id }) => id)

async function threeMessages({ db, key }: Bench, name = 'stream-a') {
  const stream = db.stream(key(name))
  const m1 = await stream.add({ message: 'hello, streams' })
  const m2 = await stream.add({ message: 'message 2' })
  const m3 = await stream.add({ message: 'message 3' })
  return { stream, m1, m2, m3 }
}

/** Rows 14 to 18: a group over three streams, put at their ends, and twelve entries after that. */
async function groupOfThree(bench: Bench): Promise<ConsumerGroup> {
  const { db, key } = bench
  await threeMessages(bench)
  const keys = ['stream-a', 'stream-b', 'stream-c'].map(key)
  for (const name of keys) await db.stream(name).add({ data: '' })
  const group = db.consumerGroup('cg-abc', keys)
  deepEqual(await group.create(), Object.fromEntries(keys.map((name) => [name, 'created'])))
  await group.setId('$')
  deepEqual(await group.read(), [])
  await group.stream(key('stream-a')).add({ message: 'new a' })
  await group.stream(key('stream-b')).add({ message: 'new for b' })
  for (let i = 0; i < 10; i++) await group.stream(key('stream-c')).add({ message: `c-${i}` })
  return group
}

const day = (n: number): Date => new Date(Date.UTC(2018, 0, n))
const idOfDay = (n: number): string => `${Date.UTC(2018, 0, n)}-0`

/** Rows 32 to 36: ten days of one series, five of another. */
async function twoSeries({ db, key }: Bench) {
  const series = db.timeSeries('demo-ts', [key('s1'), key('s2')])
  const [s1, s2] = [series.stream(key('s1')), series.stream(key('s2'))]
  for (const stream of [s1, s2]) equal((await stream.add({ '': '' }, '0-1')).id, '0-1')
  deepEqual(await series.create(), { [key('s1')]: 'created', [key('s2')]: 'created' })
  await series.setId('$')
  for (let n = 1; n <= 10; n++) {
    deepEqual(await s1.add({ message: `s1-${n}` }, day(n)), { id: idOfDay(n), timestamp: day(n), sequence: 0 })
  }
  for (let n = 1; n <= 5; n++) await s2.add({ message: `s2-${n}` }, day(n))
  return { series, s1, s2 }
}

export const CONTAINERS: readonly ConformanceCase[] = [
  {
    name: 'a stream: slices with both ends, one entry, all of it, deletion (rows 1 to 6)',
    async run(bench) {
      const { stream, m1, m2, m3 } = await threeMessages(bench)
      ok(compareIds(m1, m2) < 0 && compareIds(m2, m3) < 0)
      deepEqual(idsOf(await stream.range({ from: m2 })), [m2, m3])
      deepEqual(idsOf(await stream.slice(m2)), [m2, m3])
      deepEqual(
        (await stream.slice(m1, null, 2)).map(({ data }) => data),
        [{ message: 'hello, streams' }, { message: 'message 2' }],
      )
      const all: string[] = []
      for await (const { id } of stream) all.push(id)
      deepEqual(all, [m1, m2, m3])
      deepEqual(idsOf(await stream.range({ reverse: true, count: 2 })), [m3, m2])
      const m4 = await stream.add({ message: 'delete me' })
      equal((await stream.get(m4))?.data.message, 'delete me')
      equal(await stream.delete(m4), 1)
      equal(await stream.delete(m4), 0)
      equal(await stream.get(m4), undefined)
      equal(await stream.length(), 3)
    },
  },
  {
    name: 'trimming: about a length, then to it, then below an id (rows 7 and 8)',
    async run({ db, key }) {
      const stream = db.stream(key('stream-2'))
      const ids = await stream.addAll(Array.from({ length: 1000 }, (_, i) => ({ data: `message-${i}` })))
      equal(ids.length, 1000)
      const removed = await stream.trim({ maxlen: 10 })
      const left = await stream.length()
      equal(removed + left, 1000)
      ok(left >= 10)
      equal(await stream.trim({ maxlen: 10, exact: true }), left - 10)
      const rest = await stream.range()
      deepEqual(
        rest.map(({ data }) => data.data),
        Array.from({ length: 10 }, (_, i) => `message-${990 + i}`),
      )
      equal(await stream.trim({ minid: rest[4]!.id, exact: true }), 4)
      equal(await stream.length(), 6)
      await stream.add({ data: 'last' }, { maxlen: 3, exact: true })
      equal(await stream.length(), 3)
    },
  },
  {
    name: 'reads: after an id, nothing, what comes while waiting (rows 9 to 13)',
    async run(bench) {
      const { stream, m1, m2, m3 } = await threeMessages(bench)
      deepEqual(idsOf(await stream.read()), [m1, m2, m3])
      deepEqual(idsOf(await stream.read({ after: m2 })), [m3])
      deepEqual(await stream.read({ after: m3 }), [])
      deepEqual(await stream.read({ after: '$', blockMs: 20 }), [])
      const reading = stream.read({ after: '$', blockMs: Number.POSITIVE_INFINITY })
      const other = (await bench.other()).stream(stream.key)
      const added: string[] = []
      let isRead = false
      void reading.finally(() => (isRead = true))
      while (!isRead) {
        added.push(await other.add({ message: 'm5' }))
        await turns()
      }
      const [first] = await reading
      ok(added.includes(first!.id))
    },
  },
  {
    name: 'a group: made once, read stream by stream, acknowledged once (rows 14 to 22, 30)',
    async run(bench) {
      const { key } = bench
      const group = await groupOfThree(bench)
      equal(group.consumer, 'cg-abc.c1')
      deepEqual(Object.values(await group.create()), ['exists', 'exists', 'exists'])
      const first = await group.read({ count: 1 })
      deepEqual(told(first, key), ['stream-a: message new a', 'stream-b: message new for b', 'stream-c: message c-0'])
      deepEqual(told(await group.read({ count: 1 }), key), ['stream-c: message c-1'])
      const a = group.stream(key('stream-a'))
      const [row, ...more] = await a.pending()
      deepEqual(more, [])
      deepEqual([row!.id, row!.consumer, row!.deliveries], [first[0]!.id, 'cg-abc.c1', 1])
      ok(row!.idleMs >= 0)
      equal(await first[0]!.ack(), true)
      deepEqual(await a.pending(), [])
      equal(await a.ack(row!.id), 0)
      equal(await first[0]!.ack(), false)
    },
  },
  {
    name: 'a second consumer: takes its share, claims, and destroying keeps the entries (rows 23 to 29)',
    async run(bench) {
      const { key } = bench
      const group = await groupOfThree(bench)
      await group.read({ count: 1 })
      await group.read({ count: 1 })
      const second = group.as('cg-abc.c2')
      deepEqual(told(await second.read({ count: 1 }), key), ['stream-c: message c-2'])
      const c = group.stream(key('stream-c'))
      const rows = await c.pending()
      const owners = async () => (await c.pending()).map(({ consumer, deliveries }) => `${consumer} ${deliveries}`)
      deepEqual(await owners(), ['cg-abc.c1 1', 'cg-abc.c1 1', 'cg-abc.c2 1'])
      const claimed = await second.stream(key('stream-c')).claim([rows[0]!])
      deepEqual(idsOf(claimed), [rows[0]!.id])
      deepEqual(claimed[0]!.data, { message: 'c-0' })
      deepEqual(await owners(), ['cg-abc.c2 2', 'cg-abc.c1 1', 'cg-abc.c2 1'])
      deepEqual(Object.values(await group.destroy()), [true, true, true])
      deepEqual(Object.values(await group.destroy()), [false, false, false])
      equal(await c.length(), 11)
    },
  },
  {
    name: 'what a stream of a group can do: counts, summary, own entries, autoclaim, consumers (row 31)',
    async run(bench) {
      const { key } = bench
      const group = await groupOfThree(bench)
      const c = group.stream(key('stream-c'))
      const given = await c.read({ count: 4 })
      deepEqual(await c.pendingSummary(), {
        total: 4,
        min: given[0]!.id,
        max: given[3]!.id,
        byConsumer: new Map([['cg-abc.c1', 4]]),
      })
      // Put at the end, a group does not know how much came before it.
      equal((await c.groupInfo())?.lag, null)
      equal(await c.delete(given[1]!), 1)
      const own = await c.readOwn()
      deepEqual(idsOf(own.messages), idsOf([given[0]!, given[2]!, given[3]!]))
      deepEqual(own.deleted, [given[1]!.id])
      const other = c.as('cg-abc.c2')
      deepEqual(await other.claimIds([given[0]!]), [given[0]!.id])
      const swept = await other.autoclaim({ minIdleMs: 0, count: 10 })
      deepEqual(idsOf(swept.messages), idsOf([given[0]!, given[2]!, given[3]!]))
      deepEqual([swept.deleted, swept.cursor], [[given[1]!.id], '0-0'])
      deepEqual((await c.pending({ consumer: 'cg-abc.c1' })).length, 0)
      deepEqual((await c.pending({ after: given[0]!, count: 1 }))[0]?.id, given[2]!.id)
      equal(await c.createConsumer('cg-abc.c3'), true)
      deepEqual(
        (await c.consumers()).map(({ name, pending }) => [name, pending]),
        [
          ['cg-abc.c1', 0],
          ['cg-abc.c2', 3],
          ['cg-abc.c3', 0],
        ],
      )
      equal(await other.removeConsumer(), 3)
      await c.setId(given[3]!)
      deepEqual((await c.read({ count: 1 }))[0]?.data, { message: 'c-4' })
      equal(await c.trim({ maxlen: 2, exact: true }), 8)
    },
  },
  {
    name: 'a time series: slices by Dates, merged reads, own places (rows 32 to 42)',
    async run(bench) {
      const { s1, series } = await twoSeries(bench)
      const { key } = bench
      const days = await s1.slice(day(2), null, 3)
      deepEqual(
        days.map((message) => [message.stream, message.timestamp, message.sequence, message.data]),
        [2, 3, 4].map((n) => [key('s1'), day(n), 0, { message: `s1-${n}` }]),
      )
      equal(String(days[0]), `<Message ${key('s1')} ${idOfDay(2)}: {"message":"s1-2"}>`)
      const read = await series.read({ count: 2 })
      deepEqual(told(read, key), ['s1: message s1-1', 's2: message s2-1', 's1: message s1-2', 's2: message s2-2'])
      const rows = await s1.pending()
      deepEqual(
        rows.map(({ timestamp, sequence, consumer, deliveries }) => [timestamp, sequence, consumer, deliveries]),
        [1, 2].map((n) => [day(n), 0, 'demo-ts.c1', 1]),
      )
      for (const row of rows) equal(await s1.ack(row), 1)
      deepEqual(await s1.pending(), [])
      await s1.setId(day(1))
      deepEqual(
        (await s1.read({ count: 2 })).map(({ timestamp }) => timestamp),
        [day(2), day(3)],
      )
      const second = series.as('demo-ts.c2')
      const [claimed] = await second.stream(key('s1')).claim([day(2)])
      deepEqual([claimed!.timestamp, claimed!.data], [day(2), { message: 's1-2' }])
    },
  },
  {
    name: 'a consumer group begins where it was told in each stream, and `reset` gives all again',
    async run({ db, key }) {
      for (const name of ['sa', 'sb']) {
        for (let n = 0; n < 3; n++) await db.stream(key(name)).add({ n }, { id: `${n + 1}-0` })
      }
      const group = db.consumerGroup('places', { [key('sa')]: '1', [key('sb')]: '$' })
      await group.create()
      deepEqual(idsOf(await group.read()), ['2-0', '3-0'])
      await group.reset()
      deepEqual(idsOf(await group.read({ count: 1 })), ['1-0', '1-0'])
      deepEqual(idsOf(await group.as('no-acks').read({ noack: true })), ['2-0', '3-0', '2-0', '3-0'])
      equal((await group.pendingSummary())[key('sa')]?.total, 3)
      await rejects(db.consumerGroup('missing', key('nothing')).create({ mkstream: false }), { name: 'RedisError' })
    },
  },
]
