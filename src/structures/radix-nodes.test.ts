import { afterEach, describe, expect, it } from 'vitest'
import { raw } from '../base/bytes.ts'
import { radixNodes } from './radix-nodes.ts'
import { MAX_ID, type StreamId, streamId } from './stream-id.ts'
import { streamLimits } from './stream-limits.ts'
import { StreamLog } from './stream-log.ts'

afterEach(() => {
  streamLimits.streamNodeMaxEntries = 100
})

/** The nodes of a tree with these keys. */
function nodesOf(...ids: StreamId[]): number {
  streamLimits.streamNodeMaxEntries = 1
  const log = new StreamLog()
  for (const id of ids) log.append(id, [raw('a'), raw('b')])
  return radixNodes(log.chunks)
}

describe('the radix tree of a stream', () => {
  it('has one node when empty, and a run and a leaf for one key', () => {
    expect(nodesOf()).toBe(1)
    expect(nodesOf(streamId(1, 1))).toBe(2)
  })

  it('branches where keys part', () => {
    expect(nodesOf(streamId(1, 1), streamId(1, 2))).toBe(4)
    expect(nodesOf(streamId(1, 1), streamId(2, 1))).toBe(6)
    expect(nodesOf(streamId(1, 1), streamId(1, 2), streamId(1, 3))).toBe(5)
    expect(nodesOf(streamId(1, 1), MAX_ID)).toBe(5)
    expect(nodesOf(streamId(1, 1), streamId(1, 256), streamId(1, 257))).toBe(7)
  })
})
