/**
 * Code that never ends, or ends after years, wherever the host can stop code: the caller gets an error within the limit and
 * something, the engine serves on, and the other functions of the library too.
 */
import { describe, expect, test } from 'vitest'
import { isolatingEngine, PROLOGUE, trustingEngine, Wire, WornClock } from './rig.ts'

/** Loops of the language: stopped everywhere. */
const LOOPS: readonly string[] = [
  'for (;;);',
  'while (true) try { while (true); } catch {} finally { continue }',
  'const again = () => { try { for (;;); } catch { again() } finally { again() } }; again()',
  'for (const x of (function* () { for (;;) yield 1 })());',
  "for (;;) c.call('ping')",
  "for (;;) try { c.call('nope') } catch {}",
  'const it = { valueOf() { for (;;); } }; return +it',
  'const it = { [Symbol.toPrimitive]() { for (;;); } }; return String(it)',
  'return { get a() { for (;;); } }',
  'return new Proxy({}, { ownKeys() { for (;;); } })',
  'throw { toString() { for (;;); } }',
  'return [1, 2].sort(() => { for (;;); })',
  "return 'aa'.replace(/a/g, () => { for (;;); })",
  'return JSON.stringify({ toJSON() { for (;;); } })',
]

/** Builtins over lengths that are only numbers: refused, or walked in steps that can be stopped. */
const BUILTINS: readonly string[] = [
  'return [].indexOf.call({ length: 2 ** 53 - 1 }, 1)',
  'return [].lastIndexOf.call({ length: 2 ** 53 - 1 }, 1)',
  'return [].includes.call({ length: 2 ** 53 - 1 }, 1)',
  'return [].reverse.call({ length: 2 ** 53 - 1 })',
  'return [].forEach.call({ length: 2 ** 53 - 1 }, () => 1)',
  'return [].fill.call({ length: 2 ** 53 - 1 }, 1)',
  'return [].copyWithin.call({ length: 2 ** 53 - 1 }, 1, 0)',
  'return [].unshift.call({ length: 2 ** 53 - 2 }, 1)',
  'return [].splice.call({ length: 2 ** 53 - 1 }, 0, 1)',
  'return [].flat.call({ length: 2 ** 53 - 1 })',
  'return [].reduce.call({ length: 2 ** 53 - 1 }, () => 1, 0)',
  'const a = []; a.length = 2 ** 32 - 1; return a.indexOf(1)',
  'const a = []; a.length = 2 ** 32 - 1; return a.reverse()',
  'const a = []; a.length = 2 ** 32 - 1; return a.map(() => 1)',
  'const a = []; a.length = 2 ** 32 - 1; return a.sort()',
  'const a = []; a.length = 2 ** 32 - 1; return new Set(a).size',
  'const a = []; a.length = 2 ** 32 - 1; return a',
  'return new Set([].values.call({ length: 2 ** 53 - 1 })).size',
  'return String.raw({ raw: { length: 2 ** 53 - 1 } })',
  'return new Uint8Array({ length: 2 ** 31 }).length',
  'return Array.from({ length: 2 ** 31 }).length',
  'return Object.fromEntries({ [Symbol.iterator]: () => ({ next: () => ({ value: [1, 1] }) }) })',
  'return [].indexOf.call(new Proxy({}, { get: (_, k) => (k === "length" ? 2 ** 53 - 1 : undefined) }), 1)',
  'let n = 0; return [].indexOf.call({ get length() { return n++ === 0 ? 1 : 2 ** 53 - 1 } }, 1)',
  'let n = 0; return [].indexOf.call({ length: { valueOf: () => (n++ === 0 ? 1 : 2 ** 53 - 1) } }, 1)',
  'let n = 0; return new Proxy([], { get: (t, k) => (k === "length" ? (n++ < 2 ? 1 : 2 ** 32 - 1) : t[k]) }).includes(1)',
  "return 'a'.repeat(2 ** 24).indexOf('b' + 'a'.repeat(2 ** 14))",
  'return Object.keys(new Uint8Array(3e7)).length',
]

/** What V8 alone can stop. */
const DEEP: readonly string[] = [
  "return /(a+)+b/.test('a'.repeat(40))",
  "return /^(([a-z])+.)+[A-Z]([a-z])+$/.test('a'.repeat(60))",
]

