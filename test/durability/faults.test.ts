/**
 * Disks that fail: writes are refused in Redis' words while reads are served, and what was acknowledged stays.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { expect, it, test } from 'vitest'
import { KeptBackend } from '../../src/backend/embedded/kept-backend.ts'
import type { Cancel } from '../../src/base/clock.ts'
import { seededRandom } from '../../src/base/random.ts'
import { ReplyError } from '../../src/base/reply.ts'
import { KeyspaceSnapshot } from '../../src/engine/snapshot.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { type Fault, SimulatedFiles } from '../../src/testing/simulated-files.ts'
import { dataOf, Trial, words } from './rig.ts'

const SOAK = process.env.SOAK === '1'
const SEEDS = Array.from({ length: SOAK ? 300 : 20 }, (_, i) => i + 1)

/** A clock whose calendar can be set; what has passed does not follow it. */
class SettableClock extends ManualClock {
  #offMs = 0
  override now(): number {
    return super.now() + this.#offMs
  }
  override micros(): number {
    return this.now() * 1000
  }
  override at(whenMs: number, wake: () => void): Cancel {
    return super.at(whenMs - this.#offMs, wake)
  }
  set(byMs: number): void {
    this.#offMs += byMs
  }
}

const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 5; turns++) await turn()
}

test('a full disk: writes are refused, reads and expiry go on, and all recovers when there is space', async () => {
  const files = new SimulatedFiles()
  const clock = new ManualClock()
  const trial = await Trial.open({ files, clock })
  trial.run('SET a 1', 'SET brief v PX 500')
  await trial.store.flush()
  let room = 5
  files.fault = (operation): Fault => {
    if (operation !== 'write') return undefined
    if (room === 0) return 'ENOSPC'
    const takes = room
    room = 0
    return { takes }
  }
  trial.run('SET b 2')
  await settle()
  const refusal = trial.ask('SET c 3')
  expect(refusal).toBeInstanceOf(ReplyError)
  expect(trial.said('SET c 3')).toContain('MISCONF Errors writing to the AOF file: No space left on device')
  expect(trial.said('PING')).toContain('MISCONF')
  expect(trial.ask('MGET a b')).toEqual(['1', '2'])
  expect(trial.said('INFO persistence')).toContain('aof_last_write_status:err')
  trial.run('MULTI')
  expect(trial.said('SET c 3')).toContain('MISCONF')
  expect(trial.said('EXEC')).toContain('EXECABORT')
  clock.advance(2000)
  expect(trial.ask('GET brief')).toBe(null)
  files.fault = () => undefined
  clock.advance(2000)
  await settle()
  trial.run('SET c 3')
  expect(trial.said('INFO persistence')).toContain('aof_last_write_status:ok')
  await trial.close()
  const again = await Trial.open({ files, clock })
  expect(again.ask('MGET a b c brief')).toEqual(['1', '2', '3', null])
  expect(again.told.some((line) => line.startsWith('!'))).toBe(false)
  await again.close()
})

test('an fsync that failed is never tried again: writes are refused until the data was written anew', async () => {
  const files = new SimulatedFiles()
  const clock = new ManualClock()
  const trial = await Trial.open({ files, clock })
  trial.run('SET a 1')
  let syncs = 0
  files.fault = (operation, path): Fault => {
    if (operation !== 'sync' || !path.endsWith('.1.incr.aof')) return undefined
    syncs++
    return 'EIO'
  }
  clock.advance(1500)
  await settle()
  clock.advance(5000)
  await settle()
  expect(syncs).toBe(1)
  expect(trial.said('SET b 2')).toContain('MISCONF Errors writing to the AOF file: I/O error')
  await expect(trial.store.flush()).rejects.toMatchObject({ code: 'DISK' })
  expect(trial.ask('GET a')).toBe('1')
  await trial.store.rewrite()
  trial.run('SET b 2')
  await trial.store.flush()
  files.crash()
  files.powerOn()
  const again = await Trial.open({ files, clock })
  expect(again.ask('MGET a b')).toEqual(['1', '2'])
  await again.close()
})

