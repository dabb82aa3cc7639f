/**
 * What no library should do, and some do: the answer is a clear error, and the data, the other libraries and the process are
 * as they were. Loops and hangs stand in hangs.test.ts and runaway.test.ts, ways out in escapes.test.ts.
 */
import { describe, expect, test } from 'vitest'
import { bytes, raw } from '../../src/base/bytes.ts'
import { ReplyError } from '../../src/base/reply.ts'
import { hosts, isolatingEngine, PROLOGUE, trustingEngine, Wire, WornClock } from './rig.ts'
import { keyFacts, until } from './trigger-facts.ts'

/** Things to throw, and what becomes of them. */
const THROWN: readonly (readonly [thrown: string, text: string | RegExp])[] = [
  ["'text'", 'text'],
  ["'two\\r\\nlines\\0'", 'two  lines '],
  ['null', 'null'],
  ['undefined', 'undefined'],
  ['7n', '7'],
  ["new Error('why')", 'Error: why'],
  ["Symbol('s')", 'Symbol(s)'],
  ['Object.create(null)', 'Unknown error'],
  ["({ toString() { throw 'inner' } })", 'Unknown error'],
  ["({ get stack() { throw 'inner' }, toString: () => 'told' })", 'told'],
  ['({ toString: () => ({}) , valueOf: () => ({}) })', 'Unknown error'],
  ["new Proxy({}, { get() { throw 'trap' }, getPrototypeOf() { throw 'trap' } })", 'Unknown error'],
  ['(() => { const pair = Proxy.revocable({}, {}); pair.revoke(); return pair.proxy })()', 'Unknown error'],
  ["({ then(resolve) { resolve('thenable') } })", /^(\[object Object\]|thenable)$/],
]

describe.each(hosts)('on the $name host', (host) => {
  test.each(THROWN)('a thrown %s is told', async (thrown, told) => {
    const engine = host.engineWith(`
      redis.registerFunction('plain', () => { throw ${thrown} })
      redis.registerAsyncFunction('later', async () => { await undefined; throw ${thrown} })
      redis.registerAsyncFunction('section', async (c) => c.block(() => { throw ${thrown} }))
      redis.registerKeySpaceTrigger('t', 'k', () => { throw ${thrown} })
      redis.registerFunction('fine', () => 1)`)
    const wire = new Wire(engine)
    const isTold = typeof told === 'string' ? `-${told}`.trimEnd() : new RegExp(`^-${told.source.slice(1)}`)
    for (const name of ['plain', 'later', 'section']) {
      const answer = await wire.send('TFCALLASYNC', `L.${name}`, '0')
      if (typeof isTold === 'string') expect(answer).toBe(isTold)
      else expect(answer).toMatch(isTold)
    }
    expect(await wire.send('SET', 'k', 'v')).toBe('+OK')
    await until(() => keyFacts(engine)?.['num_failed'], 1)
    expect(await wire.send('TFCALL', 'L.fine', '0')).toBe(':1')
    engine.stop()
  })

  test('a promise is what it came to first; one that comes to nothing holds up only its caller', async () => {
    const engine = host.engineWith(`
      redis.registerAsyncFunction('twice', () => new Promise((resolve, reject) => { resolve(1); reject(2); resolve(3); throw 4 }))
      redis.registerAsyncFunction('never', () => new Promise(() => {}))
      redis.registerAsyncFunction('awaits', async () => { await new Promise(() => {}); return 1 })
      redis.registerFunction('fine', (c) => c.call('incr', 'n'))`)
    const wire = new Wire(engine)
    expect(await wire.send('TFCALLASYNC', 'L.twice', '0')).toBe(':1')
    const waiting = ['never', 'awaits'].map((name) => {
      const waits = new Wire(engine)
      let isAnswered = false
      void waits.start('TFCALLASYNC', `L.${name}`, '0').then(() => {
        isAnswered = true
      })
      return { waits, isAnswered: () => isAnswered }
    })
    expect(await wire.send('TFCALL', 'L.fine', '0')).toBe(':1')
    expect(await wire.send('TFCALLASYNC', 'L.fine', '0')).toBe(':2')
    expect(waiting.map(({ isAnswered }) => isAnswered())).toEqual([false, false])
    // Their callers may leave, and the library too.
    for (const { waits } of waiting) engine.disconnect(waits.recorder.session)
    if (host.name !== 'linked') expect(await wire.send('TFUNCTION', 'DELETE', 'L')).toBe('+OK')
    expect(await wire.send('PING')).toBe('+PONG')
    engine.stop()
  })

  test('a caller that leaves does not cancel the work, and nobody gets its answer', async () => {
    const engine = host.engineWith(`
      redis.registerAsyncFunction('f', async (c) => {
        const [, element] = await c.block((held) => held.callAsync('blpop', 'gate', 0))
        c.block((held) => held.call('set', 'done', element))
        return element
      })`)
    const [caller, other] = [new Wire(engine), new Wire(engine)]
    let answers = 0
    void caller.start('TFCALLASYNC', 'L.f', '0').then(() => answers++)
    await expect.poll(() => other.send('TFUNCTION', 'LIST')).toContain('blpop gate 0')
    engine.disconnect(caller.recorder.session)
    await other.send('LPUSH', 'gate', 'x')
    await until(() => other.send('GET', 'done'), '$1 x')
    await until(() => other.send('TFUNCTION', 'LIST').then((list) => list.includes('blpop gate 0')), false)
    expect(answers).toBe(0)
    engine.stop()
  })
})

