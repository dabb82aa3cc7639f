import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { type Bytes, raw } from '../base/bytes.ts'
import { seededRandom } from '../base/random.ts'
import { FieldHash } from './field-hash.ts'
import { limits } from './limits.ts'
import { settleAll } from './settle.ts'

const defaults = { ...limits }
afterEach(() => {
  Object.assign(limits, defaults)
})

const field = fc.integer({ min: 0, max: 15 }).map((n) => raw(`f${n}`))
const value = fc.constantFrom('', 'a', 'bb', 'x'.repeat(20)).map(raw)
const step = fc.tuple(fc.constantFrom('set', 'set', 'delete', 'settle'), field, value)

function scanned(hash: FieldHash): Map<Bytes, Bytes> {
  const out = new Map<Bytes, Bytes>()
  for (let cursor = 0, first = true; first || cursor !== 0; first = false) {
    cursor = hash.scan(cursor, 2, (name, held) => out.set(name, held))
  }
  return out
}

test('any history leaves what a Map would hold; a small hash in the same order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom(0, 5, 512), (history, limit) => {
      limits.hashMaxListpackEntries = limit
      const hash = new FieldHash()
      const model = new Map<Bytes, Bytes>()
      for (const [what, name, held] of history) {
        if (what === 'set') {
          expect(hash.set(name, held)).toBe(!model.has(name))
          model.set(name, held)
        } else if (what === 'delete') expect(hash.delete(name)).toBe(model.delete(name))
        else settleAll()
        expect([hash.size, hash.get(name), hash.has(name)]).toEqual([model.size, model.get(name), model.has(name)])
      }
      const pairs = [...model].flat()
      if (hash.encoding() === 'listpack') expect(hash.entries()).toEqual(pairs)
      expect(new Map(hash.fields().map((name, i) => [name, hash.values()[i]!]))).toEqual(model)
      expect(hash.entries().length).toBe(pairs.length)
      expect(scanned(hash)).toEqual(model)
      expect(hash.copy().entries().toSorted()).toEqual(pairs.toSorted())
      expect(hash.copy().encoding()).toBe(hash.encoding())
    }),
    { numRuns: 200 },
  )
})

test('the encoding turns at one entry, or one byte, too many and never back', () => {
  const many = new FieldHash()
  for (let i = 0; i < 512; i++) many.set(raw(`f${i}`), raw('v'))
  expect(many.encoding()).toBe('listpack')
  many.set(raw('one more'), raw('v'))
  many.delete(raw('one more'))
  expect([many.encoding(), many.size, many.get(raw('f9'))]).toEqual(['hashtable', 512, 'v'])
  for (const [name, held] of [
    ['x'.repeat(65), 'v'],
    ['f', 'x'.repeat(65)],
  ] as const) {
    const long = new FieldHash()
    long.set(raw('x'.repeat(64)), raw('y'.repeat(64)))
    expect(long.encoding()).toBe('listpack')
    long.set(raw(name), raw(held))
    expect([long.encoding(), long.size, long.get(raw(name))]).toEqual(['hashtable', 2, held])
  }
})

test('random entries are met in both states', () => {
  const random = seededRandom(3)
  for (const limit of [0, 512]) {
    limits.hashMaxListpackEntries = limit
    const hash = new FieldHash()
    for (let i = 0; i < 8; i++) hash.set(raw(`f${i}`), raw(`v${i}`))
    const met = new Map<Bytes, Bytes>()
    for (let i = 0; i < 300; i++) hash.random(random, (name, held) => met.set(name, held))
    expect(met).toEqual(scanned(hash))
  }
})

test('what was estimated for entries is given back when they go', () => {
  for (const limit of [0, 512]) {
    limits.hashMaxListpackEntries = limit
    const hash = new FieldHash()
    for (let i = 0; i < 20; i++) hash.set(raw(`f${i}`), raw('x'.repeat(40)))
    const full = hash.byteSize
    for (let i = 0; i < 20; i++) hash.set(raw(`f${i}`), raw('x'))
    expect(hash.byteSize).toBe(full - 20 * 32)
    for (let i = 0; i < 20; i++) hash.delete(raw(`f${i}`))
    settleAll()
    expect(hash.byteSize).toBeLessThan(full - 20 * 80)
  }
})

