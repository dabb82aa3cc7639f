/** Every diagnostic is provoked, with its place; and what toolchains make of functions is understood. */
import { describe, expect, test } from 'vitest'
import { compileScript } from '../compile.ts'
import { ScriptDefinitionError } from '../errors.ts'
import type { ScriptSpec } from '../spec.ts'
import { t } from '../spec.ts'
import { DIAGNOSTICS } from './diagnostics.ts'

const SPEC: ScriptSpec = {
  name: 'sample',
  keys: { k: 'string', l: 'list', h: 'hash', z: 'zset' },
  args: {
    n: t.number,
    s: t.string,
    b: t.boolean,
    maybe: t.number.nullable(),
    opt: t.number.optional(),
    xs: t.array(t.number),
    o: t.record(t.number),
    j: t.json,
  },
  constants: { LIMIT: 3, point: t.object({ x: t.number }) },
}

/** The findings of a body, as `line:column code`. */
function findings(body: string, spec: Partial<ScriptSpec> = {}): readonly string[] {
  const source = /^(async )?(function|\(|\w+ ?=>)/.test(body) ? body : `(keys, args, env) => {\n${body}\n}`
  try {
    compileScript(source, { ...SPEC, ...spec })
    return []
  } catch (error) {
    if (!(error instanceof ScriptDefinitionError)) throw error
    return error.diagnostics.map(({ line, column, code }) => `${line}:${column} ${code}`)
  }
}

const PROVOKED: readonly (readonly [string, string, Partial<ScriptSpec>?])[] = [
  ['1:9 syntax', '() => {{'],
  ['1:17 syntax', 'function () {} + 1'],
  ['1:1 not-a-function', 'function () { [native code] }'],
  ['1:1 async-function', 'async () => 1'],
  ['1:1 async-function', 'function* () { return 1 }'],
  ['2:11 async-function', 'const f = async () => 1\nreturn 1'],
  ['1:9 instrumented', '() => { cov_1a2b3c().s[0]++; return 1 }'],
  ['2:8 unsupported-syntax', 'return this'],
  ['2:8 unsupported-syntax', 'return new Map()'],
  ['2:8 unsupported-syntax', 'return /a/'],
  ['2:1 unsupported-syntax', 'try { return 1 } finally {}'],
  ['2:1 unsupported-syntax', "throw 'x'"],
  ['2:1 unsupported-syntax', 'for (const x in args.o) {}'],
  ['2:8 unsupported-syntax', 'return args.n ** 2'],
  ['2:8 unsupported-syntax', 'return +args.s'],
  ['2:8 unsupported-syntax', 'return typeof args.j'],
  ['2:8 unsupported-syntax', 'return keys'],
  ['2:8 free-name', 'return outside'],
  ['2:8 forbidden-global', 'return Date.now()'],
  ['2:8 forbidden-global', 'return Math.random()'],
  ['2:1 forbidden-global', 'console.log(1)'],
  ['2:8 forbidden-global', 'return JSON.stringify(1)'],
  ['2:8 unknown-member', 'return keys.k.pop()'],
  ['2:8 unknown-member', 'return args.xs.sort()'],
  ['2:8 unknown-member', 'return args.o.constructor'],
  ['2:8 unknown-key', 'return keys.missing.get()'],
  ['2:8 unknown-key', 'return args.missing'],
  ['2:8 loose-equality', 'return args.n == 1'],
  ['2:5 not-boolean', 'if (keys.l.length()) return 1'],
  ['2:9 not-boolean', 'return !args.s'],
  ['2:8 not-boolean', 'return args.n || 1'],
  ['2:16 not-boolean', 'args.xs.filter((x) => x)'],
  ['2:8 maybe-null', 'return keys.k.get().length'],
  ['2:8 maybe-null', 'return args.maybe - 1'],
  ['2:17 maybe-null', 'return args.n * args.xs[0]'],
  ['2:8 null-kind', 'return args.xs[0] === null'],
  ['2:8 null-kind', 'return args.maybe === undefined'],
  ['2:8 wrong-type', 'return args.s * 2'],
  ['2:8 wrong-type', 'return args.xs === args.xs'],
  ['2:8 wrong-type', "return args.s.split('')"],
  ['2:8 mixed-addition', 'return args.s + args.n'],
  ['2:8 mixed-addition', 'return args.maybe + 1'],
  ['2:8 text-order', "return args.s < 'b'"],
  ['2:8 not-finite', 'return NaN'],
  ['2:8 not-finite', 'return 1e999'],
  ['2:8 array-hole', 'return [1,,2]'],
  ['2:8 needs-ascii', 'return args.s.length'],
  ['2:8 needs-ascii', 'return args.s.slice(1)'],
  ['2:12 not-a-scalar', 'keys.k.set(args.b)'],
  ['2:12 not-a-scalar', 'keys.k.set(args.maybe)'],
  ['2:12 not-a-scalar', 'keys.k.set(null)'],
  ['2:12 not-a-scalar', 'keys.k.set(args.xs)'],
  ['2:1 arity', 'keys.k.set()'],
  ['2:1 arity', 'keys.l.pushLeft()'],
  ['2:8 arity', 'return args.s.startsWith()'],
  ['2:19 bad-option', "keys.k.set('a', { ttl_: 1 })"],
  ['2:19 bad-option', "keys.k.set('a', { ifMissing: args.b })"],
  ['2:18 bad-option', 'keys.k.expire(1, args.s)'],
  ['2:10 dynamic-name', 'env.call(args.s, keys.k.name)'],
  ['2:10 dynamic-name', "env.fail(args.s, 'no')"],
  ['2:9 dynamic-name', "env.log(args.s, 'no')"],
  ['2:1 derived-keys', "keys.k.child('string', 'x').get()"],
  ['2:1 derived-keys', "env.call('GET', 'other')"],
  ['2:1 derived-keys', "env.call('NOSUCH.COMMAND', keys.k.name)"],
  ['2:1 read-only', "keys.k.set('a')", { readOnly: true }],
  ['2:10 read-only', "env.call('SET', keys.k.name, 1)", { readOnly: true }],
  ['2:26 recursive-function', 'const f = (x) => x < 1 ? f(x) : 1\nreturn f(1)'],
  ['2:8 escaping-function', 'return () => 1'],
  ['3:8 escaping-function', 'const f = () => 1\nreturn f'],
  ['2:1 declared-later', 'later()\nconst later = () => 1'],
  [
    '2:9 default-on-null',
    'const { x = 1 } = env.parseJson(args.s, nullable)\nreturn x',
    { constants: { nullable: t.object({ x: t.number.nullable() }) } },
  ],
  ['4:1 plain-switch', "switch (args.s) {\ncase 'a':\nkeys.k.get()\ncase 'b': return 1 }"],
  ['3:23 plain-switch', "switch (args.s) {\ncase 'a': if (args.b) break; return 1; default: return 2 }"],
  ['3:1 constant-write', 'const x = 1\nx = 2'],
  ['2:1 constant-write', 'args.n = 2'],
  ['2:1 constant-write', 'args.xs.length = 0'],
  ['1:1 return-type', '(k, { n }) => n', { returns: t.string }],
  ['1:1 return-type', '({ k }) => k'],
  ['1:1 bad-spec', '() => 1', { name: 'a b' }],
]

describe('findings', () => {
  test.each(PROVOKED.map(([expected, body, spec]) => ({ expected, body, spec })))(
    '$expected: $body',
    ({ expected, body, spec }) => {
      expect(findings(body, spec)).toContain(expected)
    },
  )

  test('too many locals and too deep nesting', () => {
    const many = Array.from({ length: 250 }, (_, i) => `const v${i} = args.n + ${i}`).join('\n')
    expect(findings(`${many}\nreturn v1`)[0]).toMatch('too-large')
    const blocks = Array.from({ length: 250 }, (_, i) => `{ const v${i} = args.n + ${i}; keys.k.set(v${i}) }`).join(
      '\n',
    )
    expect(findings(blocks)).toEqual([])
    expect(findings(`return ${'('.repeat(400)}args.n${'+ 1)'.repeat(400)}`)[0]).toMatch('too-large')
  })

  test('every code is provoked', () => {
    const provoked = new Set(PROVOKED.map(([expected]) => expected.split(' ')[1]))
    expect(Object.keys(DIAGNOSTICS).filter((code) => !provoked.has(code))).toEqual(['too-large'])
  })

  test('all findings of a function come at once, with hints', () => {
    const source = '(keys, args) => {\n  if (args.n) keys.k.set(true)\n  return later == 1\n}'
    expect(findings(source)).toEqual(
      ['2:7 not-boolean', '2:26 not-a-scalar', '3:10 free-name', '3:10 loose-equality'].filter(
        (each) => !each.includes('free'),
      ),
    )
    expect(() => compileScript(source, SPEC)).toThrow('compare: > 0 or !== 0')
  })

  test('what is known narrows', () => {
    expect(findings('const v = keys.k.get()\nif (v === null) return 1\nkeys.k.set(v)')).toEqual([])
    expect(findings('const v = keys.k.get()\nif (v === null || args.b) return 1\nkeys.k.set(v)')).toEqual([])
    expect(findings('const v = keys.k.get()\nif (v !== null && args.b) keys.k.set(v)')).toEqual([])
    expect(findings('const v = keys.k.get()\nif (v !== null || args.b) keys.k.set(v)')).toEqual(['3:38 not-a-scalar'])
    expect(
      findings('let v = keys.k.get()\nif (v === null) return 1\nwhile (args.b) { keys.k.set(v); v = keys.k.get() }'),
    ).toEqual(['4:29 not-a-scalar'])
    expect(
      findings('let v = keys.k.get()\nconst f = () => { v = null }\nif (v !== null) { f(); keys.k.set(v) }'),
    ).toEqual(['4:35 not-a-scalar'])
    expect(findings('if (args.maybe !== null) { keys.l.pushLeft(1); keys.k.set(args.maybe) }')).toEqual([])
    expect(findings('if (args.maybe == null) env.fail("E", "no")\nkeys.k.set(args.maybe)')).toEqual([])
    expect(findings("if (typeof args.j === 'string') keys.k.set(args.j)")).toEqual([])
    expect(findings('const r = []\nr.push(keys.k.get())\nfor (const x of r) keys.k.set(x)')).toEqual([
      '4:31 not-a-scalar',
    ])
    expect(
      findings(
        'const g = {}\nfor (const x of args.xs) { const a = g[x] ?? []; a.push(x); g[x] = a }\nfor (const v of Object.values(g)) keys.l.pushLeft(...v)',
      ),
    ).toEqual([])
  })
})

describe('what toolchains write', () => {
  const tree = (source: string, spec: Partial<ScriptSpec> = {}) => {
    const { lua } = compileScript(source, { ...SPEC, ...spec })
    return lua
  }

  test.each([
    ['a function', 'function f(keys, args) { if (args.b) { keys.k.set(1) } return null }'],
    ['a method', 'run(keys, args) { if (args.b) { keys.k.set(1) } return null }'],
    ['keep-names', '__name((keys, args) => { if (args.b) { keys.k.set(1) } return null }, "x")'],
    ['minified', '(a,b)=>(b.b&&a.k.set(1),null)'],
    ['destructured', '({ k }, { b }) => { if (b) { k.set(1) } return null }'],
    ['void and !0', '(a,b)=>{if(b.b===!0)a.k.set(1);return void 0}'],
  ])('%s', (_, source) => {
    expect(tree(source)).toContain('redis.call("SET", ')
  })

  test('down-levelled ?? and ?., var, inner names', () => {
    const source =
      'function (keys, args) { "use strict"; var _a; var f = /* @__PURE__ */ __name(function (x) { return x + 1; }, "f"); return f((_a = args.opt) !== null && _a !== void 0 ? _a : 1); }'
    expect(() => tree(source)).not.toThrow()
    expect(() => tree('(k, a) => { var _a; return (_a = a.opt) != null ? _a : 1 }')).not.toThrow()
  })

  test('imported constants behind module objects', () => {
    expect(tree('(k, a) => a.n + __vi_import_0__.LIMIT')).toBe(tree('(k, a) => a.n + LIMIT'))
    expect(tree('(k, a, e) => e.parseJson(a.s, mod.point)')).toContain('check(')
  })
})
