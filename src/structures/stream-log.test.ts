import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { type Bytes, raw } from '../base/bytes.ts'
import { StreamChunk } from './stream-chunk.ts'
import { formatId, MAX_ID, MIN_ID, type StreamId, streamId } from './stream-id.ts'
import { streamLimits } from './stream-limits.ts'
import { type StreamCursor, StreamLog, TRIM_EXACT } from './stream-log.ts'

const NODES = { approximate: true, limit: 0 }

afterEach(() => {
  streamLimits.streamNodeMaxEntries = 100
  streamLimits.streamNodeMaxBytes = 4096
})

const shape = (value: string): Bytes[] => [raw('field'), raw(value)]

function filled(count: number, value = 'v'): StreamLog {
  const log = new StreamLog()
  for (let ms = 1; ms <= count; ms++) log.append(streamId(ms, 0), shape(value))
  return log
}

function walked(cursor: StreamCursor): string[] {
  const seen: string[] = []
  while (cursor.next()) seen.push(`${formatId(cursor.id)}=${cursor.fields.join(' ')}`)
  return seen
}

type Row = readonly [bigint, string]

const idOf = (wide: bigint): StreamId => streamId(wide >> 64n, wide & (2n ** 64n - 1n))
const show = (rows: readonly Row[]): string[] => rows.map(([wide, value]) => `${formatId(idOf(wide))}=field ${value}`)

/** Steps of a random history; numbers are scaled to what there is. */
const step = fc.record({
  what: fc.constantFrom('append', 'append', 'append', 'append', 'delete', 'length', 'below'),
  gap: fc.oneof(fc.bigInt({ min: 1n, max: 3n }), fc.bigInt({ min: 2n ** 63n, max: 2n ** 66n })),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  value: fc.string({ maxLength: 12 }),
})

function play(
  log: StreamLog,
  model: Row[],
  steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[],
): Row[] {
  let wide = 2n ** 117n - 2n ** 70n
  for (const { what, gap, at, value } of steps) {
    const target = model[Math.floor(at * model.length)]?.[0] ?? 1n
    if (what === 'append') {
      wide += gap
      log.append(idOf(wide), shape(value))
      model.push([wide, value])
    } else if (what === 'delete') {
      expect(log.delete(idOf(target))).toBe(model.some(([id]) => id === target))
      model = model.filter(([id]) => id !== target)
    } else {
      const left = Math.ceil(model.length * (1 - at / 3))
      const rest = what === 'length' ? model.slice(model.length - left) : model.filter(([id]) => id >= target)
      const removed = what === 'length' ? log.trimToLength(left, TRIM_EXACT) : log.trimBelow(idOf(target), TRIM_EXACT)
      expect(removed).toBe(model.length - rest.length)
      model = rest
    }
  }
  return model
}

describe('a stream log', () => {
  it('does what a sorted array does, also with the largest ids', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), fc.constantFrom(1, 3, 0), (steps, nodeMaxEntries) => {
        streamLimits.streamNodeMaxEntries = nodeMaxEntries
        const log = new StreamLog()
        const model = play(log, [], steps)
        expect(log.length).toBe(model.length)
        expect(walked(log.range(MIN_ID, MAX_ID))).toEqual(show(model))
        expect(walked(log.reverseRange(MAX_ID, MIN_ID))).toEqual(show(model.toReversed()))
        const [low, high] = [model[model.length >> 2]?.[0] ?? 5n, (model[(3 * model.length) >> 2]?.[0] ?? 9n) + 1n]
        const between = model.filter(([id]) => id >= low && id <= high)
        expect(walked(log.range(idOf(low), idOf(high)))).toEqual(show(between))
        expect(walked(log.reverseRange(idOf(high), idOf(low)))).toEqual(show(between.toReversed()))
        for (const [id, value] of model) expect(log.get(idOf(id))).toEqual(shape(value))
        const edges = [log.firstId(), log.lastId()].map((id) => id && formatId(id))
        expect(edges).toEqual([model[0], model.at(-1)].map((row) => row && formatId(idOf(row[0]))))
        expect(log.byteSize).toBe(log.chunks.reduce((sum, chunk) => sum + chunk.byteSize, 0))
      }),
    )
  })

  it('ends a node at 100 entries', () => {
    expect(filled(250).chunks.map(({ count }) => count)).toEqual([100, 100, 50])
  })

  it('ends a node where redis-server ends it by bytes', () => {
    expect(filled(60, 'x'.repeat(100)).chunks.map(({ count }) => count)).toEqual([36, 24])
    streamLimits.streamNodeMaxEntries = 0
    expect(filled(1000, '12').chunks[0]!.count).toBe(382)
  })

  it('trims approximately by whole nodes and within the limit', () => {
    const log = filled(250)
    expect(log.trimToLength(160, NODES)).toBe(0)
    expect(log.trimToLength(149, { approximate: true, limit: 99 })).toBe(0)
    expect(log.trimToLength(0, { approximate: true, limit: 100 })).toBe(100)
    expect(log.trimBelow(streamId(200, 0), NODES)).toBe(0)
    expect(log.trimBelow(streamId(201, 0), NODES)).toBe(100)
    expect(log.length).toBe(50)
  })

  it('counts tombstones towards the node until it is empty', () => {
    const log = filled(100)
    for (let ms = 1; ms < 100; ms++) log.delete(streamId(ms, 0))
    log.append(streamId(500, 0), shape('next'))
    expect(log.chunks.map(({ count, live }) => [count, live])).toEqual([
      [100, 1],
      [1, 1],
    ])
    expect(log.delete(streamId(100, 0))).toBe(true)
    expect(log.delete(streamId(100, 0))).toBe(false)
    expect(log.chunks).toHaveLength(1)
  })

  it('shares field names within a node and forgets the fields of deleted entries', () => {
    const log = filled(10)
    const before = log.byteSize
    log.append(streamId(11, 0), shape('v'))
    const same = log.byteSize - before
    log.append(streamId(12, 0), [raw('other'), raw('v')])
    expect(log.byteSize - before - same).toBe(same + 24)
    log.delete(streamId(12, 0))
    expect(log.byteSize).toBeLessThan(before + 2 * same)
  })

  it('takes whole nodes with their tombstones, as a snapshot holds them', () => {
    const chunk = new StreamChunk([raw('field')])
    chunk.append(streamId(1, 0), shape('one'))
    chunk.appendDeleted(streamId(2, 2n ** 60n))
    chunk.append(streamId(3, 0), shape('three'))
    const log = new StreamLog()
    log.appendChunk(chunk)
    log.append(streamId(4, 0), shape('four'))
    expect(walked(log.range(MIN_ID, MAX_ID))).toEqual(['1-0=field one', '3-0=field three', '4-0=field four'])
    expect(log.get(streamId(2, 2n ** 60n))).toBeUndefined()
    expect([log.length, log.chunks.length, chunk.count, chunk.byteSize]).toEqual([3, 1, 4, log.byteSize])
  })

  it('copies into chunks of its own', () => {
    const log = filled(150)
    const copy = log.copy()
    log.trimToLength(3, TRIM_EXACT)
    log.append(streamId(900, 0), shape('late'))
    expect([copy.length, copy.chunks.length, formatId(copy.lastId()!)]).toEqual([150, 2, '150-0'])
    expect(copy.chunks[1]!.nodeBytes).toBe(filled(150).chunks[1]!.nodeBytes)
  })
})