describe.each([
  { name: 'isolate', open: () => isolatingEngine({ libraryMemoryMb: 128 }) },
  { name: 'realm', open: () => trustingEngine({}, new WornClock()) },
])('what is sent to the $name host', ({ open }) => {
  test('a text of 10 MB is a library like any other', { timeout: 60_000 }, async () => {
    const wire = new Wire(open())
    const text = `${PROLOGUE}const ballast = '${'x'.repeat(10_000_000)}'\nredis.registerFunction('f', () => ballast.length)`
    expect(await wire.send('TFUNCTION', 'LOAD', text)).toBe('+OK')
    expect(await wire.send('TFCALL', 'L.f', '0')).toBe(':10000000')
    expect((await wire.send('TFUNCTION', 'LIST', 'WITHCODE')).length).toBeGreaterThan(10_000_000)
    expect(await wire.send('TFUNCTION', 'DELETE', 'L')).toBe('+OK')
  })

  test('10 MB of what is no library are refused', { timeout: 60_000 }, async () => {
    const wire = new Wire(open())
    for (const text of ['x'.repeat(10_000_000), PROLOGUE + '('.repeat(10_000_000)]) {
      expect((await wire.send('TFUNCTION', 'LOAD', text)).slice(0, 200)).toMatch(
        /^-Failed (compile|to compile|loading)/,
      )
    }
    expect(await wire.send('TFUNCTION', 'LIST')).toBe('*0')
  })

  test('names are letters, digits and underscores, of all bytes there are', async () => {
    const wire = new Wire(open())
    for (let code = 0; code < 256; code++) {
      const char = String.fromCharCode(code)
      const isName = /\w/.test(char)
      // As a library's name, as a function's, and in a call: as bytes, so that most are no text.
      const library = wire.sendRaw(
        'TFUNCTION',
        'LOAD',
        `#!js api_version=1.0 name=a${char}b\nredis.registerFunction('f', () => 1)`,
      )
      expect(library.startsWith('+OK'), `library ${code}: ${library}`).toBe(isName)
      const name = JSON.stringify(`f${char}`)
      const fn = await wire.send(
        'TFUNCTION',
        'LOAD',
        'REPLACE',
        `#!js api_version=1.0 name=b\nredis.registerFunction(${name}, () => 1)`,
      )
      expect(fn, `function ${code}`).toMatch(isName ? /^\+OK$/ : /^-Failed loading library: Unallowed function name/)
      const call = wire.sendRaw('TFCALL', `a${char}b.f`, '0')
      if (isName) expect(call).toBe(':1')
      else expect(call).toMatch(/^-(Unknown library|Couldn't parse as UTF-8|Failed extracting|Unknown function)/)
      for (const reply of [library, fn, call]) expect(reply).not.toMatch(/[\r\n\0]/)
    }
  })

  test('a text that fails half way leaves the old library as it was', async () => {
    const engine = open()
    const wire = new Wire(engine)
    const old = `${PROLOGUE}
      redis.registerFunction('f', () => 'old')
      redis.registerKeySpaceTrigger('t', 'k', (c) => { c.call('incr', 'old') })
      redis.registerStreamTrigger('s', 's', (c) => { c.call('incr', 'entries') })`
    expect(await wire.send('TFUNCTION', 'LOAD', old)).toBe('+OK')
    await wire.send('SET', 'k', 'v')
    await wire.send('XADD', 's', '1-0', 'f', 'v')
    const before = await wire.send('TFUNCTION', 'LIST', 'vv', 'WITHCODE')
    const next = `redis.registerFunction('f', () => 'new')
      redis.registerKeySpaceTrigger('t', 'other', () => {})
      redis.registerKeySpaceTrigger('added', 'k', (c) => { c.call('incr', 'added') })`
    for (const failing of [
      `${next}; throw 'half way'`,
      `${next}; for (;;);`,
      `${next}; redis.registerFunction('f', () => 1)`,
      `${next}; redis.registerStreamTrigger('s', 'elsewhere', () => {})`,
      `${next}; Promise.reject(1); nonsense()`,
      `${next}; (`,
      `${next}; redis.registerStreamTrigger('s', 's', () => {}, { window: 0 })`,
    ]) {
      expect(await wire.send('TFUNCTION', 'LOAD', 'REPLACE', PROLOGUE + failing)).toMatch(/^-Failed /)
    }
    expect(await wire.send('TFUNCTION', 'LIST', 'vv', 'WITHCODE')).toBe(before)
    expect(await wire.send('TFCALL', 'L.f', '0')).toBe('$3 old')
    await wire.send('SET', 'k', 'v')
    await wire.send('XADD', 's', '2-0', 'f', 'v')
    expect(await wire.send('MGET', 'old', 'entries', 'added')).toBe('*3 $1 2 $1 2 $-1')
    engine.stop()
  })

  test('what one library does to its own world, others do not see', async () => {
    const wire = new Wire(open())
    const poison = `redis.registerFunction('f', (c) => {
      for (const holder of [Array.prototype, Object.prototype, Function.prototype, Promise.prototype, String.prototype]) {
        for (const name of Object.getOwnPropertyNames(holder)) {
          try { Object.defineProperty(holder, name, { get() { throw 'poisoned' }, configurable: true }) } catch {}
        }
      }
      globalThis.redis = globalThis.Array = globalThis.Promise = undefined
      return c.call('incr', 'n')
    })`
    expect(await wire.send('TFUNCTION', 'LOAD', PROLOGUE + poison)).toBe('+OK')
    const clean = `#!js api_version=1.0 name=M\nredis.registerFunction('f', (c) => [c.call('incr', 'm'), [1, 2].map((x) => x * 2)])`
    expect(await wire.send('TFUNCTION', 'LOAD', clean)).toBe('+OK')
    await wire.send('TFCALL', 'L.f', '0')
    await wire.send('TFCALL', 'L.f', '0')
    expect(await wire.send('TFCALL', 'M.f', '0')).toBe('*2 :1 *2 :2 :4')
    expect(await wire.send('TFUNCTION', 'DELETE', 'L')).toBe('+OK')
    expect(await wire.send('TFUNCTION', 'LOAD', `${PROLOGUE}redis.registerFunction('f', () => [3].map(String))`)).toBe(
      '+OK',
    )
    expect(await wire.send('TFCALL', 'L.f', '0')).toBe('*1 $1 3')
    expect([1, 2].map((x) => x + 1)).toEqual([2, 3])
  })

  test('forged lengths and numbers are checked', async () => {
    const wire = new Wire(open())
    const body = `
      redis.registerFunction('long', () => ({ length: 2 ** 53, 0: 'a' }))
      redis.registerFunction('sparse', () => { const all = []; all.length = 2 ** 32 - 1; return all })
      redis.registerFunction('count', (c) => c.call('set', { length: 1e9, toString: () => 'k' }, 'v'))
      redis.registerFunction('lies', () => new Proxy([1], { get: (t, name) => (name === 'length' ? -1 : t[name]) }))
      redis.registerFunction('fine', () => 1)`
    expect(await wire.send('TFUNCTION', 'LOAD', PROLOGUE + body)).toBe('+OK')
    expect(await wire.send('TFCALL', 'L.long', '0')).toContain('$6 length')
    expect(await wire.send('TFCALL', 'L.sparse', '0')).toMatch(/^-/)
    expect(await wire.send('TFCALL', 'L.count', '0')).toMatch(/^-Failed consuming arguments/)
    await wire.send('TFCALL', 'L.lies', '0')
    expect(await wire.send('TFCALL', 'L.fine', '0')).toBe(':1')
  })
})

test('a text that its isolate has no room for is refused', async () => {
  const wire = new Wire(isolatingEngine({ libraryMemoryMb: 16 }))
  const text = `${PROLOGUE}redis.registerFunction('f', () => 1)`
  expect(await wire.send('TFUNCTION', 'LOAD', text.padEnd(2 ** 21))).toBe(
    '-Failed to compile library: a text of 2097152 characters is too long for a library that may use 16 MB: it has room for 2096128 (redisgears_2.library-memory-limit)',
  )
  expect(await wire.send('TFUNCTION', 'LOAD', text.padEnd(2 ** 21 - 1025))).toBe('+OK')
})

test('a text of 10 MB is loaded where libraries have the memory for it, and refused where not', {
  timeout: 60_000,
}, async () => {
  // Code all the way, as a bundle is.
  const line = (i: number): string =>
    `function part${i}(n) { const all = [n, ${i}]; for (let i = 0; i < n; i++) all.push(i * ${i}); return all.length }\n`
  let text = `${PROLOGUE}redis.registerFunction('f', () => part0(3) + part7(2))\n`
  for (let i = 0; text.length < 10e6; i++) text += line(i)
  const wire = new Wire(isolatingEngine({ lockTimeoutMs: 20_000 }))
  expect(await wire.send('TFUNCTION', 'LOAD', text)).toMatch(
    /^-Failed to compile library: a text of 10\d{6} characters is too long for a library that may use 64 MB: it has room for 8387584 /,
  )
  expect(await wire.send('TFUNCTION', 'LIST')).toBe('*0')
  expect(await wire.send('CONFIG', 'SET', 'redisgears_2.library-memory-limit', '128mb')).toBe('+OK')
  expect(await wire.send('TFUNCTION', 'LOAD', text)).toBe('+OK')
  expect(await wire.send('TFCALL', 'L.f', '0')).toBe(':9')
})

test('what memory a library may use is what the directive said when it was loaded', async () => {
  const wire = new Wire(isolatingEngine({ lockTimeoutMs: 20_000, libraryMemoryMb: 32 }))
  const takes = (name: string): string => `#!js api_version=1.0 name=${name}
    let kept; redis.registerFunction('takes', () => { kept = []; for (let i = 0; i < 48; i++) kept.push(new Array(2 ** 17).fill(i + 0.5)); return kept.length })`
  expect(await wire.send('CONFIG', 'GET', 'redisgears_2.library-memory-limit')).toContain(`${32 * 2 ** 20}`)
  await wire.send('TFUNCTION', 'LOAD', takes('small'))
  expect(await wire.send('TCONFIG_SET', 'library-memory-limit', '96mb')).toBe('+OK')
  await wire.send('TFUNCTION', 'LOAD', takes('large'))
  expect(await wire.send('TFCALL', 'small.takes', '0')).toBe('-Err Execution was terminated due to OOM or timeout')
  expect(await wire.send('TFCALL', 'large.takes', '0')).toBe(':48')
  for (const wrong of ['7mb', '1tb', '-1', 'much']) {
    expect(await wire.send('TCONFIG_SET', 'library-memory-limit', wrong), wrong).toMatch(
      /^-ERR CONFIG SET failed .*argument must be/,
    )
  }
})

test('a call as bytes reaches nothing but its function', () => {
  const wire = new Wire(trustingEngine())
  const reply = wire.recorder.run([raw('TFCALL'), bytes('é\r\n.f'), raw('0')])[0]
  expect(reply).toBeInstanceOf(ReplyError)
})
