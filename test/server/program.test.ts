/** The program, from its command line to its exit status. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { freePort } from '../oracle/redis-server.ts'
import { eventually, Wire } from './wire.ts'

const folder = mkdtempSync(join(tmpdir(), 'geartrain-program-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const started = new Set<ChildProcess>()
afterEach(() => {
  for (const child of started) child.kill('SIGKILL')
  started.clear()
})

const PROGRAM = ['--import', 'tsx', 'src/cli/main.ts']

/** Runs the program to its end. */
function run(...words: readonly string[]) {
  return spawnSync(process.execPath, [...PROGRAM, ...words], { encoding: 'utf8', timeout: 50_000 })
}

/** Starts a server; resolves when it has said that it serves. */
async function serve(...words: readonly string[]) {
  const port = await freePort()
  const child = spawn(process.execPath, [...PROGRAM, 'serve', '--port', `${port}`, '--bind', '127.0.0.1', ...words])
  started.add(child)
  let printed = ''
  child.stdout.on('data', (chunk) => (printed += chunk))
  child.stderr.on('data', (chunk) => (printed += chunk))
  const exit = new Promise<number | null>((resolve) => child.once('exit', (status) => resolve(status)))
  await eventually(() => printed.includes('stop') || printed.includes('"serving"') || child.exitCode !== null)
  return { child, port, exit, printed: () => printed }
}

describe('geartrain', () => {
  test('says what there is, and which version it is', () => {
    const help = run('--help')
    expect(help.status).toBe(0)
    expect(help.stdout).toMatch(/serve .*\n[\s\S]*version/)
    expect(run('serve', '--help').stdout).toContain('--metrics-port')
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(JSON.parse(run('version', '--json').stdout)).toMatchObject({ geartrain: version, redis: '7.0.15' })
  })

  test('that is misspelt is an error with a way on', () => {
    const { status, stderr } = run('srve')
    expect(status).toBe(1)
    expect(stderr).toContain('--help')
  })
})

describe('geartrain compat', () => {
  test('finds nothing that differs from itself', async () => {
    const { port } = await serve()
    const { stdout, status } = run('compat', '--against', `redis://127.0.0.1:${port}`, '--json')
    expect(status).toBe(0)
    const { same, differs, missing } = JSON.parse(stdout)
    expect({ differs, missing }).toEqual({ differs: 0, missing: 0 })
    expect(same).toBeGreaterThan(100)
    expect(run('compat', '--against', `redis://127.0.0.1:${port}`).stdout).toMatch(/^same {5}append$/m)
  })

  test('says why it cannot ask', async () => {
    const port = await freePort()
    expect(run('compat', '--against', `redis://127.0.0.1:${port}`).stderr).toContain('ECONNREFUSED')
    expect(run('compat', '--against', 'http://127.0.0.1').stderr).toContain('redis://host:port')
  })
})

describe('geartrain serve refuses', () => {
  const file = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }

  test.each([
    ['an unknown directive', ['--port', '7000', '--foo', 'bar'], ['foo', "'--foo bar'"]],
    ['a value that is none', ['--port', 'abc'], ["couldn't be parsed into an integer", "'--port abc'"]],
    ['a directive without a value', ['--maxclients'], ['wrong number of arguments', "'--maxclients'"]],
    ['nowhere to listen', ['--port', '0'], ['--unixsocket']],
    ['a file that is not there', ['nowhere.conf'], ['nowhere.conf', 'ENOENT']],
    [
      'a log that cannot be written',
      ['--port', '0', '--logfile', 'no/where.log'],
      ["logfile 'no/where.log'", 'ENOENT'],
    ],
    ['a socket without its folder', ['--port', '0', '--unixsocket', 'no/where.sock'], ['folder must be there']],
    ['a command under another name', ['--rename-command', 'KEYS', 'k'], ["'--rename-command KEYS k'", 'rules of ACL']],
  ])('%s', (_, words, expected) => {
    const { status, stderr } = run('serve', ...words)
    expect(status).toBe(1)
    for (const part of expected) expect(stderr).toContain(part)
    expect(stderr).not.toContain('    at ')
  })

  test('a bad line of a file, and shows it', () => {
    const path = file('bad.conf', '# a comment\nport 7000\n\nmaxclients lots\n')
    const { status, stderr } = run('serve', path)
    expect(status).toBe(1)
    expect(stderr).toContain(`${path}, line 4`)
    expect(stderr).toContain("'maxclients lots'")
    expect(run('serve', file('quotes.conf', 'requirepass "a b\n')).stderr).toContain('Unbalanced quotes')
  })
})

