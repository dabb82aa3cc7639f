import fc from 'fast-check'
import { expect, test } from 'vitest'
import { raw } from '../base/bytes.ts'
import { Growable } from './growable.ts'

const chunk = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1, 5, 47, 48, 300))
  .map(([code, length]) => raw(String.fromCharCode(code).repeat(length)))

test('any history of writes leaves what an array of bytes would hold', () => {
  fc.assert(
    fc.property(chunk, fc.array(fc.tuple(fc.option(fc.integer({ min: 0, max: 900 })), chunk)), (first, writes) => {
      const growable = Growable.from(first)
      let model: number[] = [...Buffer.from(first, 'latin1')]
      for (const [at, value] of writes) {
        const offset = at ?? model.length
        if (at === null) growable.append(value)
        else growable.setRange(at, value)
        const written = [...Buffer.from(value, 'latin1')]
        if (written.length > 0) {
          while (model.length < offset) model.push(0)
          model = [...model.slice(0, offset), ...written, ...model.slice(offset + written.length)]
        }
        expect(growable.toBytes()).toBe(Buffer.from(model).toString('latin1'))
        expect(growable.toBytes()).toBe(growable.range(0, growable.length))
      }
      expect(growable.length).toBe(model.length)
      expect(growable.range(3, 9)).toBe(growable.toBytes().slice(3, 9))
      expect(growable.copy().toBytes()).toBe(growable.toBytes())
    }),
  )
})

test('a direct write shows once it is announced', () => {
  const growable = Growable.from(raw('abc'))
  expect(growable.toBytes()).toBe('abc')
  growable.bytes[1] = 0xff
  growable.changed()
  expect(growable.toBytes()).toBe('a\xffc')
})

test('extending fills with zero bytes and never shortens', () => {
  const growable = Growable.from(raw('ab'))
  growable.extend(100)
  growable.extend(1)
  expect(growable.toBytes()).toBe(`ab${'\0'.repeat(98)}`)
})

test('a copy does not follow its original', () => {
  const growable = Growable.from(raw('ab'))
  const copy = growable.copy()
  growable.setRange(0, raw('x'))
  growable.append(raw('y'))
  expect([growable.toBytes(), copy.toBytes()]).toEqual(['xby', 'ab'])
})