test('one long value makes a hashtable, flat or not, and it stays one', () => {
  for (const fields of [1, 16, 17, 40]) {
    const hash = new FieldHash()
    for (let i = 0; i < fields; i++) hash.set(raw(`f${i}`), raw(`${i}`))
    expect(hash.encoding()).toBe('listpack')
    hash.set(raw('f0'), raw('x'.repeat(65)))
    hash.set(raw('f0'), raw('0'))
    expect([hash.encoding(), hash.copy().encoding(), hash.size]).toEqual(['hashtable', 'hashtable', fields])
    for (let i = 0; i < fields; i++) expect(hash.get(raw(`f${i}`))).toBe(`${i}`)
  }
})

const timed = fc.tuple(
  fc.constantFrom('set', 'update', 'delete', 'expire', 'expire', 'persist', 'take'),
  field,
  fc.nat(9),
)

test('any history leaves the deadlines that a Map would hold, and takes what is due from the earliest on', () => {
  fc.assert(
    fc.property(fc.array(timed, { maxLength: 60 }), fc.constantFrom(0, 5, 512), (history, limit) => {
      limits.hashMaxListpackEntries = limit
      const hash = new FieldHash()
      const model = new Map<Bytes, number | undefined>()
      for (const [what, name, n] of history) {
        if (what === 'set' || what === 'update') {
          const kept = what === 'update' ? model.get(name) : undefined
          hash[what](name, raw('v'))
          model.set(name, kept)
        } else if (what === 'delete') expect(hash.delete(name)).toBe(model.delete(name))
        else if (what === 'expire' && model.has(name)) {
          hash.expireAt(name, n)
          model.set(name, n)
        } else if (what === 'persist') {
          expect(hash.persist(name)).toBe(model.get(name) !== undefined)
          if (model.has(name)) model.set(name, undefined)
        } else if (what === 'take') {
          const due = [...model].filter(([, when]) => when !== undefined && when <= n)
          const wanted = due.toSorted(([a, x], [b, y]) => x! - y! || (a < b ? -1 : 1)).slice(0, 2)
          expect(hash.isDue(n)).toBe(due.length === model.size)
          expect(hash.seenAt(n).size).toBe(model.size - due.length)
          expect(hash.takeDue(n, 2)).toEqual(wanted.map(([late]) => late))
          for (const [late] of wanted) model.delete(late)
        }
        const times = [...model.values()].filter((when) => when !== undefined)
        expect([hash.size, hash.expiring, hash.deadline(name)]).toEqual([model.size, times.length, model.get(name)])
        expect(hash.nextDeadline).toBe(Math.min(...times, Number.POSITIVE_INFINITY))
      }
      const { size } = hash
      const copy = hash.copy()
      const copied = new Map<Bytes, number>()
      copy.forEachDeadline((late, when) => copied.set(late, when))
      expect(copied).toEqual(new Map([...model].filter(([, when]) => when !== undefined)))
      copy.takeDue(9, Number.POSITIVE_INFINITY)
      expect([hash.size, copy.expiring, copy.encoding()]).toEqual([size, 0, hash.encoding()])
    }),
    { numRuns: 300 },
  )
})

test('the first deadline makes a small hash a listpackex, which it stays, and takes memory', () => {
  const hash = new FieldHash()
  hash.set(raw('f'), raw('v'))
  const before = hash.byteSize
  expect([hash.encoding(), hash.nextDeadline]).toEqual(['listpack', Number.POSITIVE_INFINITY])
  hash.expireAt(raw('f'), 5)
  expect([hash.encoding(), hash.nextDeadline, hash.seenAt(4)]).toEqual(['listpackex', 5, hash])
  expect(hash.byteSize).toBeGreaterThan(before)
  hash.persist(raw('f'))
  expect(hash.encoding()).toBe('listpackex')
  hash.set(raw('f'), raw('x'.repeat(65)))
  expect(hash.encoding()).toBe('hashtable')
})
