/** What crosses the boundary of a script: checked, copied, and refused with its path. */
import { expect, test } from 'vitest'
import {
  checkArguments,
  checkResult,
  decodeResult,
  encodeArguments,
  jsonText,
  numberOfText,
  orderedKeys,
  parsedJson,
  scalarText,
} from './boundary.ts'
import { type StandardSchema, t } from './spec.ts'

const refused = (shape: Parameters<typeof checkArguments>[0], value: unknown) => () =>
  checkArguments(shape, { a: value })

test.each([
  [t.string, 1, 'args.a should be text, found a number'],
  [t.ascii, 'ü', 'args.a should be ASCII text, found other chars'],
  [t.number, Number.NaN, 'args.a should be a finite number, found NaN'],
  [t.number, undefined, 'args.a should be a finite number, found undefined'],
  [t.boolean, 'true', 'args.a should be a boolean, found a string'],
  [t.nil, 0, 'args.a should be null, found a number'],
  [t.json, () => 1, 'args.a should be a JSON value, found a function'],
  [t.json, new Date(0), 'args.a should be a JSON value, found an object'],
  [t.array(t.number), [1, '2'], 'args.a[1] should be a finite number, found a string'],
  [t.array(t.number), {}, 'args.a should be an array, found an object'],
  [t.record(t.number), { x: null }, 'args.a.x should be a finite number, found null'],
  [
    t.object({ b: t.array(t.object({ c: t.string })) }),
    { b: [{ c: 1 }] },
    'args.a.b[0].c should be text, found a number',
  ],
  [t.object({ b: t.string }), {}, 'args.a.b should be there, found undefined'],
  [t.object({}), { z: 1 }, 'args.a.z should be left out, found a field that the shape does not have'],
  [t.tuple(t.number), [1, 2], 'args.a should be an array of 1, found an array of 2'],
  [t.literal('x', 1), 'y', 'args.a should be one of "x", 1, found a string'],
])('%o refuses %o', (shape, value, message) => {
  expect(refused({ a: shape }, value)).toThrow(message)
})

test('names that are not declared, and keys that are missing, are refused', () => {
  expect(() => checkArguments({}, { a: 1 })).toThrow('args.a should be left out')
  expect(() => orderedKeys({ k: 'string' }, {})).toThrow('keys.k should be the name of a key')
  expect(() => orderedKeys({ k: 'string' }, { k: 'a', q: 'b' })).toThrow('keys.q should be left out')
  expect(orderedKeys({ b: 'string', a: 'list' }, { a: 'x', b: 'y' })).toEqual(['y', 'x'])
})

test('copies share nothing, and hold what every backend holds', () => {
  const list = [1, -0]
  const copy = checkArguments({ a: t.array(t.number), s: t.string }, { a: list, s: '\ud800x' })
  list.push(2)
  expect(copy).toEqual({ a: [1, 0], s: '\ufffdx' })
  expect(
    checkArguments({ a: t.object({ b: t.string.optional(), c: t.nil }) }, { a: { b: undefined, c: null } }),
  ).toEqual({ a: { c: null } })
  expect(checkArguments({ a: t.number.optional(), b: t.number.nullable() }, { b: undefined })).toEqual({ b: null })
  expect(Object.keys(checkResult({}, JSON.parse('{"__proto__":1,"constructor":2}')) ?? {})).toEqual([
    '__proto__',
    'constructor',
  ])
})

test('a Standard Schema checks, synchronously', () => {
  const schema = (validate: (value: unknown) => unknown): StandardSchema => ({
    '~standard': { version: 1, vendor: 'test', validate },
  })
  const twice = schema((value) =>
    typeof value === 'number' ? { value: value * 2 } : { issues: [{ message: 'no number' }] },
  )
  expect(checkArguments({ a: twice, b: t.checked(twice, t.number) }, { a: 1, b: 2 })).toEqual({ a: 2, b: 4 })
  expect(refused({ a: twice }, 'x')).toThrow('found no number')
  expect(refused({ a: schema(() => Promise.resolve({ value: 1 })) }, 1)).toThrow('a synchronous schema')
})

test('on the wire, arrays are led by their length, plain text and numbers are themselves', () => {
  const shapes = {
    s: t.string,
    n: t.number,
    xs: t.array(t.array(t.number)),
    o: t.record(t.boolean),
    m: t.string.nullable(),
  }
  const words = encodeArguments(
    shapes,
    checkArguments(shapes, { s: '"\n', n: 1e21, xs: [[], [1]], o: { a: true }, m: null }),
  )
  expect(words).toEqual(['"\n', '1e+21', '[2,[0],[1,1]]', '{"a":true}', 'null'])
})

test('results are checked on the way out', () => {
  expect(decodeResult({ returns: t.array(t.number) }, '[1,2]')).toEqual([1, 2])
  expect(decodeResult({}, null)).toBe(null)
  expect(() => decodeResult({ returns: t.string }, '1')).toThrow('result should be text')
})

test('JSON, numbers and scalars', () => {
  expect(jsonText({ b: [undefined, '\n'], a: -0, ü: 1, '\uffff': 1, '😀': 1 })).toBe(
    '{"a":0,"b":[null,"\\n"],"ü":1,"\uffff":1,"😀":1}',
  )
  expect(() => jsonText([Number.POSITIVE_INFINITY])).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }))
  expect(() => parsedJson('{', t.json.form)).toThrow(expect.objectContaining({ code: 'BAD_JSON' }))
  expect(() => parsedJson('[1]', t.array(t.string).form)).toThrow('json[0] should be text')
  expect([numberOfText('1e3'), numberOfText(' 1'), numberOfText('1e999'), numberOfText(null)]).toEqual([
    1000,
    null,
    null,
    null,
  ])
  expect([scalarText(-0), scalarText(1e21), scalarText('\udc00')]).toEqual(['0', '1e+21', '\ufffd'])
})
