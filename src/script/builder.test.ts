/** The builder gives the trees that functions give; manifests know what they were made of; raw Lua runs. */
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { oracleMissing } from '../../test/oracle/available.ts'
import { OracleServer } from '../../test/oracle/redis-server.ts'
import { encodeArguments } from './boundary.ts'
import { build } from './builder.ts'
import { compileScript } from './compile.ts'
import { isCurrent, manifestEntry } from './manifest.ts'
import { rawLua } from './raw-lua.ts'
import { t } from './spec.ts'

const SPEC = { name: 'split', keys: { inp: 'list', left: 'list', right: 'list' }, args: { cmp: t.number } } as const

test('a built script is the one that is written', () => {
  const built = build(SPEC, (b) => {
    b.while(
      () => true,
      () => {
        const v = b.keys.inp.popLeft()
        b.if(v.is(null), () => b.break())
        const n = b.toNumber(v)
        b.if(
          n.orElse(0).below(b.args.cmp),
          () => b.keys.left.pushRight(b.text(v.orElse(''))),
          () => b.keys.right.pushRight(b.text(v.orElse(''))),
        )
      },
    )
    return null
  })
  const written = compileScript(
    `(keys, args, env) => {
      while (true) {
        if (!true) break
        const v0 = keys.inp.popLeft()
        if (v0 == null) { break }
        const v1 = env.toNumber(v0)
        if ((v1 ?? 0) < args.cmp) { const v2 = keys.left.pushRight(\`\${v0 ?? ''}\`) }
        else { const v3 = keys.right.pushRight(\`\${v0 ?? ''}\`) }
      }
      return null
    }`,
    SPEC,
  )
  expect(built.lua).toBe(written.lua)
})

test('a finding of a built script counts its statements', () => {
  expect(() => build(SPEC, (b) => b.keys.left.pushLeft(b.keys.inp.popLeft() as never))).toThrow(
    /^ {2}3:\d+ not-a-scalar/m,
  )
})

describe.skipIf(oracleMissing)('on redis-server', () => {
  let server: OracleServer
  let redis: Redis

  beforeAll(async () => {
    server = await OracleServer.start()
    redis = new Redis(server.port)
  })
  afterAll(async () => {
    redis.disconnect()
    await server.stop()
  })

  test('a built script runs', async () => {
    const spec = { keys: { h: 'hash', k: 'string' }, args: { fields: t.array(t.string) }, derivedKeys: true } as const
    const { lua } = build(spec, (b) => {
      const found = b.variable<Record<string, string>>({})
      const count = b.variable(0)
      b.forEach(b.args.fields, (field, index) => {
        const value = b.keys.h.get(field)
        b.if(value.is(null), () => b.continue())
        found.put(field, b.text(value.orElse(''), '#', index))
        count.set(count.plus(1))
      })
      b.keys.k.set(count, { ttl: 100_000, ifMissing: true })
      const child = b.keys.k.child('list', 'log')
      child.pushRight('quo"te\\', -1)
      return { found, count, all: child.range(0, -1) }
    })
    await redis.hset('h', 'a', '1', 'c', '3')
    const reply = await redis.eval(lua, 2, 'h', 'k', ...encodeArguments(spec.args, { fields: ['a', 'b', 'c'] }))
    expect(JSON.parse(String(reply))).toEqual({ found: { a: '1#0', c: '3#2' }, count: 2, all: ['quo"te\\', '-1'] })
    expect([await redis.get('k'), (await redis.pttl('k')) > 0]).toEqual(['2', true])
  })

  test('a manifest entry is current for its own function only', async () => {
    const source = '({ k }, { n }) => k.incrBy(n)'
    const spec = { name: 'add', keys: { k: 'string' }, args: { n: t.number } } as const
    const entry = manifestEntry(source, spec)
    expect(isCurrent(JSON.parse(JSON.stringify(entry)), source, spec)).toBe(true)
    expect(isCurrent(entry, source.replace('n)', 'n + 1)'), spec)).toBe(false)
    expect(isCurrent(entry, source, { ...spec, args: { n: t.number.optional() } })).toBe(false)
    expect(isCurrent({ ...entry, lua: `${entry.lua} ` }, source, spec)).toBe(false)
    expect(await redis.script('LOAD', entry.lua)).toBe(entry.sha1)
  })

  test('raw Lua has names for keys and arguments', async () => {
    const spec = { keys: { k: 'string' }, args: { xs: t.array(t.number), s: t.string } } as const
    const { lua, lines } = rawLua(
      spec,
      "redis.call('SET', k, s)\nreturn encode({sum = xs[1] + xs[2], n = xs[0], list = xs})",
    )
    const reply = await redis.eval(lua, 1, 'raw', ...encodeArguments(spec.args, { xs: [1, 2.5], s: '"' }))
    expect(JSON.parse(String(reply))).toEqual({ sum: 3.5, n: 2, list: [1, 2.5] })
    expect([await redis.get('raw'), lines.at(-1)]).toEqual(['"', 2])
  })

  test('scripts that read only run where writes are refused', async () => {
    const spec = { keys: { k: 'string' }, readOnly: true } as const
    const { lua } = compileScript('({ k }) => k.get() ?? "none"', spec)
    expect(await redis.call('EVAL_RO', lua, '1', 'missing')).toBe('"none"')
  })
})
