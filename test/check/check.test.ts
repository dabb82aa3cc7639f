/**
 * `geartrain check`, against redis-check-aof and redis-check-rdb: the same files pass, and a log is good up to the same byte.
 */
import { constants } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bytes, raw } from '../../src/base/bytes.ts'
import { lookOverLog } from '../../src/cli/check/log-file.ts'
import { lookOverSnapshot } from '../../src/cli/check/snapshot-file.ts'
import { open } from '../../src/index.ts'
import { RdbWriter } from '../../src/rdb/rdb-writer.ts'
import { encodeCommand } from '../../src/resp/request-encoder.ts'
import { oracleMissing } from '../oracle/available.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'geartrain-check-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const line = (...words: string[]): string => encodeCommand(words.map(raw))
const SELECT = line('SELECT', '0')
const SET = line('SET', 'key', 'value')
const UNIT = line('MULTI') + SET + line('INCR', 'n') + line('EXEC')
const log = (text: string): Buffer => Buffer.from(text, 'latin1')

function snapshot(): Buffer {
  const writer = new RdbWriter()
  const chunks: Uint8Array[] = [...writer.aux(raw('redis-ver'), raw('7.0.15'))]
  writer.select(0, 2, 1)
  const entry = (key: string, value: Bytes | number, deadlineMs?: number) => [
    ...writer.key({ key: raw(key), value, deadlineMs }),
  ]
  chunks.push(...entry('a', raw('text'), 4_102_444_800_000), ...entry('b', 12))
  return Buffer.concat([...chunks, ...writer.end()])
}

/** What redis-check-aof says of a file: how far it is good, and whether all of it is. */
function theirVerdict(bytes: Buffer): { goodUpTo: number; ok: boolean } {
  const path = join(folder, 'their.aof')
  writeFileSync(path, bytes)
  const { stdout, status } = spawnSync('redis-check-aof', [path], { encoding: 'latin1' })
  return { goodUpTo: Number(/ok_up_to=(\d+)/.exec(stdout)?.[1] ?? 0), ok: status === 0 }
}

function ourVerdict(bytes: Buffer): { goodUpTo: number; ok: boolean } {
  const { goodUpTo, problem } = lookOverLog(bytes)
  return { goodUpTo, ok: problem === undefined }
}

describe.skipIf(oracleMissing)('a log is judged as redis-check-aof judges it', () => {
  const samples = {
    empty: '',
    whole: SELECT + SET + UNIT,
    annotated: `#TS:1700000000\r\n${SELECT}#some state\r\n${SET}`,
    'in lower case': SELECT + line('multi') + SET + line('exec'),
    'an EXEC alone': SELECT + line('EXEC') + SET,
    'a MULTI in a MULTI': SELECT + line('MULTI') + UNIT,
    'an open MULTI': SELECT + line('MULTI') + SET,
    'a wrong prefix': SELECT + SET.replace('$3', 'x3') + SET,
    'a wrong length': SELECT + SET.replace('$3', '$4') + SET,
    'a negative length': SELECT + SET.replace('$3', '$-1') + SET,
    'a huge length': SELECT + SET.replace('$3', '$9999999999') + SET,
    'no number': SELECT + SET.replace('*3', '*x') + SET,
    zeros: `${SELECT}${SET}${'\0'.repeat(100)}`,
  }
  test.each(Object.keys(samples))('%s', (name) => {
    const bytes = log(Reflect.get(samples, name) as string)
    expect(ourVerdict(bytes)).toEqual(theirVerdict(bytes))
  })

  test('whatever its length', () => {
    const whole = log(SELECT + SET + UNIT + SET)
    for (let length = 1; length <= whole.length; length++) {
      const bytes = whole.subarray(0, length)
      expect({ length, ...ourVerdict(bytes) }).toEqual({ length, ...theirVerdict(bytes) })
    }
  })

  test('with a snapshot in front', () => {
    for (const cut of [0, 1, 7, SET.length]) {
      const bytes = Buffer.concat([snapshot(), log(SET + SET)])
      const torn = bytes.subarray(0, bytes.length - cut)
      expect({ cut, ...ourVerdict(torn) }).toEqual({ cut, ...theirVerdict(torn) })
    }
  })
})

