/**
 * Folders that are not what they should be: a manifest with any bit flipped or cut off anywhere, logs that promise more
 * than there is, files that may not grow. The store has all of its data, or does not open and says why.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, test } from 'vitest'
import { raw, toBuffer } from '../../src/base/bytes.ts'
import { type Reply, ReplyError } from '../../src/base/reply.ts'
import { diskFiles } from '../../src/durability/disk-files.ts'
import { DurabilityError } from '../../src/durability/durable.ts'
import { SimulatedFiles } from '../../src/testing/simulated-files.ts'
import { TheirSide, words } from '../rdb/sides.ts'
import { bundleServer, MortalServer, removeBundle } from './mortal-server.ts'
import { Trial } from './rig.ts'

beforeAll(bundleServer)
afterAll(removeBundle)

const MANIFEST = '/data/appendonlydir/appendonly.aof.manifest'
const INCREMENT = '/data/appendonlydir/appendonly.aof.1.incr.aof'
const TIMEOUT_MS = 120_000
/** Bits that are flipped: among them those that make `h` of `i`, and a blank of an end of line. */
const BITS = process.env.SOAK === '1' ? [1, 2, 4, 8, 16, 32, 64, 128] : [1, 32]

function overwrite(files: SimulatedFiles, path: string, bytes: Uint8Array): void {
  const file = files.open(path, 'create')
  if (bytes.length > 0) file.write(bytes)
  file.syncNow()
}

/** A folder with a base and an increment, or with several of those since a rewrite has failed; each holds a key. */
async function filled(withSeveral: boolean): Promise<SimulatedFiles> {
  const files = new SimulatedFiles()
  const trial = await Trial.open({ files })
  trial.run('SET base 1')
  await trial.store.rewrite()
  trial.run('SET first 1')
  if (withSeveral) {
    files.fault = (_, path) => (path.includes('temp-rewriteaof') ? 'ENOSPC' : undefined)
    await expect(trial.store.rewrite()).rejects.toThrow('No space')
    files.fault = () => undefined
    trial.run('SET second 1')
  }
  await trial.close()
  return files
}

/** Opens the folder with another manifest; whether it was refused, as it must be unless everything is there. */
async function isRefused(withSeveral: boolean, damage: (manifest: Uint8Array) => Uint8Array): Promise<boolean> {
  const files = await filled(withSeveral)
  const damaged = damage(files.read(MANIFEST))
  overwrite(files, MANIFEST, damaged)
  try {
    const trial = await Trial.open({ files })
    const said = JSON.stringify(Buffer.from(damaged).latin1Slice())
    expect(trial.ask('EXISTS base first'), said).toBe(2)
    if (withSeveral) expect(trial.ask('EXISTS second'), said).toBe(1)
    trial.run('SET later 1')
    await trial.store.rewrite()
    await trial.close()
    const again = await Trial.open({ files })
    expect(again.ask('EXISTS base first later'), said).toBe(3)
    await again.close()
    return false
  } catch (error) {
    if (!(error instanceof DurabilityError)) throw error
    expect(error.code).toBe('CORRUPT')
    expect(error.path).toContain('/data/appendonlydir/')
    return true
  }
}

it.each([false, true])('a manifest with any bit flipped (of several increments: %s)', async (withSeveral) => {
  const size = (await filled(withSeveral)).read(MANIFEST).length
  let refused = 0
  for (let at = 0; at < size; at++) {
    for (const bit of BITS) {
      const flip = (manifest: Uint8Array): Uint8Array => manifest.with(at, manifest[at]! ^ bit)
      if (await isRefused(withSeveral, flip)) refused++
    }
  }
  expect(refused).toBeGreaterThan((size * BITS.length) / 2)
})

it.each([false, true])('a manifest cut off anywhere (of several increments: %s)', async (withSeveral) => {
  const size = (await filled(withSeveral)).read(MANIFEST).length
  // Without its last end of line it says the same.
  for (let length = 0; length < size - 1; length++) {
    expect(await isRefused(withSeveral, (manifest) => manifest.slice(0, length)), `cut at ${length}`).toBe(true)
  }
  expect(await isRefused(withSeveral, (manifest) => manifest.slice(0, size - 1))).toBe(false)
})

test('a crash while a log begins (CONFIG SET appendonly yes) leaves a folder that opens', async () => {
  for (let crashAt = 1; crashAt < 40; crashAt++) {
    const files = new SimulatedFiles()
    const trial = await Trial.open({ files, config: { appendonly: 'no' } })
    trial.run('SET a 1', 'SAVE')
    const from = files.operations
    let isOver = false
    files.onOperation = () => {
      if (files.operations < from + crashAt || isOver) return
      isOver = true
      files.crash((unsynced) => unsynced)
    }
    trial.run('CONFIG SET appendonly yes')
    await trial.store.rewrite().catch(() => {})
    trial.run('SET b 2')
    await trial.close().catch(() => {})
    trial.engine.stop()
    files.onOperation = undefined
    files.powerOn()
    const again = await Trial.open({ files })
    expect(again.ask('GET a'), `crash at ${crashAt}`).toBe('1')
    if (!isOver) expect(again.ask('GET b')).toBe('2')
    await again.close()
    if (isOver) continue
    expect(crashAt).toBeGreaterThan(8)
    return
  }
  throw new Error('it was never done')
})

