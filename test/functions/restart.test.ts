/**
 * A store in a folder is closed, or left as a crash leaves it, and opened again: libraries, their owners and configs, and how
 * far stream triggers have come are there, from a log, from a snapshot, and from `dump.rdb` alone, which redis-server loads too;
 * and nothing fires while they come back. An entry that was in work is delivered again.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, open } from '../../src/index.ts'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import { TheirSide, words } from '../rdb/sides.ts'
import { PROLOGUE } from './rig.ts'

const BODY = `${PROLOGUE}
redis.registerFunction('config', () => redis.config.by)
redis.registerFunction('one', (c) => c.call('get', 'k'))
redis.registerKeySpaceTrigger('keys', 'k', (c) => { c.call('incr', 'fired') })
redis.registerStreamTrigger('entries', 's', (c, data) => { c.call('rpush', 'seen', data.id.join('-')) })
redis.registerStreamTrigger('endless', 'w', async (c, data) => {
  c.block((held) => held.call('incr', 'begun'))
  await new Promise(() => {})
})`
const GONE = "#!js api_version=1.0 name=gone\nredis.registerFunction('f', () => 1)"

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'geartrain-restart-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** All that a crash leaves but the lock. */
const everything = (from: string, to: string): void =>
  cpSync(from, to, { recursive: true, filter: (name) => !name.endsWith('lock') })

function snapshotAlone(from: string, to: string): void {
  mkdirSync(to)
  cpSync(join(from, 'dump.rdb'), join(to, 'dump.rdb'))
}

const save = async (db: Database): Promise<void> => {
  await db.call('SAVE')
}

const KEEPING = [
  { kept: 'a log', directives: { appendonly: 'yes', appendfsync: 'always' }, keep: async () => {}, copy: everything },
  {
    kept: 'a log that was written anew',
    directives: { appendonly: 'yes', appendfsync: 'always' },
    keep: async (db: Database) => {
      await db.call('BGREWRITEAOF')
      await expect
        .poll(async () => String(await db.info('persistence')), { timeout: 20_000 })
        .toContain('aof_rewrite_in_progress:0')
    },
    copy: everything,
  },
  { kept: 'a snapshot', directives: { appendonly: 'no', save: '' }, keep: save, copy: everything },
  {
    kept: "a log's snapshot alone",
    directives: { appendonly: 'yes', appendfsync: 'everysec' },
    keep: save,
    copy: snapshotAlone,
  },
]
const CASES = ['isolate', 'realm'].flatMap((host) => KEEPING.map((keeping) => ({ host, ...keeping })))

test.each(CASES)('from $kept, in the host $host', { timeout: 60_000 }, async ({ host, directives, keep, copy }) => {
  const at = (folder: string): Promise<Database> =>
    open(`file:${join(root, folder)}`, {
      engine: { config: directives, functions: { trustLibraries: host === 'realm' } },
    })
  const begun = (store: Database) => expect.poll(async () => store.get('begun'), { timeout: 20_000 })
  const crashed = async (db: Database): Promise<void> => {
    await keep(db)
    copy(join(root, 'store'), join(root, 'left'))
    await db.close()
  }
  const db = await at('store')
  try {
    await db.functions.load(BODY, { config: { by: 7 } })
    await db.functions.load(GONE)
    await db.functions.delete('gone')
    await db.set('k', 'v')
    await db.xadd('s', '1-0', { f: 'v' })
    await db.xadd('s', '2-0', { f: 'v' })
    await db.xadd('w', '1-0', { f: 'v' })
    await begun(db).toBe('1')
  } finally {
    await crashed(db)
  }
  const again = await at('left')
  try {
    const [library, ...others] = await again.functions.list({ verbosity: 3, withCode: true })
    expect(others).toEqual([])
    expect(library).toMatchObject({ name: 'L', user: 'default', code: BODY, configuration: '{"by":7}' })
    // Nothing fired for what was read, and nothing is delivered again.
    expect([await again.get('fired'), await again.lrange('seen', 0, -1)]).toEqual(['1', ['1-0', '2-0']])
    expect(await again.functions.call('L.config')).toBe(7)
    expect(await again.functions.call('L.one')).toBe('v')
    await again.set('k', 'w')
    await again.xadd('s', '3-0', { f: 'v' })
    expect(await again.get('fired')).toBe('2')
    // The library may be at work on what was in work before: then the entry's turn comes after that.
    await expect.poll(() => again.lrange('seen', 0, -1), { timeout: 20_000 }).toEqual(['1-0', '2-0', '3-0'])
    await begun(again).toBe('2')
  } finally {
    await again.close()
  }
})

test.skipIf(oracleMissing)('the same dump.rdb starts a redis-server, and what it saves starts ours', async () => {
  const config = { appendonly: 'no', save: '' }
  const db = await open(`file:${join(root, 'store')}`, { engine: { config } })
  await db.functions.load(BODY)
  await db.mset({ k: 'v', a: '1' })
  await db.xadd('s', '1-0', { f: 'v' })
  await db.call('SAVE')
  await db.close()
  snapshotAlone(join(root, 'store'), join(root, 'theirs'))
  const redis = await OracleServer.start(['--dir', join(root, 'theirs')])
  try {
    const side = await TheirSide.open(redis)
    const replies = await side.ask(['DBSIZE', 'GET k', 'XLEN s', 'LRANGE seen 0 -1', 'SET a 2', 'SAVE'].map(words))
    expect(replies.slice(0, 4)).toEqual([5, 'v', 1, ['1-0']])
    side.close()
  } finally {
    await redis.stop()
  }
  // What Redis does not know it does not write: the data is there, libraries are not.
  const again = await open(`file:${join(root, 'theirs')}`, { engine: { config } })
  expect([await again.get('a'), await again.functions.list()]).toEqual(['2', []])
  await again.close()
})
