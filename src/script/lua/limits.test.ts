// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the samples are source texts
/** Sizes at which Lua would give up: values are sent in parts, and what cannot be divided is refused when it is defined. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { oracleMissing } from '../../../test/oracle/available.ts'
import { LuaServer } from '../../../test/scripts/lua-on-server.ts'
import { decodeResult } from '../boundary.ts'
import { compileScript } from '../compile.ts'
import { t } from '../spec.ts'

test('what is too deep for Lua is refused when it is defined', () => {
  const blocks = `${'if (args.n > 0) {'.repeat(90)}keys.k.get()${'}'.repeat(90)}`
  const spec = { keys: { k: 'string' }, args: { n: t.number } } as const
  expect(() => compileScript(`(keys, args) => { ${blocks} }`, spec)).toThrow('blocks are nested more than 70 deep')
  const names = Array.from({ length: 70 }, (_, i) => `let v${i} = args.n; v${i}++`).join('\n')
  const uses = Array.from({ length: 70 }, (_, i) => `v${i}`).join(', ')
  expect(() => compileScript(`(keys, args) => {\n${names}\nconst f = () => [${uses}]\nreturn f()\n}`, spec)).toThrow(
    'uses more than 58 outer names',
  )
})

describe.skipIf(oracleMissing)('on redis-server', () => {
  let server: LuaServer
  beforeAll(async () => {
    server = await LuaServer.start()
  })
  afterAll(() => server.stop())

  /** Runs a source text without keys. */
  async function run(body: string): Promise<unknown> {
    const { lua } = compileScript(`(keys, args, env) => {\n${body}\n}`, { keys: {} })
    return decodeResult({}, String(await server.redis.eval(lua, 0)))
  }

  test('a spread of many values is several commands with one result', async () => {
    const spec = {
      keys: { l: 'list', s: 'set', h: 'hash' },
      args: { xs: t.array(t.number), o: t.record(t.string) },
    } as const
    const push = server.lua(spec, ({ l, s, h }, { xs, o }) => [
      l.pushRight(...xs),
      l.pushLeft(...xs.slice(0, 0)),
      s.add('-1', ...xs),
      s.remove(...xs),
      h.setAll(o),
      h.getMany(...Object.keys(o)),
    ])
    const xs = Array.from({ length: 2500 }, (_, i) => i)
    const o = Object.fromEntries(xs.map((x) => [`f${x}`, `${x}`]))
    expect(await push({ l: 'l', s: 's', h: 'h' }, { xs, o })).toEqual([2500, 2500, 2501, 2500, 2500, o])
    expect(await server.redis.lrange('l', 0, -1)).toEqual(xs.map(String))
  })

  test('a call with hundreds of arguments', async () => {
    const values = Array.from({ length: 300 }, (_, i) => i)
    const { lua } = compileScript(`({ l }) => l.pushRight(${values.join(', ')}) + 0`, { keys: { l: 'list' } })
    expect(await server.redis.eval(lua, 1, 'many')).toBe('300')
  })

  test('long sums, long texts, long choices, large tables', async () => {
    const sum = Array.from({ length: 100 }, (_, i) => `x * ${i}`).join(' + ')
    expect(await run(`const x = env.toNumber('1') ?? 0\nreturn ${sum}`)).toBe(4950)
    const text = Array.from({ length: 500 }, () => '${x}').join(',')
    expect(await run(`const x = env.toNumber('1') ?? 0\nreturn \`${text}\`.length`)).toBe(999)
    const chain = Array.from({ length: 150 }, (_, i) => `if (x === ${i}) return 'n${i}'`).join('\nelse ')
    expect(await run(`const x = env.toNumber('149') ?? 0\n${chain}\nreturn 'none'`)).toBe('n149')
    const table = JSON.stringify(Array.from({ length: 3000 }, (_, i) => ({ i, s: `v${i}` })))
    expect(await run(`const table = ${table}\nreturn table.filter((x) => x.i > 2998)`)).toEqual([
      { i: 2999, s: 'v2999' },
    ])
  })
})
