/** redis-cli and redis-benchmark take our server for a Redis. */
import { spawn } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { serve } from './served.ts'
import { output, toolsMissing } from './tools.ts'

const server = serve({ save: '', 'enable-debug-command': 'yes' })
const cli = (words: readonly string[], input = ''): Promise<string> =>
  output('redis-cli', ['-p', `${server.port}`, ...words], input)

describe.skipIf(toolsMissing)('redis-cli', () => {
  test('one command, over both protocols', async () => {
    expect(await cli(['--no-raw', 'LRANGE', 'nothing', '0', '-1'])).toBe('(empty array)\n')
    await cli(['HSET', 'h', 'f', 'v'])
    expect(await cli(['-3', '--no-raw', 'HGETALL', 'h'])).toBe('1# "f" => "v"\n')
    expect(await cli(['-3', '--no-raw', 'DEBUG', 'PROTOCOL', 'double'])).toBe('(double) 3.141\n')
    expect(await cli(['--no-raw', 'NOSUCH'])).toContain("(error) ERR unknown command 'NOSUCH'")
  })

  test('lines on standard input', async () => {
    expect(await cli([], 'SET a 1\nINCR a\nGET a\n')).toBe('OK\n2\n2\n')
  })

  test('--pipe inserts, and counts replies and errors', async () => {
    const lines = Array.from({ length: 5000 }, (_, i) => `SET pipe:${i} ${i}\r\n`)
    const said = await cli(['--pipe'], `${lines.join('')}LPUSH pipe:1 x\r\n`).catch((error: Error) => error.message)
    expect(said).toContain('errors: 1, replies: 5001')
    expect(await cli(['GET', 'pipe:4999'])).toBe('4999\n')
  })

  test('--scan, --bigkeys and --memkeys walk the keys', async () => {
    await cli(['FLUSHALL'])
    await cli(['MSET', ...Array.from({ length: 50 }, (_, i) => [`some:${i}`, 'x']).flat()])
    await cli(['RPUSH', 'long', ...Array.from({ length: 20 }, (_, i) => `${i}`)])
    const keys = (await cli(['--scan', '--pattern', 'some:*'])).trim().split('\n')
    expect(new Set(keys).size).toBe(50)
    const report = await cli(['--bigkeys'])
    expect(report).toContain('Sampled 51 keys in the keyspace!')
    expect(report).toMatch(/Biggest +list found '"long"' has 20 items/)
    expect(await cli(['--memkeys'])).toMatch(/Biggest +list found '"long"' has \d+ bytes/)
  })

  test('--stat prints a line each second', async () => {
    const child = spawn('redis-cli', ['-p', `${server.port}`, '--stat', '-i', '0.05'])
    let text = ''
    child.stdout.on('data', (chunk) => (text += chunk))
    await expect.poll(() => text, { timeout: 5000 }).toMatch(/keys +mem +clients +blocked +requests[^\n]*\n *\d+ /)
    child.kill()
  })

  test('--latency measures', async () => {
    const child = spawn('redis-cli', ['-p', `${server.port}`, '--latency', '--raw', '-i', '0.1'])
    let text = ''
    child.stdout.on('data', (chunk) => (text += chunk))
    await expect.poll(() => text, { timeout: 5000 }).toMatch(/^\d+ \d+ [\d.]+ \d+/)
    child.kill()
  })
})

describe.skipIf(toolsMissing)('redis-benchmark', () => {
  test('runs its standard tests without an error', async () => {
    const words = ['-p', `${server.port}`, '-n', '2000', '-c', '10', '-P', '4', '-r', '100', '--csv']
    const lines = (await output('redis-benchmark', words, '', 120_000)).trim().split('\n')
    const names = lines.slice(1).map((line) => /^"([A-Z_]+)/.exec(line)?.[1])
    for (const name of [
      'PING_INLINE',
      'SET',
      'GET',
      'INCR',
      'LPUSH',
      'SADD',
      'HSET',
      'ZADD',
      'ZPOPMIN',
      'LRANGE_',
      'MSET',
    ]) {
      expect(names).toContain(name)
    }
    for (const line of lines.slice(1)) expect(Number(/^"[^"]*","([\d.]+)"/.exec(line)?.[1])).toBeGreaterThan(0)
  })
})
