/** Typed payloads: three schema libraries, codecs, both together; what does not fit. */
import { type } from 'arktype'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { openForTest } from '../testing/open-for-test.ts'
import { type Codec, json, PayloadError } from './payload.ts'
import type { Stream } from './stream.ts'

const ZOD = z.object({ sku: z.string().min(1), count: z.coerce.number().int().positive() })
const VALIBOT = v.object({
  sku: v.pipe(v.string(), v.minLength(1)),
  count: v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.integer(), v.minValue(1)),
})
const ARKTYPE = type({ sku: 'string > 0', count: 'string.integer.parse | number.integer > 0' })

interface Order {
  readonly sku: string
  readonly count: number
}

test.each([
  ['zod', ZOD],
  ['valibot', VALIBOT],
  ['arktype', ARKTYPE],
] as const)('%s checks what is added and reads it typed', async (_name, schema) => {
  await using store = await openForTest()
  const { db } = store
  const orders: Stream<Order, { sku: string; count: unknown }> = db.stream('orders', { schema })
  await orders.add({ sku: 'pen', count: 3 })
  await expect(orders.add({ sku: '', count: 3 })).rejects.toMatchObject({
    code: 'PAYLOAD',
    issues: [{ path: 'sku' }],
  })
  await db.xadd('orders', '*', { sku: 'ink', count: 'many' })
  const [good, bad] = await orders.range()
  expect(good!.data).toEqual({ sku: 'pen', count: 3 })
  expect(good!.problem).toBeUndefined()
  expect(bad!.problem).toBeInstanceOf(PayloadError)
  expect(bad!.problem?.issues[0]?.path).toBe('count')
  expect(() => bad!.data).toThrow(bad!.problem)
  expect(bad!.fields).toEqual([
    ['sku', 'ink'],
    ['count', 'many'],
  ])
})

test('a schema over a codec reads what JSON has', async () => {
  await using store = await openForTest()
  const { db } = store
  const schema = z.object({ at: z.iso.datetime().transform((text) => new Date(text)), tags: z.array(z.string()) })
  const events = db.stream('events', { schema, codec: json('payload') })
  await events.add({ at: '2018-01-02T03:04:05Z', tags: ['a', 'b'] })
  const [event] = await events.range()
  expect(event!.data).toEqual({ at: new Date(Date.UTC(2018, 0, 2, 3, 4, 5)), tags: ['a', 'b'] })
  expect(event!.fields).toEqual([['payload', '{"at":"2018-01-02T03:04:05Z","tags":["a","b"]}']])
})

test('a schema may take its time, and fail by throwing', async () => {
  await using store = await openForTest()
  const { db } = store
  const slow = z.object({ n: z.coerce.number().refine(async (n) => n !== 13) })
  const stream = db.stream('slow', { schema: slow })
  await stream.add({ n: 1 })
  await expect(stream.add({ n: 13 })).rejects.toThrow('The data does not fit its schema: n: ')
  await db.xadd('slow', '*', { n: 13 })
  const [one, thirteen] = await stream.range()
  expect(one!.data).toEqual({ n: 1 })
  expect(thirteen!.problem?.issues).toMatchObject([{ path: 'n' }])
  const thrower = z.string().transform(() => {
    throw new TypeError('broken schema')
  })
  const [message] = await db.stream('slow', { schema: z.object({ n: thrower }) }).range({ count: 1 })
  expect(message!.problem?.message).toBe("The entry can't be read: broken schema")
})

test('a codec of one’s own decides about fields; what it throws is the problem', async () => {
  await using store = await openForTest()
  const { db } = store
  const point: Codec<{ x: number; y: number }> = {
    encode: ({ x, y }) => [
      ['x', x],
      ['y', y],
    ],
    decode: ([x, y]) => {
      if (x === undefined || y === undefined) throw new RangeError('a point has two coordinates')
      return { x: Number(x[1]), y: Number(y[1]) }
    },
  }
  const points = db.stream('points', { codec: point })
  await points.add({ x: 1, y: 2 })
  await db.xadd('points', '*', { x: 1 })
  const [whole, half] = await points.range()
  expect(whole!.data).toEqual({ x: 1, y: 2 })
  expect(half!.problem).toMatchObject({ message: "The entry can't be read: a point has two coordinates" })
  expect(half!.problem?.cause).toBeInstanceOf(RangeError)
})

test('each stream of a group reads its own payloads', async () => {
  await using store = await openForTest()
  const { db } = store
  const orders = db.stream('orders', { schema: ZOD })
  const refunds = db.stream('refunds', { codec: json() })
  const group = db.consumerGroup('books', [orders, refunds])
  await group.create()
  await orders.add({ sku: 'pen', count: 2 })
  await refunds.add({ order: 7, why: null })
  const messages = await group.read()
  expect(messages.map(({ stream, data }) => [stream, data])).toEqual([
    ['orders', { sku: 'pen', count: 2 }],
    ['refunds', { order: 7, why: null }],
  ])
  const alone = db.timeSeries('alone', orders)
  await alone.create()
  const [message] = await alone.read()
  expect(message!.data.count + 1).toBe(3)
})

test('data that no field holds is refused before anything is sent', async () => {
  await using store = await openForTest()
  const { db } = store
  const loose = db.stream('loose', { schema: z.any() })
  await expect(loose.add({ nested: { a: 1 } })).rejects.toMatchObject({ issues: [{ path: 'nested' }] })
  await expect(loose.add('text')).rejects.toThrow('fields are an object: see json() for other data')
  await expect(loose.add({ missing: undefined })).rejects.toThrow(PayloadError)
  expect(await db.exists('loose')).toBe(0)
})

test('bytes are written as they are', async () => {
  await using store = await openForTest()
  const { db } = store
  await db.stream('bytes').add({ raw: new Uint8Array([0, 255, 10]) })
  const [entry] = await db.buffers.xrange('bytes', '-', '+')
  expect(entry![1][0]![1]).toEqual(Buffer.from([0, 255, 10]))
})
