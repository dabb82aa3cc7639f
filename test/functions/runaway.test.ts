/**
 * Code that runs too long on the realm host is stopped, whatever it does to go on, and the engine serves on.
 */
import { describe, expect, test } from 'vitest'
import { PROLOGUE, trustingEngine, Wire, WornClock } from './rig.ts'

const STOPPED = '-Err Execution was terminated due to OOM or timeout'

const ENDLESS: readonly string[] = [
  'for (;;);',
  'while (true) ;',
  'do ; while (true)',
  'while (true) try { while (true); } catch {} finally { continue }',
  'const again = () => { try { for (;;); } catch (e) { again() } finally { again() } }; again()',
  'for (const x of (function* () { for (;;) yield 1 })()) ;',
  "while (true) c.call('ping')",
  'const f = () => { for (;;) [1].map((x) => x) }; f()',
  'label: for (;;) { for (;;) continue label }',
]

const wireFor = async (body: string): Promise<Wire> => {
  const wire = new Wire(trustingEngine({}, new WornClock()))
  expect(await wire.send('TFUNCTION', 'LOAD', PROLOGUE + body)).toBe('+OK')
  return wire
}

describe('runaway code', () => {
  test.each(ENDLESS)('%s', async (loop) => {
    const wire = await wireFor(
      `redis.registerFunction('f', (c) => { ${loop} }); redis.registerFunction('one', () => 1)`,
    )
    expect(await wire.send('TFCALL', 'L.f', '0')).toBe(STOPPED)
    expect(await wire.send('PING')).toBe('+PONG')
    expect(await wire.send('TFCALL', 'L.one', '0')).toBe(':1')
  })

  test('in a section it is stopped, and the background may catch that', async () => {
    const wire = await wireFor(`
      redis.registerAsyncFunction('thrown', async (c) => c.block(() => { for (;;); }))
      redis.registerAsyncFunction('caught', async (c) => { try { c.block(() => { for (;;); }) } catch (e) { return 'caught ' + e } })
      redis.registerFunction('later', (c) => c.executeAsync(async (a) => a.block(() => { for (;;); })))`)
    expect(await wire.send('TFCALLASYNC', 'L.thrown', '0')).toBe(STOPPED)
    expect(await wire.send('TFCALLASYNC', 'L.caught', '0')).toMatch(/caught Err Execution was terminated/)
    expect(await wire.send('TFCALLASYNC', 'L.later', '0')).toBe(STOPPED)
  })

  test('in the background it is stopped too, also when it only ever waits for what is settled', async () => {
    const wire = await wireFor(`
      redis.registerAsyncFunction('spin', async () => { for (;;); })
      redis.registerAsyncFunction('yields', async () => { for (;;) await null })`)
    expect(await wire.send('TFCALLASYNC', 'L.spin', '0')).toBe(STOPPED)
    expect(await wire.send('TFCALLASYNC', 'L.yields', '0')).toBe(STOPPED)
  })

  test('getters of a result are stopped as well', async () => {
    const wire = await wireFor(`redis.registerFunction('f', () => ({ get a() { for (;;); } }))`)
    expect(await wire.send('TFCALL', 'L.f', '0')).toBe(STOPPED)
  })

  test('endless recursion is an ordinary RangeError', async () => {
    const wire = await wireFor(`redis.registerFunction('f', () => { const g = () => g() + 1; return g() })`)
    expect(await wire.send('TFCALL', 'L.f', '0')).toBe('-RangeError: Maximum call stack size exceeded')
  })

  test('a rejection that a library forgets does not end the process', async () => {
    const wire = await wireFor(
      `redis.registerFunction('f', () => { Promise.reject('x'); (async () => { throw 1 })(); return 1 })`,
    )
    expect(await wire.send('TFCALL', 'L.f', '0')).toBe(':1')
    await new Promise((resolve) => setImmediate(resolve))
  })

  test('code that is not endless keeps its time however often it is called', async () => {
    const wire = await wireFor(
      `redis.registerFunction('f', () => { let n = 0; for (let i = 0; i < 100000; i++) n += i; return n > 0 })`,
    )
    for (let i = 0; i < 20; i++) expect(await wire.send('TFCALL', 'L.f', '0')).toBe(':1')
  })
})
