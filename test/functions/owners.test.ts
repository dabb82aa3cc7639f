/**
 * A library that a user of the ACL file loaded, on a server that is killed and started again: it is still that user's, with
 * the rights that the user has by then, or none when the user is gone.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { bundleServer, MortalServer, removeBundle } from '../durability/mortal-server.ts'

const LIBRARY = `#!js api_version=1.0 name=alices
redis.registerFunction('read', (c, key) => c.call('get', key))
redis.registerKeySpaceTrigger('keys', 'a:', (c, { key }) => { c.call('incr', 'a:fired') }, { events: ['set'] })
redis.registerKeySpaceTrigger('others', 'b:', (c) => { c.call('incr', 'a:fired') }, { events: ['set'] })
redis.registerStreamTrigger('entries', 'a:s', (c, { id }) => { c.call('rpush', 'a:seen', id.join('-')) })`
const DEFAULT = 'user default on nopass ~* &* +@all'
const ALICE = 'user alice on >secret ~a:* &* +@all'
const TIMEOUT_MS = 120_000

let folder: string
let server: MortalServer | undefined
const clients: Redis[] = []

beforeAll(bundleServer)
afterAll(removeBundle)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'geartrain-owners-'))
  mkdirSync(join(folder, 'data'))
  users(DEFAULT, ALICE)
})
afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect()
  server?.kill()
  rmSync(folder, { recursive: true, force: true })
})

const users = (...lines: readonly string[]): void =>
  writeFileSync(join(folder, 'users.acl'), lines.map((line) => `${line}\n`).join(''))

async function started(directives: readonly string[]): Promise<Redis> {
  server = await MortalServer.start(folder, ['--aclfile', join(folder, 'users.acl'), ...directives])
  return client({})
}

function client(who: { username?: string; password?: string }): Redis {
  const made = new Redis({ path: join(folder, 'socket'), ...who })
  made.on('error', () => {})
  clients.push(made)
  return made
}

async function killed(): Promise<void> {
  for (const each of clients.splice(0)) each.disconnect()
  server?.kill()
  await server?.ended()
}

/** What is listed of a library, or of one of its triggers, under a name. */
async function listed(db: Redis, name: string, trigger?: string): Promise<unknown> {
  const field = (flat: unknown, wanted: string): unknown =>
    Array.isArray(flat) ? flat[flat.indexOf(wanted) + 1] : undefined
  const libraries: unknown = await db.call('TFUNCTION', 'LIST', 'vvv')
  const [library]: unknown[] = Array.isArray(libraries) ? libraries : []
  if (trigger === undefined) return field(library, name)
  const triggers = field(library, 'keyspace_triggers')
  const found = (Array.isArray(triggers) ? triggers : []).find((each) => field(each, 'name') === trigger)
  return field(found, name)
}

const KEEPING: readonly (readonly [string, readonly string[], (db: Redis) => Promise<unknown>])[] = [
  ['a log', ['--appendfsync', 'always'], async () => {}],
  ['a snapshot', ['--appendonly', 'no', '--save', ''], (db) => db.save()],
]

test.each(KEEPING)(
  'from %s: a library keeps its owner, who has the same rights',
  { timeout: TIMEOUT_MS },
  async (kept, directives, keep) => {
    const before = await started(directives)
    expect(await client({ username: 'alice', password: 'secret' }).call('TFUNCTION', 'LOAD', LIBRARY)).toBe('OK')
    await before.mset('a:1', 'one', 'b:1', 'two')
    await before.xadd('a:s', '1-0', 'f', 'v')
    expect(await before.get('a:fired')).toBe('1')
    await keep(before)
    await killed()
    expect(existsSync(join(folder, 'data', 'appendonlydir'))).toBe(kept === 'a log')

    const db = await started(directives)
    expect(await listed(db, 'user')).toBe('alice')
    // Nothing fired while it came back.
    expect([await db.get('a:fired'), await db.lrange('a:seen', 0, -1)]).toEqual(['1', ['1-0']])
    await db.set('a:1', 'one')
    await db.set('b:1', 'two')
    await db.xadd('a:s', '2-0', 'f', 'v')
    expect([await db.get('a:fired'), await db.lrange('a:seen', 0, -1)]).toEqual(['2', ['1-0', '2-0']])
    expect(await listed(db, 'last_error', 'others')).toContain('User does not have permissions on key')
    // A function is its caller's doing, whoever loaded it.
    expect(await db.call('TFCALL', 'alices.read', 0, 'b:1')).toBe('two')
    const alice = client({ username: 'alice', password: 'secret' })
    await expect(alice.call('TFCALL', 'alices.read', 0, 'b:1')).rejects.toThrow('NOPERM')
  },
)

test.each(KEEPING)(
  'from %s: the owner was deleted meanwhile',
  { timeout: TIMEOUT_MS },
  async (_kept, directives, keep) => {
    const before = await started(directives)
    expect(await client({ username: 'alice', password: 'secret' }).call('TFUNCTION', 'LOAD', LIBRARY)).toBe('OK')
    await before.set('a:1', 'one')
    await keep(before)
    expect(await before.call('ACL', 'DELUSER', 'alice')).toBe(1)
    expect(await before.call('ACL', 'SAVE')).toBe('OK')
    await killed()

    const db = await started(directives)
    expect(await listed(db, 'user')).toBe('alice')
    expect(await db.set('a:1', 'two')).toBe('OK')
    await db.xadd('a:s', '1-0', 'f', 'v')
    expect([await db.get('a:fired'), await db.exists('a:seen')]).toEqual(['1', 0])
    expect(await listed(db, 'last_error', 'keys')).toContain('User does not exists or disabled')
    expect(await db.call('TFCALL', 'alices.read', 0, 'a:1')).toBe('two')
    // Owners are kept by name: one who comes again has the triggers again.
    await db.call('ACL', 'SETUSER', 'alice', 'on', '~a:*', '+@all')
    await db.set('a:1', 'three')
    await db.xadd('a:s', '2-0', 'f', 'v')
    expect([await db.get('a:fired'), await db.lrange('a:seen', 0, -1)]).toEqual(['2', ['2-0']])
    // And so has who is in the file when the server comes again.
    users(DEFAULT, ALICE)
    await keep(db)
    await killed()
    const last = await started(directives)
    await last.set('a:1', 'four')
    expect([await last.get('a:fired'), await listed(last, 'user')]).toEqual(['3', 'alice'])
  },
)
