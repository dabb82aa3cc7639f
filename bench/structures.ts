/**
 * Nanoseconds per operation, and bytes per value, of the value structures: for tuning block sizes, not for promises.
 *
 * `npm run bench -- structures`; the memory figures need node's --expose-gc.
 */
import { type Bytes, raw } from '../src/base/bytes.ts'
import { FieldHash } from '../src/structures/field-hash.ts'
import { List } from '../src/structures/list.ts'
import { settleAll } from '../src/structures/settle.ts'
import { SortedSet } from '../src/structures/sorted-set.ts'
import { StringSet } from '../src/structures/string-set.ts'

/** Fresh flat strings: what the decoder hands over, without a cached hash. */
function names(count: number): Bytes[] {
  return Array.from({ length: count }, (_, i) => raw(Buffer.from(`member:${i}`).latin1Slice()))
}

function measure(what: string, operations: number, run: () => void): void {
  const begin = performance.now()
  run()
  const each = ((performance.now() - begin) * 1e6) / operations
  console.log(`${what.padEnd(34)} ${each.toFixed(0).padStart(7)} ns`)
}

function sortedSets(size: number, rounds: number): void {
  const members = names(size)
  const scores = members.map(() => Math.random())
  const sets = Array.from({ length: rounds }, () => new SortedSet())
  const operations = size * rounds
  const all = (visit: (set: SortedSet, i: number) => void) => () => {
    for (const set of sets) for (let i = 0; i < size; i++) visit(set, i)
  }
  let sink = 0
  measure(
    `zset ${size}: insert random`,
    operations,
    all((set, i) => set.set(members[i]!, scores[i]!)),
  )
  measure(
    `zset ${size}: score`,
    operations,
    all((set, i) => (sink += set.score(members[i]!)!)),
  )
  measure(
    `zset ${size}: rank`,
    operations,
    all((set, i) => (sink += set.rank(members[i]!))),
  )
  measure(
    `zset ${size}: first index by score`,
    operations,
    all((set, i) => (sink += set.firstIndexByScore(scores[i]!, false))),
  )
  measure(
    `zset ${size}: member at index`,
    operations,
    all((set, i) => (sink += set.memberAt((i * 7919) % size).length)),
  )
  measure(
    `zset ${size}: new score`,
    operations,
    all((set, i) => set.set(members[i]!, scores[size - 1 - i]!)),
  )
  measure(
    `zset ${size}: pop min`,
    operations,
    all((set, i) => {
      set.popMin()
      if ((i & 15) === 0) settleAll()
    }),
  )
  if (sink === 0) console.log('nothing was read')
}

function lists(size: number, rounds: number): void {
  const members = names(size)
  const operations = size * rounds
  const list = new List()
  let sink = 0
  for (let round = 0; round < rounds; round++) {
    const report = round === rounds - 1 ? measure : (_: string, __: number, run: () => void) => run()
    report(`list ${size}: push head`, size, () => {
      for (const member of members) list.pushHead(member)
    })
    if (size <= 10_000) {
      report(`list ${size}: get by index`, size, () => {
        for (let i = 0; i < size; i++) sink += list.get(i)!.length
      })
    }
    report(`list ${size}: pop tail`, size, () => {
      for (let i = 0; i < size; i++) sink += list.popTail()!.length
    })
  }
  if (sink < operations) console.log('nothing was read')
}

function memory(what: string, count: number, elements: number, make: () => { byteSize: number }): void {
  globalThis.gc?.()
  const before = process.memoryUsage()
  const kept = Array.from({ length: count }, make)
  globalThis.gc?.()
  const after = process.memoryUsage()
  const held = (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / count
  const estimate = kept.reduce((sum, value) => sum + value.byteSize, 0) / count
  console.log(
    `${what.padEnd(34)} ${held.toFixed(0).padStart(7)} bytes held, ${estimate.toFixed(0)} estimated, ${elements} elements`,
  )
}

function memories(count: number, elements: number): void {
  memory(`list of ${elements}`, count, elements, () => {
    const list = new List()
    for (const name of names(elements)) list.pushTail(name)
    return list
  })
  memory(`hash of ${elements}`, count, elements, () => {
    const hash = new FieldHash()
    for (const name of names(elements)) hash.set(name, raw(Buffer.from(`value:${name}`).latin1Slice()))
    return hash
  })
  memory(`set of ${elements} strings`, count, elements, () => {
    const set = new StringSet()
    for (const name of names(elements)) set.add(name)
    return set
  })
  memory(`set of ${elements} integers`, count, elements, () => {
    const set = new StringSet()
    for (let i = 0; i < elements; i++) set.add(raw(`${i}`))
    return set
  })
  memory(`sorted set of ${elements}`, count, elements, () => {
    const set = new SortedSet()
    for (const name of names(elements)) set.set(name, Math.random())
    return set
  })
}

/** Prints one line per operation and per kind of value. */
export function run(): void {
  sortedSets(100, 2_000)
  sortedSets(1_000, 200)
  sortedSets(1_000_000, 1)
  lists(1_000, 200)
  lists(1_000_000, 3)
  memories(10_000, 3)
  memories(1_000, 100)
  memories(2, 100_000)
}
