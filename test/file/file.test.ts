/** Stores in a folder: what is kept, who may have it, what a folder's URL means. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { lockFolder } from '../../src/durability/folder-lock.ts'
import { open } from '../../src/index.ts'
import { folderIn } from '../../src/open/file.ts'
import { describeDatabase } from '../../src/testing/conformance.ts'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import { contentsOf, contrast, TheirSide, words } from '../rdb/sides.ts'

let root: string
let made = 0
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'geartrain-file-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))
const fresh = (): string => join(root, `store ${++made}`)

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** Another process with a folder open; `lines` is what it has said. */
async function otherProcess(url: string, ...more: string[]): Promise<{ child: ChildProcess; lines: string[] }> {
  const program = join(import.meta.dirname, 'store-child.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', program, url, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const lines: string[] = []
  let rest = ''
  child.stdout!.on('data', (chunk) => {
    const parts = (rest + String(chunk)).split('\n')
    rest = parts.pop()!
    lines.push(...parts)
  })
  return { child, lines }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('the conformance suite', () => {
  let folder: string
  const keeper: { db?: Awaited<ReturnType<typeof open>> } = {}
  beforeAll(async () => {
    folder = fresh()
    keeper.db = await open(`file:${encodeURI(folder)}`)
  })
  afterAll(async () => {
    await keeper.db?.close()
  })
  describeDatabase({ describe, test }, 'file:', () => open(`file:${encodeURI(folder)}`), { wholeStore: true })
})

test('what was written is there when the folder is opened again', async () => {
  const url = `file:${encodeURI(fresh())}`
  {
    await using db = await open(url)
    await db.set('k', 'größe')
    await db.zadd('z', { a: 1, b: 2 })
    await db.multi().incr('n').rpush('l', ['1', '2']).exec()
    await db.pexpireat('z', 4_102_444_800_000)
    expect(db.features).toMatchObject({ kind: 'embedded', name: url })
  }
  await using again = await open(url)
  expect(await again.get('k')).toBe('größe')
  expect(await again.lrange('l', 0, -1)).toEqual(['1', '2'])
  expect(await again.pexpiretime('z')).toBe(4_102_444_800_000)
})

test('a folder opened twice in one process is one store, until the last has left', async () => {
  const folder = fresh()
  const link = `${folder} link`
  mkdirSync(folder)
  symlinkSync(folder, link)
  const [one, other] = await Promise.all([open(`file:${encodeURI(folder)}`), open(`file:${encodeURI(link)}/.`)])
  await one.set('k', 'v')
  expect(await other.get('k')).toBe('v')
  await one.close()
  expect(await other.get('k')).toBe('v')
  const closing = other.close()
  // Opened while it closes: it is loaded anew.
  await using again = await open(`file:${encodeURI(folder)}`)
  await closing
  expect(await again.get('k')).toBe('v')
})

test('a copy of a folder that is open is a folder of its own', async () => {
  const folder = fresh()
  await using db = await open(`file:${encodeURI(folder)}`)
  await db.set('k', 'v')
  await db.flush()
  cpSync(folder, `${folder} copy`, { recursive: true })
  await using copy = await open(`file:${encodeURI(folder)} copy`)
  expect(await copy.get('k')).toBe('v')
})

test('flush brings to the disk what was written; a copy of the folder has it', async () => {
  const folder = fresh()
  await using db = await open(`file:${encodeURI(folder)}`, { fsync: 'no' })
  await db.set('k', 'v')
  await db.flush()
  expect(readFileSync(join(folder, 'appendonlydir/appendonly.aof.1.incr.aof'), 'latin1')).toContain('$1\r\nv\r\n')
  expect(await db.call('CONFIG', 'GET', 'appendfsync')).toEqual(['appendfsync', 'no'])
})

test('a store in memory has nothing to flush, one elsewhere cannot be flushed from here', async () => {
  await using db = await open()
  await expect(db.flush()).resolves.toBeUndefined()
  await using far = await open('redis://127.0.0.1:1', { lazy: true })
  await expect(far.flush()).rejects.toMatchObject({ code: 'UNSUPPORTED' })
})

describe('another process', () => {
  test('is refused, and told who has the folder; a killed one is not in the way', async () => {
    const folder = fresh()
    const url = `file:${encodeURI(folder)}`
    const { child, lines } = await otherProcess(url)
    await until(() => lines.includes('flushed'))
    await expect(open(url)).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringContaining(`process ${child.pid}`),
    })
    child.kill('SIGKILL')
    await once(child, 'exit')
    await using db = await open(url)
    expect(await db.get('k')).toBe('from the other process')
  })

  test('that is killed has lost nothing that it was told is safe', async () => {
    const url = `file:${encodeURI(fresh())}`
    const { child, lines } = await otherProcess(url, 'always')
    await until(() => lines.length > 50)
    child.kill('SIGKILL')
    await once(child, 'close')
    const last = Number(lines.at(-1))
    await using db = await open(url)
    for (let i = 0; i <= last; i++) expect(await db.get(`key:${i}`)).toBe(`${i}`)
  })

  test.skipIf(process.platform !== 'linux')('whose number was given to this one has gone all the same', async () => {
    const folder = fresh()
    mkdirSync(folder)
    const lock = { pid: process.pid, host: hostname(), start: 'another boot+1', folder: `${statSync(folder).ino}` }
    writeFileSync(join(folder, 'geartrain.lock'), JSON.stringify(lock))
    await using db = await open(`file:${encodeURI(folder)}`)
    expect(await db.ping()).toBe('PONG')
  })

  test('of another machine cannot be judged, so it counts', async () => {
    const folder = fresh()
    mkdirSync(folder)
    writeFileSync(
      join(folder, 'geartrain.lock'),
      JSON.stringify({ pid: 1, host: 'elsewhere', start: '', folder: `${statSync(folder).ino}` }),
    )
    await expect(open(`file:${encodeURI(folder)}`)).rejects.toThrow(
      /process 1 on elsewhere: .* remove .*geartrain\.lock/,
    )
  })

  test('that was killed while it wrote its mark, or took one over, is not in the way', () => {
    const folder = fresh()
    mkdirSync(folder)
    writeFileSync(join(folder, 'geartrain.lock'), '{"pid":')
    writeFileSync(join(folder, 'geartrain.lock.takeover'), '')
    const lock = lockFolder(folder)
    expect(() => lockFolder(folder)).toThrow(/in use by this process/)
    lock.release()
    expect(existsSync(join(folder, 'geartrain.lock'))).toBe(false)
    lockFolder(folder).release()
  })
})

