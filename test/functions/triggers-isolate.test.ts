/**
 * Triggers of libraries in isolates: callbacks that never end or take all memory, libraries that have none left, and callbacks
 * whose library has just answered from its background.
 */
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { FunctionsOptions } from '../../src/functions/index.ts'
import { isolatingEngine, PROLOGUE, Wire } from './rig.ts'
import { keyFacts, streamFacts, until } from './trigger-facts.ts'

const STOPPED = 'Err Execution was terminated due to OOM or timeout'
const EXHAUSTED = 'JS engine reached OOM state and can not run any more code'
const HOG = '{ const all = []; for (;;) all.push(new Array(1000).fill(all.length)) }'
const engines: Engine[] = []
afterEach(() => {
  for (const engine of engines.splice(0)) engine.stop()
})

async function loaded(body: string, options: FunctionsOptions = {}): Promise<Wire> {
  const engine = isolatingEngine({ lockTimeoutMs: 20_000, libraryMemoryMb: 16, ...options }, systemClock)
  engines.push(engine)
  const wire = new Wire(engine)
  expect(await wire.send('TFUNCTION', 'LOAD', PROLOGUE + body)).toBe('+OK')
  return wire
}

describe('row 57', () => {
  const body = (callback: string) => `
    let n = 0
    redis.registerFunction('n', () => n)
    redis.registerKeySpaceTrigger('t', 'x', () => { n++ }, { events: ['set'], onTriggerFired: ${callback} })`

  test('onTriggerFired that never ends is stopped, and the callback does not run', async () => {
    const wire = await loaded(body("(c, data) => { if (c.call('get', 'forever') !== null) for (;;); }"), {
      lockTimeoutMs: 200,
    })
    await wire.send('SET', 'forever', 'yes')
    expect(await wire.send('SET', 'x', '1')).toBe('+OK')
    expect(await wire.send('GET', 'x')).toBe('$1 1')
    expect(keyFacts(wire.engine)).toMatchObject({ num_trigger: 1, num_failed: 1, last_error: STOPPED })
    expect(await wire.send('TFCALL', 'L.n', '0')).toBe(':0')
    await wire.send('DEL', 'forever')
    expect(await wire.send('SET', 'x', '2')).toBe('+OK')
    expect(await wire.send('TFCALL', 'L.n', '0')).toBe(':1')
  })

  test('one that takes all memory is stopped, the callback does not run, and the library is lost', async () => {
    const wire = await loaded(body(`() => ${HOG}`))
    expect(await wire.send('SET', 'x', '1')).toBe('+OK')
    expect(keyFacts(wire.engine)).toMatchObject({ num_trigger: 1, num_failed: 1, last_error: STOPPED })
    expect(await wire.send('TFCALL', 'L.n', '0')).toBe(`-${EXHAUSTED}`)
    expect(await wire.send('SET', 'x', '2')).toBe('+OK')
    expect(keyFacts(wire.engine)).toMatchObject({ num_trigger: 2, num_failed: 2, last_error: EXHAUSTED })
  })
})

