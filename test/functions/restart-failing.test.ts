/**
 * A library that was kept with the data and does not load any more: the store does not open, and says which, why, and in
 * which file, from a log at which byte. Nothing is served without it, and the files stay as they are.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bytes, raw } from '../../src/base/bytes.ts'
import { diskFiles } from '../../src/durability/disk-files.ts'
import type { Extra } from '../../src/engine/extras.ts'
import { DurabilityError, open } from '../../src/index.ts'
import { Trial } from '../durability/rig.ts'
import { PROLOGUE } from './rig.ts'

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')
const LIBRARY = { code: `${PROLOGUE}nonsense()`, user: 'default' }
const WHY = /The library '#!js api_version=1\.0 name=L' that was kept with the data: .*nonsense is not defined/

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'geartrain-failing-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** A folder as one is left in which this library did load. */
async function left(how: 'log' | 'snapshot'): Promise<string> {
  const extra: Extra = {
    name: 'functions',
    save: () => (how === 'log' ? undefined : bytes(JSON.stringify({ libraries: [LIBRARY] }))),
    load() {},
    apply() {},
  }
  const config = { dir: root, appendonly: how === 'log' ? 'yes' : 'no' }
  const trial = await Trial.open({ files: diskFiles, config, extras: [extra] })
  trial.run('SET a 1')
  if (how === 'snapshot') trial.run('SAVE')
  else {
    trial.engine.begin()
    trial.engine.extras.changed('functions', raw(JSON.stringify({ load: LIBRARY })))
    trial.engine.end()
  }
  await trial.close()
  return join(root, how === 'log' ? 'appendonlydir/appendonly.aof.1.incr.aof' : 'dump.rdb')
}

describe.each(['log', 'snapshot'] as const)('from a %s', (how) => {
  test.each(['isolate', 'realm'])('opened with the host %s', async (host) => {
    const path = await left(how)
    const before = diskFiles.read(path)
    const engine = {
      config: { appendonly: how === 'log' ? 'yes' : 'no' },
      functions: { trustLibraries: host === 'realm' },
    }
    const refusal: unknown = await open(`file:${root}`, { engine }).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(DurabilityError)
    expect(refusal).toMatchObject({ code: 'UNSUPPORTED', path, message: expect.stringMatching(WHY) })
    const place = how === 'log' ? { offset: expect.any(Number) } : { offset: undefined }
    expect(refusal).toMatchObject(place)
    expect(diskFiles.read(path)).toEqual(before)
    // And again: nothing of the first try is in the way.
    await expect(open(`file:${root}`, { engine })).rejects.toThrow(WHY)
  })

  test('served: the program ends, and says the same', { timeout: 60_000 }, async () => {
    const path = await left(how)
    const appendonly = how === 'log' ? 'yes' : 'no'
    const words = ['serve', '--port', '0', '--dir', root, '--appendonly', appendonly, '--trust-libraries']
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...words])
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
    const [status] = await once(child, 'close')
    expect(status).toBe(1)
    expect(said).toMatch(WHY)
    expect(said).toContain(path)
  })
})
