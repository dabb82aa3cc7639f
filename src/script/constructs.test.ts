/** Every construct of the subset, run as JavaScript and as generated Lua on redis-server: the results must be equal. */
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { oracleMissing } from '../../test/oracle/available.ts'
import { OracleServer } from '../../test/oracle/redis-server.ts'
import {
  checkArguments,
  checkResult,
  decodeResult,
  encodeArguments,
  jsonText,
  numberOfText,
  parsedJson,
} from './boundary.ts'
import { compileScript } from './compile.ts'
import type { ScriptEnv } from './handles.ts'
import type { ArgSpec, ArgValues, ConstantSpec } from './spec.ts'
import { t } from './spec.ts'

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

const env: Pick<ScriptEnv, 'toNumber' | 'toJson' | 'ascii'> & { parseJson(text: string): unknown } = {
  toNumber: numberOfText,
  toJson: jsonText,
  ascii: (text) => text,
  parseJson: (text) => parsedJson(text),
}

type Body<A extends ArgSpec> = (keys: object, args: ArgValues<A>, env: ScriptEnv) => unknown

/** Runs a function both ways for each of the arguments. */
async function same<A extends ArgSpec>(
  args: A,
  inputs: readonly object[],
  body: Body<A>,
  constants: ConstantSpec = {},
) {
  const spec = { keys: {}, args, constants }
  const { lua } = compileScript(body.toString(), spec)
  for (const input of inputs) {
    const checked = () => checkArguments(args, { ...input })
    const native = checkResult({}, Reflect.apply(body, undefined, [{}, checked(), env]))
    const reply = await redis.eval(lua, 0, ...encodeArguments(args, checked()))
    expect(decodeResult({}, typeof reply === 'string' ? reply : null), `${JSON.stringify(input)}\n${lua}`).toEqual(
      native,
    )
  }
}

const N = { n: t.number }
const numbers = [0, 1, -1, 2.5, -2.5, 7, 1e21, -0.4, 0.49999999999999994, 1e-7, 9007199254740991].map((n) => ({ n }))
const S = { s: t.ascii }
const texts = ['', 'a', 'abc', 'a,b,,c', '  pad ded\t', 'AbC', 'aaa', '%d.*'].map((s) => ({ s }))

describe.skipIf(oracleMissing)('numbers', () => {
  test('arithmetic, rounding, text', () =>
    same(N, numbers, (_, { n }) => [
      n + 1,
      n - 1,
      n * 3,
      n / 4,
      n % 3,
      -n,
      `${n}`,
      String(n),
      n.toString(),
      Math.floor(n),
      Math.ceil(n),
      Math.round(n),
      Math.trunc(n),
      Math.abs(n),
      Math.sign(n),
      Math.min(n, 3, -n),
      Math.max(n, 3),
      Number.isInteger(n),
      Number.isSafeInteger(n),
      Number.isNaN(n),
      Number.isFinite(n),
      n > 1,
      n >= 1,
      n < 1,
      n <= 1,
      n === 1,
      n !== 1,
      Math.max(...[n, 4]),
      Number.MAX_SAFE_INTEGER,
      1e300,
      0.1 + 0.2,
      1 - -n,
      2 - (3 - n) - 4,
      2 / (3 / (n * n + 1)),
    ]))
  test('numbers of text', () =>
    same(
      { xs: t.array(t.string.nullable()) },
      [
        {
          xs: [
            '1',
            '1.5',
            '-2',
            '+3',
            '.5',
            '5.',
            '1e3',
            '1E-2',
            '',
            ' 1',
            '0x10',
            'inf',
            'nan',
            '1e999',
            '1_0',
            '--1',
            '.',
            'e5',
            null,
          ],
        },
      ],
      (_, { xs }, env) => xs.map((x) => env.toNumber(x)),
    ))
})

describe.skipIf(oracleMissing)('text', () => {
  test('methods with positions', () =>
    same(S, texts, (_, { s }) => [
      s.length,
      s.slice(1),
      s.slice(-2),
      s.slice(1, -1),
      s.slice(),
      s.slice(5, 2),
      s.substring(2, 0),
      s.substring(1),
      s.at(0) ?? null,
      s.at(-1) ?? null,
      s.at(9) ?? null,
      s.charAt(1),
      s.charAt(-1),
      s.indexOf('a'),
      s.indexOf('a', 1),
      s.indexOf('', 99),
      s.toUpperCase(),
      s.toLowerCase(),
      s.trim(),
      s.padStart(5),
      s.padEnd(5, 'xy'),
      s.slice(0.9, 2.9),
      s.indexOf('zz'),
    ]))
  test('methods without positions, on any text', () =>
    same({ s: t.string }, [...texts, { s: 'ü👩‍🚀,é' }, { s: '\0,\n' }], (_, { s }) => [
      s.includes('a'),
      s.includes(''),
      s.startsWith('a'),
      s.startsWith(''),
      s.endsWith('c'),
      s.endsWith('é'),
      s.split(','),
      s.split('aa'),
      `${s}!${1.5}${s}`,
      s + s,
      s === 'abc',
      s !== 'a',
      s.split(',').join('-'),
      s.split(',').join(),
    ]))
})