describe('row 78', () => {
  const TRIGGERS = `
    redis.registerFunction('hog', () => ${HOG})
    redis.registerAsyncFunction('hogs', async () => ${HOG})
    redis.registerFunction('one', () => 1)
    redis.registerKeySpaceTrigger('t', 'x', (c) => { c.call('incr', 'n') }, { events: ['set'] })
    redis.registerKeySpaceTrigger('later', 'x', async (c) => { c.block((b) => b.call('incr', 'later')) }, { events: ['set'] })
    redis.registerStreamTrigger('t', 's', (c) => { c.call('incr', 'entries') })
    redis.registerStreamTrigger('again', 's', (c) => {}, { retry: { attempts: 2, backoffMs: 1 }, deadLetter: 'dead' })`

  test.each([
    ['a call', 'TFCALL', 'L.hog'],
    ['the background', 'TFCALLASYNC', 'L.hogs'],
  ])(
    'triggers of a library whose memory ended in %s fail, and say why; loaded anew it goes on',
    async (_where, ...call) => {
      const wire = await loaded(TRIGGERS)
      const { engine } = wire
      expect(await wire.send(...call, '0')).toBe(`-${STOPPED}`)
      expect(await wire.send('SET', 'x', '1')).toBe('+OK')
      expect(await wire.send('XADD', 's', '1-1', 'f', 'v')).toBe('$3 1-1')
      expect(keyFacts(engine)).toMatchObject({ num_failed: 1, last_error: EXHAUSTED })
      await until(() => keyFacts(engine, 'later')?.['last_error'], EXHAUSTED)
      expect(streamFacts(engine)).toMatchObject([{ total_record_processed: 1, last_error: EXHAUSTED, pending_ids: [] }])
      // What is tried again fails again, and is buried as ever.
      await until(() => wire.send('XLEN', 'dead'), ':1')
      expect(await wire.send('MGET', 'n', 'later', 'entries')).toBe('*3 $-1 $-1 $-1')

      expect(await wire.send('TFUNCTION', 'LOAD', 'REPLACE', PROLOGUE + TRIGGERS)).toBe('+OK')
      expect(await wire.send('SET', 'x', '2')).toBe('+OK')
      expect(await wire.send('XADD', 's', '2-1', 'f', 'v')).toBe('$3 2-1')
      await until(() => wire.send('MGET', 'n', 'later', 'entries'), '*3 $1 1 $1 1 $1 1')
      expect(keyFacts(engine)).toMatchObject({ num_trigger: 2, num_success: 1, num_failed: 1 })
    },
  )

  test.each([
    ['a key space trigger', `redis.registerKeySpaceTrigger('t', 'x', () => ${HOG}, { events: ['set'] })`, 'SET x 1'],
    ['an async one', `redis.registerKeySpaceTrigger('t', 'x', async () => ${HOG}, { events: ['set'] })`, 'SET x 1'],
    ['a stream trigger', `redis.registerStreamTrigger('t', 's', () => ${HOG})`, 'XADD s 1-1 f v'],
    ['an async one of streams', `redis.registerStreamTrigger('t', 's', async () => ${HOG})`, 'XADD s 1-1 f v'],
  ])('%s that takes all memory is stopped, and others go on', async (_what, body, line) => {
    const wire = await loaded(body)
    const other = `#!js api_version=1.0 name=M\nredis.registerKeySpaceTrigger('t', '', (c) => { c.call('incr', 'others') }, { events: ['set', 'xadd'] })`
    expect(await wire.send('TFUNCTION', 'LOAD', other)).toBe('+OK')
    expect(await wire.send(...line.split(' '))).toMatch(/^(\+OK|\$3 1-1)$/)
    const facts = () => (line.startsWith('SET') ? keyFacts(wire.engine) : streamFacts(wire.engine)[0])
    await until(() => facts()?.['last_error'], STOPPED)
    expect(await wire.send('GET', 'others')).toBe('$1 1')
    expect(await wire.send('TFUNCTION', 'DELETE', 'L')).toBe('+OK')
    expect(await wire.send('TFUNCTION', 'LOAD', `${PROLOGUE}redis.registerFunction('one', () => 1)`)).toBe('+OK')
    expect(await wire.send('TFCALL', 'L.one', '0')).toBe(':1')
  })
})

test('plain triggers run in the unit of their cause right after their library has answered from its background', async () => {
  const wire = await loaded(`
    redis.registerAsyncFunction('answer', async (c) => { for (let i = 0; i < 1000; i++); return 1 })
    redis.registerKeySpaceTrigger('t', 'x', (c, data) => { c.call('rpush', 'seen', 'key') }, { events: ['set'] })
    redis.registerStreamTrigger('t', 's', (c, data) => { c.call('rpush', 'seen', 'entry') })`)
  for (let i = 1; i <= 100; i++) {
    expect(await wire.send('TFCALLASYNC', 'L.answer', '0')).toBe(':1')
    wire.sendRaw('SET', 'x', '1')
    expect(wire.sendRaw('LLEN', 'seen')).toBe(`:${2 * i - 1}`)
    wire.sendRaw('XADD', 's', '*', 'f', 'v')
    expect(wire.sendRaw('LLEN', 'seen')).toBe(`:${2 * i}`)
  }
})
