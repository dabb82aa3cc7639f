import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { type Bytes, raw } from '../base/bytes.ts'
import { seededRandom } from '../base/random.ts'
import { limits } from './limits.ts'
import { settleAll } from './settle.ts'
import { StringSet } from './string-set.ts'

const defaults = { ...limits }
afterEach(() => {
  Object.assign(limits, defaults)
})

const integer = fc
  .oneof(fc.integer({ min: -20, max: 20 }).map(BigInt), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
  .map((value) => raw(`${value}`))
const word = fc.constantFrom('', '-0', '01', '+1', 'a', '9223372036854775808', '1.5').map(raw)

function scanned(set: StringSet): Bytes[] {
  const out: Bytes[] = []
  for (let cursor = 0, first = true; first || cursor !== 0; first = false) {
    cursor = set.scan(cursor, 2, (member) => out.push(member))
  }
  return out
}

test('any history leaves what a Set would hold, in either state', () => {
  const member = fc.oneof({ weight: 20, arbitrary: integer }, { weight: 1, arbitrary: word })
  const steps = fc.array(fc.tuple(fc.constantFrom('add', 'add', 'delete', 'pop', 'settle'), member), { maxLength: 60 })
  fc.assert(
    fc.property(steps, fc.constantFrom(0, 10, 512), (history, limit) => {
      limits.setMaxIntsetEntries = limit
      const random = seededRandom(1)
      const set = new StringSet()
      const model = new Set<Bytes>()
      for (const [what, value] of history) {
        if (what === 'add') {
          expect(set.add(value)).toBe(!model.has(value))
          model.add(value)
        } else if (what === 'delete') expect(set.delete(value)).toBe(model.delete(value))
        else if (what === 'settle') settleAll()
        else {
          const popped = set.pop(random)
          expect(popped === undefined).toBe(model.size === 0)
          if (popped !== undefined) expect(model.delete(popped)).toBe(true)
        }
        expect([set.size, set.has(value)]).toEqual([model.size, model.has(value)])
      }
      const sorted = [...model].sort()
      expect(set.members().sort()).toEqual(sorted)
      expect(scanned(set).sort()).toEqual(sorted)
      expect(set.copy().members().sort()).toEqual(sorted)
      expect(set.copy().encoding()).toBe(set.encoding())
    }),
    { numRuns: 200 },
  )
})

test('an intset answers in numeric order, beyond 2^53 too', () => {
  const set = new StringSet()
  const values = [
    '10',
    '9',
    '-1',
    '9007199254740993',
    '9007199254740992',
    '-9223372036854775808',
    '9223372036854775807',
  ]
  for (const value of values) set.add(raw(value))
  expect(set.encoding()).toBe('intset')
  expect(set.members()).toEqual(values.toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)))
  expect(set.has(raw('9007199254740994'))).toBe(false)
})

test.each(['a', '', '-0', '01', '+1', '9223372036854775808'])('%j turns an intset into a hashtable', (member) => {
  const set = new StringSet()
  set.add(raw('1'))
  expect(set.delete(raw(member))).toBe(false)
  expect(set.encoding()).toBe('intset')
  set.add(raw(member))
  set.delete(raw(member))
  expect([set.encoding(), set.members()]).toEqual(['hashtable', ['1']])
})

test('one integer too many turns it as well', () => {
  const set = new StringSet()
  for (let i = 0; i < 512; i++) set.add(raw(`${i}`))
  set.add(raw('7'))
  expect(set.encoding()).toBe('intset')
  set.add(raw('512'))
  expect([set.encoding(), set.size]).toEqual(['hashtable', 513])
})

test('a hashtable of a few members comes in one scan step, and in several once it has grown', () => {
  const set = new StringSet()
  for (let i = 0; i < 16; i++) set.add(raw(`m${i}`))
  expect([set.encoding(), set.scan(0, 1, () => {})]).toEqual(['hashtable', 0])
  set.add(raw('m16'))
  expect(set.scan(0, 1, () => {})).not.toBe(0)
  expect([set.encoding(), set.size, scanned(set).length]).toEqual(['hashtable', 17, 17])
})

test('visits may delete what they visit, in every state', () => {
  for (const members of [['a', 'b', 'c'], Array.from({ length: 40 }, (_, i) => `m${i}`)]) {
    const set = new StringSet()
    for (const member of members) set.add(raw(member))
    for (const member of set.members()) set.delete(member)
    expect(set.size).toBe(0)
  }
})