test('a worker has the store by a port, and not by its folder', async () => {
  const url = `file:${encodeURI(fresh())}`
  await using db = await open(url)
  const source = `
    import { workerData, parentPort } from 'node:worker_threads'
    import { register } from '${import.meta.resolve('tsx/esm/api')}'
    register()
    const { open } = await import('${new URL('../../src/index.ts', import.meta.url)}')
    const refusal = await open(workerData.url).catch((error) => error.message)
    const db = await open(workerData.port)
    await db.set('k', 'from a worker')
    await db.close()
    parentPort.postMessage(refusal)`
  const port = db.port()
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
    workerData: { url, port },
    transferList: [port],
  })
  try {
    const [refusal] = await once(worker, 'message')
    expect(refusal).toContain('db.port()')
    expect(await db.get('k')).toBe('from a worker')
  } finally {
    await worker.terminate()
  }
})

test('a URL names a folder as files have names', async () => {
  const here = process.cwd()
  expect(folderIn('file:./data')).toBe(join(here, 'data'))
  expect(folderIn('file:data')).toBe(join(here, 'data'))
  expect(folderIn('file:../a b')).toBe(join(here, '../a b'))
  expect(folderIn('file:a%20b')).toBe(join(here, 'a b'))
  expect(folderIn('file:50%25')).toBe(join(here, '50%'))
  for (const url of ['file:/var/data', 'file:///var/data', 'file://localhost/var/data', 'file:///var/x/../data/']) {
    expect(folderIn(url)).toBe('/var/data')
  }
  for (const url of ['file:', 'file://', 'file://server/share', 'file:50%', 'file:a%00b']) {
    await expect(open(url)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  }
})

test('a file in the place of a folder is told, and stays', async () => {
  const path = fresh()
  writeFileSync(path, 'mine')
  for (const each of [path, join(path, 'below')]) {
    await expect(open(`file:${each}`)).rejects.toThrow(`${each} is no folder, and cannot be made one`)
  }
  expect(readFileSync(path, 'utf8')).toBe('mine')
})

test('what cannot be opened leaves nothing behind that would be in the way', async () => {
  const folder = fresh()
  const url = `file:${encodeURI(folder)}`
  await (await open(url)).close()
  const manifest = join(folder, 'appendonlydir/appendonly.aof.manifest')
  const whole = readFileSync(manifest)
  writeFileSync(manifest, 'nonsense\n')
  await expect(open(url)).rejects.toMatchObject({ name: 'DurabilityError', code: 'CORRUPT' })
  expect(existsSync(join(folder, 'geartrain.lock'))).toBe(false)
  writeFileSync(manifest, whole)
  await (await open(url)).close()
  writeFileSync(join(root, 'a file'), '')
  await expect(open(`file:${encodeURI(join(root, 'a file'))}/x`)).rejects.toMatchObject({ code: 'DISK' })
  await expect(
    open(`file:${relative(process.cwd(), root)}/x`, { engine: { config: { 'no-such': '1' } } }),
  ).rejects.toThrow()
  expect(existsSync(join(root, 'x/geartrain.lock'))).toBe(false)
})

test.skipIf(oracleMissing)('a redis-server goes on with the folder, and we with what it left', async () => {
  const folder = fresh()
  const url = `file:${encodeURI(folder)}`
  {
    await using db = await open(url)
    await db.mset({ a: '1', b: '2' })
    await db.xadd('x', '1-1', { f: 'v' })
  }
  const left = await continuedByRedis(folder)
  await using db = await open(url)
  const { port } = await db.listen()
  const ours = await TheirSide.open({ connect: () => socketTo(port) })
  expect(contrast(await contentsOf(ours, false), left)).toEqual([])
  ours.close()
})

/** What a redis-server leaves in a folder that has loaded it, written to it, and was killed. */
async function continuedByRedis(folder: string): Promise<Map<string, string>> {
  const server = await OracleServer.start(['--dir', folder, '--appendonly', 'yes'])
  try {
    const side = await TheirSide.open(server)
    expect((await contentsOf(side)).size).toBe(3)
    await side.ask([words('SELECT 0'), words('HSET h f v'), words('DEL a')])
    const left = await contentsOf(side, false)
    side.close()
    return left
  } finally {
    await server.stop()
  }
}

async function socketTo(port: number) {
  const { connect } = await import('node:net')
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}