it.each(['write', 'sync'])('always: after a failed %s nothing is acknowledged any more', async (failing) => {
  const files = new SimulatedFiles()
  const trial = await Trial.open({ files, config: { appendfsync: 'always' } })
  const backend = new KeptBackend(trial.engine, 'file:')
  const call = (line: string) => backend.call(trial.engine.table.find(words(line)), words(line))
  expect(await call('SET a 1')).toMatchObject({ text: 'OK' })
  files.fault = (operation): Fault => (operation === failing ? 'EIO' : undefined)
  const pending = call('SET b 2')
  const read = call('GET b')
  await expect(pending).rejects.toMatchObject({ code: 'DISK' })
  await expect(read).rejects.toMatchObject({ code: 'DISK' })
  expect(trial.fatal?.code).toBe('DISK')
  await expect(call('GET a')).rejects.toMatchObject({ code: 'DISK' })
  expect(() => backend.sync.call(trial.engine.table.find(words('GET a')), words('GET a'))).toThrow(
    /nothing is answered any more/,
  )
})

test('always: calls without promises bring everything to the disk before they return', async () => {
  const files = new SimulatedFiles()
  const trial = await Trial.open({ files, config: { appendfsync: 'always' } })
  const backend = new KeptBackend(trial.engine, 'file:')
  const command = trial.engine.table.find(words('SET a 1'))
  backend.sync.call(command, words('SET a 1'))
  files.crash()
  files.powerOn()
  const again = await Trial.open({ files })
  expect(again.ask('GET a')).toBe('1')
  await again.close()
})

test('a rewrite that fails leaves the log as it was, wherever it fails', async () => {
  for (let failAt = 1; failAt < 40; failAt++) {
    const files = new SimulatedFiles()
    const trial = await Trial.open({ files })
    trial.run('SET a 1', 'RPUSH l x')
    await trial.store.flush()
    const from = files.operations
    files.fault = (operation) => (operation !== 'read' && files.operations >= from + failAt ? 'ENOSPC' : undefined)
    const failed = await trial.store.rewrite().then(
      () => false,
      () => true,
    )
    files.fault = () => undefined
    trial.run('SET b 2')
    await trial.store.flush().catch(() => {})
    if (!failed) expect(failAt).toBeGreaterThan(5)
    await trial.store.rewrite()
    trial.run('SET c 3')
    await trial.store.flush()
    files.crash()
    files.powerOn()
    const again = await Trial.open({ files })
    expect(again.ask('MGET a b c'), `failed at ${failAt}`).toEqual(['1', '2', '3'])
    expect(again.ask('LLEN l')).toBe(1)
    await again.close()
    if (!failed) return
  }
  throw new Error('no rewrite succeeded')
})

it.each(SEEDS)('under faults of every kind, what was flushed is there: seed %i', async (seed) => {
  const random = seededRandom(seed)
  const files = new SimulatedFiles()
  const clock = new ManualClock()
  const trial = await Trial.open({ files, clock })
  const kinds: Fault[] = ['EIO', 'ENOSPC', 'EROFS', 'EACCES', { takes: 1 }, { takes: 7 }]
  files.fault = (operation) => {
    if (random.below(4) > 0) return undefined
    const fault = kinds[random.below(kinds.length)]
    return typeof fault === 'object' && operation !== 'write' ? undefined : fault
  }
  let done = 0
  let flushed = 0
  for (let i = 0; i < 60; i++) {
    if (!(trial.ask(`SET n ${done + 1}`) instanceof ReplyError)) done++
    const now = done
    await trial.store.flush().then(
      () => (flushed = now),
      () => {},
    )
    if (random.below(6) === 0) await trial.store.rewrite().catch(() => {})
    clock.advance(random.below(1500))
    await settle()
  }
  files.fault = () => undefined
  files.crash((unsynced) => random.below(unsynced + 1))
  files.powerOn()
  const again = await Trial.open({ files, clock })
  const found = Number(again.ask('GET n') ?? 0)
  expect(found).toBeGreaterThanOrEqual(flushed)
  expect(found).toBeLessThanOrEqual(done)
  await again.close()
})

test('a folder that may not be written to, or read, is refused with its path', async () => {
  for (const [operation, code] of [
    ['open', 'EACCES'],
    ['open', 'EROFS'],
    ['list', 'EACCES'],
  ] as const) {
    const files = new SimulatedFiles()
    files.fault = (asked) => (asked === operation ? code : undefined)
    await expect(Trial.open({ files })).rejects.toMatchObject({ code: 'DISK', path: '/data' })
  }
})

