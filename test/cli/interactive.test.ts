/** The prompt, on a pseudo terminal. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import { type Served, serveFresh, Wire } from '../server/wire.ts'
import { PROGRAM, Pty, runProgram } from './rig.ts'

const scriptMissing = !/util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '')
if (scriptMissing) console.log("the prompt is not tested: util-linux's `script`, which makes a terminal, is missing")

const folder = mkdtempSync(join(tmpdir(), 'geartrain-prompt-'))
const histfile = join(folder, 'history')
let ours: Served
let redis: OracleServer | undefined
beforeAll(async () => {
  ours = await serveFresh({ 'enable-debug-command': 'yes' })
  if (!oracleMissing) redis = await OracleServer.start()
})
afterAll(async () => {
  await ours.stop()
  await redis?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const opened: Pty[] = []
afterEach(() => {
  for (const pty of opened.splice(0)) pty.end()
})

function open(words: string, env: NodeJS.ProcessEnv = {}): Pty {
  const pty = Pty.cli(words, { GEARTRAIN_CLI_HISTFILE: histfile, ...env })
  opened.push(pty)
  return pty
}

/** Types lines one by one, each after its prompt, and gives what was printed between. */
async function talk(pty: Pty, turns: readonly (readonly [prompt: string, line: string])[]): Promise<string[]> {
  const printed: string[] = []
  for (const [prompt, line] of turns) {
    printed.push(await pty.until(prompt))
    pty.type(`${line}\r`)
  }
  return printed
}

describe.skipIf(scriptMissing)('geartrain cli on a terminal', () => {
  test.each(['geartrain', 'redis-server'])('follows database and transaction on %s', async (server) => {
    const port = server === 'geartrain' ? ours.port : redis?.port
    if (port === undefined) return
    const pty = open(`-p ${port}`, { NO_COLOR: '1' })
    const at = `127.0.0.1:${port}`
    const printed = await talk(pty, [
      [`${at}> `, 'select 3'],
      [`${at}[3]> `, 'multi'],
      [`${at}[3](TX)> `, 'set a "b\\x00"'],
      [`${at}[3](TX)> `, 'exec'],
      [`${at}[3]> `, 'get a'],
      [`${at}[3]> `, '2 ping'],
      [`${at}[3]> `, 'debug sleep 0.5'],
      [`${at}[3]> `, 'reset'],
      [`${at}> `, 'quit'],
    ])
    expect(printed[3]).toContain('QUEUED')
    expect(printed[4]).toContain('1) OK')
    expect(printed[5]).toContain('"b\\x00"')
    expect(printed[6]).toContain('PONG\r\nPONG')
    expect(printed[7]).toMatch(/OK\r\n\(0\.\d\ds\)/)
    expect(await pty.ended).toBe(0)
  })

  test('streams messages until Ctrl-C, which also ends a command that waits', async () => {
    const pty = open(`-p ${ours.port}`, { NO_COLOR: '1' })
    const at = `127.0.0.1:${ours.port}> `
    await talk(pty, [[at, 'subscribe news']])
    expect(await pty.until('(integer) 1')).toContain('Reading messages... (press Ctrl-C to quit)')
    const wire = await Wire.open(ours.port)
    await wire.ask('\r\n', 'PUBLISH', 'news', 'hello')
    await pty.until('3) "hello"')
    pty.type('\x03')
    await talk(pty, [[at, 'blpop none 0']])
    await pty.until('\n')
    while (!(await wire.ask('\r\n', 'CLIENT', 'LIST')).includes('cmd=blpop')) wire.take()
    pty.type('\x03')
    await talk(pty, [
      [at, 'ping'],
      ['PONG', ''],
    ])
    wire.close()
    // Not before the prompt is there: while a command runs the terminal is the system's, and these keys mean other things.
    await pty.until(at)
    pty.type('\x04')
    expect(await pty.ended).toBe(0)
  })

  test('says that it is not connected, and connects again', async () => {
    const pty = open('-p 1', { NO_COLOR: '1' })
    const at = `127.0.0.1:${ours.port}> `
    const printed = await talk(pty, [
      ['not connected> ', 'ping'],
      ['not connected> ', `connect 127.0.0.1 ${ours.port}`],
      [at, 'client kill type normal skipme no'],
      [at, 'ping'],
      [at, 'multi'],
      [at.replace('>', '(TX)>'), 'client kill type pubsub'],
      [at.replace('>', '(TX)>'), 'discard'],
      [at, '"open'],
      [at, 'exit'],
    ])
    expect(printed[0]).toContain('Could not connect to Redis at 127.0.0.1:1: Connection refused')
    expect(printed[4]).toContain('Error: Server closed the connection\r\nPONG')
    expect(printed[8]).toContain('Invalid argument(s)')
    expect(await pty.ended).toBe(0)
  })

  test('shows what a command takes, in grey, and completes it', async () => {
    const pty = open(`-p ${ours.port}`)
    await pty.until('> ')
    pty.type('set k')
    expect(await pty.until('[90m value [NX')).toContain('[90mkey value')
    pty.type('\x15conf\t')
    await pty.until('config ')
    pty.type('g\t')
    expect(await pty.until('parameter [parameter ...]')).toContain('et ')
    pty.type('\x03')
    await pty.until('^C')
    pty.type(':set nohints\r')
    await pty.until(':set nohints')
    pty.type('get')
    const rest = pty.until('\n')
    pty.type(' x\r')
    expect(await rest).not.toContain('[90m')
    await pty.until('(nil)')
    await pty.until('> ')
    pty.type('\x03')
    expect(await pty.ended).toBe(0)
  })

  test('prints what is pushed above the line that is being typed', async (context) => {
    const port = redis?.port
    context.skip(port === undefined, 'redis-server 7.0 is missing')
    const pty = open(`-3 -p ${port}`, { NO_COLOR: '1' })
    const at = `127.0.0.1:${port}> `
    await talk(pty, [
      [at, 'client tracking on'],
      [at, 'get tracked'],
    ])
    await pty.until(at)
    pty.type('get anoth')
    await pty.until('anoth')
    const wire = await Wire.open(port ?? 0)
    await wire.ask('\r\n', 'SET', 'tracked', '1')
    expect(await pty.until(`${at}get anoth`)).toContain("-> invalidate: 'tracked'")
    pty.type('er\r')
    await pty.until('(nil)')
    wire.close()
  })

  test('keeps a history that no one else reads and that holds no password', async () => {
    const pty = open(`-p ${ours.port}`, { NO_COLOR: '1' })
    const at = `127.0.0.1:${ours.port}> `
    await talk(pty, [
      [at, 'echo remembered'],
      [at, 'auth sesame'],
      [at, 'config set requirepass ""'],
      [at, 'quit'],
    ])
    expect(await pty.ended).toBe(0)
    const kept = readFileSync(histfile, 'utf8')
    expect(kept).toContain('echo remembered\n')
    expect(kept).not.toMatch(/sesame|requirepass/)
    expect(statSync(histfile).mode & 0o777).toBe(0o600)
    const again = open(`-p ${ours.port}`, { NO_COLOR: '1' })
    await again.until(at)
    again.type('\x1b[A\x1b[A\r')
    await again.until('"remembered"')
  })
})

