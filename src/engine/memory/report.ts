/**
 * Reports on memory: MEMORY STATS, DOCTOR and MALLOC-STATS.
 *
 * The one idea: the shapes are Redis', the figures ours; the doctor looks for what goes wrong in a V8 process.
 */
import { getHeapSpaceStatistics } from 'node:v8'
import { type Bytes, raw } from '../../base/bytes.ts'
import { Double, MapReply, type Reply } from '../../base/reply.ts'
import type { Engine } from '../engine.ts'
import type { Figures } from './figures.ts'
import { human } from './info.ts'
import type { Memory } from './memory.ts'

/** Below this the doctor sees nothing. */
const TOO_LITTLE = 5 * 1024 ** 2
/** A peak of so many times what is used now. */
const HIGH_PEAK = 1.5
const NEARLY_FULL = 0.9
const LARGE_BUFFERS = 200 * 1024
/** What V8 may hold and not use. */
const HIGH_FRAGMENTATION = 1.4

/** MEMORY STATS. */
export function memoryStatistics(memory: Memory, { keyspace }: Engine): Reply {
  const figures = memory.figures()
  const { used, keys, dataset, allocated, active, resident } = figures
  const double = (value: number): Double => new Double(Number.isFinite(value) ? value : 0)
  return map([
    ['peak.allocated', figures.peak],
    ['total.allocated', used],
    ['startup.allocated', figures.startup],
    ['replication.backlog', 0],
    ['clients.slaves', 0],
    ['clients.normal', figures.clients],
    ['cluster.links', 0],
    ['aof.buffer', 0],
    ['lua.caches', 0],
    ['functions.caches', 0],
    ...keyspace.databases
      .filter((db) => db.size > 0)
      .map((db): [string, Reply] => [`db.${db.index}`, databaseStatistics(db.tableBytes, db.deadlineBytes)]),
    ['overhead.total', figures.overhead],
    ['keys.count', keys],
    ['keys.bytes-per-key', keys === 0 ? 0 : Math.floor((used - figures.startup) / keys)],
    ['dataset.bytes', dataset],
    ['dataset.percentage', double(figures.datasetPercent)],
    ['peak.percentage', double((used / figures.peak) * 100)],
    ['allocator.allocated', allocated],
    ['allocator.active', active],
    ['allocator.resident', resident],
    ['allocator-fragmentation.ratio', double(active / allocated)],
    ['allocator-fragmentation.bytes', active - allocated],
    ['allocator-rss.ratio', double(resident / active)],
    ['allocator-rss.bytes', resident - active],
    ['rss-overhead.ratio', double(1)],
    ['rss-overhead.bytes', 0],
    ['fragmentation', double(resident / allocated)],
    ['fragmentation.bytes', resident - allocated],
  ])
}

function databaseStatistics(tableBytes: number, deadlineBytes: number): Reply {
  return map([
    ['overhead.hashtable.main', tableBytes - deadlineBytes],
    ['overhead.hashtable.expires', deadlineBytes],
    ['overhead.hashtable.slot-to-keys', 0],
  ])
}

const map = (pairs: readonly (readonly [string, Reply])[]): MapReply =>
  new MapReply(pairs.flatMap(([name, value]) => [raw(name), value]))

/** MEMORY DOCTOR: what is wrong, if anything. */
export function doctor(figures: Figures, { memory, clients }: Engine): Bytes {
  const { used, peak, allocated, active, heapLimit } = figures
  if (used < TOO_LITTLE) {
    return raw('Hi Sam, there is next to nothing in this store: come back when it holds some data.')
  }
  const { limit } = memory
  const found: string[] = []
  if (limit === 0) {
    found.push(
      `No limit: maxmemory is 0, and V8 ends the process when its heap passes ${human(heapLimit)}. Set maxmemory below that.`,
    )
  } else if (memory.eviction.policy === undefined && used > limit * NEARLY_FULL) {
    found.push(
      `Nearly full: ${human(used)} of ${human(limit)} are used, and the policy noeviction refuses writes beyond. Raise maxmemory or choose a policy that evicts.`,
    )
  }
  if (peak > used * HIGH_PEAK) {
    found.push(
      `High peak: up to ${human(peak)} were used, now ${human(used)}. The process may keep what it took from the system.`,
    )
  }
  if (active > allocated * HIGH_FRAGMENTATION) {
    found.push(
      `Idle heap: V8 holds ${human(active)} and uses ${human(allocated)}. MEMORY PURGE collects and gives some back.`,
    )
  }
  if (figures.clients > clients.count * LARGE_BUFFERS) {
    found.push(
      `Large buffers: ${clients.count} clients hold ${human(figures.clients)}. Look at CLIENT LIST for those that do not read.`,
    )
  }
  if (found.length === 0) return raw("Hi Sam, I can't find any memory issue in your instance.\n")
  return raw(`Sam, I have found this:\n\n${found.map((line) => ` * ${line}\n\n`).join('')}`)
}

/** MEMORY MALLOC-STATS: V8's spaces. */
export function allocatorText(): Bytes {
  const row = (name: string, ...sizes: readonly (number | string)[]): string =>
    `${name.padEnd(28)}${sizes.map((size) => `${size}`.padStart(14)).join('')}`
  const lines = getHeapSpaceStatistics().map((space) =>
    row(space.space_name, space.space_used_size, space.space_size, space.physical_space_size),
  )
  return raw(`${[row('V8 heap space', 'used', 'size', 'physical'), ...lines].join('\n')}\n`)
}
