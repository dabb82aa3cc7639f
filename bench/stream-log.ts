/**
 * How fast the stream structures are by themselves: appends, reads, deliveries and acknowledgements a second:
 * `npm run bench -- stream-log`. With `NODE_OPTIONS=--expose-gc` the heap is measured too.
 */
import { type Bytes, raw } from '../src/base/bytes.ts'
import { Stream } from '../src/structures/stream.ts'
import { formatId, MAX_ID, MIN_ID, nextId, type StreamId, streamId } from '../src/structures/stream-id.ts'

const ENTRIES = 1_000_000
const START_MS = 1_700_000_000_000
const ROUNDS = 3
const KEEP = { approximate: true, limit: 0 }

const field = (i: number): Bytes[] => [raw('field'), raw(`value ${i & 1023}`)]

function measure(what: string, operations: number, run: () => void): void {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.hrtime.bigint()
    run()
    best = Math.min(best, Number(process.hrtime.bigint() - start))
  }
  const perSecond = (operations / best) * 1e3
  console.log(
    `${what.padEnd(44)} ${perSecond.toFixed(2).padStart(8)} M/s ${(best / operations).toFixed(0).padStart(6)} ns`,
  )
}

function filled(): Stream {
  const stream = new Stream()
  for (let i = 0; i < ENTRIES; i++) stream.append(stream.nextId(START_MS + (i >> 4))!, field(i))
  return stream
}

const heapNow = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

function appends(): void {
  measure('append', ENTRIES, filled)

  measure('append and trim to about 1000', ENTRIES, () => {
    const stream = new Stream()
    for (let i = 0; i < ENTRIES; i++) {
      stream.append(stream.nextId(START_MS + (i >> 4))!, field(i))
      stream.trimToLength(1000, KEEP)
    }
  })

  measure('append and trim to exactly 1000', ENTRIES, () => {
    const stream = new Stream()
    for (let i = 0; i < ENTRIES; i++) {
      stream.append(stream.nextId(START_MS + (i >> 4))!, field(i))
      stream.trimToLength(1000, { approximate: false, limit: 0 })
    }
  })
}

/** The stream that is read below, weighed. */
function weighed(): Stream {
  const before = heapNow()
  const stream = filled()
  const heap = (heapNow() - before) / ENTRIES
  const measured = globalThis.gc === undefined ? 'not measured' : `${heap.toFixed(0)} bytes an entry`
  console.log(`heap ${measured}, estimated ${(stream.byteSize / ENTRIES).toFixed(0)}`)
  return stream
}

function readings(stream: Stream): void {
  let seen = 0
  measure('walk all, ids printed', ENTRIES, () => {
    const cursor = stream.range(MIN_ID, MAX_ID)
    while (cursor.next()) seen += formatId(cursor.id).length + cursor.fields.length
  })

  measure('find an entry anywhere', ENTRIES, () => {
    for (let i = 0; i < ENTRIES; i++) {
      const at = (i * 7919) % ENTRIES
      seen += stream.get(streamId(START_MS + (at >> 4), at & 15))?.length ?? 0
    }
  })

  measure('range of 10 anywhere (per range)', ENTRIES / 10, () => {
    for (let i = 0; i < ENTRIES / 10; i++) {
      const at = (i * 7919) % (ENTRIES - 10)
      const cursor = stream.range(streamId(START_MS + (at >> 4), at & 15), MAX_ID)
      for (let left = 10; left > 0 && cursor.next(); left--) seen += cursor.fields.length
    }
  })
  if (seen === 0) throw new Error('nothing was read')
}

function groups(stream: Stream): void {
  measure('read in groups of 10 and acknowledge', ENTRIES, () => {
    stream.groups.delete(raw('g'))
    const group = stream.addGroup(raw('g'), MIN_ID, 0)
    const consumer = group.addConsumer(raw('c'), 0)
    const batch: StreamId[] = []
    for (;;) {
      const cursor = stream.range(nextId(group.lastDeliveredId)!, MAX_ID)
      for (let left = 10; left > 0 && cursor.next(); left--) {
        const id = cursor.id
        stream.advance(group, id)
        group.deliver(id, consumer, START_MS)
        batch.push(id)
      }
      if (batch.length === 0) break
      for (const id of batch) group.acknowledge(id)
      batch.length = 0
    }
  })

  measure('deliver all, then acknowledge in order', ENTRIES, () => {
    stream.groups.delete(raw('h'))
    const group = stream.addGroup(raw('h'), MIN_ID, 0)
    const consumer = group.addConsumer(raw('c'), 0)
    const cursor = stream.range(MIN_ID, MAX_ID)
    while (cursor.next()) group.deliver(cursor.id, consumer, START_MS)
    for (let entry = group.pending.first(); entry !== undefined; entry = group.pending.first()) {
      group.acknowledge(entry.id)
    }
  })
}

/** Prints a line for each. */
export function run(): void {
  appends()
  const stream = weighed()
  readings(stream)
  groups(stream)
}
