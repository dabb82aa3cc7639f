import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FieldType, given, increased, type Overflow, readField, writeField } from './bit-field.ts'

const type = fc
  .tuple(fc.boolean(), fc.integer({ min: 1, max: 64 }))
  .map(([signed, width]): FieldType => ({ signed, width: signed ? width : Math.min(width, 63) }))
const overflow = fc.constantFrom<Overflow>('WRAP', 'SAT', 'FAIL')

const highest = ({ signed, width }: FieldType): bigint => 2n ** BigInt(signed ? width - 1 : width) - 1n
const lowest = ({ signed, width }: FieldType): bigint => (signed ? -(2n ** BigInt(width - 1)) : 0n)
const normal = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value)

/** The naive model, all in bigints. */
function model(value: bigint, field: FieldType, how: Overflow): number | bigint | undefined {
  const [least, most] = [lowest(field), highest(field)]
  if (value >= least && value <= most) return normal(value)
  if (how === 'FAIL') return undefined
  if (how === 'SAT') return normal(value > most ? most : least)
  return normal(field.signed ? BigInt.asIntN(field.width, value) : BigInt.asUintN(field.width, value))
}

/** Integers near the ends of widths. */
const int64 = fc
  .tuple(fc.integer({ min: 0, max: 63 }), fc.bigInt({ min: -3n, max: 3n }), fc.boolean())
  .map(([bits, near, negative]) => BigInt.asIntN(64, (negative ? -(2n ** BigInt(bits)) : 2n ** BigInt(bits)) + near))

/** An integer that a type can hold. */
const held = (field: FieldType, of: bigint): bigint =>
  field.signed ? BigInt.asIntN(field.width, of) : BigInt.asUintN(field.width, of)

describe('integers of any width', () => {
  test('are read where they were written, and nothing else changes', () => {
    fc.assert(
      fc.property(
        type,
        fc.integer({ min: 0, max: 90 }),
        int64,
        fc.uint8Array({ minLength: 20, maxLength: 20 }),
        (field, position, of, bytes) => {
          const bits = (): string => [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
          const before = bits()
          const value = held(field, of)
          writeField(bytes, position, field, normal(value))
          const written = BigInt.asUintN(field.width, value).toString(2).padStart(field.width, '0')
          expect(bits()).toBe(before.slice(0, position) + written + before.slice(position + field.width))
          expect(readField(bytes, bytes.length, position, field)).toBe(normal(value))
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('read zeros past the end', () => {
    const bytes = new Uint8Array(10).fill(255)
    expect(readField(bytes, 1, 4, { signed: false, width: 8 })).toBe(0xf0)
    expect(readField(bytes, 1, 4, { signed: true, width: 8 })).toBe(-16)
    expect(readField(bytes, 1, 2 ** 32 - 1, { signed: true, width: 64 })).toBe(0)
  })

  test('overflow as exact arithmetic says when they are increased', () => {
    fc.assert(
      fc.property(type, int64, int64, overflow, (field, of, increment, how) => {
        const value = held(field, of)
        expect(increased(normal(value), normal(increment), field, how)).toBe(model(value + increment, field, how))
      }),
      { numRuns: 5000 },
    )
  })

  test('overflow as exact arithmetic says when they are given, two cases of Redis apart', () => {
    fc.assert(
      fc.property(type, int64, overflow, (field, value, how) => {
        const far = field.signed && field.width < 64 && value <= highest(field) - 2n ** 63n
        const expected = field.signed
          ? model(far ? value + 2n ** 64n : value, field, how)
          : model(BigInt.asUintN(64, value), field, how)
        expect(given(normal(value), field, how)).toBe(expected)
      }),
      { numRuns: 5000 },
    )
  })

  test('given far below the least are taken for too large, and negative ones for large where there is no sign', () => {
    expect(given(-(2n ** 63n), { signed: true, width: 8 }, 'SAT')).toBe(127)
    expect(given(-(2n ** 63n) + 128n, { signed: true, width: 8 }, 'SAT')).toBe(-128)
    expect(given(-1, { signed: false, width: 8 }, 'SAT')).toBe(255)
  })
})
