/** SAVE, BGSAVE and their kin on a disk in memory: what is answered, what is on the disk, what happens when it refuses. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { type Bytes, raw } from '../../src/base/bytes.ts'
import { seededRandom } from '../../src/base/random.ts'
import { OK, ReplyError } from '../../src/base/reply.ts'
import { allCommands } from '../../src/commands/all.ts'
import { DurabilityError } from '../../src/durability/durable.ts'
import { startSnapshot } from '../../src/durability/snapshot.ts'
import { SnapshotKeeper } from '../../src/durability/snapshot-keeper.ts'
import { Engine } from '../../src/engine/engine.ts'
import type { Extra } from '../../src/engine/extras.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { Recorder } from '../../src/testing/recorder.ts'
import { SimulatedFiles } from '../../src/testing/simulated-files.ts'

class Store {
  readonly clock = new ManualClock()
  readonly files: SimulatedFiles
  readonly engine: Engine
  readonly keeper: SnapshotKeeper
  readonly client: Recorder
  readonly log: string[] = []

  constructor(files: SimulatedFiles, config: Readonly<Record<string, string>> = {}, extras: readonly Extra[] = []) {
    this.files = files
    const options = { dir: '/data', 'enable-debug-command': 'yes', ...config }
    files.makeFolder('/data')
    this.engine = new Engine({ commands: allCommands, clock: this.clock, random: seededRandom(1), config: options })
    for (const extra of extras) this.engine.extras.add(extra)
    const note = (text: string): void => void this.log.push(text)
    this.keeper = new SnapshotKeeper(this.engine, { files, log: { notice: note, warning: note } })
    this.keeper.load()
    this.client = new Recorder(this.engine)
  }

  send(line: string): unknown {
    const [reply] = this.client.send(line)
    return reply instanceof ReplyError
      ? reply.message
      : reply !== null && typeof reply === 'object' && 'text' in reply
        ? reply.text
        : reply
  }

  info(): Record<string, string> {
    const text = this.engine.info.text(['persistence'])
    return Object.fromEntries(text.split('\r\n').map((line) => line.split(':') as [string, string]))
  }
}

/** State beside the data, kept as text. */
class Notes implements Extra {
  readonly name = 'notes'
  text: string | undefined
  constructor(text?: string) {
    this.text = text
  }
  save(): Bytes | undefined {
    return this.text === undefined ? undefined : raw(this.text)
  }
  load(state: Bytes | undefined): void {
    this.text = state
  }
  apply(change: Bytes): void {
    this.text = change
  }
}

describe('SAVE', () => {
  it('brings everything to the disk before it answers', () => {
    const files = new SimulatedFiles()
    const store = new Store(files)
    store.send('SET a 1')
    store.send('RPUSH l x y')
    store.send('SELECT 3')
    store.send('SET b 2 PXAT 1700000100000')
    expect(store.send('SAVE')).toBe('OK')
    files.crash()
    files.powerOn()
    const again = new Store(files)
    expect(again.send('GET a')).toBe('1')
    expect(again.client.send('LRANGE l 0 -1')).toEqual([['x', 'y']])
    again.send('SELECT 3')
    expect(again.send('PEXPIRETIME b')).toBe(1700000100000)
    expect(again.info()).toMatchObject({ rdb_last_load_keys_loaded: '3', rdb_last_load_keys_expired: '0' })
  })

  it('without the fsync a crash takes it: the disk of this test forgets', () => {
    const files = new SimulatedFiles()
    files.syncs = () => false
    const store = new Store(files)
    store.send('SET a 1')
    expect(store.send('SAVE')).toBe('OK')
    files.crash()
    files.powerOn()
    expect(new Store(files).send('GET a')).toBe(null)
  })

  it('leaves the old file where the disk refuses, whatever it refuses', () => {
    for (const operation of ['open', 'write', 'sync', 'rename', 'syncFolder'] as const) {
      const files = new SimulatedFiles()
      const store = new Store(files)
      store.send('SET a old')
      store.send('SAVE')
      store.send('SET a new')
      files.fault = (what) => (what === operation ? 'ENOSPC' : undefined)
      expect(store.send('SAVE')).toContain('No space left on device')
      files.fault = () => undefined
      files.crash()
      files.powerOn()
      expect(new Store(files).send('GET a'), operation).toBe('old')
      expect(store.send('SAVE'), operation).toBe('OK')
      files.crash()
      files.powerOn()
      expect(new Store(files).send('GET a'), operation).toBe('new')
      expect(files.list('/data')).toEqual(['dump.rdb'])
    }
  })

  it('is refused in a transaction, and where fields have deadlines unless version 12 is asked for', () => {
    const store = new Store(new SimulatedFiles())
    store.send('HSET h f v')
    store.send('HPEXPIREAT h 1700000100000 FIELDS 1 f')
    expect(store.send('SAVE')).toContain('CONFIG SET geartrain-rdb-version 12')
    expect(store.send('BGSAVE')).toContain('CONFIG SET geartrain-rdb-version 12')
    store.send('CONFIG SET geartrain-rdb-version 12')
    expect(store.send('SAVE')).toBe('OK')
    const again = new Store(store.files)
    expect(again.client.send('HPEXPIRETIME h FIELDS 1 f')).toEqual([[1700000100000]])
    again.client.send('HPERSIST h FIELDS 1 f')
    again.send('CONFIG SET geartrain-rdb-version 10')
    expect(again.send('SAVE')).toBe('OK')
  })
})

