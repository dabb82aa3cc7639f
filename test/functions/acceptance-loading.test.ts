/**
 * The acceptance rows about loading, replacing, listing and keeping libraries, on the hosts of libraries that are sent.
 */
import { describe, expect, test } from 'vitest'
import { type Clock, systemClock } from '../../src/base/clock.ts'
import { createEngine } from '../../src/create.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { FunctionsOptions } from '../../src/functions/index.ts'
import { ManualClock } from '../../src/testing/index.ts'
import { PROLOGUE, Wire } from './rig.ts'

const HOSTS = ['isolate', 'realm'] as const
const engineOf = (host: (typeof HOSTS)[number], clock: Clock, options: FunctionsOptions = {}): Engine =>
  createEngine({ clock, functions: { trustLibraries: host === 'realm', ...options } })

const ONE = `redis.registerFunction('one', () => 1)`
const TWO = `redis.registerFunction('one', () => 2)`
/** Runs for so long, whatever the clock of the engine says. */
const SLOW = `const end = Date.now() + 400; while (Date.now() < end);`

describe.each(HOSTS)('acceptance of loading on the %s host:', (host) => {
  const wireOf = (protocol: 2 | 3 = 2, clock: Clock = new ManualClock()): Wire =>
    new Wire(engineOf(host, clock), protocol)
  const load = (wire: Wire, body: string, ...options: string[]): Promise<string> =>
    wire.send('TFUNCTION', 'LOAD', ...options, PROLOGUE + body)

  test('row 35: a text that never ends is stopped', async () => {
    const wire = wireOf(2, systemClock)
    await wire.send('TCONFIG_SET', 'lock-redis-timeout', '100')
    expect(await load(wire, `${ONE}; for (;;);`)).toBe(
      '-Failed loading library: Err Execution was terminated due to OOM or timeout.',
    )
    expect(await wire.send('TFUNCTION', 'LIST')).toBe('*0')
    expect(await load(wire, ONE)).toBe('+OK')
    wire.engine.stop()
  })

  test('rows 36 and 37: a library that comes with the data has the longer limit, and fails loading beyond it', async () => {
    const first = wireOf(2, systemClock)
    await first.send('TCONFIG_SET', 'lock-redis-timeout', '20000')
    expect(await load(first, `${SLOW}; ${ONE}`)).toBe('+OK')
    const state = first.engine.extras.get('functions')!.save()
    const second = wireOf(2, systemClock)
    await second.send('TCONFIG_SET', 'lock-redis-timeout', '100')
    second.engine.extras.get('functions')!.load(state)
    expect(await second.send('TFCALL', 'L.one', '0')).toBe(':1')
    const third = wireOf(2, systemClock)
    await third.send('TCONFIG_SET', 'lock-redis-timeout', '100')
    await third.send('TCONFIG_SET', 'db-loading-lock-redis-timeout', '100')
    expect(() => third.engine.extras.get('functions')!.load(state)).toThrow(
      "The library '#!js api_version=1.0 name=L' that was kept with the data: Failed loading library: Err Execution was terminated due to OOM or timeout.",
    )
    for (const { engine } of [first, second, third]) engine.stop()
  })

  test('row 39: a library is replaced only when told to', async () => {
    const wire = wireOf()
    expect(await load(wire, ONE)).toBe('+OK')
    expect(await load(wire, ONE)).toBe('-Library L already exists.')
    expect(await load(wire, TWO, 'REPLACE')).toBe('+OK')
    expect(await wire.send('TFCALL', 'L.one', '0')).toBe(':2')
    expect(await wire.send('TFUNCTION', 'LIST')).toMatch(/^\*1 /)
  })

  test('row 40: what fails to replace a library leaves it as it was', async () => {
    const wire = wireOf()
    await load(wire, ONE)
    expect(await load(wire, `${TWO}; redis.registerFunction('t', 's')`, 'REPLACE')).toContain('must be a function')
    expect(await load(wire, '(', 'REPLACE')).toContain('Failed to compile library: SyntaxError')
    expect(await load(wire, 'let x', 'REPLACE')).toContain('Neither function nor other registrations were found.')
    expect(await wire.send('TFCALL', 'L.one', '0')).toBe(':1')
  })

  test('what a replaced library does in the background goes on to its end', async () => {
    const wire = wireOf()
    await load(
      wire,
      `redis.registerAsyncFunction('f', async (c) => {
        await c.block((b) => b.callAsync('blpop', 'gate', 0))
        return c.block((b) => b.call('incr', 'n'))
      })`,
    )
    const answer = wire.start('TFCALLASYNC', 'L.f', '0')
    const other = new Wire(wire.engine)
    while (!(await other.send('TFUNCTION', 'LIST')).includes('blpop gate 0')) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await load(other, ONE, 'REPLACE')).toBe('+OK')
    await other.send('LPUSH', 'gate', '1')
    expect(await answer).toBe(':1')
    expect(await other.send('TFCALL', 'L.one', '0')).toBe(':1')
  })

  const KINDS: readonly (readonly [what: string, body: string])[] = [
    ['function name', "redis.registerFunction('a.b', () => 1)"],
    ['key space trigger name', "redis.registerKeySpaceTrigger('a.b', '', () => 1)"],
    ['stream trigger name', "redis.registerStreamTrigger('a.b', '', () => 1)"],
    ['cluster function name', "redis.registerClusterFunction('a.b', async () => 1)"],
  ]
  test.each(KINDS)('row 44: a %s has no dot', async (what, body) => {
    expect(await load(wireOf(), body)).toContain(`Unallowed ${what} 'a.b', Unallowed char was given '.'.`)
  })

  const MISUSES: readonly (readonly [body: string, why: string])[] = [
    ['redis.registerFunction(1, () => 1)', 'Value is not string'],
    ["redis.registerFunction('t', 's')", 'must be a function'],
    [`${ONE}; ${ONE}`, 'Function one already exists'],
    ["redis.registerFunction('t', () => 1, [1])", 'Unknown properties given: 0'],
    ["redis.registerFunction('t', () => 1, { flags: ['x'] })", 'Unknow flag'],
    ["redis.registerFunction('t', () => 1, { flags: [1] })", 'wrong type of string value'],
    ["redis.registerFunction('t', async () => 1)", "use 'registerAsyncFunction' instead."],
    ["redis.registerClusterFunction('t', () => 1)", 'Remote function must be async'],
    [
      "redis.registerClusterFunction('t', async () => 1); redis.registerClusterFunction('t', async () => 1)",
      'Remote function t already exists',
    ],
    ["redis.registerCron('t', '@daily', async () => 1)", 'redis.registerCron is not a function'],
  ]
  test.each(MISUSES)('row 45: %s', async (body, why) => {
    const wire = wireOf()
    const error = await load(wire, body)
    expect(error).toMatch(/^-Failed loading library: /)
    expect(error).toContain(why)
    expect(await wire.send('TFUNCTION', 'LIST')).toBe('*0')
  })

  test('row 46: cluster functions alone are no library', async () => {
    const nothing = '-Neither function nor other registrations were found.'
    expect(await load(wireOf(), "redis.registerClusterFunction('t', async () => 1)")).toBe(nothing)
    expect(await load(wireOf(), '')).toBe(nothing)
  })

  test('row 47: the config is the library’s, after a restart too', async () => {
    const wire = wireOf()
    const body = `redis.registerFunction('cfg', () => redis.config)`
    expect(await load(wire, body, 'CONFIG', '{"a":"b"}')).toBe('+OK')
    expect(await wire.send('TFCALL', 'L.cfg', '0')).toBe('*2 $1 a $1 b')
    const again = wireOf()
    again.engine.extras.get('functions')!.load(wire.engine.extras.get('functions')!.save())
    expect(await again.send('TFCALL', 'L.cfg', '0')).toBe('*2 $1 a $1 b')
    expect(await load(wire, body, 'CONFIG', '5')).toBe('-configuration must be a valid json object')
    expect(await load(wire, body, 'CONFIG', 'foo')).toContain("-configuration must be a valid json, 'foo', ")
    expect(await wire.send('TFUNCTION', 'LOAD', 'CONFIG')).toBe('-configuration value was not given')
  })

  test('row 48: words that mean nothing', async () => {
    const wire = wireOf()
    expect(await wire.send('TFUNCTION', 'DELETE', 'X')).toBe('-library does not exists')
    expect(await wire.send('TFUNCTION', 'Foo')).toBe('-Unknown subcommand foo')
    expect(await wire.send('TFUNCTION', 'LIST', 'FOO')).toBe("-Unknown option 'foo'")
    expect(await wire.send('TFUNCTION', 'LOAD', 'USER', 'u', PROLOGUE)).toBe('-Unknown argument user')
  })

  test('row 49: a listing in RESP3', async () => {
    const wire = wireOf(3)
    await load(wire, ONE)
    expect(await wire.send('TFUNCTION', 'LIST')).toBe(
      '*1 %11 $11 api_version $3 1.0 $17 cluster_functions *0 $13 configuration _ $6 engine $2 js $9 functions *1 $3 one ' +
        '$17 keyspace_triggers *0 $4 name $1 L $19 pending_async_calls *0 $12 pending_jobs :0 $15 stream_triggers *0 $4 user $7 default',
    )
  })

  test('row 50: descriptions are listed from level 1 on', async () => {
    const wire = wireOf()
    await load(
      wire,
      `redis.registerFunction('f', () => 1, { description: 'of f' })
      redis.registerKeySpaceTrigger('k', 'p:', () => 1, { description: 'of k' })
      redis.registerStreamTrigger('s', 'p:', () => 1, { description: 'of s' })
      redis.registerClusterFunction('c', async () => 1)`,
    )
    const names = await wire.send('TFUNCTION', 'LIST')
    for (const text of [
      '$17 cluster_functions *1 $1 c',
      '$17 keyspace_triggers *1 $1 k',
      '$15 stream_triggers *1 $1 s',
    ]) {
      expect(names).toContain(text)
    }
    const all = await wire.send('TFUNCTION', 'LIST', 'verbose')
    for (const text of ['of f', 'of k', 'of s']) expect(all).toContain(`$11 description $4 ${text}`)
    expect(await wire.send('TFUNCTION', 'LIST', 'v', 'vv')).toBe(await wire.send('TFUNCTION', 'LIST', 'vvv'))
  })

  test('options are never changed: two registrations may share them', async () => {
    const wire = wireOf(3)
    const body = `const options = { flags: ['no-writes'] }
      redis.registerFunction('f', () => 1, options); redis.registerFunction('g', () => 1, options)`
    await load(wire, body)
    expect((await wire.send('TFUNCTION', 'LIST', 'v')).match(/no-writes/g)).toHaveLength(2)
  })

  test('row 83, loading: with verbosity 2 the error of a text says where', async () => {
    const wire = wireOf()
    await wire.send('TCONFIG_SET', 'error-verbosity', '2')
    expect(await load(wire, `${ONE}\nundefined.x`)).toContain(':3:')
  })

  test('a version is what was declared, and what there is', async () => {
    const wire = wireOf()
    await load(wire, `redis.registerFunction('v', () => redis.apiVersion())`)
    expect(await wire.send('TFCALL', 'L.v', '0')).toBe('$3 1.1')
    expect(await wire.send('TFUNCTION', 'LIST')).toContain('$11 api_version $3 1.0')
  })

  test('what is logged cannot forge a line', async () => {
    const logged: string[] = []
    const wire = new Wire(engineOf(host, new ManualClock(), { onLog: (text) => logged.push(text) }))
    await load(wire, `redis.registerFunction('f', () => redis.log('a\\n"\\u0000\\u00e9'))`)
    await wire.send('TFCALL', 'L.f', '0')
    // From an isolate, lines come when the engine's thread is free.
    while (logged.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(logged).toEqual(['a\\u{a}\\"\\u{0}\\u{e9}'])
  })
})
