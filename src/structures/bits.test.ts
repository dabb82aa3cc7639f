import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Bit,
  type BitOperation,
  bitAt,
  combineBits,
  countBits,
  countBitsBetween,
  findBit,
  findBitBetween,
  writeBit,
} from './bits.ts'

/** The naive model: a string of ones and zeros. */
const bitsOf = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
const onesIn = (bits: string): number => [...bits].filter((bit) => bit === '1').length

/** Bytes with long runs of equal ones, somewhere within a buffer of any alignment. */
const bytes = fc
  .tuple(
    fc.integer({ min: 0, max: 3 }),
    fc.array(
      fc
        .tuple(fc.constantFrom(0, 255, 0, 255, 1, 128, 37), fc.constantFrom(0, 1, 3, 4, 70, 131))
        .map(([byte, times]) => new Array<number>(times).fill(byte)),
      { maxLength: 6 },
    ),
  )
  .map(([shift, runs]) => Uint8Array.from([...new Array<number>(shift).fill(9), ...runs.flat()]).subarray(shift))

const anyBit = fc.constantFrom<Bit>(0, 1)
/** Two places in a string, as parts of its length. */
const places = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))

function within(length: number, [a, b]: readonly [number, number]): readonly [number, number] {
  const both = [Math.floor(a * length), Math.floor(b * length)].map((at) => Math.min(at, length - 1))
  return [Math.min(...both), Math.max(...both)]
}

describe('bits', () => {
  test('are counted as in a string of ones and zeros', () => {
    fc.assert(
      fc.property(bytes, places, (value, at) => {
        const bits = bitsOf(value)
        expect(countBits(value, 0, value.length)).toBe(onesIn(bits))
        if (value.length === 0) return
        const [from, to] = within(value.length, at)
        expect(countBits(value, from, to + 1)).toBe(onesIn(bits.slice(from * 8, to * 8 + 8)))
        const [first, last] = within(bits.length, at)
        expect(countBitsBetween(value, first, last)).toBe(onesIn(bits.slice(first, last + 1)))
        expect(countBitsBetween(value, last + 1, last)).toBe(0)
      }),
      { numRuns: 500 },
    )
  })

  test('are found as in a string of ones and zeros', () => {
    fc.assert(
      fc.property(bytes, places, anyBit, (value, at, bit) => {
        const bits = bitsOf(value)
        expect(findBit(value, bit, 0, value.length)).toBe(bits.indexOf(`${bit}`))
        if (value.length === 0) return
        const [from, to] = within(value.length, at)
        const inBytes = bits.slice(0, to * 8 + 8).indexOf(`${bit}`, from * 8)
        expect(findBit(value, bit, from, to + 1)).toBe(inBytes)
        const [first, last] = within(bits.length, at)
        expect(findBitBetween(value, bit, first, last)).toBe(bits.slice(0, last + 1).indexOf(`${bit}`, first))
        expect(findBitBetween(value, bit, last + 1, last)).toBe(-1)
      }),
      { numRuns: 500 },
    )
  })

  test('are written one by one', () => {
    const value = new Uint8Array(20)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 159 }), anyBit, (position, bit) => {
        const before = bitsOf(value)
        expect(`${bitAt(value, 20, position)}`).toBe(before[position])
        expect(`${writeBit(value, position, bit)}`).toBe(before[position])
        expect(bitsOf(value)).toBe(`${before.slice(0, position)}${bit}${before.slice(position + 1)}`)
      }),
    )
    expect([bitAt(value, 20, 160), bitAt(value, 20, 2 ** 32)]).toEqual([0, 0])
  })

  test('are combined as if the shorter strings were filled up with zeros', () => {
    const naive: Readonly<Record<BitOperation, (a: number, b: number) => number>> = {
      AND: (a, b) => a & b,
      OR: (a, b) => a | b,
      XOR: (a, b) => a ^ b,
      NOT: (a) => ~a & 255,
    }
    const operation = fc.constantFrom<BitOperation>('AND', 'OR', 'XOR', 'NOT')
    fc.assert(
      fc.property(operation, fc.array(bytes, { minLength: 1, maxLength: 4 }), (name, values) => {
        const used = name === 'NOT' ? values.slice(0, 1) : values
        const longest = Math.max(...used.map(({ length }) => length))
        const into = new Uint8Array(longest)
        combineBits(
          name,
          used.map((value) => ({ bytes: value, length: value.length })),
          into,
        )
        const columns = Array.from({ length: longest }, (_, i) => used.map((value) => value[i] ?? 0))
        const expected = columns.map((column) =>
          name === 'NOT' ? naive.NOT(column[0]!, 0) : column.reduce(naive[name]),
        )
        expect([...into]).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })
})
