/**
 * What depends on the role, tested by switching it: who may call, load and write on a replica, what becomes of what was under
 * way, and what triggers do there; and that a primary again goes on as if nothing had been.
 */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/create.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { library } from '../../src/functions/index.ts'
import { ManualClock } from '../../src/testing/index.ts'
import { hosts, PROLOGUE, Wire } from './rig.ts'
import { keyFacts, libraryFacts, streamFacts, until } from './trigger-facts.ts'

const REFUSED =
  '-Err can not run a function that might perform writes on a replica or when the "avoid replication traffic" option is enabled'
const NO_SECTION =
  'Can not lock Redis, Can not lock redis for write on replica or when the "avoid replication traffic" option is enabled'
const READONLY = "-READONLY You can't write against a read only replica."
const UNBLOCKED = '-UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)'

const FUNCTIONS = `
redis.registerFunction('plain', (c) => c.call('set', 'x', '1'))
redis.registerFunction('reads', (c) => c.call('get', 'x'), { flags: ['no-writes'] })
redis.registerFunction('lies', (c) => c.call('set', 'x', '2'), { flags: ['no-writes'] })
redis.registerAsyncFunction('async', async (c) => c.block((b) => b.call('set', 'x', '3')))
redis.registerAsyncFunction('asyncReads', async (c) => c.block((b) => b.call('get', 'x')), { flags: ['no-writes'] })
redis.registerAsyncFunction('asyncLies', async (c) => c.block((b) => b.call('set', 'x', '4')), { flags: ['no-writes'] })
redis.registerAsyncFunction('twice', async (c) => {
  c.block((b) => b.call('rpush', 'did', 'first'))
  try { await c.block((b) => b.callAsync('blpop', 'gate', '0')) } catch (e) { var woken = String(e) }
  try { c.block((b) => b.call('rpush', 'did', 'second')) } catch (e) { return [woken, String(e)] }
  return 'both'
})
redis.registerAsyncFunction('behind', (c) => c.executeAsync(async (a) => a.block((b) => b.call('set', 'x', '5'))))
`

interface Side {
  readonly engine: Engine
  readonly wire: Wire
  readonly send: (line: string) => Promise<string>
  advance(ms: number): void
}

