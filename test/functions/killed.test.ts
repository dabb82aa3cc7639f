/**
 * A server with a stream trigger is killed, as by `kill -9`, under load, and started again on what it left: every entry that
 * was acknowledged is delivered at least once, those in work at the crash again.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, open } from '../../src/index.ts'
import { bundleServer, MortalServer, removeBundle } from '../durability/mortal-server.ts'
import { PROLOGUE } from './rig.ts'

const SEEDS = Array.from({ length: process.env['SOAK'] === '1' ? 20 : 2 }, (_, i) => i + 1)
const KILLS = 3
const TIMEOUT_MS = 180_000
const LIBRARY = `${PROLOGUE}
redis.registerStreamTrigger('t', 's', async (c, data) => {
  c.block((held) => held.call('hincrby', 'given', data.id.join('-'), 1))
}, { window: 4 })`

beforeAll(bundleServer)
afterAll(removeBundle)

/** Adds entries until the server is gone; those that were acknowledged. */
async function load(db: Database, server: MortalServer, killAfter: number): Promise<string[]> {
  const ids: string[] = []
  try {
    for (;;) {
      const id = await db.xadd('s', '*', { f: 'v' })
      if (id !== null) ids.push(id)
      if (ids.length === killAfter) server.kill()
    }
  } catch {
    return ids
  }
}

test.each(SEEDS)('entries are delivered at least once: seed %i', { timeout: TIMEOUT_MS }, async (seed) => {
  const folder = mkdtempSync(join(tmpdir(), 'geartrain-killed-'))
  mkdirSync(join(folder, 'data'))
  const acknowledged: string[] = []
  let server: MortalServer | undefined
  try {
    for (let life = 0; life <= KILLS; life++) {
      server = await MortalServer.start(folder, ['--appendfsync', 'always'])
      const db = await open(`unix:${join(folder, 'socket')}`)
      try {
        if (life === 0) await db.functions.load(LIBRARY)
        if (life < KILLS) {
          acknowledged.push(...(await load(db, server, 5 + ((seed * 37 + life * 61) % 90))))
          await server.ended()
          continue
        }
        const missing = async (): Promise<number> => {
          const given = new Set(await db.hkeys('given'))
          return acknowledged.filter((id) => !given.has(id)).length
        }
        await expect.poll(missing, { timeout: 60_000 }).toBe(0)
        expect(acknowledged.length).toBeGreaterThanOrEqual(KILLS * 5)
        const times = (await db.hvals('given')).map(Number)
        console.log(`${times.length} entries, ${times.filter((n) => n > 1).length} more than once`)
      } finally {
        await db.close()
      }
    }
  } finally {
    server?.kill()
    rmSync(folder, { recursive: true, force: true })
  }
})
