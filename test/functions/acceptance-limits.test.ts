/**
 * The acceptance rows about code that takes too long or too much, on the hosts that stop it. Told by outcome, not by time.
 */
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { createEngine } from '../../src/create.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { FunctionsOptions } from '../../src/functions/index.ts'
import { PROLOGUE, Wire } from './rig.ts'

const STOPPED = 'Execution was terminated due to OOM or timeout'
const engines: Engine[] = []
afterEach(() => {
  for (const engine of engines.splice(0)) engine.stop()
})

async function loaded(host: 'isolate' | 'realm', body: string, options: FunctionsOptions = {}): Promise<Wire> {
  const engine = createEngine({ clock: systemClock, functions: { trustLibraries: host === 'realm', ...options } })
  engines.push(engine)
  const wire = new Wire(engine)
  await wire.send('TCONFIG_SET', 'lock-redis-timeout', '100')
  expect(await wire.send('TFUNCTION', 'LOAD', PROLOGUE + body)).toBe('+OK')
  return wire
}

describe.each(['isolate', 'realm'] as const)('acceptance of limits on the %s host:', (host) => {
  test('row 33: an endless function is stopped, and what it did stays', async () => {
    const wire = await loaded(host, `redis.registerFunction('f', (c) => { c.call('incr', 'n'); for (;;); })`)
    expect(await wire.send('TFCALL', 'L.f', '0')).toContain(STOPPED)
    expect(await wire.send('GET', 'n')).toBe('$1 1')
    expect(await wire.send('TFCALL', 'L.f', '0')).toContain(STOPPED)
    expect(await wire.send('GET', 'n')).toBe('$1 2')
  })

  test('row 34: an endless section is stopped, in an async function and behind executeAsync', async () => {
    const wire = await loaded(
      host,
      `const forever = () => { for (;;); }
      redis.registerAsyncFunction('f', async (c) => c.block(forever))
      redis.registerFunction('g', (c) => c.executeAsync(async (b) => b.block(forever)))
      redis.registerFunction('one', () => 1)`,
    )
    expect(await wire.send('TFCALLASYNC', 'L.f', '0')).toContain(STOPPED)
    expect(await wire.send('TFCALLASYNC', 'L.g', '0')).toContain(STOPPED)
    expect(await wire.send('TFCALL', 'L.one', '0')).toBe(':1')
  })

  test('policy kill: a long function finishes whole, and the log tells of it', async () => {
    const logged: string[] = []
    const body = `redis.registerFunction('f', (c) => {
      const end = Date.now() + 400
      while (Date.now() < end);
      return c.call('incr', 'n')
    })`
    const wire = await loaded(host, body, { onLog: (text) => logged.push(text) })
    await wire.send('TCONFIG_SET', 'library-fatal-failure-policy', 'kill')
    expect(await wire.send('TFCALL', 'L.f', '0')).toBe(':1')
    expect(logged.join('|')).toContain('which is more then the configured timeout 100ms')
  })

  test('a library that is busy in the background is waited for, or its callers are told', async () => {
    const wire = await loaded(
      host,
      `redis.registerAsyncFunction('busy', async (c, ms) => {
        const end = Date.now() + Number(ms)
        while (Date.now() < end);
        return 'done'
      })
      redis.registerFunction('one', () => 1)`,
    )
    await wire.send('TCONFIG_SET', 'lock-redis-timeout', '20000')
    // Background code of one turn of the event loop has one limit: that from before must be over.
    await new Promise((resolve) => setTimeout(resolve, 1))
    const busy = wire.start('TFCALLASYNC', 'L.busy', '0', '300')
    const other = new Wire(wire.engine)
    expect(await other.send('TFCALL', 'L.one', '0')).toBe(':1')
    expect(await busy).toBe('$4 done')
  })
})

test('row 78: a library that takes more than its heap is stopped, others go on, and it can be loaded anew', async () => {
  const hog = `redis.registerFunction('hog', () => { const all = []; for (;;) all.push(new Array(10000).fill({ a: 1 }).map((x, i) => i + 0.5)) })
    redis.registerFunction('one', () => 1)`
  const wire = await loaded('isolate', hog, { libraryMemoryMb: 16 })
  await wire.send('TCONFIG_SET', 'lock-redis-timeout', '60000')
  expect(await wire.send('TFCALL', 'L.hog', '0')).toContain(STOPPED)
  expect(
    await wire.send('TFUNCTION', 'LOAD', `#!js api_version=1.0 name=M\nredis.registerFunction('one', () => 1)`),
  ).toBe('+OK')
  expect(await wire.send('TFCALL', 'M.one', '0')).toBe(':1')
  expect(await wire.send('TFUNCTION', 'LOAD', 'REPLACE', PROLOGUE + hog)).toBe('+OK')
  expect(await wire.send('TFCALL', 'L.one', '0')).toBe(':1')
})

test('row 82: there is no internal command to forge', async () => {
  const wire = new Wire(createEngine())
  expect(await wire.send('_rg_internals.function', 'load', 'x')).toContain('unknown command')
})
