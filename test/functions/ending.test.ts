/**
 * A server is told to end while a library in an isolate is at work: the process ends at once and in order, whatever the library
 * does. One that left a thread behind would wait for it for ever, or crash as it goes.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { open } from '../../src/index.ts'

const PROGRAM = ['--import', 'tsx', 'src/cli/main.ts']

const LIBRARY = `#!js api_version=1.0 name=l
const begun = (client) => client.block((held) => held.call('set', 'begun', '1'))
const work = () => { let sum = 0; for (let i = 0; i < 1e6; i++) sum += i; return sum }
redis.registerAsyncFunction('computes', async (client) => { begun(client); for (;;) work() })
redis.registerAsyncFunction('asks_for_sections', async (client) => {
  for (begun(client); ; work()) try { client.block((held) => held.call('incr', 'n')) } catch {}
})
redis.registerAsyncFunction('waits', async (client) => { begun(client); await new Promise(() => {}) })
redis.registerAsyncFunction('goes_on', async (client) => { for (begun(client); ; work()) await null })
`

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'geartrain-ending-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test.each(['computes', 'asks_for_sections', 'waits', 'goes_on'])('a function that %s', async (name) => {
  const socket = join(root, 'socket')
  const child = spawn(process.execPath, [...PROGRAM, 'serve', '--json', '--port', '0', '--unixsocket', socket])
  const ended = once(child, 'exit')
  try {
    await once(child.stdout, 'data')
    const db = await open(`unix:${socket}`)
    await db.call('TFUNCTION', 'LOAD', LIBRARY)
    const call = db.call('TFCALLASYNC', `l.${name}`, 0).catch(() => undefined)
    await expect.poll(() => db.get('begun'), { timeout: 20_000 }).toBe('1')
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    await db.close()
    await call
  } finally {
    child.kill('SIGKILL')
  }
})