describe('BGSAVE', () => {
  it('answers at once, writes what was there then, and refuses a second one meanwhile', async () => {
    const files = new SimulatedFiles()
    const store = new Store(files)
    for (let i = 0; i < 3000; i++) store.send(`SET key:${i} ${i}`)
    store.send('RPUSH l 1 2')
    const before = store.send('LASTSAVE')
    store.clock.advance(5000)
    expect(store.send('BGSAVE')).toBe('Background saving started')
    expect(store.send('BGSAVE')).toBe('ERR Background save already in progress')
    expect(store.send('SAVE')).toBe('ERR Background save already in progress')
    store.send('RPUSH l 3')
    expect(store.info()).toMatchObject({ rdb_bgsave_in_progress: '1', current_save_keys_total: '3001' })
    expect(await store.keeper.settled()).toBe(true)
    expect(store.info()).toMatchObject({
      rdb_bgsave_in_progress: '0',
      rdb_changes_since_last_save: '1',
      rdb_saves: '1',
    })
    expect(store.send('LASTSAVE')).toBe(Number(before) + 5)
    files.crash()
    files.powerOn()
    const again = new Store(files)
    expect(again.send('DBSIZE')).toBe(3001)
    expect(again.client.send('LRANGE l 0 -1')).toEqual([['1', '2']])
  })

  it('waits for another snapshot when it is told to, and in a transaction until it has ended', async () => {
    const store = new Store(new SimulatedFiles())
    store.send('SET a 1')
    const other = startSnapshot(store.engine)
    expect(store.send('BGSAVE')).toContain('Another child process is active (AOF?)')
    expect(store.send('BGSAVE SCHEDULE')).toBe('Background saving scheduled')
    store.clock.advance(1000)
    expect(store.info().rdb_bgsave_in_progress).toBe('0')
    other.cancel()
    store.clock.advance(1000)
    expect(store.info().rdb_bgsave_in_progress).toBe('1')
    expect(await store.keeper.settled()).toBe(true)
    for (const line of ['MULTI', 'SET a 2', 'BGSAVE']) store.send(line)
    expect(store.client.send('EXEC')).toEqual([[OK, expect.objectContaining({ text: 'Background saving scheduled' })]])
    store.clock.advance(1000)
    await store.keeper.settled()
    expect(store.info()).toMatchObject({ rdb_saves: '2', rdb_changes_since_last_save: '0' })
  })

  it('is given up for SHUTDOWN SAVE, whose file is the one that stays', async () => {
    const files = new SimulatedFiles()
    const store = new Store(files)
    for (let i = 0; i < 3000; i++) store.send(`SET key:${i} ${i}`)
    store.send('BGSAVE')
    await nextTurn()
    store.send('SET late 1')
    store.keeper.saveNow()
    await store.keeper.close()
    files.crash()
    files.powerOn()
    expect(new Store(files).send('DBSIZE')).toBe(3001)
    expect(files.list('/data')).toEqual(['dump.rdb'])
  })
})

describe('the points of save', () => {
  it('save after so many changes in so many seconds', async () => {
    const files = new SimulatedFiles()
    const store = new Store(files, { save: '60 3' })
    store.send('SET a 1')
    store.send('SET b 1')
    store.clock.advance(120_000)
    expect(store.info()).toMatchObject({ rdb_bgsave_in_progress: '0', rdb_changes_since_last_save: '2' })
    store.send('SET c 1')
    store.clock.advance(2000)
    expect(await store.keeper.settled()).toBe(true)
    expect(store.info()).toMatchObject({ rdb_saves: '1', rdb_changes_since_last_save: '0' })
    expect(store.log).toContain('3 changes in 60 seconds. Saving...')
  })

  it('a save that failed stops writes until one succeeds, and is tried again', async () => {
    const files = new SimulatedFiles()
    const store = new Store(files, { save: '3600 1' })
    store.send('SET a 1')
    files.fault = (operation) => (operation === 'write' ? 'ENOSPC' : undefined)
    store.send('BGSAVE')
    expect(await store.keeper.settled()).toBe(false)
    expect(store.info().rdb_last_bgsave_status).toBe('err')
    expect(store.send('SET a 2')).toContain('MISCONF Redis is configured to save RDB snapshots')
    expect(store.send('GET a')).toBe('1')
    store.send('CONFIG SET stop-writes-on-bgsave-error no')
    expect(store.send('SET a 2')).toBe('OK')
    store.send('CONFIG SET stop-writes-on-bgsave-error yes')
    expect(store.send('SET a 3')).toContain('MISCONF')
    files.fault = () => undefined
    store.clock.advance(3700_000)
    expect(await store.keeper.settled()).toBe(true)
    expect(store.send('SET a 3')).toBe('OK')
  })

  it('are read as Redis reads them', () => {
    const store = new Store(new SimulatedFiles())
    for (const bad of ['"a b"', '10', '"0 1"', '"10 -1"', '"3600 1 300"']) {
      const words = ['CONFIG', 'SET', 'save', bad.replaceAll('"', '')].map(raw)
      expect(store.client.run(words)).toEqual([
        new ReplyError("ERR CONFIG SET failed (possibly related to argument 'save') - Invalid save parameters"),
      ])
    }
    expect(store.client.run(['CONFIG', 'SET', 'save', '3600 1 60 5'].map(raw))).toEqual([OK])
    expect(store.client.run(['CONFIG', 'GET', 'save'].map(raw))[0]).toMatchObject({ items: ['save', '3600 1 60 5'] })
  })
})