describe.skipIf(oracleMissing)('arrays', () => {
  const XS = { xs: t.array(t.number) }
  const lists = [[], [1], [3, 1, 2], [1, 2, 3, 4, 5]].map((xs) => ({ xs }))
  test('methods', () =>
    same(XS, lists, (_, { xs }) => {
      const copy = xs.slice()
      const results = [
        copy.push(9),
        copy.push(7, 8),
        copy.pop() ?? null,
        copy.shift() ?? null,
        copy.unshift(5, 6),
        copy.length,
      ]
      const last = copy[copy.length - 1]
      return {
        results,
        copy,
        last: last ?? null,
        same: xs,
        at: [xs.at(0), xs.at(-1), xs.at(9), xs.at(-9)],
        slices: [xs.slice(1), xs.slice(-2), xs.slice(0, -1), xs.slice(3, 1)],
        includes: xs.includes(3),
        index: xs.indexOf(2),
        join: xs.join('+'),
        concat: xs.concat(copy, [1]),
        spread: [0, ...xs, ...copy],
        reversed: xs.slice().reverse(),
        filtered: xs.filter((x) => x > 1),
        mapped: xs.map((x, i) => x * i),
        some: xs.some((x) => x === 3),
        every: xs.every((x) => x > 0),
        found: xs.find((x) => x > 1) ?? null,
        place: xs.findIndex((x) => x > 1),
        isArray: Array.isArray(xs),
      }
    }))
  test('elements are written', () =>
    same(XS, lists, (_, { xs }) => {
      const ys = xs.slice()
      for (let i = 0; i < ys.length; i++) ys[i] = (ys[i] ?? 0) * 2
      ys[ys.length] = 1
      let sum = 0
      ys.forEach((y) => {
        sum += y
      })
      const counts: Record<string, number> = {}
      for (const y of ys) counts[`k${y}`] = (counts[`k${y}`] ?? 0) + 1
      return { ys, sum, counts }
    }))
  test('an array that grows while it is walked', () =>
    same(XS, lists, (_, { xs }) => {
      const seen = []
      const queue = xs.slice()
      for (const x of queue) {
        if (x > 1) queue.push(x - 1)
        seen.push(x)
      }
      return seen
    }))
  test('places and elements', () =>
    same(XS, lists, (_, { xs }) => {
      const r = []
      for (const [i, x] of xs.entries()) {
        if (i === 1) continue
        r.push([i, x])
      }
      return r
    }))
  test('null in arrays', () =>
    same({ xs: t.array(t.number.nullable()) }, [{ xs: [null, 1, null] }, { xs: [null] }], (_, { xs }) => {
      const r = [...xs, null]
      return {
        n: xs.length,
        xs,
        r,
        missing: xs.filter((x) => x === null).length,
        first: xs[0] ?? 'none',
        has: xs.includes(1),
      }
    }))
})

describe.skipIf(oracleMissing)('objects', () => {
  const O = { o: t.record(t.number) }
  const objects = [{}, { a: 1 }, { b: 2, a: 1, 'x y': 3, end: 4, '0': 5 }].map((o) => ({ o }))
  test('reads, writes, names', () =>
    same(O, objects, (_, { o }) => {
      const copy: Record<string, number | null> = { ...o, z: null, end: 9 }
      copy['new one'] = 1
      delete copy.b
      const { a } = o
      return {
        copy,
        a: a ?? null,
        has: ['a' in o, 'q' in o, 'z' in copy],
        z: copy.z ?? 'none',
        size: Object.keys(o).length,
        sum: Object.values(o).filter((v) => v > 1).length,
      }
    }))
  test('names of any kind, in an object that inherits none', () =>
    same(
      { names: t.array(t.string) },
      [['a', 'b', 'a'], ['constructor', 'toString', 'constructor'], ['__proto__', 'valueOf', '__proto__'], []].map(
        (names) => ({ names }),
      ),
      (_, { names }) => {
        const counts: Record<string, number> = Object.create(null)
        const found: boolean[] = []
        for (const name of names) {
          found.push(name in counts)
          counts[name] = (counts[name] ?? 0) + 1
        }
        const copy = { ...counts }
        return { counts, found, size: Object.keys(copy).length }
      },
    ))
  test('null in objects and nesting', () =>
    same(
      { p: t.object({ x: t.number.optional(), y: t.object({ z: t.string.nullable() }).optional() }) },
      [{ p: {} }, { p: { x: 1 } }, { p: { y: { z: null } } }, { p: { x: 0, y: { z: 'q' } } }],
      (_, { p }) => {
        const { x, y } = p
        return [
          x ?? 'none',
          y?.z ?? 'nothing',
          y === undefined,
          p.x !== undefined ? p.x + 1 : -1,
          { ...p },
          y?.z?.startsWith('q') ?? null,
        ]
      },
    ))
  test('entries are pairs', () =>
    same(O, objects, (_, { o }) => {
      const r: Record<string, number> = {}
      for (const [name, value] of Object.entries(o)) r[`${name}!`] = value
      return r
    }))
  test('updates in place', () =>
    same(N, numbers, (_, { n }) => {
      const o = { a: n, list: [n, 2], inner: { b: 'x' } }
      o.a += 1
      o.a *= 2
      const old = o.a++
      const fresh = --o.a
      o.list[0] = o.a
      o.inner.b += `${n}`
      const [first, second = 7] = o.list
      return { o, old, fresh, first, second }
    }))
})