test('CONFIG SET appendonly begins a log with the data there is, and ends it', async () => {
  const files = new SimulatedFiles()
  const clock = new ManualClock()
  const trial = await Trial.open({ files, clock, config: { appendonly: 'no' } })
  trial.run('SET a 1', 'CONFIG SET appendonly yes')
  clock.advance(1)
  trial.run('SET b 2')
  for (let turns = 0; turns < 50; turns++) await turn()
  trial.run('SET c 3')
  await trial.store.flush()
  expect(trial.said('INFO persistence')).toContain('aof_enabled:1')
  const again = await Trial.open({ files })
  expect(again.ask('MGET a b c')).toEqual(['1', '2', '3'])
  await again.close()
  trial.run('CONFIG SET appendonly no')
  trial.run('SET d 4')
  expect(trial.said('INFO persistence')).toContain('aof_enabled:0')
  await trial.close()
})

test('BGREWRITEAOF answers as redis-server does, and growth calls for it', async () => {
  const files = new SimulatedFiles()
  const clock = new ManualClock()
  const config = { 'auto-aof-rewrite-min-size': '2000', 'auto-aof-rewrite-percentage': '50' }
  const trial = await Trial.open({ files, clock, config })
  expect(trial.ask('BGREWRITEAOF')).toMatchObject({ text: 'Background append only file rewriting started' })
  expect(trial.said('BGREWRITEAOF')).toContain('Background append only file rewriting already in progress')
  for (let turns = 0; turns < 50; turns++) await turn()
  expect(trial.said('INFO persistence')).toContain('aof_rewrites:1')
  for (let i = 0; i < 200; i++) trial.run(`SET key ${i}`)
  await trial.store.flush()
  clock.advance(1500)
  for (let turns = 0; turns < 50; turns++) await turn()
  expect(trial.said('INFO persistence')).toContain('aof_rewrites:2')
  expect(trial.told.join('\n')).toContain('Starting automatic rewriting of AOF on')
  await trial.close()
})

test('data that is put back from a snapshot in memory is logged as any other change', async () => {
  const files = new SimulatedFiles()
  const trial = await Trial.open({ files })
  trial.run('SET a 1', 'SELECT 2', 'HSET h f v', 'PEXPIREAT h 4102444800000', 'RPUSH l x y')
  const kept = new KeyspaceSnapshot(trial.engine)
  trial.run('FLUSHALL', 'SET other 1')
  kept.restore()
  const expected = dataOf(trial.engine, 0)
  expect(expected.size).toBe(3)
  await trial.close()
  const again = await Trial.open({ files })
  expect(dataOf(again.engine, 0)).toEqual(expected)
  await again.close()
})

it.each([-86_400_000, 86_400_000])(
  'a clock set by %i ms stops nothing: fsyncs go on, and the log says the same',
  async (byMs) => {
    const files = new SimulatedFiles()
    const clock = new SettableClock()
    const trial = await Trial.open({ files, clock, config: { save: '1 1' } })
    trial.run('SET a 1', 'SET brief v PX 60000', 'XADD x * f v')
    clock.set(byMs)
    trial.run('SET b 2', 'XADD x * f w')
    clock.advance(1000)
    await settle()
    clock.advance(1000)
    await settle()
    expect(trial.ask('MGET a b')).toEqual(['1', '2'])
    expect(trial.ask('EXISTS brief')).toBe(byMs < 0 ? 1 : 0)
    trial.run('BGSAVE')
    for (let turns = 0; turns < 50; turns++) await turn()
    expect(trial.said('INFO persistence')).toContain('rdb_last_bgsave_status:ok')
    await trial.store.rewrite()
    trial.run('XADD x * f y')
    const expected = dataOf(trial.engine, 0)
    clock.advance(1000)
    await settle()
    files.crash()
    files.powerOn()
    const again = await Trial.open({ files, clock: new ManualClock(clock.now()) })
    expect(dataOf(again.engine, 0)).toEqual(expected)
    expect(again.ask('XLEN x')).toBe(3)
    await again.close()
  },
)