describe.skipIf(oracleMissing)('a snapshot is judged as redis-check-rdb judges it', () => {
  test('with any byte changed, and of any length', () => {
    const whole = snapshot()
    const path = join(folder, 'their.rdb')
    const judge = (bytes: Buffer): boolean => {
      writeFileSync(path, bytes)
      return spawnSync('redis-check-rdb', [path]).status === 0
    }
    expect(judge(whole)).toBe(true)
    for (let at = 0; at < whole.length; at++) {
      for (const bytes of [whole.subarray(0, at), Buffer.from(whole.with(at, whole[at]! ^ 1))]) {
        const ours = lookOverSnapshot(bytes).problem === undefined
        expect({ at, length: bytes.length, ours }).toEqual({ at, length: bytes.length, ours: judge(bytes) })
      }
    }
  })
})

test('a snapshot is counted by database and type', () => {
  const found = lookOverSnapshot(snapshot())
  expect(found).toMatchObject({
    version: 10,
    aux: { 'redis-ver': '7.0.15' },
    databases: [{ db: 0, keys: 2, expiring: 1, types: { string: 2 } }],
    problem: undefined,
  })
  expect(found.length).toBe(found.size)
})

const main = join(import.meta.dirname, '../../src/cli/main.ts')

/** Runs the program; its status and both of its outputs. */
function check(words: readonly string[], input = ''): { status: number | null; said: string } {
  const run = spawnSync(process.execPath, ['--import', 'tsx', main, 'check', ...words], { encoding: 'utf8', input })
  return { status: run.status, said: run.stdout + run.stderr }
}