/** Async ones: in the background, in its continuations, in sections. */
const BACKGROUND: readonly string[] = [
  'for (;;);',
  'for (;;) await null',
  'await null; for (;;);',
  'await c.block((b) => b.callAsync("ping")); for (;;);',
  'c.block(() => { for (;;); })',
  'return c.block((b) => b.executeAsync(async () => { for (;;); }))',
  'return { get a() { for (;;); } }',
]

/** What a library forgets, or throws where nobody expects it: reasons whose every look at them never ends. */
const FORGOTTEN: readonly string[] = [
  'Promise.reject(evil())',
  'Promise.reject({ get stack() { for (;;); } })',
  "Promise.reject(Object.defineProperty(new Error('x'), 'message', { get() { for (;;); } }))",
  'Error.prepareStackTrace = () => { for (;;); }; Promise.reject(new Error())',
  "Object.defineProperty(Error.prototype, 'name', { get() { for (;;); } }); Promise.reject(new Error())",
  'Promise.resolve().then(() => { throw evil() })',
  "globalThis['Pro' + 'mise'].reject(evil())",
  "Object.getOwnPropertyDescriptor(globalThis, 'Promise').get().reject(evil())",
  "(() => {}).constructor('e', 'return (as' + 'ync () => { throw e })()')(evil())",
  "(function* () {}).constructor('e', '(as' + 'ync () => { throw e })()')(evil()).next()",
  "globalThis['Func' + 'tion']('e', '(as' + 'ync () => { throw e })()')(evil())",
  "c.callAsync && c.callAsync('ping').then(() => { throw evil() })",
  "if (c.call) c.callAsync('ping').constructor.reject(evil())",
  'if (Array.fromAsync) Array.fromAsync({ get length() { throw evil() } })',
  'Map.prototype.get = Map.prototype.has = Map.prototype.delete = () => { throw evil() }',
  'Map.prototype.set = () => { throw evil() }',
  'Array.prototype.map = () => { throw evil() }',
  'Array.prototype[Symbol.iterator] = () => { throw evil() }',
  "Object.defineProperty(Object.prototype, 'isNeeded', { get() { throw evil() } })",
]
const EVIL = `const evil = () => new Proxy(new Error('x'), { get() { for (;;); }, getPrototypeOf() { for (;;); }, getOwnPropertyDescriptor() { for (;;); } })\n`

const STOPPED = '-Err Execution was terminated due to OOM or timeout'

const functionsOf = (bodies: readonly string[], head: string): string =>
  `${bodies.map((body, i) => `redis.${head}('f${i}', ${head === 'registerFunction' ? '' : 'async '}(c) => { ${body} })`).join('\n')}
  redis.registerFunction('one', () => 1)`

async function wireWith(isolated: boolean, body: string): Promise<Wire> {
  const clock = isolated ? undefined : new WornClock()
  const engine = isolated ? isolatingEngine({ lockTimeoutMs: 200 }) : trustingEngine({ lockTimeoutMs: 200 }, clock)
  const wire = new Wire(engine)
  expect(await wire.send('TFUNCTION', 'LOAD', PROLOGUE + body)).toBe('+OK')
  return wire
}

