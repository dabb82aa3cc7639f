/** Streams at their edges: ids, ends, aborts, what is missing or of another type, payloads of any size. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { json, type PayloadError } from '../../containers/payload.ts'
import { type ConformanceCase, turns } from './case.ts'

const idsOf = (messages: readonly { readonly id: string }[]): string[] => messages.map(({ id }) => id)

export const CONTAINER_LIMITS: readonly ConformanceCase[] = [
  {
    name: 'ids are two numbers: order, whole milliseconds, exclusive ends (scenarios 1 to 3)',
    async run({ db, key }) {
      const s = db.stream(key('ids'))
      for (const id of ['5-0', '5-2', '5-10']) equal(await s.add({ id }, { id }), id)
      await rejects(s.add({ id: '5-9' }, { id: '5-9' }), /equal or smaller than the target stream top item/)
      deepEqual(idsOf(await s.range({ from: '5-2' })), ['5-2', '5-10'])
      deepEqual(idsOf(await s.slice([5, 2], [5, 9])), ['5-2'])
      for (const id of ['7-0', '7-1', '8-0']) await s.add({ id }, { id })
      deepEqual(idsOf(await s.range({ from: '7', to: '7' })), ['7-0', '7-1'])
      deepEqual(idsOf(await s.range({ from: new Date(7), to: new Date(7) })), ['7-0', '7-1'])
      deepEqual(idsOf(await s.range({ from: 7, to: 7n })), ['7-0', '7-1'])
      equal((await s.get('7'))?.id, '7-0')
      equal((await s.get('7-1'))?.id, '7-1')
      equal((await s.get([new Date(7), 1]))?.id, '7-1')
      equal(await s.get('7-2'), undefined)
      deepEqual(idsOf(await s.range({ after: '7-0' })), ['7-1', '8-0'])
      deepEqual(idsOf(await s.range({ after: '5-10', before: '8-0' })), ['7-0', '7-1'])
      deepEqual(idsOf(await s.range({ after: '7-0', before: '8-0', count: 1 })), ['7-1'])
      deepEqual(idsOf(await s.range({ after: new Date(7) })), ['8-0'])
      deepEqual(idsOf(await s.range({ before: '0-0' })), [])
      deepEqual(idsOf(await s.read({ after: '7', count: 1 })), ['7-1'])
      deepEqual(idsOf(await s.read({ after: new Date(7) })), ['8-0'])
    },
  },
  {
    name: 'ids are exact up to the last one there is, and beyond it nothing can be added',
    async run({ db, key }) {
      const s = db.stream(key('last'))
      const top = '18446744073709551615-18446744073709551614'
      const last = '18446744073709551615-18446744073709551615'
      equal(await s.add({ a: 1 }, { id: '9007199254740993-9007199254740993' }), '9007199254740993-9007199254740993')
      equal(await s.add({ a: 1 }, { id: [2n ** 64n - 1n, 2n ** 64n - 2n] }), top)
      equal(await s.add({ a: 1 }, { id: last }), last)
      deepEqual(idsOf(await s.range({ from: top })), [top, last])
      deepEqual(idsOf(await s.range({ after: last })), [])
      const message = await s.get('9007199254740993-9007199254740993')
      deepEqual([message!.id, message!.sequence], ['9007199254740993-9007199254740993', Number.NaN])
      await rejects(s.add({ a: 1 }), /exhausted the last possible ID/)
      await rejects(s.add({ a: 1 }, { id: '18446744073709551616-0' }), RangeError)
      await rejects(s.range({ from: 'yesterday' }), RangeError)
      await rejects(s.range({ from: new Date(-1) }), RangeError)
      await rejects(s.slice('1-1-1'), RangeError)
      await rejects(s.delete('yesterday'), RangeError)
      await rejects(Reflect.apply(s.trim, s, [{}]), /trim needs maxlen or minid/)
      await rejects(db.consumerGroup('g', key('last')).stream(key('last')).ack('yesterday'), RangeError)
      await rejects(s.add({ a: 1 }, { id: '0-0' }), /must be greater than 0-0/)
    },
  },
  {
    name: 'the last id outlives its entry; setId raises it; `ms-*` leaves the sequence to the store (scenario 4)',
    async run({ db, key }) {
      const s = db.stream(key('top'))
      await s.add({ a: 1 }, { id: '10-0' })
      await s.delete('10-0')
      await rejects(s.add({ a: 1 }, { id: '9-0' }), /equal or smaller than the target stream top item/)
      equal(await s.length(), 0)
      equal(await s.add({ a: 1 }, { id: '10-*' }), '10-1')
      await s.setId('20-0')
      equal(await s.lastId(), '20-0')
      await rejects(s.setId('10-0'), { name: 'RedisError' })
      await rejects(s.add({ a: 1 }, { id: '20' }), /equal or smaller/)
      ok(Number.isFinite((await s.get(await s.add({ a: 1 })))?.timestamp.getTime()))
      const info = await s.info()
      deepEqual([info.length, info.groups, info.entriesAdded, info.maxDeletedId], [2, 0, 3, '10-0'])
      equal(info.firstEntry?.id, '10-1')
      await rejects(db.stream(key('none')).info(), /no such key/)
      equal(await db.stream(key('none')).lastId(), '0-0')
      equal(await s.expire(60_000), true)
      equal(await s.clear(), true)
      equal(await s.clear(), false)
    },
  },
  {
    name: 'fields keep their order and come twice; data shows the last (scenario 5)',
    async run({ db, key }) {
      const s = db.stream(key('fields'))
      const at = new Date(0)
      await s.add([
        ['b', 1],
        ['1', true],
        ['b', 2n],
        ['', at],
        ['ü', 'ß'],
      ])
      const [message] = await s.range()
      deepEqual(message!.fields, [
        ['b', '1'],
        ['1', 'true'],
        ['b', '2'],
        ['', '1970-01-01T00:00:00.000Z'],
        ['ü', 'ß'],
      ])
      deepEqual({ ...message!.data }, { 1: 'true', b: '2', '': '1970-01-01T00:00:00.000Z', ü: 'ß' })
      await rejects(s.add({}), { code: 'PAYLOAD' })
      await rejects(s.add({ a: Number.NaN }), { code: 'PAYLOAD' })
    },
  },
  {
    name: 'a megabyte and ten thousand fields pass',
    async run({ db, key }) {
      const s = db.stream(key('large'))
      const big = 'x'.repeat(1 << 20)
      await s.add({ big })
      await s.add(Array.from({ length: 10_000 }, (_, i) => [`f${i}`, i] as const))
      const [one, two] = await s.range()
      equal(one!.data.big, big)
      equal(two!.fields.length, 10_000)
      equal(two!.data.f9999, '9999')
    },
  },
  {
    name: 'following loses nothing, and leaving the loop ends it (scenario 6)',
    async run(bench) {
      const s = bench.db.stream(bench.key('followed'))
      const other = (await bench.other()).stream(s.key)
      const adding = (async () => {
        for (let n = 0; n < 1000; n += 100) await other.addAll(Array.from({ length: 100 }, (_, i) => ({ n: n + i })))
      })()
      const seen: string[] = []
      for await (const { data } of s.follow({ page: 37 })) {
        seen.push(data.n!)
        if (seen.length % 200 === 0) await turns()
        if (seen.length === 1000) break
      }
      await adding
      deepEqual(
        seen,
        Array.from({ length: 1000 }, (_, i) => String(i)),
      )
    },
  },
  {
    name: 'a wait is given up at once, and what comes then is for others (scenario 7)',
    async run({ db, key }) {
      const s = db.stream(key('waited'))
      const group = db.consumerGroup('g', s.key)
      await group.create()
      const end = new AbortController()
      const wait = { blockMs: Number.POSITIVE_INFINITY, signal: end.signal }
      const reading = [s.read({ after: '$', ...wait }), group.read(wait), s.follow(wait).next()]
      const settled = Promise.allSettled(reading)
      await turns(100)
      end.abort(new Error('enough'))
      deepEqual(
        (await settled).map((result) => result.status === 'rejected' && result.reason.message),
        ['enough', 'enough', 'enough'],
      )
      await rejects(s.read({ signal: end.signal }), /enough/)
      const id = await s.add({ a: 1 })
      // On a server the connection may have been served just before its end was noticed: then it is pending, not lost.
      const given = [...(await group.as('other').read()), ...(await group.stream(s.key).readOwn()).messages]
      deepEqual(idsOf(given), [id])
      await rejects(s.read({ blockMs: 0 }), RangeError)
      await rejects(s.read({ count: 0 }), RangeError)
    },
  },
  {
    name: 'groups: made over a missing key, refused on another type, gone while reading (scenarios 8, 9)',
    async run({ db, key }) {
      const group = db.consumerGroup('g', key('new'))
      await group.create()
      const info = (await group.info())[key('new')]!
      deepEqual([info.length, info.groups], [0, 1])
      await db.hset(key('hash'), { a: 1 })
      await rejects(db.consumerGroup('g', key('hash')).create(), { code: 'WRONGTYPE' })
      deepEqual(await db.hgetall(key('hash')), new Map([['a', '1']]))
      const reading = group.read({ blockMs: Number.POSITIVE_INFINITY })
      const failed = rejects(reading, { name: 'RedisError', code: 'NOGROUP' })
      let isOver = false
      void failed.finally(() => (isOver = true))
      while (!isOver) {
        await group.destroy()
        await turns()
      }
      await failed
      await rejects(group.read(), { code: 'NOGROUP' })
      equal(await group.stream(key('new')).groupInfo(), undefined)
      await rejects(db.consumerGroup('g', key('gone')).stream(key('gone')).groups(), /no such key/)
      await rejects(async () => group.stream('elsewhere'), TypeError)
      await rejects(async () => db.consumerGroup('g', []), TypeError)
    },
  },
  {
    name: 'entries that go while they are pending: reported, not given (scenario 19)',
    async run({ db, key }) {
      const group = db.consumerGroup('g', key('trimmed'))
      await group.create()
      const s = group.stream(key('trimmed'))
      const ids = await s.addAll([{ n: 1 }, { n: 2 }])
      await group.read()
      await s.trim({ maxlen: 1, exact: true })
      deepEqual(await s.claim([ids[0]!]), [])
      equal((await s.pendingSummary()).total, 1)
      await s.clear()
      await group.create()
      equal((await s.pendingSummary()).total, 0)
    },
  },
  {
    name: 'lag: counted, then unknown when something not given yet was deleted (scenario 21)',
    async run({ db, key }) {
      const s = db.consumerGroup('g', key('lag')).stream(key('lag'))
      await s.create()
      const ids = await s.addAll(Array.from({ length: 10 }, (_, n) => ({ n })))
      equal((await s.groupInfo())?.lag, 10)
      await s.read({ count: 4 })
      equal((await s.groupInfo())?.lag, 6)
      await s.delete(ids[7]!)
      equal((await s.groupInfo())?.lag, null)
    },
  },
  {
    name: 'payloads: what a codec can not read comes with its fields and its problem',
    async run({ db, key }) {
      const s = db.stream(key('json'), { codec: json() })
      await s.add({ list: [1, 2, { deep: null }] })
      await s.add('text alone')
      await db.xadd(s.key, '*', { json: '{broken' })
      await db.xadd(s.key, '*', { other: 1 })
      await rejects(s.add(undefined), { code: 'PAYLOAD' })
      const messages = await s.range()
      deepEqual(messages[0]!.data, { list: [1, 2, { deep: null }] })
      equal(messages[1]!.data, 'text alone')
      const problems = messages.map(({ problem }): PayloadError | undefined => problem)
      deepEqual(
        problems.map((problem) => problem?.code),
        [undefined, undefined, 'PAYLOAD', 'PAYLOAD'],
      )
      deepEqual(messages[2]!.fields, [['json', '{broken']])
      await rejects(async () => messages[3]!.data, /the field "json" is missing/)
    },
  },
]