describe('DEBUG RELOAD', () => {
  it('brings back what there is, or with NOSAVE what there was', () => {
    const store = new Store(new SimulatedFiles())
    store.send('SET a 1')
    expect(store.send('DEBUG RELOAD')).toBe('OK')
    expect(store.send('GET a')).toBe('1')
    store.send('SET a 2')
    store.send('SET b 2')
    expect(store.send('DEBUG RELOAD NOSAVE NOFLUSH MERGE')).toBe('OK')
    expect([store.send('GET a'), store.send('GET b')]).toEqual(['1', '2'])
    expect(store.send('DEBUG RELOAD NOSAVE')).toBe('OK')
    expect([store.send('GET a'), store.send('GET b')]).toEqual(['1', null])
    expect(store.send('DEBUG RELOAD foo')).toBe('ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.')
  })

  it('leaves everything as it is when the file is damaged', () => {
    const store = new Store(new SimulatedFiles())
    store.send('SET a 1')
    store.send('SAVE')
    store.send('SET a 2')
    const file = store.files.open('/data/dump.rdb', 'update')
    file.truncate(file.size - 1)
    expect(store.send('DEBUG RELOAD NOSAVE')).toBe('ERR Error trying to load the RDB dump')
    expect(store.send('GET a')).toBe('2')
  })
})

describe('a file that cannot be loaded', () => {
  it('keeps the store from being opened: any byte flipped, any length but its own', () => {
    const store = new Store(new SimulatedFiles(), {}, [new Notes('kept')])
    for (const line of ['SET a 1', 'HSET h f v', 'RPUSH l a b', 'ZADD z 1 m', 'SADD s x', 'XADD x 1-1 f v', 'SAVE']) {
      store.send(line)
    }
    const whole = Buffer.from(store.files.read('/data/dump.rdb'))
    const refusal = (bytes: Uint8Array): unknown => {
      const files = new SimulatedFiles()
      files.makeFolder('/data')
      files.open('/data/dump.rdb', 'create').write(bytes)
      try {
        new Store(files)
        return 'opened'
      } catch (error) {
        return error
      }
    }
    expect(refusal(whole)).toBe('opened')
    for (let at = 0; at < whole.length; at++) {
      const flipped = Buffer.from(whole)
      flipped[at]! ^= 1 << (at % 8)
      for (const error of [refusal(flipped), refusal(whole.subarray(0, at))]) {
        expect(error, `at ${at}`).toBeInstanceOf(DurabilityError)
        expect(String(error)).toContain('/data/dump.rdb')
      }
    }
  })

  it('says where it is damaged and what to do', () => {
    const store = new Store(new SimulatedFiles())
    store.send('SET a 1')
    store.send('SAVE')
    const size = store.files.stat('/data/dump.rdb')!.size
    store.files.open('/data/dump.rdb', 'update').truncate(size - 3)
    expect(() => new Store(store.files)).toThrow(/\/data\/dump\.rdb: .*\(at byte \d+\)\. Restore it from a backup/)
  })

  it('is refused when a newer version has written it', () => {
    const files = new SimulatedFiles()
    files.makeFolder('/data')
    files.open('/data/dump.rdb', 'create').write(Buffer.from('REDIS0099\xff', 'latin1'))
    expect(() => new Store(files)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }))
  })
})

describe('state beside the data', () => {
  it('comes back by the file alone, and what has no owner here stays in it', () => {
    const files = new SimulatedFiles()
    const store = new Store(files, {}, [new Notes('kept with the data')])
    store.send('SAVE')
    const stranger = new Store(files)
    stranger.send('SET a 1')
    stranger.send('SAVE')
    const notes = new Notes()
    new Store(files, {}, [notes])
    expect(notes.text).toBe('kept with the data')
  })
})

it('a store without a folder says so', () => {
  const engine = new Engine({ commands: allCommands, clock: new ManualClock(), random: seededRandom(1) })
  const client = new Recorder(engine)
  for (const line of ['SAVE', 'BGSAVE', 'LASTSAVE']) {
    expect(client.send(line)).toEqual([new ReplyError('ERR This store has no folder: nothing is written to disk')])
  }
  expect(client.run(['CONFIG', 'SET', 'save', '60 1'].map(raw))[0]).toBeInstanceOf(ReplyError)
  expect(client.run(['CONFIG', 'SET', 'save', ''].map(raw))).toEqual([OK])
})
