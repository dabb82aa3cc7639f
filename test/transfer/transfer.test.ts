/**
 * Import and export: generated data of every type goes from redis-server through files and our server to another redis-server,
 * and is the same at each stop.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/base/random.ts'
import { move, type TransferOptions } from '../../src/cli/transfer/run.ts'
import { open } from '../../src/index.ts'
import { serve } from '../clients/served.ts'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import { Dataset } from '../rdb/dataset.ts'
import { contentsOf, contrast, TheirSide, words } from '../rdb/sides.ts'

const SEEDS = Array.from({ length: process.env.SOAK === '1' ? 60 : 3 }, (_, i) => i + 1)
const FAR_MS = 4_102_444_800_000
const DEFAULTS = { batch: 50, rdbVersion: 10 } as const

const go = (from: string, to: string, options: Partial<TransferOptions> = {}) =>
  move(from, { ...DEFAULTS, ...options, to })

function socketTo(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('connect', () => resolve(socket))
  })
}

describe.skipIf(oracleMissing)('between servers', () => {
  const ours = serve()
  let folder: string
  let first: OracleServer
  let last: OracleServer
  let sides: { first: TheirSide; ours: TheirSide; last: TheirSide }
  const urlOf = ({ port }: { readonly port: number }): string => `redis://127.0.0.1:${port}`

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'geartrain-transfer-'))
    first = await OracleServer.start(['--dir', folder])
    last = await OracleServer.start()
    sides = {
      first: await TheirSide.open(first),
      ours: await TheirSide.open({ connect: () => socketTo(ours.port) }),
      last: await TheirSide.open(last),
    }
  })
  afterAll(async () => {
    for (const side of Object.values(sides)) side.close()
    await Promise.all([first.stop(), last.stop()])
    rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(async () => {
    for (const side of Object.values(sides)) await side.ask([words('FLUSHALL'), words('SELECT 0')])
  })

  test.each(SEEDS)('everything arrives, by files and by server: seed %i', async (seed) => {
    const data = new Dataset(seededRandom(seed))
    await sides.first.ask([...data.limits(), ...data.fill(60)])
    const expected = await contentsOf(sides.first, false)
    const total = expected.size
    expect(total).toBeGreaterThan(30)
    const [dump, second] = [join(folder, 'one.rdb'), join(folder, 'two.rdb')]
    expect(await go(urlOf(first), dump)).toMatchObject({ read: total, written: total, refused: 0 })
    // One way by our file, the other by redis-server's own.
    expect(await go(dump, urlOf(ours), { verify: true })).toMatchObject({
      written: total,
      verified: { same: total, different: 0, differences: [] },
    })
    expect(contrast(await contentsOf(sides.ours, false), expected)).toEqual([])
    expect(await go(urlOf(ours), urlOf(last), { verify: true })).toMatchObject({
      verified: { same: total, different: 0 },
    })
    expect(contrast(await contentsOf(sides.last, false), expected)).toEqual([])
    await sides.ours.ask([words('FLUSHALL')])
    writeFileSync(second, await sides.last.saved())
    expect(await go(second, urlOf(ours))).toMatchObject({ written: total })
    expect(contrast(await contentsOf(sides.ours, false), expected)).toEqual([])
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('a redis-server that knows no RESTORE gets commands', async () => {
    const odd = await OracleServer.start(['--rename-command', 'RESTORE', '""'])
    const side = await TheirSide.open(odd)
    try {
      const data = new Dataset(seededRandom(77))
      const limits = data.limits()
      await side.ask(limits)
      await sides.first.ask([...limits, ...data.fill(40)])
      const expected = await contentsOf(sides.first, false)
      const summary = await go(urlOf(first), urlOf(odd))
      expect(summary).toMatchObject({ written: expected.size, refused: 0 })
      const strip = (contents: Map<string, string>): Map<string, string> =>
        new Map([...contents].filter(([, text]) => !text.startsWith('status:stream')))
      expect(contrast(strip(await contentsOf(side, false)), strip(expected))).toEqual([])
      // Of streams all but what has no command: what is pending of entries that are gone, and when consumers were seen.
      expect((await contentsOf(side, false)).size).toBe(expected.size)
    } finally {
      side.close()
      await odd.stop()
    }
  })

  test("a redis-server's log is read, its snapshot in front, and its torn end is not passed over", async () => {
    const home = mkdtempSync(join(tmpdir(), 'geartrain-log-'))
    const server = await OracleServer.start(['--dir', home, '--appendonly', 'yes'])
    const side = await TheirSide.open(server)
    try {
      const data = new Dataset(seededRandom(5)).fill(40)
      await side.ask(data)
      await side.ask([words('BGREWRITEAOF')])
      for (;;) {
        const [info] = await side.ask([words('INFO persistence')])
        if (/aof_rewrite_in_progress:0/.test(String(info)) && /aof_rewrite_scheduled:0/.test(String(info))) break
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      await side.ask([words('SELECT 1'), words('MULTI'), words('SET after rewrite'), words('INCR n'), words('EXEC')])
      const expected = await contentsOf(side, false)
      const copy = join(folder, 'copy')
      cpSync(home, copy, { recursive: true })
      expect(await go(copy, urlOf(ours), { verify: true })).toMatchObject({ refused: 0, verified: { different: 0 } })
      expect(contrast(await contentsOf(sides.ours, false), expected)).toEqual([])
      const logs = join(copy, 'appendonlydir')
      const torn = join(logs, readdirSync(logs).findLast((name) => name.endsWith('.incr.aof'))!)
      const whole = readFileSync(torn)
      writeFileSync(torn, whole.subarray(0, -3))
      await expect(go(copy, urlOf(ours), { replace: true })).rejects.toThrow('geartrain check --fix')
      expect(readFileSync(torn).length).toBe(whole.length - 3)
    } finally {
      side.close()
      await server.stop()
      rmSync(home, { recursive: true, force: true })
    }
  })

  test('keys that are there are left, replaced or refused, as asked', async () => {
    await using from = await open(urlOf(first))
    await using to = await open(urlOf(ours))
    await from.mset({ a: 'new', b: 'new', 'c:1': 'new' })
    await to.set('a', 'old')
    expect(await go(urlOf(first), urlOf(ours), { match: '[ab]' })).toMatchObject({ read: 2, written: 1, existing: 1 })
    expect(await to.mget(['a', 'b', 'c:1'])).toEqual(['old', 'new', null])
    expect(await go(urlOf(first), urlOf(ours), { replace: true })).toMatchObject({ written: 3, existing: 0 })
    expect(await to.get('a')).toBe('new')
    await expect(go(urlOf(first), urlOf(ours), { replace: true, skipExisting: true })).rejects.toThrow('exclude')
  })

  test('a comparison finds what differs', async () => {
    await using from = await open(urlOf(first))
    await using to = await open(urlOf(ours))
    await from.mset({ same: '1', value: '1', gone: '1', late: '1' })
    await from.pexpireat('late', FAR_MS)
    await to.mset({ value: '2', late: '1' })
    const { verified } = await go(urlOf(first), urlOf(ours), { skipExisting: true, verify: true })
    expect(verified).toMatchObject({ same: 2, different: 2 })
    expect(verified?.differences.map(({ why }) => why).toSorted()).toEqual([
      'its deadline differs',
      'its value differs',
    ])
  })

  test('databases keep their numbers, unless addresses name others', async () => {
    await sides.first.ask([words('SELECT 2'), words('SET k 2'), words('SELECT 0'), words('SET k 0')])
    await go(urlOf(first), urlOf(ours), { db: new Set([2]) })
    await go(`${urlOf(first)}/2`, `${urlOf(ours)}/5`)
    await expect(go(urlOf(first), `${urlOf(ours)}/5`)).rejects.toThrow('in 2 databases')
    const asked = await sides.ours.ask(
      ['SELECT 0', 'EXISTS k', 'SELECT 2', 'GET k', 'SELECT 5', 'GET k', 'SELECT 0'].map(words),
    )
    expect([asked[1], asked[3], asked[5]]).toEqual([0, '2', '2'])
  })

  test('hashes whose fields expire are refused by what has no form for them, by name', async () => {
    await using db = await open(urlOf(ours))
    await db.hset('h', { f: 'v' })
    await db.call('HPEXPIREAT', 'h', FAR_MS, 'FIELDS', 1, 'f')
    await db.set('k', 'v')
    const old = await go(urlOf(ours), join(folder, 'ten.rdb'))
    expect(old).toMatchObject({
      written: 1,
      refused: 1,
      refusals: [{ key: 'h', why: expect.stringContaining('version 12') }],
    })
    const path = join(folder, 'twelve.rdb')
    expect(await go(urlOf(ours), path, { rdbVersion: 12 })).toMatchObject({ written: 2, refused: 0 })
    await db.flushall()
    expect(await go(path, urlOf(ours))).toMatchObject({ written: 2 })
    expect(await db.call('HPEXPIRETIME', 'h', 'FIELDS', 1, 'f')).toEqual([FAR_MS])
    expect(await go(path, urlOf(last))).toMatchObject({ written: 1, refused: 1 })
  })

  test('a folder is filled, for a program that opens it, and read like any other', async () => {
    const data = new Dataset(seededRandom(9))
    await sides.first.ask(data.fill(40))
    const expected = await contentsOf(sides.first, false)
    const folder9 = `file:${join(folder, 'nine')}`
    expect(await go(urlOf(first), folder9, { verify: true })).toMatchObject({
      written: expected.size,
      verified: { same: expected.size, different: 0 },
    })
    {
      await using db = await open(folder9)
      expect(await db.dbsize()).toBe([...expected.keys()].filter((key) => key.startsWith('0/')).length)
      await expect(go(urlOf(first), folder9)).rejects.toMatchObject({ code: 'LOCKED' })
    }
    expect(await go(folder9, urlOf(ours))).toMatchObject({ written: expected.size })
    expect(contrast(await contentsOf(sides.ours, false), expected)).toEqual([])
  })

  test('lines of JSON say everything as text', async () => {
    await using db = await open(urlOf(ours))
    await db.hset('h', { f: 'größe' })
    await db.zadd('z', { a: 1.5, b: Number.POSITIVE_INFINITY })
    await db.set('b', Buffer.from([255, 0]))
    await db.xadd('x', '1-1', { f: 'v' })
    await db.pexpireat('b', FAR_MS)
    const path = join(folder, 'keys.jsonl')
    await go(urlOf(ours), path)
    const lines = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    expect(lines.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))).toEqual([
      { db: 0, key: 'b', type: 'string', value: { base64: '/wA=' }, expiresAtMs: FAR_MS },
      { db: 0, key: 'h', type: 'hash', value: [['f', 'größe']] },
      { db: 0, key: 'x', type: 'stream', value: { lastId: '1-1', entries: [['1-1', [['f', 'v']]]], groups: [] } },
      {
        db: 0,
        key: 'z',
        type: 'zset',
        value: [
          ['a', 1.5],
          ['b', 'inf'],
        ],
      },
    ])
  })

  test('what cannot be is said before anything is written', async () => {
    await expect(go('redis://127.0.0.1:1', join(folder, 'x.rdb'))).rejects.toThrow('127.0.0.1:1: Connection refused')
    await expect(go(urlOf(first), 'somewhere')).rejects.toThrow("'somewhere' is no target")
    await expect(go('http://x', urlOf(ours))).rejects.toThrow('no address of a Redis')
    await expect(go(join(folder, 'nothing.rdb'), urlOf(ours))).rejects.toThrow('There is nothing at')
    const nowhere = join(folder, 'no/such/folder/x.rdb')
    await expect(go(urlOf(first), nowhere)).rejects.toThrow(`${nowhere} cannot be written: No such file or directory.`)
    writeFileSync(join(folder, 'lines.jsonl'), '{"db":0}\n')
    await expect(go(join(folder, 'lines.jsonl'), urlOf(ours))).rejects.toThrow(
      'lines.jsonl is neither a snapshot nor a log: it begins with "{\\"db\\"".',
    )
    await expect(go(urlOf(first), join(folder, 'x.rdb'), { verify: true })).rejects.toThrow(
      '--verify needs a server or a folder',
    )
    await sides.first.ask([words('SET k v')])
    const broken = await sides.first.saved()
    const path = join(folder, 'broken.rdb')
    writeFileSync(path, broken.with(broken.length - 12, 0xfb))
    await expect(go(path, urlOf(ours))).rejects.toThrow(/broken at byte \d+: .*Nothing was written/)
    expect(existsSync(join(folder, 'x.rdb'))).toBe(false)
  })

  const main = join(import.meta.dirname, '../../src/cli/main.ts')
  const program = [process.execPath, ['--import', 'tsx', main]] as const

  test('the program tells what it did, without passwords, and by its exit status', async () => {
    await using db = await open(urlOf(ours))
    await db.set('k', 'v')
    const run = async (...words: string[]): Promise<{ status: unknown; said: string }> => {
      const child = spawn(program[0], [...program[1], ...words])
      let said = ''
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
          said += String(chunk)
        })
      }
      const [status] = await once(child, 'close')
      return { status, said }
    }
    const path = join(folder, 'told.rdb')
    const told = await run('export', urlOf(ours).replace('//', '//default:any@'), '--to', path)
    expect(told.said).not.toContain('any@')
    expect((await run('export', urlOf(ours), '--to', path)).said).toContain('Done: 1 of 1 keys')
    const again = await run('import', path, '--to', urlOf(ours), '--json')
    expect(again.status).toBe(1)
    expect(JSON.parse(again.said)).toMatchObject({ read: 1, written: 0, existing: 1, stopped: false })
  })

  test('a transfer that is stopped tells how far it came, and leaves no half file', async () => {
    await using db = await open(urlOf(ours))
    await db.mset(Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`key:${i}`, 'v'])))
    const path = join(folder, 'stopped.rdb')
    const child = spawn(program[0], [
      ...program[1],
      'export',
      urlOf(ours),
      '--to',
      path,
      '--rate',
      '10',
      '--batch',
      '1',
      '--json',
    ])
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += String(chunk)
    })
    const ended = once(child, 'exit')
    while (!readdirSync(folder).some((name) => name.startsWith('stopped.rdb.')) && child.exitCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    child.kill('SIGINT')
    expect(await ended).toEqual([130, null])
    expect(JSON.parse(said)).toMatchObject({ stopped: true })
    expect(readdirSync(folder).filter((name) => name.startsWith('stopped.rdb'))).toEqual([])
  })
})
