// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the samples are source texts
/** The Lua of each construct, for people to review; and that a script brings nothing that it does not use. */
import { expect, test } from 'vitest'
import { compileScript, sourceLine } from '../compile.ts'
import { t } from '../spec.ts'

const SPEC = {
  keys: { k: 'string', l: 'list', h: 'hash', z: 'zset', s: 'set', x: 'stream' },
  args: {
    n: t.number,
    w: t.string,
    a: t.ascii,
    b: t.boolean,
    m: t.number.nullable(),
    xs: t.array(t.number),
    o: t.record(t.string),
  },
  constants: { LIMIT: 3, point: t.object({ x: t.number, y: t.number.optional() }) },
  derivedKeys: true,
} as const

const BODIES: Readonly<Record<string, string>> = {
  arithmetic: 'return (args.n + 1) * -args.n % 3',
  'text and numbers': 'return `${args.w}: ${args.n}/${LIMIT}`',
  'middle values': 'return args.b ? null : args.n > 1 && args.b',
  'plain choices': "return [args.b ? 'y' : 'n', args.m ?? 1, keys.k.get() ?? 'd']",
  'optional chain': 'return keys.k.get()?.startsWith(args.w) ?? false',
  'assignment in a test': 'let v\nwhile ((v = keys.l.popLeft()) !== null) keys.k.append(v)',
  'continue and break': 'for (const x of args.xs) {\n  if (x === 2) continue\n  if (x === 4) break\n  keys.s.add(x)\n}',
  'counted loop': 'let n = 0\nfor (let i = 0; i < args.n; i++) n += i\nreturn n',
  'do while': 'let i = 0\ndo i++\nwhile (i < args.n)\nreturn i',
  'array that grows': 'const q = [args.n]\nfor (const x of q) if (x > 0) q.push(x - 1)\nreturn q.length',
  switch:
    "switch (args.w) {\n  case 'a':\n  case 'b':\n    return 1\n  case 'c':\n    keys.k.get()\n    break\n  default:\n    return 2\n}\nreturn 3",
  'inner functions':
    'const top = (x, most = 9) => {\n  if (x > most) return most\n  return x\n}\nreturn top(args.n) + top(1, 2)',
  'functions in place': "return args.xs.filter((x) => x > 1).map((x, i) => `${i}=${x}`).join(',')",
  objects:
    "const r = { a: 1, 'b c': args.m, end: [] }\nr.a += 2\ndelete r['b c']\nreturn { ...r, [args.w]: 1, has: 'a' in r, names: Object.keys(r) }",
  elements: 'const ys = [...args.xs, 1]\nys[0] = ys[1] ?? 0\nreturn [ys[0], ys.at(-1), ys[args.n]]',
  destructuring:
    'const [a = 1, ...rest] = args.xs\nfor (const [member, score] of keys.z.popMax(2)) keys.h.set(member, score)\nreturn [a, rest]',
  'set with options': "return keys.k.set(args.n, { ttl: 100, ifMissing: true }) && keys.k.expire(5, 'ifLater')",
  'many values':
    'keys.l.pushRight(...args.xs, 1)\nkeys.h.setAll(args.o)\nkeys.h.setAll({ a: 1, b: args.n })\nreturn keys.h.getMany("a", args.w)',
  stream: "const id = keys.x.add({ a: 1 }, { maxLength: 10 })\nreturn [id, keys.x.range('-', '+', 1)]",
  'child keys': "return keys.k.child('hash', 'frame', args.n).getAll()",
  environment:
    "env.log('notice', args.w)\nif (args.b) env.fail('EBUSY', `busy: ${args.w}`)\nreturn [env.nowMs(), env.toNumber(args.w), env.parseJson(args.w, point), env.toJson(args.xs)]",
  'any command': "return env.call('SETRANGE', keys.k.name, 0, args.w)",
  'hostile literals': 'return ["\\"", "\\\\", "]]", "\\n\\0", "\\u{1f680}", "\\ud800"]',
  "Lua's words": 'const end = args.n, nil = 1\nreturn { end, nil, repeat: end }',
}

const compiled = Object.entries(BODIES).map(([name, body]) => {
  const source = `(keys, args, env) => {\n${body}\n}`
  return { name, body, ...compileScript(source, SPEC) }
})

test('the Lua of every construct', async () => {
  const pages = compiled.map(({ name, body, lua, lines }) => {
    const own = lua
      .split('\n')
      .filter((line, i) => (lines[i] ?? 0) > 0 && !/^local \w+ = (KEYS|ARGV|tonumber\(ARGV|arg\()/.test(line))
    return `-- ${name}\n${body.replace(/^/gm, '--   ')}\n${own.join('\n')}\n`
  })
  await expect(pages.join('\n')).toMatchFileSnapshot('./fixtures/golden.lua')
})

test.each(compiled)('$name: no function of the prelude is there unused', ({ lua, lines }) => {
  const prelude = lua.split('\n').filter((_, i) => lines[i] === 0)
  const names = prelude.map((line) => /^local (?:function )?(\w+)/.exec(line)?.[1]).filter((name) => name !== undefined)
  const declared: readonly string[] = [...Object.keys(SPEC.keys), ...Object.keys(SPEC.args)]
  const unused = names
    .filter((name) => !declared.includes(name))
    .filter((name) => [...lua.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].length < 2)
  expect(unused).toEqual([])
})

test('a line of the Lua leads to the line of the source', () => {
  const { lua, lines } = compileScript(
    "(keys) => {\n  const v = keys.k.get()\n\n  if (v === 'x')\n    keys.k.set('y')\n}",
    SPEC,
  )
  const at = (part: string) => sourceLine(lines, lua.split('\n').findIndex((line) => line.includes(part)) + 1)
  expect([at('"GET"'), at('== "x"'), at('"SET"'), at('-- script'), sourceLine(lines, 999)]).toEqual([
    2,
    4,
    5,
    undefined,
    undefined,
  ])
})
