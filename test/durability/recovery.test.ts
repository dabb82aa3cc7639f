/**
 * What a log gives back: all that was flushed, whole units, and nothing else; and how it ends does not matter.
 */
import { expect, it, test } from 'vitest'
import { raw, toBuffer } from '../../src/base/bytes.ts'
import { DurabilityError } from '../../src/durability/durable.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { SimulatedFiles } from '../../src/testing/simulated-files.ts'
import { Deeds, dataOf, Trial } from './rig.ts'

const SOAK = process.env.SOAK === '1'
const SEEDS = Array.from({ length: SOAK ? 200 : 4 }, (_, i) => i + 1)
const INCREMENT = '/data/appendonlydir/appendonly.aof.1.incr.aof'

/** Opens what the files hold, long after. */
async function reopened(files: SimulatedFiles, nowMs: number): Promise<Map<string, string>> {
  const trial = await Trial.open({ files, clock: new ManualClock(nowMs) })
  const contents = dataOf(trial.engine, nowMs)
  await trial.close()
  return contents
}

/** Contents without their forms: a collection that was large and is small again keeps its form until it is loaded anew. */
function formless(contents: ReadonlyMap<string, string>): Map<string, string> {
  const forms = /^string:(?:hashtable|listpack|intset|skiplist)/
  return new Map([...contents].map(([key, text]) => [key, text.replace(forms, 'some form')]))
}

/** Writes over a file, whatever it was. */
function overwrite(files: SimulatedFiles, path: string, bytes: Uint8Array): void {
  const file = files.open(path, 'create')
  if (bytes.length > 0) file.write(bytes)
  file.syncNow()
}

it.each(SEEDS)(
  'generated commands come back after a restart, and after a rewrite among them: seed %i',
  async (seed) => {
    const files = new SimulatedFiles()
    const clock = new ManualClock()
    const trial = await Trial.open({ files, clock })
    const deeds = new Deeds(seed, { newer: true })
    // Not at a moment when nearly everything was flushed.
    for (let i = 0; i < 600 || dataOf(trial.engine, 0).size <= 10; i++) {
      for (const argv of deeds.next()) trial.ask(argv)
      if (deeds.below(10) === 0) clock.advance(deeds.below(3000))
      if (i === 200 || i === 400) await trial.store.rewrite()
    }
    const expected = dataOf(trial.engine, clock.now())
    await trial.close()
    files.kill()
    expect(formless(await reopened(files, clock.now()))).toEqual(formless(expected))
  },
)

test('what has expired meanwhile goes after loading, not while the log is read', async () => {
  const files = new SimulatedFiles()
  const clock = new ManualClock()
  const trial = await Trial.open({ files, clock })
  trial.run(
    'SET short v PX 1000',
    'COPY short long',
    'PERSIST long',
    'HSET hash f v g w',
    'HPEXPIRE hash 1000 FIELDS 1 f',
  )
  trial.run(
    'COPY hash kept',
    'HPERSIST kept FIELDS 1 f',
    'SET other v',
    'PEXPIRE other 5',
    'RENAME other renamed',
    'PERSIST renamed',
  )
  await trial.close()
  const later = await Trial.open({ files, clock: new ManualClock(clock.now() + 3_600_000) })
  expect(later.ask('GET short')).toBe(null)
  expect(later.ask('GET long')).toBe('v')
  expect(later.ask('GET renamed')).toBe('v')
  expect(later.ask('HGET hash f')).toBe(null)
  expect(later.ask('HGET hash g')).toBe('w')
  expect(later.ask('HGET kept f')).toBe('v')
  await later.close()
})