describe.skipIf(oracleMissing)('control', () => {
  test('loops of every kind', () =>
    same(N, [{ n: 0 }, { n: 1 }, { n: 6 }], (_, { n }) => {
      const r: string[] = []
      let i = 0
      while (i < n) {
        i++
        if (i === 2) continue
        if (i === 5) break
        r.push(`w${i}`)
      }
      do {
        i--
        if (i % 2 === 0) continue
        r.push(`d${i}`)
      } while (i > 0)
      for (let j = 0, k = 10; j < n && k > 6; j++, k -= 1) {
        if (j === 1) continue
        r.push(`f${j}${k}`)
      }
      for (;;) {
        i += 2
        if (i > n) break
      }
      function pairs(m: number) {
        for (let a = 0; a < m; a++) {
          for (let b = 0; b < m; b++) {
            if (b > a) return
            r.push(`o${a}${b}`)
          }
        }
      }
      pairs(n)
      return { r, i }
    }))
  test('inner functions, early return, captured names', () =>
    same(N, [{ n: 0 }, { n: 3 }, { n: 12 }], (_, { n }) => {
      let calls = 0
      const clamp = (x: number, top = 10) => {
        calls++
        if (x > top) return top
        return x
      }
      function double(x: number) {
        return clamp(x * 2)
      }
      const order = []
      const next = () => {
        calls += 100
        return calls
      }
      order.push(calls + next(), calls * next(), [calls, next(), calls])
      return [clamp(n), clamp(n, 5), double(n), [1, n].map(double), calls, order, calls + next() + calls]
    }))
  test('switch', () =>
    same(S, [...texts, { s: 'b' }, { s: 'c' }], (_, { s }) => {
      let r = 'none'
      switch (s) {
        case 'a':
          r = 'A'
          break
        case 'b':
        case 'c': {
          r = 'BC'
          break
        }
        case '':
          return 'empty'
        default:
          r = `other ${s}`
      }
      return r
    }))
  test('conditions keep the middle value', () =>
    same(
      { a: t.boolean, b: t.boolean, n: t.number.nullable() },
      [false, true].flatMap((a) =>
        [false, true].flatMap((b) => [
          { a, b, n: null },
          { a, b, n: 0 },
        ]),
      ),
      (_, { a, b, n }) => {
        let count = 0
        const bump = (x: boolean) => {
          count++
          return x
        }
        const c = a ? b : !b
        const d = (a && b) || (!a && bump(b))
        const flag: boolean | null = n === null ? null : a
        let e = n ?? -1
        if (n !== null && n === 0) e += 5
        let f: number | null = null
        f ??= a ? 1 : 2
        return [c, d, flag ?? 'null', e, a ? null : b, count++, count, !(a || b), a === b, f, a && bump(b) ? 1 : 2]
      },
    ))
  test('constants are written in', () =>
    same(N, [{ n: 1 }], (_, { n }) => [LIMIT + n, TABLE.a, TABLE.list, NAMES.includes('x"y'), NAMES], {
      LIMIT,
      TABLE,
      NAMES,
    }))
  test('names of Lua', () =>
    same(N, [{ n: 1 }], (_, { n }) => {
      const end = n
      const nil = end + 1
      const local = nil + 1
      const num = local + 1
      const json = `${num}`
      const $a = 1
      const größe = 2
      const then = { end, nil, local, repeat: 1, until: { function: 2 } }
      return [end, nil, local, num, json, $a, größe, then, then.until.function]
    }))
  test('JSON in the middle', () =>
    same({ s: t.string }, [{ s: 'ü"\\\n' }], (_, { s }, env) => [
      env.toJson({ b: s, a: [1.5, null, { c: [] }], e: {} }),
      env.parseJson(env.toJson([s, 1e21, -0])),
      env.ascii('abc').length,
    ]))
  test('opaque values are read after typeof', () =>
    same({ v: t.json }, [{ v: 1 }, { v: 'x' }, { v: true }, { v: null }, { v: [1] }, { v: {} }], (_, { v }) => {
      if (typeof v === 'number') return v + 1
      if (typeof v === 'string') return `${v}!`
      if (typeof v === 'boolean') return v ? 'yes' : 'no'
      return [v, v === null]
    }))
})

test.skipIf(oracleMissing)('a difference is seen', async () => {
  await expect(same(N, [{ n: 1 }], (_, { n }) => LIMIT + n, { LIMIT: LIMIT + 1 })).rejects.toThrow('to deeply equal')
})

const LIMIT = 10
const TABLE = { a: 'text', list: [1, null, 'ü'] }
const NAMES = ['x"y', 'end']