it.each([
  ['a command of a thousand million words', '*1000000000\r\n$3\r\nSET\r\n'],
  ['a word of four thousand million bytes', '*2\r\n$3\r\nGET\r\n$4000000000\r\na\r\n'],
  ['a count of more digits than there are', `*${'9'.repeat(40)}\r\n`],
  ['a long word, and whole commands in it', '*2\r\n$3\r\nDEL\r\n$500000000\r\na\r\n*2\r\n$3\r\nDEL\r\n$1\r\na\r\n'],
])('a log that promises %s is refused, and nothing is made for it', async (_what, promise) => {
  const files = await filled(false)
  const path = files.list('/data/appendonlydir')!.find((name) => name.endsWith('.incr.aof'))!
  const increment = `/data/appendonlydir/${path}`
  const whole = files.read(increment)
  overwrite(files, increment, Buffer.concat([whole, toBuffer(raw(promise))]))
  const before = process.memoryUsage().arrayBuffers
  await expect(Trial.open({ files })).rejects.toMatchObject({
    code: 'CORRUPT',
    path: increment,
    offset: expect.any(Number),
  })
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 << 20)
})

test('a log that ends in a word of half a thousand million bytes is torn: it is cut back, and nothing is made for it', async () => {
  const files = await filled(false)
  expect(files.stat(INCREMENT)).toBeUndefined()
  const increment = INCREMENT.replace('.1.', '.2.')
  const whole = files.read(increment)
  overwrite(files, increment, Buffer.concat([whole, toBuffer(raw('*2\r\n$3\r\nDEL\r\n$500000000\r\nbase'))]))
  const before = process.memoryUsage().arrayBuffers
  const trial = await Trial.open({ files })
  expect(trial.ask('EXISTS base first')).toBe(2)
  expect(trial.told.join('\n')).toContain('are no whole unit, and are cut off')
  await trial.close()
  expect(files.read(increment)).toEqual(whole)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 << 20)
})

it.each(['log', 'base', 'snapshot'])(
  'a %s that holds more than V8 can is refused before V8 ends the process',
  async (kind) => {
    const folder = mkdtempSync(join(tmpdir(), 'geartrain-large-'))
    const dir = join(folder, 'data')
    mkdirSync(dir)
    const config = { dir, appendonly: kind === 'snapshot' ? 'no' : 'yes', appendfsync: 'no' }
    try {
      const trial = await Trial.open({ files: diskFiles, config })
      const value = 'x'.repeat(40_000)
      for (let i = 0; i < 2500; i++) {
        trial.run(`SET key:${i} ${value}`)
        if (i % 100 === 0) await trial.store.flush()
      }
      if (kind === 'base') await trial.store.rewrite()
      if (kind === 'snapshot') trial.run('SAVE')
      await trial.close()
      const small = ['env', 'NODE_OPTIONS=--max-old-space-size=96']
      const directives = kind === 'snapshot' ? ['--appendonly', 'no'] : []
      await expect(MortalServer.start(folder, directives, '', small)).rejects.toThrow(
        /holds more than there is room for: V8 ends this process at \d+ MB: start node with --max-old-space-size=\d+ or more/,
      )
      const server = await MortalServer.start(folder, directives)
      const side = await TheirSide.open(server)
      expect(await side.ask([words('DBSIZE')])).toEqual([2500])
      side.close()
      server.kill()
      await server.ended()
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
  TIMEOUT_MS,
)

test(
  'files that may not grow any more (ulimit) refuse writes, and reads are served',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'geartrain-limit-'))
    mkdirSync(join(folder, 'data'))
    let server: MortalServer | undefined
    try {
      // In blocks of 512 bytes, or 1024: 32 or 64 KB.
      server = await MortalServer.start(folder, [], '', ['sh', '-c', 'ulimit -f 64 && exec "$@"', 'sh'])
      const side = await TheirSide.open(server)
      const ask = async (line: string): Promise<Reply> => (await side.ask([words(line)]))[0] ?? null
      let refusal: Reply = null
      for (let i = 0; i < 1000 && !(refusal instanceof ReplyError); i++)
        refusal = await ask(`SET k:${i} ${'x'.repeat(1000)}`)
      expect(refusal).toMatchObject({
        message: expect.stringMatching(/^MISCONF Errors writing to the AOF file: File too large/),
      })
      expect(await ask('STRLEN k:0')).toBe(1000)
      side.close()
    } finally {
      server?.kill()
      await server?.ended()
      rmSync(folder, { recursive: true, force: true })
    }
  },
  TIMEOUT_MS,
)