test('a log cut off at any byte gives back its whole units and goes on', async () => {
  const files = new SimulatedFiles()
  const trial = await Trial.open({ files })
  // Where the log ends after each unit, and what is there then.
  const ends: [size: number, contents: string][] = [[0, '']]
  for (const unit of [
    'SET a 1',
    'RPUSH l x y',
    'SELECT 3',
    'SET a 2',
    'SELECT 0',
    'MULTI|INCR a|DEL l|SET n v|EXEC',
    'SET z end',
  ]) {
    for (const line of unit.split('|')) trial.ask(line)
    await trial.store.flush()
    ends.push([files.read(INCREMENT).length, [...dataOf(trial.engine, 0)].sort().join('\n')])
  }
  await trial.close()
  const whole = files.read(INCREMENT)
  for (let length = 0; length <= whole.length; length++) {
    overwrite(files, INCREMENT, whole.subarray(0, length))
    const cut = await Trial.open({ files })
    const expected = ends.findLast(([size]) => size <= length)![1]
    expect([...dataOf(cut.engine, 0)].sort().join('\n'), `cut at ${length}`).toBe(expected)
    cut.run('SET after cut')
    await cut.close()
    const again = await Trial.open({ files })
    expect(again.ask('GET after')).toBe('cut')
    await again.close()
  }
})

test('aof-load-truncated no refuses a log that is cut off, and says where', async () => {
  const files = new SimulatedFiles()
  const trial = await Trial.open({ files })
  trial.run('SET a 1', 'SET b 2')
  await trial.close()
  const whole = files.read(INCREMENT)
  overwrite(files, INCREMENT, whole.subarray(0, whole.length - 3))
  const opening = Trial.open({ files, config: { 'aof-load-truncated': 'no' } })
  await expect(opening).rejects.toMatchObject({ code: 'TRUNCATED', path: INCREMENT, offset: expect.any(Number) })
})

test('every flipped bit is refused with its place, or changes a value only: what follows is never lost in silence', async () => {
  const files = new SimulatedFiles()
  const trial = await Trial.open({ files })
  trial.run('SET first 1', 'MULTI', 'SET second 2', 'RPUSH list a b', 'EXEC', 'SET third 3', 'SET last end')
  await trial.close()
  const whole = files.read(INCREMENT)
  const tail = raw(Buffer.from(whole).latin1Slice()).lastIndexOf('*3')
  let refused = 0
  for (let at = 0; at < tail; at++) {
    for (const bit of SOAK ? [1, 2, 4, 8, 16, 32, 64, 128] : [1, 32]) {
      const flipped = whole.slice()
      flipped[at] = flipped[at]! ^ bit
      overwrite(files, INCREMENT, flipped)
      try {
        const opened = await Trial.open({ files })
        // Whatever was hit, the database included: what comes after is there.
        const last = [...dataOf(opened.engine, 0)].find(([key]) => key.endsWith(':last'))
        expect(last?.[1], `byte ${at}, bit ${bit}`).toMatch(/string:end$/)
        await opened.close()
      } catch (error) {
        if (!(error instanceof DurabilityError)) throw error
        expect(['CORRUPT', 'UNSUPPORTED']).toContain(error.code)
        expect(error.path).toBe(INCREMENT)
        expect(error.offset).toBeLessThanOrEqual(whole.length)
        refused++
      }
    }
  }
  expect(refused).toBeGreaterThan(tail / 2)
})

test('a file of the log that is not there, and a manifest that is none, are refused', async () => {
  const files = new SimulatedFiles()
  const trial = await Trial.open({ files })
  trial.run('SET a 1')
  await trial.close()
  const manifest = '/data/appendonlydir/appendonly.aof.manifest'
  const good = files.read(manifest)
  files.remove(INCREMENT)
  await expect(Trial.open({ files })).rejects.toMatchObject({ code: 'CORRUPT', path: INCREMENT })
  const lines = ['', 'nonsense\n', 'file a seq 1 type x\n', 'file ../a seq 1 type b\n', 'file a seq 0 type i\n']
  const twice = 'file a seq 1 type b\nfile b seq 2 type b\n'
  const falling = 'file a seq 2 type i\nfile b seq 1 type i\n'
  for (const text of [...lines, twice, falling]) {
    overwrite(files, manifest, toBuffer(raw(text)))
    await expect(Trial.open({ files }), JSON.stringify(text)).rejects.toMatchObject({ code: 'CORRUPT', path: manifest })
  }
  overwrite(files, manifest, good)
})

