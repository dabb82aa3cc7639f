/**
 * IndexedMap against V8's Map: `npm run bench -- indexed-map [largest count]`.
 *
 * Each look-up uses a fresh string, as a server's do: V8 keeps the hash inside a string, so keys used twice flatter Map.
 * Every measurement runs in a process of its own, because heaps and feedback left by one change the next.
 */
import { execFileSync } from 'node:child_process'
import { type Bytes, raw } from '../src/base/bytes.ts'
import { seededRandom } from '../src/base/random.ts'
import { hashBytes } from '../src/structures/hash.ts'
import { IndexedMap } from '../src/structures/indexed-map.ts'
import { settleAll } from '../src/structures/settle.ts'

interface Table {
  get(key: Bytes): Bytes | undefined
  set(key: Bytes, value: Bytes): unknown
  delete(key: Bytes): boolean
}

type Figures = Record<string, number>

const COUNTS = [1_000, 100_000, 4_000_000]
const BATCH = 20_000
const BATCHES = 50
const STEP = 64
const LENGTH = 16

const buffer = Buffer.alloc(LENGTH, 'k')
const random = seededRandom(7)

/** A new flat string of 16 chars for a number. */
function keyOf(n: number): Bytes {
  for (let i = LENGTH - 1; i >= 4; i--) {
    buffer[i] = 48 + (n % 10)
    n = Math.floor(n / 10)
  }
  return raw(buffer.latin1Slice(0, LENGTH))
}

function randomKeys(from: number, below: number): Bytes[] {
  return Array.from({ length: BATCH }, () => keyOf(from + random.below(below)))
}

/** Nanoseconds per key: the best batch, since whatever else the machine does can only add. */
function best(prepare: () => Bytes[], run: (keys: Bytes[]) => void): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < BATCHES; i++) {
    const keys = prepare()
    const start = process.hrtime.bigint()
    run(keys)
    least = Math.min(least, Number(process.hrtime.bigint() - start) / keys.length)
  }
  return least
}

/** Runs `each` for 0 <= i < count in steps of 64; answers the longest step in milliseconds. */
function longestStep(count: number, each: (i: number) => void): number {
  let longest = 0
  let last = process.hrtime.bigint()
  for (let i = 0; i < count; i++) {
    each(i)
    if (i % STEP !== STEP - 1) continue
    const now = process.hrtime.bigint()
    longest = Math.max(longest, Number(now - last) / 1e6)
    last = now
  }
  return longest
}

function heldBytes(): number {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function measure(table: Table, count: number): Figures {
  // Warm on a small table first, so that the compiler's work is not taken for growth.
  for (let i = 0; i < 50_000; i++) table.set(keyOf(i), keyOf(i))
  for (let i = 0; i < 50_000; i++) table.delete(keyOf(i))
  settleAll()
  const before = heldBytes()
  const growth = longestStep(count, (i) => table.set(keyOf(i), keyOf(i)))
  const perKey = (heldBytes() - before) / count
  const value = keyOf(0)
  const stall = longestStep(Math.max(1e5, count / 2), (i) => {
    table.delete(keyOf(i % count))
    settleAll()
    table.set(keyOf(i % count), value)
  })
  const any = (): Bytes[] => randomKeys(0, count)
  let found = 0
  const lookUp = (keys: Bytes[]): void => {
    for (let i = 0; i < keys.length; i++) if (table.get(keys[i]!) !== undefined) found++
  }
  const get = best(any, lookUp)
  const miss = best(() => randomKeys(count, count), lookUp)
  if (found !== BATCH * BATCHES) throw new Error('a key was lost')
  const set = best(any, (keys) => {
    for (let i = 0; i < keys.length; i++) table.set(keys[i]!, value)
  })
  const churn = best(any, (keys) => {
    for (let i = 0; i < keys.length; i++) {
      table.delete(keys[i]!)
      settleAll()
      table.set(keys[i]!, value)
    }
  })
  return { get, miss, set, churn, 'growth stall ms': growth, 'churn stall ms': stall, 'bytes/key': perKey }
}

function hashing(): Figures {
  const keys = randomKeys(0, 1e6)
  let sum = 0
  const hash = best(
    () => keys,
    (all) => {
      for (let i = 0; i < all.length; i++) sum ^= hashBytes(all[i]!)
    },
  )
  return { hash, parity: sum & 1 }
}

function child(kind: string, count: number): Figures {
  if (kind === 'hash') return hashing()
  return measure(kind === 'Map' ? new Map<Bytes, Bytes>() : new IndexedMap<Bytes>(), count)
}

function table(largest: number): void {
  const figuresOf = (kind: string, count: number): Figures => {
    const args = ['--expose-gc', ...process.execArgv, process.argv[1]!, 'indexed-map', kind, String(count)]
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Figures
  }
  console.log(`hash of a ${LENGTH} byte key: ${figuresOf('hash', 0)['hash']!.toFixed(1)} ns\n`)
  const rows: Record<string, Record<string, number>> = {}
  for (const count of COUNTS) {
    if (count > largest) continue
    for (const kind of ['Map', 'IndexedMap']) {
      const figures = Object.entries(figuresOf(kind, count))
      rows[`${kind} ${count}`] = Object.fromEntries(figures.map(([name, n]) => [name, Number(n.toPrecision(3))]))
    }
  }
  console.log(
    `nanoseconds per call unless named otherwise; keys and values of ${LENGTH} bytes; churn: delete + settle + set`,
  )
  console.table(rows)
}

/** `npm run bench -- indexed-map`: prints the table. With a kind and a count it is the child that measures one row. */
export function run(args: readonly string[]): void {
  const [first, count] = args
  if (count === undefined) table(Number(first ?? COUNTS.at(-1)))
  else console.log(JSON.stringify(child(first!, Number(count))))
}