describe('geartrain serve', () => {
  test('reads a file, its includes, and lets the command line win', async () => {
    writeFileSync(join(folder, 'more.conf'), 'requirepass "pass word"\n')
    const path = join(folder, 'redis.conf')
    writeFileSync(path, 'include more.conf\nport 1\nmaxclients 77\nclient-output-buffer-limit pubsub 1mb 0 0\n')
    const port = await freePort()
    const child = spawn(process.execPath, [...PROGRAM, 'serve', path, '--port', `${port}`, '--json'])
    started.add(child)
    let printed = ''
    child.stdout.on('data', (chunk) => (printed += chunk))
    await eventually(() => printed.includes('\n') || child.exitCode !== null)
    expect(JSON.parse(printed.split('\n')[0]!)).toMatchObject({
      serving: expect.arrayContaining([`redis://0.0.0.0:${port}`]),
    })
    const wire = await Wire.open(port)
    expect(await wire.ask('\r\n', 'AUTH', 'pass word')).toBe('+OK\r\n')
    expect(await wire.ask('77\r\n', 'CONFIG', 'GET', 'maxclients')).toContain('77')
    wire.close()
  })

  test('greets, logs to a file, answers health and metrics, and ends at SIGTERM with its last replies', async () => {
    const log = join(folder, 'log.json')
    const metricsPort = await freePort()
    const server = await serve('--metrics-port', `${metricsPort}`, '--logfile', log)
    expect(server.printed()).toContain(`redis://127.0.0.1:${server.port}`)
    const wire = await Wire.open(server.port)
    await wire.ask('\r\n', 'SET', 'k', 'v')
    await wire.ask('v\r\n', 'GET', 'k')
    expect((await fetch(`http://127.0.0.1:${metricsPort}/health`)).status).toBe(200)
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
    expect(metrics).toContain('geartrain_connected_clients 1\n')
    expect(metrics).toContain('geartrain_db_keys{db="db0"} 1\n')
    expect(metrics).toMatch(/geartrain_event_loop_delay_seconds\{quantile="0\.99"\} [\d.e-]+\n/)
    expect((await fetch(`http://127.0.0.1:${metricsPort}/other`)).status).toBe(404)
    server.child.kill('SIGTERM')
    expect(await wire.untilClosed()).toBe('')
    expect(await server.exit).toBe(0)
    const lines = readFileSync(log, 'utf8').trim().split('\n')
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ level: 30, msg: 'Ready to exit, bye bye' })
  })

  test('has the title that it was told to have, and its number in a file while it runs', async () => {
    const pidfile = join(folder, 'server.pid')
    const server = await serve('--pidfile', pidfile, '--proc-title-template', '{title} {listen-addr} {server-mode}')
    const numberOf = `${server.child.pid}\n`
    expect(readFileSync(pidfile, 'utf8')).toBe(numberOf)
    // As `ps` shows it. Elsewhere there is no file to look into.
    const title = () => readFileSync(`/proc/${server.child.pid}/cmdline`, 'latin1').replace(/\0.*/s, '')
    const isLinux = process.platform === 'linux'
    if (isLinux) expect(title()).toBe(`geartrain 127.0.0.1:${server.port}`)
    const wire = await Wire.open(server.port)
    expect(await wire.ask('\r\n', 'CONFIG', 'SET', 'proc-title-template', '{{{port}')).toBe('+OK\r\n')
    if (isLinux) expect(title()).toBe(`{${server.port}`)
    expect(await wire.ask('\r\n', 'CONFIG', 'SET', 'proc-title-template', '{nosuch}')).toContain('unknown variables')
    wire.close()
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(0)
    expect(existsSync(pidfile)).toBe(false)
    const other = await serve('--pidfile', join(folder, 'no/where.pid'))
    expect(other.printed()).toContain('stop')
  })

  test('ends at SHUTDOWN, without a reply', async () => {
    const server = await serve()
    const wire = await Wire.open(server.port)
    wire.send('SHUTDOWN')
    expect(await wire.untilClosed()).toBe('')
    expect(await server.exit).toBe(0)
  })

  test('ends at once at the second signal', async () => {
    const server = await serve()
    const deaf = await Wire.open(server.port)
    await deaf.ask('\r\n', 'SET', 'mb', 'x'.repeat(1 << 20))
    deaf.socket.pause()
    deaf.write('GET mb\r\n'.repeat(50))
    await eventually(() => deaf.socket.bytesWritten > 0)
    await new Promise((resolve) => setTimeout(resolve, 100))
    server.child.kill('SIGINT')
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(1)
    deaf.close()
  })
})