test('the single file of an older redis-server becomes the base of a log, even when a crash came between', async () => {
  const text = '*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n'
  for (let crashAt = 1; crashAt < 30; crashAt++) {
    const files = new SimulatedFiles()
    files.makeFolder('/data')
    overwrite(files, '/data/appendonly.aof', toBuffer(raw(text)))
    files.syncFolder('/data')
    const from = files.operations
    files.fault = () => (files.operations >= from + crashAt ? 'EIO' : undefined)
    await Trial.open({ files }).then(
      (trial) => trial.engine.stop(),
      () => undefined,
    )
    files.fault = () => undefined
    files.crash()
    files.powerOn()
    const trial = await Trial.open({ files })
    expect(trial.ask('GET a'), `crash at ${crashAt}`).toBe('1')
    trial.run('SET b 2')
    await trial.close()
    const again = await Trial.open({ files })
    expect(again.ask('MGET a b')).toEqual(['1', '2'])
    await again.close()
  }
})

test('a snapshot is what a log begins with where there was none', async () => {
  const files = new SimulatedFiles()
  const before = await Trial.open({ files, config: { appendonly: 'no' } })
  before.run('SET a 1', 'SAVE')
  await before.close()
  const trial = await Trial.open({ files })
  expect(trial.ask('GET a')).toBe('1')
  trial.run('SET b 2')
  await trial.close()
  files.remove('/data/dump.rdb')
  const again = await Trial.open({ files })
  expect(again.ask('MGET a b')).toEqual(['1', '2'])
  await again.close()
})

test('snapshots that were not finished are removed; what others write beside is not ours', async () => {
  const files = new SimulatedFiles()
  files.makeFolder('/data')
  const ours = ['/data/temp-bg-12.rdb', '/data/temp-fg-12.rdb']
  const others = ['/data/temp-12.rdb', '/data/temp-bg-x.rdb', '/data/mine.rdb']
  for (const path of [...ours, ...others]) overwrite(files, path, toBuffer(raw('REDIS0010')))
  const trial = await Trial.open({ files })
  expect(ours.map((path) => files.stat(path))).toEqual([undefined, undefined])
  expect(others.map((path) => files.stat(path)?.size)).toEqual([9, 9, 9])
  await trial.close()
})

test('a unit of state beside the data is kept with its data, or not at all', async () => {
  const changes: string[] = []
  const extra = {
    name: 'progress',
    save: () => raw(changes.join('|')),
    load: (state: string | undefined) =>
      void changes.splice(0, changes.length, ...(state ?? '').split('|').filter(Boolean)),
    apply: (change: string) => void changes.push(change),
  }
  const files = new SimulatedFiles()
  const trial = await Trial.open({ files, extras: [extra] })
  const { engine } = trial
  const change = (text: string): void => {
    changes.push(text)
    engine.extras.changed('progress', raw(text))
  }
  engine.begin()
  trial.run('SET a 1')
  change('x'.repeat(5000))
  engine.end()
  engine.begin()
  change('alone \xff\0')
  engine.end()
  const expected = [...changes]
  await trial.store.flush()
  const whole = files.read(INCREMENT)
  expect(
    Buffer.from(whole)
      .latin1Slice()
      .split('\n')
      .every((line) => !line.startsWith('#') || line.length < 1000),
  ).toBe(true)
  await trial.close()
  for (let cut = whole.length; cut > 0; cut -= 97) {
    overwrite(files, INCREMENT, whole.subarray(0, cut))
    changes.length = 0
    const again = await Trial.open({ files, extras: [extra] })
    expect(expected.slice(0, changes.length)).toEqual(changes)
    expect(again.ask('GET a')).toBe(changes.length > 0 ? '1' : null)
    if (cut === whole.length) {
      expect(changes).toEqual(expected)
      await again.store.rewrite()
      await again.close()
      changes.length = 0
      const third = await Trial.open({ files, extras: [extra] })
      expect(changes).toEqual(expected)
      await third.close()
      return
    }
    await again.close()
  }
})
