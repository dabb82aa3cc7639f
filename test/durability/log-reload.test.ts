/** DEBUG LOADAOF: what is served afterwards is what a restart would give, beside redis-server; or all stays as it was. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, test } from 'vitest'
import { raw } from '../../src/base/bytes.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { SimulatedFiles } from '../../src/testing/simulated-files.ts'
import { canonical } from '../differential/differences.ts'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import { TheirSide, words } from '../rdb/sides.ts'
import { Deeds, dataOf, Trial } from './rig.ts'

const SEEDS = Array.from({ length: process.env.SOAK === '1' ? 200 : 4 }, (_, i) => i + 1)
const INCREMENT = '/data/appendonlydir/appendonly.aof.1.incr.aof'

const SESSION = [
  'SET a 1',
  'RPUSH l x y',
  'SELECT 3',
  'SET b 2 PX 100000000',
  'DEBUG LOADAOF',
  'GET b',
  'SELECT 0',
  'LRANGE l 0 -1',
  'INCR a',
  'MULTI',
  'GET a',
  'DEBUG LOADAOF',
  'GET a',
  'EXEC',
  'DEBUG loadaof x',
  'FLUSHALL',
  'DEBUG LOADAOF',
  'DBSIZE',
]

test.skipIf(oracleMissing)('a session has the replies that redis-server gives', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'geartrain-loadaof-'))
  const redis = await OracleServer.start(['--dir', folder, '--appendonly', 'yes', '--enable-debug-command', 'yes'])
  try {
    const side = await TheirSide.open(redis)
    const theirs = await side.ask(SESSION.map(words))
    side.close()
    const trial = await Trial.open({ files: new SimulatedFiles() })
    expect(SESSION.map((line) => canonical(trial.ask(line)))).toEqual(theirs.map((reply) => canonical(reply)))
    await trial.close()
  } finally {
    await redis.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

it.each(SEEDS)(
  'after generated commands it changes what a restart would change, and the log goes on: seed %i',
  async (seed) => {
    const files = new SimulatedFiles()
    const clock = new ManualClock()
    const trial = await Trial.open({ files, clock })
    const deeds = new Deeds(seed, { newer: true })
    for (let i = 0; i < 300 || dataOf(trial.engine, 0).size <= 10; i++) {
      for (const argv of deeds.next()) trial.ask(argv)
      if (i === 150) await trial.store.rewrite()
    }
    trial.run('DEBUG LOADAOF')
    const loaded = dataOf(trial.engine, clock.now())
    trial.run('SELECT 0', 'SET after it')
    await trial.close()
    const again = await Trial.open({ files, clock })
    expect(again.ask('GET after')).toBe('it')
    again.run('DEL after')
    if (loaded.has('0:after')) loaded.delete('0:after')
    expect(dataOf(again.engine, clock.now())).toEqual(loaded)
    await again.close()
  },
)

test('what has expired goes, deadlines that are to come count on, and state beside the data stays', async () => {
  const files = new SimulatedFiles()
  const clock = new ManualClock()
  const refuse = (): never => {
    throw new Error('taken again')
  }
  let hasLoaded = false
  const extra = {
    name: 'notes',
    save: () => raw('what there is'),
    load: () => (hasLoaded ? refuse() : undefined),
    apply: refuse,
  }
  const trial = await Trial.open({ files, clock, extras: [extra] })
  trial.run('SET soon v PX 1000', 'SET late v PX 5000', 'DEBUG SET-ACTIVE-EXPIRE 0')
  hasLoaded = true
  await trial.store.rewrite()
  trial.engine.begin()
  trial.engine.extras.changed('notes', raw('one'))
  trial.engine.end()
  clock.advance(2000)
  trial.run('DEBUG LOADAOF', 'DEBUG SET-ACTIVE-EXPIRE 1')
  expect(trial.ask('MGET soon late')).toEqual([null, 'v'])
  clock.advance(4000)
  expect(trial.ask('DBSIZE')).toBe(0)
  await trial.close()
})

test('a damaged log, one that is off, and a change that is not logged yet are errors, and everything stays', async () => {
  const files = new SimulatedFiles()
  const trial = await Trial.open({ files })
  trial.run('SET a 1', 'MULTI', 'SET a 2', 'DEBUG LOADAOF', 'GET a')
  expect(trial.said('EXEC')).toContain('cannot follow a change in the same transaction')
  expect(trial.ask('GET a')).toBe('2')
  await trial.store.flush()
  const damaging = files.open(INCREMENT, 'append')
  damaging.write(Buffer.from('garbage\r\n'))
  expect(trial.said('DEBUG LOADAOF')).toBe('-ERR Error trying to load the AOF files, check server logs\r\n')
  expect(trial.told.join('\n')).toContain('is damaged at offset')
  expect(trial.ask('GET a')).toBe('2')
  trial.run('CONFIG SET appendonly no')
  expect(trial.said('DEBUG LOADAOF')).toContain('appendonly is off')
  expect(trial.ask('GET a')).toBe('2')
  await trial.close()
})