function sideOf(engine: Engine): Side {
  const { clock } = engine
  if (!(clock instanceof ManualClock)) throw new Error('an engine on a clock that tests move')
  const wire = new Wire(engine)
  return { engine, wire, send: (line) => wire.send(...line.split(' ')), advance: (ms) => clock.advance(ms) }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe.each(hosts)('$name', (host) => {
  const open = (body: string): Side => sideOf(host.engineWith(body))

  test('plain functions that may write are refused, in transactions too; those that do not write are called', async () => {
    const { engine, send } = open(FUNCTIONS)
    expect(await send('TFCALL L.plain 0')).toBe('$2 OK')
    engine.setRole('replica')
    for (const call of ['TFCALL L.plain 0', 'TFCALLASYNC L.plain 0']) expect(await send(call)).toBe(REFUSED)
    expect(await send('TFCALL L.reads 0')).toBe('$1 1')
    expect(await send('TFCALLASYNC L.reads 0')).toBe('$1 1')
    expect(await send('TFCALL L.lies 0')).toBe("-ERR Write command 'set' was called while write is not allowed.")
    for (const line of ['MULTI', 'TFCALL L.plain 0', 'TFCALL L.reads 0']) await send(line)
    expect(await send('EXEC')).toBe(`*2 ${REFUSED} $1 1`)
    expect(await send('SET x 9')).toBe(READONLY)
    engine.setRole('primary')
    expect(await send('TFCALL L.plain 0')).toBe('$2 OK')
  })

  test('async functions that may write are refused; those that do not write have their sections', async () => {
    const { engine, send } = open(FUNCTIONS)
    await send('SET x 1')
    engine.setRole('replica')
    expect(await send('TFCALLASYNC L.async 0')).toBe(REFUSED)
    expect(await send('TFCALLASYNC L.behind 0')).toBe(REFUSED)
    expect(await send('TFCALLASYNC L.asyncReads 0')).toBe('$1 1')
    expect(await send('TFCALLASYNC L.asyncLies 0')).toContain('was called while write is not allowed')
    expect(await send('GET x')).toBe('$1 1')
  })

  test('what was under way: what waits is woken with an error, no section begins, and what was written stays', async () => {
    const { engine, wire } = open(FUNCTIONS)
    const answer = wire.start('TFCALLASYNC', 'L.twice', '0')
    const blocked = new Wire(engine)
    const popped = blocked.start('BLPOP', 'other', '0')
    await until(() => libraryFacts(engine)['pending_async_calls'], ['blpop gate 0'])
    engine.setRole('replica')
    expect(await answer).toMatch(
      /^\*2 \$\d+ UNBLOCKED .*instance state changed \(master -> replica\?\) \$\d+ Can not lock/,
    )
    expect(await answer).toContain(NO_SECTION)
    expect(await popped).toBe(UNBLOCKED)
    expect(libraryFacts(engine)).toMatchObject({ pending_async_calls: [], pending_jobs: 0 })
    expect(await new Wire(engine).send('LRANGE', 'did', '0', '-1')).toBe('*1 $5 first')
    engine.setRole('primary')
    const again = new Wire(engine)
    const later = again.start('TFCALLASYNC', 'L.twice', '0')
    await until(() => libraryFacts(engine)['pending_async_calls'], ['blpop gate 0'])
    await new Wire(engine).send('LPUSH', 'gate', '1')
    expect(await later).toBe('$4 both')
  })

  test('libraries are neither loaded, replaced nor deleted on a replica, and are listed', async () => {
    const { engine, wire, send } = open(FUNCTIONS)
    engine.setRole('replica')
    const other = "#!js api_version=1.0 name=other\nredis.registerFunction('f', () => 1)"
    expect(await wire.send('TFUNCTION', 'LOAD', other)).toBe(READONLY)
    expect(await wire.send('TFUNCTION', 'LOAD', 'REPLACE', `${PROLOGUE}redis.registerFunction('f', () => 1)`)).toBe(
      READONLY,
    )
    expect(await send('TFUNCTION DELETE L')).toBe(READONLY)
    expect(libraryFacts(engine)['functions']).toHaveLength(8)
    engine.setRole('primary')
    expect(await wire.send('TFUNCTION', 'LOAD', other)).toMatch(/^(\+OK|-ERR TFUNCTION LOAD is off)/)
  })

  test('no key trigger fires on a replica, nor onTriggerFired; keys do not expire there, and do once it is primary', async () => {
    const { engine, send, advance } = open(`
      let told = 0
      redis.registerFunction('told', () => told, { flags: ['no-writes'] })
      redis.registerKeySpaceTrigger('t', 'k', (c, { event }) => { c.call('rpush', 'seen', event) }, { onTriggerFired: () => { told++ } })`)
    await send('SET k v PX 100')
    expect(await send('LRANGE seen 0 -1')).toBe('*2 $3 set $6 expire')
    engine.setRole('replica')
    advance(200)
    expect(await send('GET k')).toBe('$-1')
    expect(await send('GET knone')).toBe('$-1')
    await turn()
    expect(await send('TFCALL L.told 0')).toBe(':2')
    expect(keyFacts(engine)).toMatchObject({ num_trigger: 2, num_finished: 2 })
    engine.setRole('primary')
    advance(1)
    await turn()
    expect(await send('LRANGE seen 0 -1')).toBe('*3 $3 set $6 expire $7 expired')
  })

  test('an async key trigger that meets a replica on its way fails, and says why', async () => {
    const { engine, send } = open(
      "redis.registerKeySpaceTrigger('t', 'k', async (c) => { await null; c.block((b) => b.call('incr', 'n')) }, { events: ['set'] })",
    )
    const set = send('SET k v')
    engine.setRole('replica')
    expect(await set).toBe('+OK')
    await until(() => keyFacts(engine)?.['num_failed'], 1)
    expect(keyFacts(engine)).toMatchObject({ num_trigger: 1, last_error: NO_SECTION })
    expect(await send('EXISTS n')).toBe(':0')
  })

  test('a stream is neither read, tried again nor trimmed on a replica; promoted it is', async () => {
    const { engine, send, advance } = open(`
      let isGood = false
      redis.registerFunction('good', () => { isGood = true; return 1 }, { flags: ['no-writes'] })
      redis.registerStreamTrigger('t', 's', async (c, { id }) => {
        await null
        if (!isGood) throw 'not yet'
      }, { isStreamTrimmed: true, retry: { attempts: 5, backoffMs: 100 } })`)
    await send('XADD s 1-0 f v')
    await send('XADD s 2-0 f v')
    await until(() => streamFacts(engine)[0]?.['last_error'], 'not yet')
    engine.setRole('replica')
    expect(await send('TFCALL L.good 0')).toBe(':1')
    for (let i = 0; i < 20; i++) {
      advance(100)
      await turn()
    }
    expect(streamFacts(engine)).toMatchObject([{ pending_ids: ['1-0'], total_record_processed: 0 }])
    expect(await send('XLEN s')).toBe(':2')
    engine.setRole('primary')
    const finished = async (): Promise<unknown> => {
      advance(100)
      await turn()
      return streamFacts(engine)[0]?.['total_record_processed']
    }
    await until(finished, 2)
    await until(() => send('XLEN s'), ':0')
  })
})

test('a write of a function that finds itself on a replica is refused as any write is', async () => {
  const demoting = library('L', ({ redis }) => {
    redis.registerFunction('f', (c) => {
      c.call('set', 'before', '1')
      engine.setRole('replica')
      try {
        return c.call('set', 'after', '1')
      } finally {
        engine.setRole('primary')
      }
    })
  })
  const engine: Engine = createEngine({ clock: new ManualClock(), functions: { libraries: [demoting] } })
  const wire = new Wire(engine)
  expect(await wire.send('TFCALL', 'L.f', '0')).toBe(READONLY)
  expect(await wire.send('EXISTS', 'before', 'after')).toBe(':1')
})
