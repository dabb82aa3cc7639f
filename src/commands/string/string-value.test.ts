import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Bytes, raw } from '../../base/bytes.ts'
import { parseSafe } from '../../base/integers.ts'
import { Growable } from '../../structures/growable.ts'
import { bytesOf, lengthOf, rangeOf, stored, stringEncodingOf } from './string-value.ts'

const word: fc.Arbitrary<Bytes> = fc
  .oneof(
    fc.stringMatching(/^-?[0-9]{0,20}$/),
    fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
    fc.constantFrom('9007199254740991', '9007199254740992', '-9007199254740991', '-9007199254740992', '-0', '00', ''),
    fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) }),
  )
  .map(raw)

test('a word is stored as a number exactly when it is the canonical decimal of a safe integer', () => {
  fc.assert(
    fc.property(word, (given) => {
      expect(stored(given)).toBe(parseSafe(given) ?? given)
    }),
    { numRuns: 1000 },
  )
})

test('the three states of a string read alike', () => {
  fc.assert(
    fc.property(word, fc.nat(25), fc.nat(25), (given, a, b) => {
      const from = Math.min(a, given.length)
      const to = Math.max(from, Math.min(b, given.length))
      for (const value of [stored(given), given, Growable.from(given)]) {
        expect(bytesOf(value)).toBe(given)
        expect(lengthOf(value)).toBe(given.length)
        expect(rangeOf(value, from, to)).toBe(given.slice(from, to))
      }
    }),
  )
})

test('the encoding tells the state, and int also for integers beyond 2^53', () => {
  const encodings = ['12', '9223372036854775807', '9223372036854775808', 'a'.repeat(44), 'a'.repeat(45)].map((given) =>
    stringEncodingOf(stored(raw(given))),
  )
  expect(encodings).toEqual(['int', 'int', 'embstr', 'embstr', 'raw'])
  expect(stringEncodingOf(Growable.from(raw('12')))).toBe('raw')
})
