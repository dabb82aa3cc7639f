/**
 * A store in a folder is closed, or left as a crash leaves it, and opened again: libraries, their owners and configs, and how
 * far stream triggers have come are there, from a log and from a snapshot; and nothing fires while they come back.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, open } from '../../src/index.ts'
import { PROLOGUE } from './rig.ts'

const BODY = `${PROLOGUE}
redis.registerFunction('config', () => redis.config.by)
redis.registerFunction('one', (c) => c.call('get', 'k'))
redis.registerKeySpaceTrigger('keys', 'k', (c) => { c.call('incr', 'fired') })
redis.registerStreamTrigger('entries', 's', (c, data) => { c.call('rpush', 'seen', data.id.join('-')) })`
const GONE = "#!js api_version=1.0 name=gone\nredis.registerFunction('f', () => 1)"

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'geartrain-restart-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const KEEPING = [
  { kept: 'a log', directives: { appendonly: 'yes', appendfsync: 'always' }, keep: async () => {} },
  {
    kept: 'a log that was written anew',
    directives: { appendonly: 'yes', appendfsync: 'always' },
    keep: async (db: Database) => {
      await db.call('BGREWRITEAOF')
      await expect
        .poll(async () => String(await db.info('persistence')), { timeout: 20_000 })
        .toContain('aof_rewrite_in_progress:0')
    },
  },
  {
    kept: 'a snapshot',
    directives: { appendonly: 'no', save: '' },
    keep: async (db: Database) => {
      await db.call('SAVE')
    },
  },
]

test.each(KEEPING)('from $kept', { timeout: 60_000 }, async ({ directives, keep }) => {
  const at = (folder: string): Promise<Database> =>
    open(`file:${join(root, folder)}`, { engine: { config: directives } })
  const crashed = async (db: Database): Promise<void> => {
    await keep(db)
    cpSync(join(root, 'store'), join(root, 'left'), { recursive: true, filter: (name) => !name.endsWith('lock') })
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
    expect([await again.get('fired'), await again.lrange('seen', 0, -1)]).toEqual(['2', ['1-0', '2-0', '3-0']])
  } finally {
    await again.close()
  }
})