describe('the program', () => {
  /** A store's folder whose log has a torn end. */
  function store(name: string): { root: string; base: string; last: string } {
    const root = join(folder, name)
    const logs = join(root, 'appendonlydir')
    mkdirSync(logs, { recursive: true })
    const base = join(logs, 'appendonly.aof.1.base.rdb')
    const last = join(logs, 'appendonly.aof.2.incr.aof')
    writeFileSync(base, snapshot())
    writeFileSync(join(logs, 'appendonly.aof.1.incr.aof'), SELECT + SET)
    writeFileSync(last, `${SELECT}${UNIT}*3\r\n$3\r\nSE`)
    writeFileSync(
      join(logs, 'appendonly.aof.manifest'),
      'file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\nfile appendonly.aof.2.incr.aof seq 2 type i\n',
    )
    return { root, base, last }
  }

  test('says what it would cut and changes nothing; cuts when told to', () => {
    const { root, last } = store('torn')
    const before = readFileSync(last)
    const looked = check([root])
    expect(looked.status).toBe(1)
    expect(looked.said).toContain(`broken at byte ${before.length}`)
    expect(looked.said).toContain('--fix would cut off 10 bytes')
    expect(check([root, '--fix'], 'n\n').status).toBe(1)
    expect(readFileSync(last)).toEqual(before)
    const fixed = check([root, '--fix'], 'y\n')
    expect(fixed.said).toContain('10 bytes were cut off')
    expect(fixed.status).toBe(0)
    expect(readFileSync(last)).toEqual(before.subarray(0, -10))
    const again = check([root, '--json'])
    expect(again.status).toBe(0)
    expect(JSON.parse(again.said)).toMatchObject({
      ok: true,
      files: [{ kind: 'rdb' }, { kind: 'aof' }, { kind: 'aof' }],
    })
  })

  test('is not misled by a torn value that holds a whole command', async () => {
    const { root, last } = store('nested')
    const whole = SELECT + UNIT
    const value = `${line('SET', 'hidden', '1')}${line('SET', 'hidden', '2')}`
    const torn = line('SET', 'k', value + 'x'.repeat(100)).slice(0, -60)
    writeFileSync(last, whole + torn)
    expect(check([root]).said).toContain(`from byte ${whole.length} on`)
    expect(check([root, '--fix', '--yes']).status).toBe(0)
    expect(readFileSync(last, 'latin1')).toBe(whole)
  })

  test('cuts nothing in the middle of a log, and no snapshot', () => {
    const { root, base, last } = store('middle')
    const middle = join(root, 'appendonlydir/appendonly.aof.1.incr.aof')
    writeFileSync(last, SELECT)
    writeFileSync(middle, `${SELECT}*3\r\n`)
    cpSync(base, `${base}.kept`)
    writeFileSync(base, readFileSync(base).with(60, 7))
    const { status, said } = check([root, '--fix', '--yes'])
    expect(said).toContain('2 of 2 broken files cannot be repaired by cutting')
    expect(status).toBe(1)
    expect(readFileSync(middle, 'latin1')).toBe(`${SELECT}*3\r\n`)
  })

  test('cuts nothing of a store that is open', async () => {
    const root = join(folder, 'in-use')
    const db = await open(`file:${root}`)
    try {
      await db.set('k', 'v')
      await db.flush()
      const last = join(root, 'appendonlydir/appendonly.aof.1.incr.aof')
      writeFileSync(last, `${readFileSync(last, 'latin1')}*3\r\n`)
      const before = readFileSync(last)
      for (const path of [root, last]) {
        expect(check([path, '--fix', '--yes'])).toMatchObject({
          status: 1,
          said: expect.stringContaining(`${root} is in use by process ${process.pid}`),
        })
      }
      expect(readFileSync(last)).toEqual(before)
    } finally {
      await db.close()
    }
  })

  test('says what a path lacks', () => {
    const missing = join(folder, 'nowhere')
    expect(check([missing])).toMatchObject({
      status: 1,
      said: expect.stringContaining(`There is nothing at ${missing}`),
    })
    mkdirSync(join(folder, 'empty'), { recursive: true })
    expect(check([join(folder, 'empty')]).said).toContain("is it a store's?")
    const { root } = store('lacking')
    rmSync(join(root, 'appendonlydir/appendonly.aof.1.incr.aof'))
    expect(check([root]).said).toContain('names appendonly.aof.1.incr.aof, which is not there')
    expect(check([root, '--yes']).said).toContain('--yes is about --fix')
    const foreign = join(folder, 'package.json')
    writeFileSync(foreign, '{"name":"store"}')
    expect(check([foreign, '--fix', '--yes'])).toMatchObject({
      status: 1,
      said: expect.stringContaining('is neither a snapshot nor a log: it begins with "{\\"nam"'),
    })
    expect(readFileSync(foreign, 'utf8')).toBe('{"name":"store"}')
  })

  test.skipIf(constants.MAX_LENGTH > 2 ** 40)(
    'says of a file that is too long for this Node how long it may be',
    () => {
      const path = join(folder, 'long.aof')
      writeFileSync(path, '')
      truncateSync(path, constants.MAX_LENGTH + 1)
      expect(check([path])).toMatchObject({
        status: 1,
        said: expect.stringContaining(`this version of Node.js takes ${constants.MAX_LENGTH} bytes at most`),
      })
    },
  )

  test('finds a manifest that has lost a line, and passes over a snapshot that was never finished', () => {
    const { root, last } = store('unnamed')
    writeFileSync(last, SELECT + UNIT)
    writeFileSync(join(root, 'temp-bg-12.rdb'), 'REDIS0010')
    expect(check([root])).toMatchObject({ status: 0, said: expect.not.stringContaining('temp-') })
    const manifest = join(root, 'appendonlydir/appendonly.aof.manifest')
    writeFileSync(manifest, readFileSync(manifest, 'latin1').split('\n').slice(0, 2).join('\n'))
    expect(check([root])).toMatchObject({
      status: 1,
      said: expect.stringMatching(/appendonly\.aof\.2\.incr\.aof holds \d+ bytes, but .*manifest does not name it/),
    })
  })
})
