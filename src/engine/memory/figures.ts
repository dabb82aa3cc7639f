/**
 * Figures: how much memory is used, and for what.
 *
 * The one idea: `used` is what counts against `maxmemory`, an account of keys, values and clients. What the process holds
 * besides is V8's affair, so the figures of the allocator are those of V8's heap.
 */
import { getHeapStatistics } from 'node:v8'
import type { Engine } from '../engine.ts'
import { memoryInUse } from '../host.ts'
import type { Memory } from './memory.ts'

export interface Figures {
  readonly used: number
  readonly peak: number
  /** Tables and clients: what is used besides keys' values. */
  readonly overhead: number
  readonly startup: number
  readonly dataset: number
  /** Share of the data in what is used beyond `startup`, in percent. */
  readonly datasetPercent: number
  readonly clients: number
  readonly keys: number
  /** V8's heap and what it keeps outside: in use, taken from the system. */
  readonly allocated: number
  readonly active: number
  readonly resident: number
  readonly machine: number
  readonly heapLimit: number
}

/** Looks at everything there is to know. */
export function memoryFigures(memory: Memory, { keyspace }: Engine): Figures {
  memory.clients.measure(true)
  const { used, startup } = memory
  memory.peak = Math.max(memory.peak, used)
  let values = 0
  let keys = 0
  for (const db of keyspace.databases) {
    values += db.valueBytes
    keys += db.size
  }
  const overhead = used - values
  const dataset = used - overhead
  const process = memoryInUse()
  const heap = getHeapStatistics()
  return {
    used,
    peak: memory.peak,
    overhead,
    startup,
    dataset,
    datasetPercent: used > startup ? Math.min((dataset / (used - startup)) * 100, 100) : 0,
    clients: memory.clients.bytes,
    keys,
    allocated: process.used,
    active: heap.total_physical_size + heap.external_memory,
    resident: process.resident,
    machine: process.machine,
    heapLimit: heap.heap_size_limit,
  }
}