describe.each([
  ['isolate', true],
  ['realm', false],
])('on the %s host', (_name, isolated) => {
  test('loops in functions are stopped', async () => {
    const wire = await wireWith(isolated, functionsOf(LOOPS, 'registerFunction'))
    for (const [i, body] of LOOPS.entries()) {
      expect(await wire.send('TFCALL', `L.f${i}`, '0'), body).toBe(STOPPED)
      expect(await wire.send('TFCALL', 'L.one', '0')).toBe(':1')
    }
  })

  test('builtins over endless lengths end', { timeout: 120_000 }, async () => {
    const wire = await wireWith(isolated, functionsOf(BUILTINS, 'registerFunction'))
    for (const [i, body] of BUILTINS.entries()) {
      await wire.send('TFCALL', `L.f${i}`, '0')
      expect(await wire.send('TFCALL', 'L.one', '0'), body).toBe(':1')
    }
  })

  test('async functions are cut, wherever they loop', async () => {
    const library = functionsOf(BACKGROUND, 'registerAsyncFunction')
    for (const [i, body] of BACKGROUND.entries()) {
      const wire = await wireWith(isolated, library)
      expect(await wire.send('TFCALLASYNC', `L.f${i}`, '0'), body).toBe(STOPPED)
      if (isolated) expect(await wire.send('TFCALL', 'L.one', '0'), body).toBe(':1')
      expect(await wire.send('PING'), body).toBe('+PONG')
    }
  })

  test('guarded builtins work as before', async () => {
    const wire = await wireWith(
      isolated,
      `redis.registerFunction('f', () => {
        const proxied = new Proxy([3, 1, 2], {})
        const mapped = [].map.call({ length: 2, 0: 'a', get 1() { return 'b' } }, (x) => x + x)
        class Stack extends Array { top() { return this.at(-1) } }
        const computed = { get length() { return 2 }, 0: 7, 1: 8 }
        proxied.sort(); proxied.push(9); proxied.splice(1, 1)
        return [
          [...new Set([1, 1, 2])].join(), proxied.join(), mapped.join(), new Stack(1, 2, 3).top(), [].indexOf.call(computed, 8),
          Array.from({ length: 2 }, (_, i) => i).join(), new Uint8Array([1, 2]).length, Uint8Array.from([1, 2, 3]).length,
          new Map([[1, 2]]).get(1), new (class extends Map {})([[1, 'x']]).get(1), Math.max.apply(null, [1, 5]),
          new Set() instanceof Set, Set.name, [1, [2, [3]]].flat(Infinity).length, Object.keys(new Uint8Array(2)).join(),
          JSON.stringify([1, new Proxy([1, 2], {})]), 'abcabc'.replaceAll('bc', 'x'), String.raw\`a\${1}\`,
        ]
      })`,
    )
    expect(await wire.send('TFCALL', 'L.f', '0')).toBe(
      '*18 $3 1,2 $5 1,3,9 $5 aa,bb :3 :1 $3 0,1 :2 :3 :2 $1 x :5 :1 $3 Set :3 $3 0,1 $9 [1,[1,2]] $4 axax $2 a1',
    )
  })
})

test('on the isolate host V8 stops what it works at itself', async () => {
  const wire = await wireWith(true, functionsOf(DEEP, 'registerFunction'))
  for (const [i, body] of DEEP.entries()) {
    expect(await wire.send('TFCALL', `L.f${i}`, '0'), body).toBe(STOPPED)
    expect(await wire.send('TFCALL', 'L.one', '0')).toBe(':1')
  }
})

test('on the isolate host what is forgotten, or thrown unexpectedly, is not looked at without end', {
  timeout: 120_000,
}, async () => {
  for (const body of FORGOTTEN) {
    const engine = isolatingEngine({ lockTimeoutMs: 100 })
    const wire = new Wire(engine)
    const library = `${PROLOGUE}${EVIL}redis.registerFunction('one', () => 1)
      redis.registerFunction('plain', (c) => { ${body}; return 1 })
      redis.registerFunction('loops', (c) => { ${body}; for (;;); })
      redis.registerKeySpaceTrigger('t', 'k', (c) => { ${body} })`
    expect(await wire.send('TFUNCTION', 'LOAD', library)).toBe('+OK')
    // They may have broken the runtime of their library: something is answered, and nobody else notices.
    for (const name of ['plain', 'loops', 'loops', 'plain', 'one']) await wire.send('TFCALL', `L.${name}`, '0')
    expect(await wire.send('SET', 'k', 'v'), body).toBe('+OK')
    const background = `${PROLOGUE}${EVIL}redis.registerAsyncFunction('async', async (c) => { ${body}; return 1 })
      redis.registerAsyncFunction('block', async (c) => { c.block((c) => { ${body} }); ${body}; return 1 })`
    expect(await wire.send('TFUNCTION', 'LOAD', 'REPLACE', background)).toBe('+OK')
    for (const name of ['async', 'block', 'block']) {
      const patience = new Promise((resolve) => setTimeout(resolve, 500))
      // A runtime that its library has broken may never answer; its caller is not the engine.
      await Promise.race([new Wire(engine).send('TFCALLASYNC', `L.${name}`, '0'), patience])
    }
    await wire.send(
      'TFUNCTION',
      'LOAD',
      'REPLACE',
      `${PROLOGUE}${EVIL}const c = {}; redis.registerFunction('one', () => 1); ${body}`,
    )
    expect(await wire.send('TFUNCTION', 'LOAD', 'REPLACE', `${PROLOGUE}redis.registerFunction('one', () => 1)`)).toBe(
      '+OK',
    )
    expect(await wire.send('TFCALL', 'L.one', '0'), body).toBe(':1')
  }
})
