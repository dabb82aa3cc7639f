/**
 * Logs and redis-server 7.0: our folder starts it with the same data, and its folder starts us; over generated data of all
 * types, with rewrites among the commands.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { raw } from '../../src/base/bytes.ts'
import { systemClock } from '../../src/base/clock.ts'
import { seededRandom } from '../../src/base/random.ts'
import type { Reply } from '../../src/base/reply.ts'
import { diskFiles } from '../../src/durability/disk-files.ts'
import { ReplyDecoder } from '../../src/resp/reply-decoder.ts'
import { encodeReply } from '../../src/resp/reply-encoder.ts'
import { itemsOf } from '../differential/differences.ts'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import { Dataset } from '../rdb/dataset.ts'
import { contentsOf as allOf, contrast, type Side, TheirSide, words } from '../rdb/sides.ts'
import { Deeds, dataOf, Trial } from './rig.ts'

const SOAK = process.env.SOAK === '1'
const SEEDS = Array.from({ length: SOAK ? 200 : 3 }, (_, i) => i + 1)
const KEYS = 35

/** A store of ours, asked as a server is: by RESP2. */
function sideOf(trial: Trial): Side {
  const decoder = new ReplyDecoder()
  return {
    ask: async (commands) =>
      commands.map((argv) => {
        decoder.push(Buffer.from(encodeReply(trial.ask(argv), 2), 'latin1'))
        return decoder.next() ?? null
      }),
  }
}

/** Everything as text. When a consumer was last seen no log tells, redis-server's neither. */
async function contentsOf(side: Side): Promise<Map<string, string>> {
  const contents = await allOf(side, false)
  for (const [key, text] of contents) contents.set(key, text.replaceAll(/string:seen-time,number:\d+/g, 'seen'))
  return contents
}

