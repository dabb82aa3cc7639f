/**
 * Snapshots that redis-server 7.0 writes are read, and ours are read by it: generated data of every type, small and large.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type Argv, raw } from '../../src/base/bytes.ts'
import { seededRandom } from '../../src/base/random.ts'
import { ReplyError } from '../../src/base/reply.ts'
import { TYPE } from '../../src/rdb/format.ts'
import { readRdb } from '../../src/rdb/rdb-reader.ts'
import { itemsOf } from '../differential/differences.ts'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import { Dataset } from './dataset.ts'
import { contentsOf, contrast, OurSide, TheirSide, words } from './sides.ts'

const SOAK = process.env.SOAK === '1'
const SEEDS = Array.from({ length: Number(process.env.RDB_SEEDS ?? (SOAK ? 200 : 10)) }, (_, i) => i + 1)
const KEYS = 35

/** Directives that our side does not need to know. */
const THEIRS = [
  ['list-compress-depth 0', 'list-compress-depth 1'],
  ['rdbcompression yes', 'rdbcompression no'],
]

describe.skipIf(oracleMissing)('snapshots and redis-server', () => {
  let server: OracleServer
  let theirs: TheirSide
  let directory: string

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'geartrain-rdb-'))
    server = await OracleServer.start(['--dir', directory, '--sanitize-dump-payload', 'yes'])
    theirs = await TheirSide.open(server)
  })
  afterAll(async () => {
    theirs.close()
    await server.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  /** The two sides under the same limits, and the commands of a seed. */
  async function begin(seed: number): Promise<{ ours: OurSide; commands: readonly Argv[] }> {
    const random = seededRandom(seed)
    const data = new Dataset(random)
    const limits = data.limits()
    const ours = new OurSide()
    onTestFinished(() => ours.engine.stop())
    for (const reply of [...(await ours.ask(limits)), ...(await theirs.ask(limits))])
      expect(reply).not.toBeInstanceOf(ReplyError)
    await theirs.ask(THEIRS.map((choices) => words(`CONFIG SET ${choices[random.below(2)]}`)))
    return { ours, commands: data.fill(KEYS) }
  }

  it.each(SEEDS)('what it saved is read: seed %i', async (seed) => {
    const { ours, commands } = await begin(seed)
    // Elements beyond this stand alone in their node.
    await theirs.ask([words(`DEBUG QUICKLIST-PACKED-THRESHOLD ${seed % 3 === 0 ? '200B' : '0'}`), ...commands])
    ours.load(await theirs.saved())
    // What it has itself after loading: forms are chosen anew then.
    await theirs.ask([words('DEBUG RELOAD')])
    const expected = await contentsOf(theirs)
    expect(expected.size).toBeGreaterThan(KEYS / 2)
    expect(contrast(await contentsOf(ours), expected)).toEqual([])
  })

  it.each(SEEDS)('what we saved it reads: seed %i', async (seed) => {
    const { ours, commands } = await begin(seed + 1000)
    await ours.ask(commands)
    writeFileSync(join(directory, 'dump.rdb'), ours.saved({ compression: seed % 4 !== 0, checksum: seed % 5 !== 0 }))
    const [reload] = await theirs.ask([words('DEBUG RELOAD NOSAVE')])
    expect(reload).not.toBeInstanceOf(ReplyError)
    const expected = await contentsOf(ours, false)
    expect(expected.size).toBeGreaterThan(KEYS / 2)
    expect(contrast(expected, await contentsOf(theirs, false))).toEqual([])
  })

  const types = new Set<number>()
  it.each(SEEDS.slice(0, SOAK ? 50 : 4))('each restores what the other dumps: seed %i', async (seed) => {
    const { ours, commands } = await begin(seed + 2000)
    await theirs.ask([words('DEBUG QUICKLIST-PACKED-THRESHOLD 0'), ...commands])
    const expected = await contentsOf(theirs)
    for (const [from, to] of [
      [theirs, ours],
      [ours, theirs],
    ] as const) {
      for (const db of ['0', '1', '2']) {
        const [, found] = await from.ask([words(`SELECT ${db}`), words('KEYS *')])
        const keys = (itemsOf(found ?? null) ?? []).map((key) => raw(String(key)))
        const dumps = await from.ask(
          keys.flatMap((key) => [
            [raw('DUMP'), key],
            [raw('PEXPIRETIME'), key],
          ]),
        )
        if (from === theirs) for (let i = 0; i < dumps.length; i += 2) types.add(String(dumps[i]).charCodeAt(0))
        const restores = keys.map((key, i) => {
          const deadline = Math.max(Number(dumps[2 * i + 1]), 0)
          return ['RESTORE', key, `${deadline}`, String(dumps[2 * i]), 'ABSTTL', 'REPLACE'].map(raw)
        })
        for (const reply of await to.ask([words(`SELECT ${db}`), ...restores]))
          expect(reply).not.toBeInstanceOf(ReplyError)
      }
    }
    expect(contrast(await contentsOf(ours, false), await contentsOf(theirs, false))).toEqual([])
    const sameData = (contents: Map<string, string>): string[] => [...contents.keys()].sort()
    expect(sameData(await contentsOf(theirs))).toEqual(sameData(expected))
  })

  it('and met every form that it writes', () => {
    const { string, set, hash, zset2, setIntset, hashListpack, zsetListpack, listQuicklist2, streamListpacks2 } = TYPE
    const written = [string, set, hash, zset2, setIntset, hashListpack, zsetListpack, listQuicklist2, streamListpacks2]
    expect([...types].toSorted((a, b) => a - b)).toEqual(written.toSorted((a, b) => a - b))
  })

  it('a difference would be seen', async () => {
    const { ours, commands } = await begin(5)
    await ours.ask(commands)
    const before = await contentsOf(ours, false)
    const file = ours.saved()
    const other = new OurSide()
    onTestFinished(() => other.engine.stop())
    other.load(file)
    await other.ask(['SELECT 0', 'RPUSH added x'].map(words))
    expect(contrast(before, await contentsOf(other, false))).toEqual([expect.stringContaining('added')])
  })

  it('a server that starts on a directory with our file serves it', async () => {
    const { ours, commands } = await begin(77)
    await ours.ask(commands)
    const home = mkdtempSync(join(tmpdir(), 'geartrain-rdb-'))
    writeFileSync(join(home, 'dump.rdb'), ours.saved())
    const fresh = await OracleServer.start(['--dir', home])
    const side = await TheirSide.open(fresh)
    onTestFinished(async () => {
      side.close()
      await fresh.stop()
      rmSync(home, { recursive: true, force: true })
    })
    expect(contrast(await contentsOf(ours, false), await contentsOf(side, false))).toEqual([])
  })

  it('uses of keys and function libraries are read', async () => {
    const library = '#!lua name=lib\nredis.register_function("f", function() return 1 end)'
    const read = async (policy: string): Promise<readonly unknown[]> => {
      await theirs.ask([
        ...['FLUSHALL', `CONFIG SET maxmemory-policy ${policy}`].map(words),
        ['FUNCTION', 'LOAD', 'REPLACE', library].map(raw),
        ['SET', 'k', 'some text'].map(raw),
      ])
      const file = await theirs.saved()
      const side = new OurSide()
      onTestFinished(() => side.engine.stop())
      const others = side.load(file)
      expect(others).toContainEqual({ kind: 'function', code: library })
      expect(others).toContainEqual({ kind: 'aux', name: 'redis-ver', value: '7.0.15' })
      return [...readRdb(file)].filter((record) => record.kind === 'key')
    }
    expect(await read('allkeys-lfu')).toMatchObject([{ key: 'k', frequency: 5, idleSeconds: undefined }])
    expect(await read('allkeys-lru')).toMatchObject([{ key: 'k', frequency: undefined, idleSeconds: 0 }])
    await theirs.ask([words('CONFIG SET maxmemory-policy noeviction'), words('FUNCTION FLUSH')])
  })
})
