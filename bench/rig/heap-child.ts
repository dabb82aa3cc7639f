/**
 * A fresh process that fills an engine with one shape and sends home how many bytes it took.
 *
 * The one idea: only a process of its own has a heap without a past. Words come as buffers, because text made by JavaScript
 * may be a rope, which no client ever sends.
 */
import type * as Front from '../../src/index.ts'
import { built } from './built.ts'
import { SHAPES } from './shapes.ts'

/** What is sent home. */
export interface HeapTold {
  readonly bytes: number
}

const door = built('index.js')
const shape = SHAPES[process.argv[2] ?? '']
if (door === undefined || shape === undefined || gc === undefined) throw new Error('started without build, shape or gc')
const { open }: typeof Front = await import(door)
const db = await open()

/** Bytes that are in use after several collections: one alone leaves what finalizers free. */
function used(): number {
  for (let i = 0; i < 4; i++) gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const buffers = (words: readonly string[]): Buffer[] => words.map((word) => Buffer.from(word, 'latin1'))

// The code is compiled before the baseline is taken.
for (let n = 0; n < 5000; n++) db.sync.call(...buffers(shape.make(n)))
db.sync.call('FLUSHALL')
const before = used()
for (let n = 0; n < shape.count; n++) db.sync.call(...buffers(shape.make(n)))
const after = used()
if (db.sync.call('DBSIZE') === 0) throw new Error('nothing was stored')
const told: HeapTold = { bytes: after - before }
process.send?.(told)
await db.close()
