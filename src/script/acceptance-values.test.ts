// biome-ignore-all lint/suspicious/noTemplateCurlyInString: hostile texts
// biome-ignore-all lint/complexity/noUselessTernary: the conditional is what is tested
/** The acceptance table of portable scripts, as generated Lua on redis-server: values. */
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { LuaServer } from '../../test/scripts/lua-on-server.ts'
import { decodeResult } from './boundary.ts'
import { compileScript } from './compile.ts'
import { t } from './spec.ts'

let server: LuaServer
let redis: Redis

beforeAll(async () => {
  server = await LuaServer.start()
  redis = server.redis
})
afterAll(() => server.stop())
beforeEach(() => redis.flushall())

const pure: LuaServer['pure'] = (args, body) => server.pure(args, body)

describe('rows 44 to 59: values', () => {
  test('null, empties and exact numbers', async () => {
    const isNull = pure({ a: t.number.nullable() }, (_, { a }) => a === null)
    expect([await isNull({ a: null }), await isNull({ a: 0 })]).toEqual([true, false])
    expect(await pure({}, () => [[], {}, { a: [] }])()).toEqual([[], {}, { a: [] }])
    const same = pure({ a: t.number }, (_, { a }) => a)
    for (const a of [9007199254740991, 0.1 + 0.2, 1e300, -1e-300, 5e-324, 2 ** -44, 123456789.123])
      expect(await same({ a })).toBe(a)
  })

  test('numbers into text', async () => {
    const text = pure({ a: t.number }, (_, { a }) => `${a}`)
    const numbers = [
      1e15,
      1,
      1.5,
      -0.5,
      1e21,
      1e-6,
      1e-7,
      123456789012345680000,
      2 ** 60,
      2 ** -44,
      5e-324,
      1.7976931348623157e308,
      0.1 + 0.2,
      -0,
      2 ** 53,
    ]
    for (let i = 0, x = 0.37; i < 300; i++)
      numbers.push((x = (x * 1103.515 + 12.345) % 97), x * 10 ** ((i % 60) - 30), 2 ** (((i * 7) % 2000) - 1000))
    const all = pure({ xs: t.array(t.number) }, (_, { xs }) => xs.map((x) => `${x}`))
    expect(await all({ xs: numbers })).toEqual(numbers.map(String))
    expect(await text({ a: 1e21 })).toBe('1e+21')
  })

  test('rounding, remainders and text', async () => {
    const round = pure({ a: t.number }, (_, { a }) => [
      Math.floor(a),
      Math.trunc(a),
      Math.ceil(a),
      Math.round(a),
      Math.abs(a),
      Math.sign(a),
    ])
    expect(await round({ a: -3.5 })).toEqual([-4, -3, -3, -3, 3.5, -1])
    const rest = pure({ a: t.number }, (_, { a }) => [a % 3, -a % 3])
    expect(await rest({ a: 7 })).toEqual([1, -1])
    const find = pure({ s: t.ascii, p: t.string, from: t.number }, (_, { s, p, from }) => s.indexOf(p, from))
    expect([await find({ s: 'a.b', p: '.', from: 0 }), await find({ s: 'abcabc', p: 'a', from: 1 })]).toEqual([1, 3])
    const at = pure({ xs: t.array(t.number) }, (_, { xs }) => [xs[5], xs[0 - 1], xs.at(-1)])
    expect(await at({ xs: [1, 2] })).toEqual([null, null, 2])
  })

  test('loops', async () => {
    expect(
      await pure({}, () => {
        const xs: number[] = []
        for (let i = 0; i < 1000; i++) xs.push(i)
        return xs.length
      })(),
    ).toBe(1000)
    expect(
      await pure({ xs: t.array(t.number) }, (_, { xs }) => {
        const r = []
        for (const x of xs) {
          if (x === 2) continue
          if (x === 4) break
          r.push(x)
        }
        return r
      })({ xs: [1, 2, 3, 4, 5] }),
    ).toEqual([1, 3])
    expect(
      await pure({ xs: t.array(t.array(t.number)) }, (_, { xs }) => {
        for (const inner of xs) for (const x of inner) if (x < 0) return x
        return null
      })({ xs: [[1], [2, -3], [-4]] }),
    ).toBe(-3)
    expect(await pure({ cond: t.boolean }, (_, { cond }) => (cond ? false : true))({ cond: true })).toBe(false)
  })

  test('hostile text', async () => {
    const hostile = [
      '"',
      '\\',
      '\n',
      '\0',
      ']]',
      '👩‍🚀',
      '--[[',
      '" .. redis.call("FLUSHALL") .. "',
      '\u2028',
      'ü\r\n',
      '\\0',
      '\x7f',
      '%s%d',
      '${x}',
    ]
    const { length } = hostile
    const echo = pure({ xs: t.array(t.string), x: t.string }, (_, { xs, x }) => [xs, x])
    for (const x of hostile) expect(await echo({ xs: hostile, x })).toEqual([hostile, x])
    expect(await echo({ xs: ['\ud800'], x: 'a\udc00' })).toEqual([['\ufffd'], 'a\ufffd'])
    const spec = { keys: {}, constants: { HOSTILE: hostile } }
    const source = 'function () { return HOSTILE }'
    const compiled = compileScript(source, spec)
    expect(decodeResult({}, String(await redis.eval(compiled.lua, 0)))).toEqual(hostile)
    expect(compiled.lua).toMatch(/^[\n -~]*$/)
    const many = Array.from({ length: 100_000 }, (_, i) => hostile[i % length] ?? '')
    expect(await echo({ xs: many, x: '' })).toEqual([many, ''])
  })

  test('JSON', async () => {
    const o = t.object({ a: t.array(t.number.nullable()), b: t.string })
    const round = pure({ o }, (_, { o }, env) => env.parseJson(env.toJson(o)))
    expect(await round({ o: { a: [1, null, 2], b: 'ü' } })).toEqual({ a: [1, null, 2], b: 'ü' })
    const parse = pure({ s: t.string }, (_, { s }, env) => env.parseJson(s))
    for (const s of [
      '[]',
      '{}',
      '{"a":[{}],"b":[[]]}',
      '"\\u00fc\\ud83d\\ude00\\n"',
      ' [1 , -2.5e3 , true,false , null ] ',
      '0',
      'null',
      '"\\ud800"',
    ]) {
      expect(await parse({ s })).toEqual(JSON.parse(s.replace('\\ud800"', '\\ufffd"')))
    }
    for (const s of [
      '',
      '[1,]',
      '{a:1}',
      '01',
      '1.',
      '+1',
      'nan',
      '[1',
      '"\n"',
      '{"a":1,}',
      '1 2',
      '.5',
      '"\\x"',
      'tru',
      '1e999',
      "'a'",
    ]) {
      await expect(parse({ s })).rejects.toThrow('GEARTRAIN BAD_JSON')
    }
  })
})
