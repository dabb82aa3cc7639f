/** The program and its heap: a `maxmemory` that node's own limit cannot hold. */
import { spawn } from 'node:child_process'
import { getHeapStatistics } from 'node:v8'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/create.ts'
import { freePort } from '../oracle/redis-server.ts'
import { eventually, Wire } from './wire.ts'

const MEGABYTE = 1024 ** 2

/** Starts `serve` with a small heap; `printed` is all it said. */
async function serve(...words: readonly string[]) {
  const port = await freePort()
  const flags = ['--max-old-space-size=200', '--import', 'tsx', 'src/cli/main.ts', 'serve', '--json']
  const child = spawn(process.execPath, [...flags, '--port', `${port}`, '--bind', '127.0.0.1', ...words])
  let printed = ''
  child.stdout.on('data', (chunk) => (printed += chunk))
  child.stderr.on('data', (chunk) => (printed += chunk))
  const exit = new Promise((resolve) => child.once('exit', (status, signal) => resolve(signal ?? status)))
  await eventually(() => printed.includes('"serving"') || child.exitCode !== null)
  const { pid } = JSON.parse(/\{.*\}/.exec(printed)?.[0] ?? '{}')
  return { child, port, exit, pid, printed: () => printed }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('geartrain serve', () => {
  test('with a limit beyond its heap runs in a process that has room, and ends in order with it', async () => {
    const { child, port, exit, pid } = await serve('--maxmemory', '600mb')
    expect(pid).not.toBe(child.pid)
    const wire = await Wire.open(port)
    expect(await wire.ask('600mb\r\n'.slice(5), 'CONFIG', 'GET', 'maxmemory')).toContain(`${600 * MEGABYTE}`)
    expect(await wire.ask('\r\n', 'CONFIG', 'SET', 'maxmemory', '700mb')).toBe('+OK\r\n')
    expect(await wire.ask('\r\n', 'CONFIG', 'SET', 'maxmemory', '7gb')).toContain('--max-old-space-size=')
    wire.close()
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
    expect(isAlive(pid)).toBe(false)
  })

  test('with a limit that fits stays one process', async () => {
    const { child, port, exit, pid } = await serve('--maxmemory', '50mb')
    expect(pid).toBe(child.pid)
    const wire = await Wire.open(port)
    expect(await wire.ask('\r\n', 'PING')).toBe('+PONG\r\n')
    child.kill('SIGINT')
    expect(await exit).toBe(0)
  })

  test('tells how the store died, and the store ends when its shell is killed', async () => {
    const first = await serve('--maxmemory', '600mb')
    process.kill(first.pid, 'SIGKILL')
    expect(await first.exit).toBe('SIGKILL')
    const second = await serve('--maxmemory', '600mb')
    second.child.kill('SIGKILL')
    await eventually(() => !isAlive(second.pid))
  })
})

describe('an embedded store', () => {
  test('has 60 % of the heap unless it is told otherwise, and says so', () => {
    const limit = (config: Record<string, string>) => createEngine({ config }).config.get('maxmemory')
    const share = Math.floor((getHeapStatistics().heap_size_limit * 0.6) / MEGABYTE) * MEGABYTE
    expect(limit({})).toBe(`${share}`)
    expect(limit({ MaxMemory: '0' })).toBe('0')
    expect(limit({ maxmemory: '10mb' })).toBe(`${10 * MEGABYTE}`)
  })

  test('warns of a limit that its heap cannot hold', async () => {
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
    createEngine({ config: { maxmemory: '1000gb' } })
    expect(await warned).toMatchObject({ code: 'GEARTRAIN_HEAP', message: expect.stringContaining('maxmemory: ') })
  })
})
