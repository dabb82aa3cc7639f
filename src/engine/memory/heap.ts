/**
 * Heap: how much V8 can hold, and how much of it the data may take.
 *
 * The one idea: V8 ends the process at its limit, with no error to answer and no time to save. So data get a share of the
 * heap; the rest is for what commands make on their way, and for what the collector has yet to find.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Problem } from '../config/kinds.ts'

/** The share of the heap that `maxmemory` takes when nobody sets it, and that a heap is made for when somebody does. */
const DATA_SHARE = 0.6
/** Above this share the process would rather die than refuse a write. */
const MOST_SHARE = 0.8
/** When data are loaded, what is left above this share is soon needed to serve them. */
const FULL_SHARE = 0.85
/** V8's limit has room in it for what is young, which is no room for data. */
const YOUNG = 48 * 1024 ** 2
const MEGABYTE = 1024 ** 2

const heapLimit = (): number => getHeapStatistics().heap_size_limit

/** What `maxmemory` is when nobody sets it, in whole megabytes. */
export const defaultMaxmemory = (): number => Math.floor((heapLimit() * DATA_SHARE) / MEGABYTE) * MEGABYTE

/** Megabytes of heap (`--max-old-space-size`) that a limit needs; undefined when this process has enough. */
export function heapNeeded(maxmemory: number): number | undefined {
  return maxmemory <= heapLimit() * DATA_SHARE ? undefined : Math.ceil(maxmemory / DATA_SHARE / MEGABYTE)
}

/** Says so when this process holds so much that V8 would soon end it, garbage aside. */
export function fullHeap(): Problem | undefined {
  const limit = heapLimit()
  const isFull = (): boolean => getHeapStatistics().used_heap_size > (limit - YOUNG) * FULL_SHARE
  if (!isFull()) return undefined
  collectGarbage()
  if (!isFull()) return undefined
  const mega = Math.floor(limit / MEGABYTE)
  return new Problem(`V8 ends this process at ${mega} MB: start node with --max-old-space-size=${2 * mega} or more`)
}

/** Says so when a limit is more than V8 can keep. */
export function tooLargeForHeap(maxmemory: number): Problem | undefined {
  const heap = heapLimit()
  if (maxmemory <= heap * MOST_SHARE) return undefined
  const mega = (bytes: number): string => `${Math.round(bytes / MEGABYTE)}mb`
  const needed = Math.ceil(maxmemory / DATA_SHARE / MEGABYTE)
  return new Problem(
    `this process can hold ${mega(heap * MOST_SHARE)} before V8 ends it at ${mega(heap)}: start node with --max-old-space-size=${needed}`,
  )
}

/** Collects all garbage, at once. V8 offers that to contexts made while its flag is set. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  if (typeof collect === 'function') collect()
}