describe('as a program', () => {
  const cli = [...PROGRAM, '-p']

  test('it prints what it is told to say, and refuses what it cannot read', async () => {
    const said = await runProgram(process.execPath, [...cli, `${ours.port}`, '-x', '--no-raw', 'ECHO'], 'a\x00\xff')
    expect(said).toEqual({ stdout: '"a\\x00\\xff"\n', stderr: '', status: 0 })
    const refused = await runProgram(process.execPath, [...cli, `${ours.port}`, '--scan', 'PING'], '')
    expect(refused).toEqual({ stdout: '', stderr: 'geartrain: --scan takes no command.\n', status: 1 })
    const alone = await runProgram(process.execPath, [...cli, '1', 'PING'], '')
    expect(alone.status).toBe(1)
  })

  test('a reader who leaves ends it quietly', async () => {
    const line = `${process.execPath} ${cli.join(' ')} ${ours.port} -r 50 -i 0.01 PING`
    const { stdout, stderr } = await runProgram('sh', ['-c', `exec 3>&1; (${line}; echo $? >&3) | head -2`], '')
    expect({ stdout: stdout.split('\n').sort(), stderr }).toEqual({ stdout: ['', '0', 'PONG', 'PONG'], stderr: '' })
  })

  test('SIGTERM ends it while it waits', async () => {
    const child = spawn(process.execPath, [...cli, `${ours.port}`, 'BLPOP', 'none', '0'])
    const wire = await Wire.open(ours.port)
    while (!(await wire.ask('\r\n', 'CLIENT', 'LIST')).includes('cmd=blpop')) wire.take()
    child.kill('SIGTERM')
    const signal = await new Promise((resolve) => child.once('exit', (_, by) => resolve(by)))
    expect(signal).toBe('SIGTERM')
    wire.close()
  })
})