describe.skipIf(oracleMissing)('the log and redis-server', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'geartrain-log-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const openOurs = (): Promise<Trial> => Trial.open({ files: diskFiles, clock: systemClock, config: { dir: folder } })

  /** What our folder gives us back: how many entries a group has read no log tells, so live data may say more. */
  async function reopened(): Promise<Map<string, string>> {
    const ours = await openOurs()
    const contents = await contentsOf(sideOf(ours))
    await ours.close()
    return contents
  }

  async function withTheirs<T>(run: (theirs: TheirSide, server: OracleServer) => Promise<T>): Promise<T> {
    const server = await OracleServer.start(['--dir', folder, '--appendonly', 'yes', '--aof-load-truncated', 'no'])
    const theirs = await TheirSide.open(server)
    try {
      return await run(theirs, server)
    } finally {
      theirs.close()
      await server.stop()
    }
  }

  /** Waits until a rewrite has ended well. */
  async function rewritten(theirs: TheirSide): Promise<void> {
    for (;;) {
      const [info] = await theirs.ask([words('INFO persistence')])
      const text = String(textOf(info ?? null))
      if (/aof_rewrite_in_progress:0/.test(text) && /aof_rewrite_scheduled:0/.test(text)) {
        expect(text).toContain('aof_last_bgrewrite_status:ok')
        return
      }
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  it.each(SEEDS)('our folder starts it: seed %i', async (seed) => {
    const ours = await openOurs()
    const data = new Dataset(seededRandom(seed))
    data.limits()
    const commands = data.fill(KEYS)
    await sideOf(ours).ask(commands.slice(0, commands.length / 2))
    await ours.store.rewrite()
    await sideOf(ours).ask(commands.slice(commands.length / 2))
    await ours.close()
    const expected = await reopened()
    expect(expected.size).toBeGreaterThan(KEYS / 2)
    const found = await withTheirs((theirs) => contentsOf(theirs))
    expect(contrast(expected, found)).toEqual([])
  })

  it.each(SEEDS)('our folder starts it after any commands, transactions among them: seed %i', async (seed) => {
    const ours = await openOurs()
    const deeds = new Deeds(seed)
    // Not at a moment when nearly everything was flushed.
    for (let i = 0; i < 500 || dataOf(ours.engine, 0).size <= 20; i++) for (const argv of deeds.next()) ours.ask(argv)
    // What is about to expire would go on either side at its own moment.
    for (let db = 0; db < 3; db++) await persisted(ours, db)
    ours.run('SELECT 0')
    await ours.close()
    const expected = await reopened()
    expect(expected.size).toBeGreaterThan(5)
    const found = await withTheirs((theirs) => contentsOf(theirs))
    expect(contrast(expected, found)).toEqual([])
  })

  it.each(SEEDS)('its folder starts us, and ours starts it again: seed %i', async (seed) => {
    const data = new Dataset(seededRandom(seed + 500))
    data.limits()
    const commands = data.fill(KEYS)
    const expected = await withTheirs(async (theirs) => {
      await theirs.ask(commands.slice(0, commands.length / 2))
      if (seed % 2 === 0) {
        await theirs.ask([words('BGREWRITEAOF')])
        await rewritten(theirs)
      }
      await theirs.ask([...commands.slice(commands.length / 2), words('DEBUG LOADAOF')])
      return contentsOf(theirs)
    })
    expect(expected.size).toBeGreaterThan(KEYS / 2)
    const ours = await openOurs()
    expect(contrast(await contentsOf(sideOf(ours)), expected)).toEqual([])
    ours.run('SELECT 0', 'SET ours was-here')
    await ours.close()
    const again = await withTheirs(async (theirs) => {
      const [value] = await theirs.ask([words('GET ours')])
      expect(value).toBe('was-here')
      await theirs.ask([words('DEL ours')])
      return contentsOf(theirs)
    })
    expect(contrast(again, expected)).toEqual([])
  })

  it('the single file of an older redis-server is taken in as redis-server does it', async () => {
    diskFiles
      .open(join(folder, 'appendonly.aof'), 'create')
      .write(Buffer.from('*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n'))
    const ours = await openOurs()
    expect(ours.ask('GET a')).toBe('1')
    await ours.close()
    expect(readdirSync(join(folder, 'appendonlydir')).sort()).toEqual([
      'appendonly.aof',
      'appendonly.aof.1.incr.aof',
      'appendonly.aof.manifest',
    ])
    const [value] = await withTheirs((theirs) => theirs.ask([words('GET a')]))
    expect(value).toBe('1')
  })

  it('annotations of ours are skipped by it, inside transactions too', async () => {
    const extra = { name: 'progress', save: () => undefined, load: () => {}, apply: () => {} }
    const ours = await Trial.open({ files: diskFiles, clock: systemClock, config: { dir: folder }, extras: [extra] })
    ours.engine.begin()
    ours.run('SET a 1')
    ours.engine.extras.changed('progress', raw('*3\r\n$3\r\nSET\r\n'.repeat(500)))
    ours.run('SET b 2')
    ours.engine.end()
    ours.engine.begin()
    ours.engine.extras.changed('progress', raw('alone'))
    ours.engine.end()
    await ours.close()
    const found = await withTheirs((theirs) => theirs.ask([words('MGET a b'), words('DBSIZE')]))
    expect(found).toEqual([['1', '2'], 2])
  })

  it('INFO shows the fields that it shows', async () => {
    const names = (text: string): string[] => [...text.matchAll(/^([a-z_]+):/gm)].map(([, name]) => name!)
    const theirs = await withTheirs(async (side) => String(textOf((await side.ask([words('INFO persistence')]))[0]!)))
    rmSync(join(folder, 'appendonlydir'), { recursive: true })
    const ours = await openOurs()
    expect(names(String(textOf(ours.ask('INFO persistence'))))).toEqual(names(theirs))
    await ours.close()
  })
})

/** The text of a verbatim or plain string. */
function textOf(reply: Reply): unknown {
  return typeof reply === 'object' && reply !== null && 'text' in reply ? reply.text : reply
}

async function persisted(trial: Trial, db: number): Promise<void> {
  trial.run(`SELECT ${db}`)
  for (const key of itemsOf(trial.ask('KEYS *')) ?? []) trial.ask(['PERSIST', String(key)].map(raw))
}
