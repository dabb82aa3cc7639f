/**
 * IndexedMap against V8's Map: `node --expose-gc --import tsx bench/indexed-map.ts [largest count]`.
 *
 * Each look-up uses a fresh string, as a server's do: V8 caches the hash inside a string, so keys used twice flatter Map.
 * Every measurement runs in a process of its own, because heaps and feedback left by one change the next.
 */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Bytes, raw } from '../src/base/bytes.ts'
import { seededRandom } from '../src/base/random.ts'
import { hashBytes } from '../src/structures/hash.ts'
import { IndexedMap } from '../src/structures/indexed-map.ts'
import { settleAll } from '../src/structures/settle.ts'

interface Table {
  get(key: Bytes): number | undefined
  set(key: Bytes, value: number): unknown
  delete(key: Bytes): boolean
  readonly size: number
}

type Numbers = Record<string, number>

const BATCH = 100_000
const KEY_LENGTH = 16
const scratch = Buffer.alloc(KEY_LENGTH, 'k')

/** A new flat string of 16 chars for a number. */
function keyOf(n: number): Bytes {
  for (let i = KEY_LENGTH - 1; i >= 4; i--) {
    scratch[i] = 48 + (n % 10)
    n = Math.floor(n / 10)
  }
  return raw(scratch.latin1Slice(0, KEY_LENGTH))
}

const random = seededRandom(7)

function randomKeys(count: number, below: number): Bytes[] {
  const keys: Bytes[] = []
  for (let i = 0; i < count; i++) keys.push(keyOf(random.below(below)))
  return keys
}

/** Nanoseconds per call over prepared keys, the median of some batches. */
function median(batches: number, prepare: () => Bytes[], run: (keys: Bytes[]) => void): number {
  const times: number[] = []
  for (let i = 0; i < batches; i++) {
    const keys = prepare()
    const start = process.hrtime.bigint()
    run(keys)
    times.push(Number(process.hrtime.bigint() - start) / keys.length)
  }
  return times.sort((a, b) => a - b)[batches >> 1]!
}

function measure(table: Table, count: number): Numbers {
  // Warm on a small table first, so that the compiler's work is not taken for growth.
  for (let i = 0; i < 50_000; i++) table.set(keyOf(i), i)
  for (let i = 0; i < 50_000; i++) table.delete(keyOf(i))
  settleAll()
  globalThis.gc?.()
  const before = process.memoryUsage()
  let worst = 0
  const start = process.hrtime.bigint()
  let last = start
  for (let i = 0; i < count; i++) {
    table.set(keyOf(i), i)
    if ((i & 63) === 63) {
      const now = process.hrtime.bigint()
      worst = Math.max(worst, Number(now - last))
      last = now
    }
  }
  const fill = Number(process.hrtime.bigint() - start) / count
  globalThis.gc?.()
  const after = process.memoryUsage()
  const held = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers
  let sum = 0
  const get = median(
    15,
    () => randomKeys(BATCH, count),
    (keys) => {
      for (let i = 0; i < keys.length; i++) sum += table.get(keys[i]!)!
    },
  )
  const miss = median(
    15,
    () => randomKeys(BATCH, count).map((key) => raw(`x${key.slice(1)}`)),
    (keys) => {
      for (let i = 0; i < keys.length; i++) if (table.get(keys[i]!) !== undefined) sum++
    },
  )
  const set = median(
    15,
    () => randomKeys(BATCH, count),
    (keys) => {
      for (let i = 0; i < keys.length; i++) table.set(keys[i]!, i)
    },
  )
  let next = count
  let stall = 0
  const churn = median(
    15,
    () => randomKeys(BATCH, count),
    (keys) => {
      for (let i = 0; i < keys.length; i++) {
        const began = process.hrtime.bigint()
        if (table.delete(keys[i]!)) table.set(keyOf(next++), i)
        settleAll()
        stall = Math.max(stall, Number(process.hrtime.bigint() - began))
      }
    },
  )
  if (Number.isNaN(sum)) throw new Error('a key was lost')
  return {
    fill,
    'fill stall ms': worst / 1e6,
    get,
    miss,
    set,
    churn,
    'churn stall ms': stall / 1e6,
    'bytes/key': held / count,
  }
}

function child(kind: string, count: number): Numbers {
  if (kind === 'hash') {
    const keys = randomKeys(BATCH, 1e6)
    let sum = 0
    const hash = median(
      31,
      () => keys,
      (all) => {
        for (let i = 0; i < all.length; i++) sum ^= hashBytes(all[i]!)
      },
    )
    return { hash, sum: sum & 1 }
  }
  return measure(kind === 'Map' ? new Map<Bytes, number>() : new IndexedMap<number>(), count)
}

function parent(largest: number): void {
  const run = (kind: string, count: number): Numbers => {
    const args = [...process.execArgv, fileURLToPath(import.meta.url), kind, String(count)]
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Numbers
  }
  console.log(`hash of a 16 byte key: ${run('hash', 0)['hash']!.toFixed(1)} ns\n`)
  const rows: Record<string, Record<string, string>> = {}
  for (const count of [1_000, 100_000, 4_000_000]) {
    if (count > largest) continue
    for (const kind of ['Map', 'IndexedMap']) {
      const numbers = Object.entries(run(kind, count))
      rows[`${kind} ${count}`] = Object.fromEntries(numbers.map(([name, n]) => [name, n.toFixed(n < 10 ? 2 : 0)]))
    }
  }
  console.log('nanoseconds per call unless named otherwise; 16 byte keys, small numbers as values')
  console.table(rows)
}

const [kind, count] = process.argv.slice(2)
if (count === undefined) parent(Number(kind ?? 4_000_000))
else console.log(JSON.stringify(child(kind!, Number(count))))
