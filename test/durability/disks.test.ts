/**
 * Disks as a machine may have them, under a served store: full, read-only, somebody else's. A file system of a few megabytes
 * is mounted where only the server sees it, and goes with it.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Argv, raw } from '../../src/base/bytes.ts'
import { systemClock } from '../../src/base/clock.ts'
import { type Reply, ReplyError } from '../../src/base/reply.ts'
import { diskFiles } from '../../src/durability/disk-files.ts'
import { TheirSide, words } from '../rdb/sides.ts'
import { bundleServer, MortalServer, removeBundle } from './mortal-server.ts'
import { Trial } from './rig.ts'

/** Mounting needs Linux, and root. */
const cannotMount = spawnSync('unshare', ['--mount', 'true']).status !== 0
if (cannotMount)
  console.log('skipped: disks that are full, read-only or of others, for no file system can be mounted here')

const VALUE = 'x'.repeat(20_000)
const TIMEOUT_MS = 120_000

let folder: string
const server: { now?: MortalServer | undefined } = {}
beforeAll(bundleServer)
afterAll(removeBundle)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'geartrain-disks-'))
  mkdirSync(join(folder, 'data'))
})
afterEach(async () => {
  if (server.now?.hasEnded === false) {
    server.now.kill()
    await server.now.ended()
  }
  rmSync(folder, { recursive: true, force: true })
})

/** Runs a server where `data` is such a disk. */
async function serveOn(mount: string, fsync = 'everysec'): Promise<TheirSide> {
  const by = ['unshare', '--mount', 'sh', '-c', `${mount} && exec "$@"`, 'sh']
  server.now = await MortalServer.start(folder, ['--appendfsync', fsync], '', by)
  return TheirSide.open(server.now)
}

/** Its folder, seen from here. */
const within = (name: string): string => join(`/proc/${server.now!.pid}/root`, folder, 'data', name)
const disk = (options: string): string => `mount -t tmpfs -o ${options} tmpfs '${join(folder, 'data')}'`
const set = (i: number): Argv => [raw('SET'), raw(`key:${i}`), raw(VALUE)]

test.skipIf(cannotMount)(
  'a full disk refuses writes, serves reads, and takes writes again when there is space',
  async () => {
    const filler = `dd if=/dev/zero of='${join(folder, 'data/filler')}' bs=1M count=2 2>/dev/null`
    const side = await serveOn(`${disk('size=4m')} && ${filler}`)
    const ask = async (argv: Argv): Promise<Reply> => (await side.ask([argv]))[0]!
    let written = 0
    let refusal: Reply = null
    for (; written < 1_000; written++) {
      refusal = await ask(set(written))
      if (refusal instanceof ReplyError) break
    }
    expect(refusal).toMatchObject({
      message: expect.stringContaining('MISCONF Errors writing to the AOF file: No space'),
    })
    expect(written).toBeGreaterThan(20)
    expect(await ask(words('STRLEN key:0'))).toBe(VALUE.length)
    rmSync(within('filler'))
    let reply: Reply = refusal
    while (reply instanceof ReplyError) reply = await ask(set(written))
    // While an fsync is under way, what is written waits for it.
    while (!JSON.stringify(await ask(words('INFO persistence'))).includes('aof_buffer_length:0'));
    cpSync(within('appendonlydir'), join(folder, 'copy/appendonlydir'), { recursive: true })
    side.close()
    const after = await Trial.open({ files: diskFiles, clock: systemClock, config: { dir: join(folder, 'copy') } })
    for (let i = 0; i <= written; i++) expect(after.ask(`STRLEN key:${i}`), `key ${i} of ${written}`).toBe(VALUE.length)
    await after.close()
  },
  TIMEOUT_MS,
)

test.skipIf(cannotMount)(
  'always: a full disk ends the server, and says why',
  async () => {
    const side = await serveOn(disk('size=1m'), 'always')
    const asked = side.ask(Array.from({ length: 100 }, (_, i) => set(i))).then(
      () => 'answered',
      () => 'gone',
    )
    while (!server.now!.hasEnded) await new Promise((resolve) => setTimeout(resolve, 10))
    await expect(server.now!.ended()).rejects.toThrow(/No space left on device[\s\S]*Exiting/)
    side.close()
    expect(await Promise.race([asked, Promise.resolve('unanswered')])).not.toBe('answered')
  },
  TIMEOUT_MS,
)

test.skipIf(cannotMount)(
  'a read-only disk is refused with its name',
  async () => {
    await expect(serveOn(disk('size=1m,ro'))).rejects.toThrow(new RegExp(`${folder}/data.*read-only file system`, 'i'))
  },
  TIMEOUT_MS,
)

test(
  'a folder of somebody else is refused with its name',
  async () => {
    // Whoever is root may do anything: then the server runs as somebody who is not.
    const isRoot = process.getuid?.() === 0
    const nobody = isRoot ? ['setpriv', '--reuid=65534', '--clear-groups'] : []
    const data = join(folder, 'data')
    if (!isRoot) chmodSync(data, 0o500)
    try {
      await expect(MortalServer.start(folder, [], '', nobody)).rejects.toThrow(
        new RegExp(`${folder}.*permission denied`, 'i'),
      )
    } finally {
      chmodSync(data, 0o700)
    }
  },
  TIMEOUT_MS,
)
