// biome-ignore-all lint/suspicious/noTemplateCurlyInString: hostile texts
/** What the generated Lua of portable scripts does with values that are hard to keep, asked of redis-server alone. */
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { oracleMissing } from '../../../test/oracle/available.ts'
import { LuaServer } from '../../../test/scripts/lua-on-server.ts'
import { decodeResult } from '../boundary.ts'
import { compileScript } from '../compile.ts'
import { t } from '../spec.ts'

describe.skipIf(oracleMissing)('on redis-server', () => {
  let server: LuaServer
  let redis: Redis

  beforeAll(async () => {
    server = await LuaServer.start()
    redis = server.redis
  })
  afterAll(() => server.stop())
  beforeEach(() => redis.flushall())

  const lua: LuaServer['lua'] = (spec, body) => server.lua(spec, body)
  const pure: LuaServer['pure'] = (args, body) => server.pure(args, body)

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

  test('deadlines, streams and infinite scores', async () => {
    await redis.zadd('z', 0.25, 'a')
    const ttl = lua({ keys: { k: 'any' } }, ({ k }) => [
      k.ttl(),
      k.expire(1500),
      k.ttl(),
      k.expire(9, 'ifPersistent'),
      k.persist(),
      k.exists(),
    ])
    const [before, isSet, after, ...others] = (await ttl({ k: 'z' })) as unknown[]
    expect([before, isSet, others]).toEqual([-1, true, [false, true, true]])
    expect(after).toBeGreaterThan(1400)
    expect(await ttl({ k: 'none' })).toEqual([null, false, null, false, false, false])
    const stream = lua({ keys: { s: 'stream' } }, ({ s }) => {
      const id = s.add({ a: 1, b: 'x' }, { id: '5-1' })
      s.add({ a: 2 }, { id: '6-0', maxLength: 1 })
      return { id, all: s.range(), length: s.length(), removed: s.remove('6-0'), trimmed: s.trim(0) }
    })
    const expected = { id: '5-1', all: [{ id: '6-0', fields: { a: '2' } }], length: 1, removed: 1, trimmed: 0 }
    expect(await stream({ s: 's' })).toEqual(expected)
    await redis.zadd('inf', 'inf', 'a')
    const isInfinite = lua({ keys: { z: 'zset' } }, ({ z }) => Number.isFinite(z.score('a') ?? 0))
    expect(await isInfinite({ z: 'inf' })).toBe(false)
  })

  test('fail ends the script and keeps what was written', async () => {
    const fails = lua({ keys: { k: 'string' } }, ({ k }, _, env) => {
      k.set('a')
      return env.fail('EBAD', 'no\n"way" ü')
    })
    await expect(fails({ k: 'k' })).rejects.toThrow(/user_script:\d+: GEARTRAIN EBAD no\\x0a"way" ü/)
    expect(await redis.get('k')).toBe('a')
  })
})
