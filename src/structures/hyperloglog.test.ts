import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { fromBuffer, raw } from '../base/bytes.ts'
import { Growable } from './growable.ts'
import {
  addElement,
  estimateOf,
  formOf,
  isHyperLogLog,
  keptEstimate,
  mergeInto,
  newHyperLogLog,
  newRegisters,
  raiseAll,
  refreshEstimate,
  registersOf,
  runsInWords,
  toDense,
} from './hyperloglog.ts'
import { sparseRaise } from './hyperloglog-sparse.ts'
import { limits } from './limits.ts'
import { hashHigh, hashLow, murmurHash64 } from './murmur-hash.ts'

const HEADER = 16

/** The registers of some elements, without any form. */
function registersFor(elements: readonly Uint8Array[]): Uint8Array {
  const registers = newRegisters()
  for (const element of elements) {
    murmurHash64(fromBuffer(element), 0xadc83b19)
    const hash = (BigInt(hashHigh >>> 0) << 32n) | BigInt(hashLow >>> 0)
    let value = 1
    for (let rest = hash >> 14n; value <= 50 && (rest & 1n) === 0n; rest >>= 1n) value++
    const index = Number(hash & 0x3fffn)
    registers[index] = Math.max(registers[index]!, value)
  }
  return registers
}

function registersHeld(string: Growable): Uint8Array {
  const registers = newRegisters()
  expect(mergeInto(registers, string.bytes, string.length)).toBe(true)
  return registers
}

/** Typed arrays of this length are slow to compare one by one. */
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

afterEach(() => {
  limits.hllSparseMaxBytes = 3000
})

describe('a HyperLogLog', () => {
  const elements = fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 400 })

  test('holds the same registers in either form, whenever it changes its form', () => {
    fc.assert(
      fc.property(elements, fc.constantFrom(0, 20, 100, 500, 3000), (added, limit) => {
        limits.hllSparseMaxBytes = limit
        const string = newHyperLogLog()
        for (const element of added) addElement(string, fromBuffer(element))
        const expected = registersFor(added)
        expect(same(registersHeld(string), expected)).toBe(true)
        toDense(string)
        expect(string.length).toBe(12_304)
        expect(same(Uint8Array.from(registersOf(string)), expected)).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  test('joined with another counts what either has counted', () => {
    fc.assert(
      fc.property(elements, elements, (first, second) => {
        const [one, other] = [first, second].map((added) => {
          const string = newHyperLogLog()
          for (const element of added) addElement(string, fromBuffer(element))
          return string
        })
        raiseAll(one!, registersHeld(other!))
        const both = registersFor([...first, ...second])
        expect(same(registersHeld(one!), both)).toBe(true)
        expect(refreshEstimate(one!)).toBe(estimateOf(both))
      }),
      { numRuns: 50 },
    )
  })

  test('keeps its estimate until something changes it', () => {
    const string = newHyperLogLog()
    expect(keptEstimate(string)).toBeUndefined()
    expect(addElement(string, raw('a'))).toBe('changed')
    expect(refreshEstimate(string)).toBe(1)
    expect(addElement(string, raw('a'))).toBe('same')
    expect(keptEstimate(string)).toBe(1)
    expect(addElement(string, raw('b'))).toBe('changed')
    expect(keptEstimate(string)).toBeUndefined()
  })

  test('estimates within 3 % what it has counted', () => {
    const string = newHyperLogLog()
    for (let i = 0; i < 50_000; i++) addElement(string, raw(`${i}`))
    expect(formOf(string.bytes)).toBe('dense')
    expect(Math.abs(Number(refreshEstimate(string)) / 50_000 - 1)).toBeLessThan(0.03)
  })
})

describe('runs', () => {
  const raised = (...changes: readonly (readonly [index: number, value: number])[]): string | undefined => {
    const string = newHyperLogLog()
    for (const [index, value] of changes) sparseRaise(string, HEADER, index, value, 3000)
    return runsInWords(string.bytes, string.length)
  }

  test('are split where a register differs and joined where neighbours agree', () => {
    expect(raised([0, 3])).toBe('v:3,1 Z:16383')
    expect(raised([100, 3])).toBe('Z:100 v:3,1 Z:16283')
    expect(raised([64, 3])).toBe('z:64 v:3,1 Z:16319')
    expect(raised([0, 3], [1, 3], [2, 3], [3, 3], [4, 3])).toBe('v:3,4 v:3,1 Z:16379')
    expect(raised([0, 3], [1, 3], [2, 3], [1, 5])).toBe('v:3,1 v:5,1 v:3,1 Z:16381')
    expect(raised([16_383, 32])).toBe('Z:16383 v:32,1')
  })

  test('can hold no value above 32, nor a string above its limit', () => {
    const string = newHyperLogLog()
    expect(sparseRaise(string, HEADER, 5, 33, 3000)).toBe('dense')
    expect(sparseRaise(string, HEADER, 5, 32, 19)).toBe('dense')
    expect(sparseRaise(string, HEADER, 5, 32, 20)).toBe('raised')
    expect(sparseRaise(string, HEADER, 5, 31, 20)).toBe('same')
  })
})

describe('a string from elsewhere', () => {
  const held = (text: string): Growable => Growable.from(raw(text))
  const header = `HYLL\x01${'\0'.repeat(11)}`

  test('is a HyperLogLog by its header and, if dense, its length', () => {
    const isOne = (text: string): boolean => isHyperLogLog(held(text).bytes, text.length)
    expect(isOne(header)).toBe(true)
    expect(isOne(header.slice(1))).toBe(false)
    expect(isOne(`HYLX${header.slice(4)}`)).toBe(false)
    expect(isOne(`HYLL\x02${header.slice(5)}`)).toBe(false)
    expect(isOne(`HYLL\x00${header.slice(5)}`)).toBe(false)
    expect(isOne(`HYLL\x00${'\0'.repeat(12_299)}`)).toBe(true)
  })

  test('is found corrupt when its runs do not add up, and left as it is', () => {
    for (const runs of ['', '\x80', '\x7f\xff\x80', '\x7f', '\x7f\xfe']) {
      const string = held(header + runs)
      expect(mergeInto(newRegisters(), string.bytes, string.length)).toBe(false)
      expect(refreshEstimate(string)).toBeUndefined()
      expect(toDense(string)).toBe(false)
      expect(string.toBytes()).toBe(header + runs)
    }
  })
})
