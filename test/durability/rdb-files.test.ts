/** The RDB file of a store and redis-server's: each starts the other, with everything in it. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Bytes, raw } from '../../src/base/bytes.ts'
import { seededRandom } from '../../src/base/random.ts'
import { ReplyError } from '../../src/base/reply.ts'
import { SnapshotKeeper } from '../../src/durability/snapshot-keeper.ts'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import { Dataset } from '../rdb/dataset.ts'
import { contentsOf, contrast, OurSide, TheirSide, words } from '../rdb/sides.ts'

const SEEDS = Array.from(
  { length: Number(process.env.RDB_SEEDS ?? (process.env.SOAK === '1' ? 200 : 3)) },
  (_, i) => i + 1,
)
const KEYS = 40

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'geartrain-rdb-files-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Our engine on a folder. */
function open(dir: string): { side: OurSide; keeper: SnapshotKeeper } {
  const side = new OurSide()
  side.engine.config.load([['dir', dir]])
  const keeper = new SnapshotKeeper(side.engine)
  onTestFinished(async () => {
    await keeper.close()
    side.engine.stop()
  })
  return { side, keeper }
}

async function theirs(dir: string): Promise<TheirSide> {
  const server = await OracleServer.start(['--dir', dir, '--sanitize-dump-payload', 'yes'])
  onTestFinished(() => server.stop())
  const side = await TheirSide.open(server)
  onTestFinished(() => side.close())
  return side
}

/** Something beside the data, large and with every byte in it. */
const NOTES = raw(Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256)).latin1Slice())

function keepNotes(side: OurSide): { readonly text: () => Bytes | undefined } {
  let text: Bytes | undefined
  side.engine.extras.add({
    name: 'notes',
    save: () => text ?? NOTES,
    load: (state) => {
      text = state
    },
    apply: (change) => {
      text = change
    },
  })
  return { text: () => text }
}

describe.skipIf(oracleMissing)('the RDB file of a store', () => {
  it('starts redis-server with the same data, whatever stands beside it', async () => {
    const dir = folder()
    const { side } = open(dir)
    keepNotes(side)
    await side.ask(new Dataset(seededRandom(7)).fill(KEYS))
    expect(await side.ask([words('SAVE')])).toEqual([expect.objectContaining({ text: 'OK' })])
    const server = await theirs(dir)
    const expected = await contentsOf(side, false)
    expect(expected.size).toBeGreaterThan(KEYS / 2)
    expect(contrast(expected, await contentsOf(server, false))).toEqual([])
  })

  it.each(SEEDS)('written while it is served, is read by redis-server: seed %i', async (seed) => {
    const dir = folder()
    const server = await theirs(dir)
    const { side, keeper } = open(dir)
    keepNotes(side)
    await side.ask(new Dataset(seededRandom(seed)).fill(KEYS))
    const expected = await contentsOf(side, false)
    await side.ask([words('BGSAVE')])
    await side.ask([words('SELECT 0'), words('SET late 1'), words('SELECT 1'), words('FLUSHDB')])
    expect(await keeper.settled()).toBe(true)
    const [reload] = await server.ask([words('DEBUG RELOAD NOSAVE')])
    expect(reload).not.toBeInstanceOf(ReplyError)
    expect(contrast(expected, await contentsOf(server, false))).toEqual([])
  })

  it.each(SEEDS)("redis-server's starts ours: seed %i", async (seed) => {
    const dir = folder()
    const server = await theirs(dir)
    await server.ask(new Dataset(seededRandom(seed + 500)).fill(KEYS))
    await server.ask([words('SAVE')])
    const { side, keeper } = open(dir)
    keeper.load()
    await server.ask([words('DEBUG RELOAD')])
    const expected = await contentsOf(server)
    expect(expected.size).toBeGreaterThan(KEYS / 2)
    expect(contrast(await contentsOf(side), expected)).toEqual([])
    // And back: what it had beside the data too.
    await side.ask([words('SAVE')])
    await server.ask([words('DEBUG RELOAD NOSAVE')])
    expect(contrast(await contentsOf(side, false), await contentsOf(server, false))).toEqual([])
  })

  it("keeps redis-server's functions, though nothing runs them here", async () => {
    const dir = folder()
    const server = await theirs(dir)
    const code = "#!lua name=mine\nredis.register_function('one', function() return 1 end)"
    await server.ask([['FUNCTION', 'LOAD', code].map(raw), words('SAVE')])
    const { side, keeper } = open(dir)
    keeper.load()
    await side.ask([words('SET a 1'), words('SAVE')])
    await server.ask([words('FUNCTION FLUSH'), words('DEBUG RELOAD NOSAVE')])
    expect(await server.ask([words('FCALL one 0'), words('GET a')])).toEqual([1, '1'])
  })

  it('brings back what stands beside the data when it alone is copied', async () => {
    const [from, to] = [folder(), folder()]
    const first = open(from)
    keepNotes(first.side)
    await first.side.ask([words('SET a 1'), words('SAVE')])
    copyFileSync(join(from, 'dump.rdb'), join(to, 'dump.rdb'))
    const second = open(to)
    const notes = keepNotes(second.side)
    second.keeper.load()
    expect(notes.text()).toBe(NOTES)
    expect(await second.side.ask([words('GET a')])).toEqual(['1'])
  })

  it('says how keys were used, by the policy in force', async () => {
    const dir = folder()
    const server = await theirs(dir)
    const { side, keeper } = open(dir)
    await server.ask([words('CONFIG SET maxmemory-policy allkeys-lfu'), words('SET a 1'), words('SAVE')])
    await side.ask([words('CONFIG SET maxmemory-policy allkeys-lfu')])
    keeper.load()
    const ask = [words('OBJECT FREQ a')]
    expect(await side.ask(ask)).toEqual(await server.ask(ask))
    await side.ask([words('SAVE')])
    await server.ask([words('DEBUG RELOAD NOSAVE')])
    expect(await side.ask(ask)).toEqual(await server.ask(ask))
  })
})
