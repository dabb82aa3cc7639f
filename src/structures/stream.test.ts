import { describe, expect, it } from 'vitest'
import { type Bytes, raw } from '../base/bytes.ts'
import { Stream } from './stream.ts'
import { formatId, MAX_ID, MIN_ID, type StreamId, streamId } from './stream-id.ts'
import { TRIM_EXACT } from './stream-log.ts'

const TOP = 2n ** 64n - 1n

const pair = (): Bytes[] => [raw('a'), raw('b')]

const shown = (id: StreamId | undefined): string | undefined => id && formatId(id)

/** A stream of the entries 1-0 to n-0. */
function numbered(count: number): Stream {
  const stream = new Stream()
  for (let ms = 1; ms <= count; ms++) stream.append(streamId(ms, 0), pair())
  return stream
}

/** Reads on for a group, as XREADGROUP does. */
function read(stream: Stream, name: string, count: number): void {
  const group = stream.groups.get(raw(name))!
  const cursor = stream.range(group.lastDeliveredId, MAX_ID)
  for (let left = count; left > 0 && cursor.next(); ) if (stream.advance(group, cursor.id)) left--
}

/** What XINFO GROUPS says of a group: entries read, lag. */
function progress(stream: Stream, name: string): [number | undefined, number | undefined] {
  const group = stream.groups.get(raw(name))!
  return [group.entriesRead, stream.lagOf(group)]
}

describe('a stream', () => {
  it('takes the time for new ids, and goes on from the last id when the clock is behind', () => {
    const stream = new Stream()
    expect(shown(stream.nextId(1_700_000_000_000))).toBe('1700000000000-0')
    stream.append(streamId(1_700_000_000_000, 7), pair())
    expect(shown(stream.nextId(1_700_000_000_000))).toBe('1700000000000-8')
    expect(shown(stream.nextId(5))).toBe('1700000000000-8')
    stream.append(streamId(1_700_000_000_000, TOP), pair())
    expect(shown(stream.nextId(5))).toBe('1700000000001-0')
    stream.append(MAX_ID, pair())
    expect(stream.nextId(5)).toBeUndefined()
  })

  it('chooses the sequence within a given millisecond', () => {
    const stream = new Stream()
    expect(shown(stream.nextIdInMs(streamId(0, 0)))).toBe('0-1')
    stream.append(streamId(5, 3), pair())
    expect(shown(stream.nextIdInMs(streamId(5, 0)))).toBe('5-4')
    expect(shown(stream.nextIdInMs(streamId(9, 0)))).toBe('9-0')
    expect(shown(stream.nextIdInMs(streamId(4, 0)))).toBe('4-0')
    stream.append(streamId(5, TOP), pair())
    expect(stream.nextIdInMs(streamId(5, 0))).toBeUndefined()
  })

  it('remembers its last id and what was added and deleted, and forgets nothing by a trim', () => {
    const stream = numbered(5)
    expect(stream.delete(streamId(2, 0))).toBe(true)
    expect(stream.delete(streamId(2, 0))).toBe(false)
    expect(stream.trimToLength(2, TRIM_EXACT)).toBe(2)
    const facts = [stream.firstId, stream.newestId, stream.lastId, stream.maxDeletedId]
    expect(facts.map(shown)).toEqual(['4-0', '5-0', '5-0', '2-0'])
    stream.delete(streamId(5, 0))
    stream.trimBelow(MAX_ID, TRIM_EXACT)
    const after = [stream.firstId, stream.newestId, stream.lastId, stream.maxDeletedId]
    expect(after.map(shown)).toEqual(['0-0', undefined, '5-0', '5-0'])
    expect([stream.size, stream.entriesAdded, stream.type, stream.encoding()]).toEqual([0, 5, 'stream', 'stream'])
  })

  it('tells the lag of groups as redis-server 7.0.15 does', () => {
    const stream = numbered(5)
    stream.delete(streamId(2, 0))
    stream.trimToLength(2, TRIM_EXACT)
    stream.addGroup(raw('start'), MIN_ID, undefined)
    stream.addGroup(raw('end'), streamId(5, 0), undefined)
    stream.addGroup(raw('four'), streamId(4, 0), undefined)
    expect(['start', 'end', 'four'].map((name) => progress(stream, name))).toEqual([
      [undefined, 2],
      [undefined, 0],
      [undefined, 1],
    ])
    read(stream, 'start', 1)
    expect(progress(stream, 'start')).toEqual([4, 1])
  })

  it('admits that a deletion ahead of a group makes its lag unknown, until it reaches the end', () => {
    const stream = numbered(6)
    stream.addGroup(raw('g'), MIN_ID, 0)
    read(stream, 'g', 2)
    expect(progress(stream, 'g')).toEqual([2, 4])
    stream.delete(streamId(4, 0))
    expect(progress(stream, 'g')).toEqual([2, undefined])
    read(stream, 'g', 1)
    expect(progress(stream, 'g')).toEqual([undefined, undefined])
    read(stream, 'g', 9)
    expect(progress(stream, 'g')).toEqual([6, 0])
  })

  it('does not move a group backwards', () => {
    const stream = numbered(3)
    const group = stream.addGroup(raw('g'), streamId(2, 0), 2)
    expect([stream.advance(group, streamId(2, 0)), stream.advance(group, streamId(1, 0))]).toEqual([false, false])
    expect([shown(group.lastDeliveredId), group.entriesRead]).toEqual(['2-0', 2])
  })

  it('copies entries, groups and pending entries', () => {
    const stream = numbered(4)
    const group = stream.addGroup(raw('g'), streamId(1, 0), 1)
    group.deliver(streamId(1, 0), group.addConsumer(raw('c'), 3), 4)
    stream.delete(streamId(3, 0))
    const copy = stream.copy()
    expect(copy.byteSize).toBe(stream.byteSize)
    stream.trimToLength(0, TRIM_EXACT)
    group.acknowledge(streamId(1, 0))
    expect([copy.size, copy.entriesAdded, shown(copy.lastId), shown(copy.maxDeletedId)]).toEqual([3, 4, '4-0', '3-0'])
    expect(copy.groups.get(raw('g'))?.pending.first()?.owner.name).toBe('c')
    expect(copy.get(streamId(2, 0))).toEqual(['a', 'b'])
  })
})
