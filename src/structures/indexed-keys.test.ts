import { beforeAll, describe, expect, it } from 'vitest'
import { type Bytes, raw } from '../base/bytes.ts'
import { type Random, seededRandom } from '../base/random.ts'
import { Column } from './column.ts'
import { hashBytes, seedHash } from './hash.ts'
import { IndexedSet } from './indexed-set.ts'
import { settleAll } from './settle.ts'
import { SlotIndex } from './slot-index.ts'

/** The control: a set that sends a key which one unit deletes and adds again to the end, as a plain swap-remove does. */
class ForgetfulSet extends IndexedSet {
  override delete(member: Bytes): boolean {
    const found = super.delete(member)
    this.settle()
    return found
  }
}

const member = (n: number): Bytes => raw(`member:${n}`)

/** Each history ends this often with a member that was there throughout and that its SCAN did not answer. */
function missedIn(histories: number, make: () => IndexedSet, unit: (set: IndexedSet, random: Random) => void): number {
  let missed = 0
  for (let history = 0; history < histories; history++) {
    const random = seededRandom(history)
    const set = make()
    const size = 1 + random.below(80)
    for (let n = 0; n < size; n++) set.add(member(n))
    settleAll()
    const throughout = new Set(set.keys())
    const seen = new Set<Bytes>()
    let cursor = 0
    do {
      cursor = set.scan(cursor, 1 + random.below(6), (slot) => seen.add(set.keyAt(slot)))
      for (let i = random.below(3); i > 0; i--) {
        unit(set, random)
        settleAll()
        for (const name of throughout) if (!set.has(name)) throughout.delete(name)
      }
    } while (cursor !== 0)
    for (const name of throughout) if (!seen.has(name)) missed++
  }
  return missed
}

/** Some adds, deletes and rebuilds of one key, all in one unit. */
function mixed(set: IndexedSet, random: Random): void {
  for (let i = random.below(5); i > 0; i--) {
    const name = member(random.below(120))
    const kind = random.below(3)
    if (kind === 0) set.add(name)
    else if (kind === 1) set.delete(name)
    else if (set.delete(name)) set.add(name)
  }
}

function massive(set: IndexedSet, random: Random): void {
  if (random.below(12) !== 0) {
    mixed(set, random)
    return
  }
  const kept = random.below(10)
  const back: Bytes[] = []
  for (const name of [...set.keys()]) {
    if (random.below(10) < kept) continue
    set.delete(name)
    if (random.below(2) === 0) back.push(name)
  }
  for (let i = random.below(200); i > 0; i--) set.add(member(1000 + random.below(300)))
  for (const name of back) set.add(name)
}

describe('scan', () => {
  it('answers everything present throughout, whatever units do between its calls', () => {
    expect(missedIn(3000, () => new IndexedSet(), mixed)).toBe(0)
  })

  it('answers everything present throughout mass deletions, rebuilds and shrinking', () => {
    expect(missedIn(3000, () => new IndexedSet(), massive)).toBe(0)
  })

  it('would miss keys if a key added again in the same unit did not get its slot back', () => {
    expect(missedIn(500, () => new ForgetfulSet(), mixed)).toBeGreaterThan(100)
  })

  it('answers each key once when nothing changes, and starts at the end for a cursor out of range', () => {
    const set = new IndexedSet()
    for (let n = 0; n < 25; n++) set.add(member(n))
    const seen: number[] = []
    const cursors: number[] = []
    let cursor = 1e15
    do cursors.push((cursor = set.scan(cursor, 10, (slot) => seen.push(slot))))
    while (cursor !== 0)
    expect(cursors).toEqual([15, 5, 0])
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => 24 - i))
    expect(new IndexedSet().scan(7, 10, () => seen.push(0))).toBe(0)
  })
})

describe('SlotIndex', () => {
  beforeAll(() => seedHash(17, 4))

  function indexOf(keys: Iterable<Bytes>): SlotIndex {
    const column = new Column<Bytes>()
    const index = new SlotIndex(column)
    for (const key of keys) {
      index.findOrAdd(hashBytes(key), key, column.length)
      column.put(column.length, key)
    }
    return index
  }

  it('passes few cells per look-up even for 10,000 keys of 17 KB and equal length', () => {
    const body = Buffer.alloc(17_000, 'x')
    const column = new Column<Bytes>()
    const index = new SlotIndex(column)
    for (let n = 0; n < 10_000; n++) {
      body.write(String(n).padStart(8, '0'), 16_992)
      // Entered under their tails: only the hash must read the whole, and 170 MB need not be kept.
      const tail = raw(body.latin1Slice(16_992))
      index.findOrAdd(hashBytes(raw(body.latin1Slice())), tail, n)
      column.put(n, tail)
    }
    expect(index.longestProbe()).toBeLessThan(200)
  })

  it('passes few cells per look-up at every size, also after deletions', () => {
    const random = seededRandom(2)
    const keys = Array.from({ length: 30_000 }, () => raw(Buffer.from(random.bytes(9)).latin1Slice()))
    const index = indexOf(keys)
    expect(index.longestProbe()).toBeLessThan(200)
    for (let slot = 0; slot < 27_000; slot++) index.remove(hashBytes(keys[slot]!), slot)
    expect(index.longestProbe()).toBeLessThan(200)
    for (let slot = 27_000; slot < 30_000; slot++) expect(index.find(hashBytes(keys[slot]!), keys[slot]!)).toBe(slot)
  })
})
