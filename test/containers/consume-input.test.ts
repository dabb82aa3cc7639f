/** Consumers and what they should not be given: handlers that settle twice, twins, large and strange entries, a clock that went back. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Delivery, readDeadLetter } from '../../src/containers/index.ts'
import type { Database } from '../../src/index.ts'
import { eventually } from '../backends/redis-process.ts'
import { fill, onBothStores, type Started, turn } from './consume-rig.ts'

type M = Delivery<Record<string, string>>

function inputs(start: () => Promise<Started>): void {
  let db: Database
  let stop: () => Promise<void>
  beforeAll(async () => {
    ;({ db, stop } = await start())
  })
  afterAll(() => stop?.())

  test('a message is settled once, whatever its handler does after that', async () => {
    await fill(db, 'twice', 1)
    const said: unknown[] = []
    const consumer = db.consumerGroup('g', 'twice').consume(async (message) => {
      said.push(await message.ack(), await message.ack())
      await message.retry()
      await message.reject('no')
      said.push(await message.extend())
      throw new Error('too late')
    })
    await eventually('said', () => said.length === 3)
    await consumer.stop()
    expect(said).toEqual([true, false, false])
    expect(consumer.stats).toMatchObject({ processed: 1, deadLettered: 0, retried: 0, duplicates: 0 })
  })

  test('consumers with one name take nothing from each other', async () => {
    const ids = await fill(db, 'twins', 60)
    const group = db.consumerGroup('g', 'twins')
    const seen: string[] = []
    const handler = async (message: M): Promise<void> => {
      await turn()
      seen.push(message.id)
    }
    const twins = [1, 2].map(() => group.consume(handler, { concurrency: 3, claimAfterMs: 60_000 }))
    await eventually('all', () => seen.length >= 60)
    for (const twin of twins) await twin.stop()
    expect(seen.toSorted()).toEqual(ids.toSorted())
  })

  test('a megabyte and ten thousand fields go through handlers and dead letters as they are', async () => {
    const many = Array.from({ length: 10_000 }, (_, i) => [`f${i}`, `${i}`] as const)
    await db.stream('large').add({ big: 'x'.repeat(1 << 20) })
    await db.stream('large').add(many)
    const group = db.consumerGroup('g', 'large')
    const sizes: number[] = []
    const consumer = group.consume((message) => {
      sizes.push(message.fields.length)
      return message.reject('too much')
    })
    await eventually('dead', () => consumer.stats.deadLettered === 2)
    await consumer.stop()
    const letters = await db.stream(group.deadLetterKey('large')).range()
    const [big, wide] = letters.map(({ fields }) => readDeadLetter(fields)!.fields)
    expect([sizes, big![0]![1].length]).toEqual([[1, 10_000], 1 << 20])
    expect(wide).toEqual(many)
  })

  test('bytes that are no text go through dead letters and come back as they were', async () => {
    const raw = [
      [Buffer.from('plain'), Buffer.from('ä')],
      [Buffer.from([0xfe, 0]), Buffer.from([0, 255, 10, 0x80])],
    ]
    await db.xadd('bytes', '*', [
      [raw[0]![0]!, raw[0]![1]!],
      [raw[1]![0]!, raw[1]![1]!],
    ])
    const group = db.consumerGroup('g', 'bytes')
    const consumer = group.consume((message) => message.reject('no'))
    await eventually('dead', () => consumer.stats.deadLettered === 1)
    await consumer.stop()
    const [letter] = await db.buffers.xrange(group.deadLetterKey('bytes'), '-', '+')
    expect(letter![1].slice(-2)).toEqual(raw)
    await db.xtrim('bytes', { maxlen: 0 })
    expect(await group.redrive()).toBe(1)
    const [again] = await db.buffers.xrange('bytes', '-', '+')
    expect(again![1]).toEqual(raw)
  })

  test('a clock that went back: ids go on, and what seems to come from the future is handled', async () => {
    const stream = db.stream('future')
    const ahead = new Date('2100-01-01T00:00Z')
    await stream.add({ n: 1 }, { id: [ahead, 5] })
    expect(await stream.add({ n: 2 })).toBe(`${ahead.getTime()}-6`)
    const group = db.consumerGroup('g', 'future')
    const seen: string[] = []
    const consumer = group.consume(({ data }) => seen.push(data.n!))
    await eventually('both', () => consumer.stats.processed === 2)
    await consumer.stop()
    expect(seen).toEqual(['1', '2'])
    expect(consumer.stats.age.maxMs).toBe(0)
  })
}

onBothStores(inputs)
