/** What runs in place of a command: mass insertion, lists of keys, the biggest keys, figures. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytes } from '../../src/base/bytes.ts'
import { seededRandom } from '../../src/base/random.ts'
import { findBigKeys } from '../../src/cli/client/big-keys.ts'
import { watchLatency } from '../../src/cli/client/latency.ts'
import { insertAll } from '../../src/cli/client/mass-insertion.ts'
import { listKeys } from '../../src/cli/client/scan.ts'
import type { Session } from '../../src/cli/client/session.ts'
import { encodeCommand } from '../../src/resp/request-encoder.ts'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import { type Served, serveFresh, Wire } from '../server/wire.ts'
import { formatOf, runOurs, runTheirs, Script, sayLines, sessionAt } from './rig.ts'

let ours: Served
let redis: OracleServer | undefined
beforeAll(async () => {
  ours = await serveFresh()
  if (!oracleMissing) redis = await OracleServer.start()
})
afterAll(async () => {
  await ours.stop()
  await redis?.stop()
})

/** Connects, runs a mode, and gives what it printed. */
async function run<T>(
  terminal: Script,
  port: number,
  mode: (session: Session) => Promise<T>,
  format = formatOf('standard'),
): Promise<T> {
  const session = sessionAt(terminal, port, { format })
  await session.connect()
  try {
    return await mode(session)
  } finally {
    session.close()
  }
}

/** Keys of every type, one with every byte in its name. */
const DATA = [
  'FLUSHALL',
  ...Array.from({ length: 300 }, (_, i) => `SET string:${i} ${'x'.repeat((i * 7) % 50)}`),
  `SET biggest ${'x'.repeat(60)}`,
  'SET "bin\\nkey\\xff" "\\x00\\x01"',
  'RPUSH list a b c',
  'HSET hash a 1 b 2',
  'ZADD zset 1 a',
  'SADD set a b c d',
  'XADD stream 1-1 a 1',
].join('\n')

const inOrder = (text: string): string[] => text.split('\n').sort()

const servers = [
  ['geartrain', () => ours.port],
  ['redis-server', () => redis?.port],
] as const

describe.each(servers)('on %s', (server, portOf) => {
  const port = (): number => portOf() ?? 0

  test.skipIf(oracleMissing)('--scan lists the keys that redis-cli lists, quoted or as they are', async () => {
    await sayLines(port(), DATA)
    for (const [mode, flag] of [
      ['standard', '--no-raw'],
      ['raw', '--raw'],
    ] as const) {
      for (const pattern of [undefined, '*[12]?', 'none*']) {
        const terminal = new Script()
        const options = { pattern: pattern === undefined ? undefined : bytes(pattern) }
        await run(terminal, port(), (session) => listKeys(session, terminal, options, 0), formatOf(mode))
        const words = pattern === undefined ? [] : ['--pattern', pattern]
        const theirs = await runTheirs(['-p', `${port()}`, flag, '--scan', ...words])
        // A table that still grows is walked in another order.
        expect(inOrder(terminal.out)).toEqual(inOrder(theirs.stdout))
        expect(terminal.out === '').toBe(pattern === 'none*')
      }
    }
  })

  test('--scan takes a type and a count', async (context) => {
    context.skip(portOf() === undefined, 'redis-server 7.0 is missing')
    await sayLines(port(), DATA)
    const terminal = new Script()
    await run(terminal, port(), (session) => listKeys(session, terminal, { type: 'zset', count: 1000 }, 0))
    expect(terminal.out).toBe('"zset"\n')
  })

  test.skipIf(oracleMissing)('--bigkeys says what redis-cli says, types in an order of its own', async () => {
    for (const data of [DATA, 'FLUSHALL']) {
      await sayLines(port(), data)
      const terminal = new Script()
      await run(terminal, port(), (session) => findBigKeys(session, terminal, {}, 0))
      const theirs = await runTheirs(['-p', `${port()}`, '--bigkeys'])
      // What is found on the way depends on the order, and redis-server moves its keys while its table grows.
      const parts = (text: string): string[] =>
        inOrder(text).filter((line) => server === 'geartrain' || !line.startsWith('['))
      expect(parts(terminal.out)).toEqual(parts(theirs.stdout))
    }
  })

  test('--pipe sends 10,000 commands, binary ones among them, and counts', async (context) => {
    context.skip(portOf() === undefined, 'redis-server 7.0 is missing')
    await sayLines(port(), 'FLUSHALL')
    const every = Buffer.from(Array.from({ length: 256 }, (_, i) => i)).latin1Slice()
    const texts = Array.from({ length: 9_999 }, (_, i) =>
      encodeCommand([bytes('SET'), bytes(`key:${i}`), bytes(i === 77 ? 'x'.repeat(1_000_000) : `${i}`)]),
    )
    const binary = `*3\r\n$3\r\nSET\r\n$256\r\n${every}\r\n$256\r\n${every}\r\n`
    const whole = Buffer.from(texts.join('') + binary, 'latin1')
    // Cut where it hurts: in the middle of commands.
    const chunks = Array.from({ length: Math.ceil(whole.length / 9973) }, (_, i) =>
      whole.subarray(i * 9973, (i + 1) * 9973),
    )
    const terminal = new Script(chunks)
    expect(await run(terminal, port(), (session) => insertAll(session, terminal, seededRandom(1), 10_000))).toBe(0)
    expect(terminal.out).toBe(
      'All data transferred. Waiting for the last reply...\nLast reply received from server.\nerrors: 0, replies: 10000\n',
    )
    const wire = await Wire.open(port())
    expect(await wire.ask('\r\n', 'DBSIZE')).toBe(':10000\r\n')
    wire.write(`*2\r\n$3\r\nGET\r\n$256\r\n${every}\r\n`)
    expect(await wire.until(`${every}\r\n`)).toBe(`$256\r\n${every}\r\n`)
    wire.close()
  })

  test('--pipe tells errors, and the end of a server that refuses', async (context) => {
    context.skip(portOf() === undefined, 'redis-server 7.0 is missing')
    const lines = new Script('SET a 1\r\nNOSUCH\r\nGET a')
    expect(await run(lines, port(), (session) => insertAll(session, lines, seededRandom(1), 10_000))).toBe(1)
    expect(lines.out).toContain('errors: 1, replies: 3\n')
    expect(lines.err).toContain("ERR unknown command 'NOSUCH'")
    const broken = new Script('*1\r\n$x\r\n')
    expect(await run(broken, port(), (session) => insertAll(session, broken, seededRandom(1), 10_000))).toBe(1)
    expect(broken.err).toContain('ERR Protocol error: invalid bulk length\nError: Server closed the connection\n')
    const half = new Script('*2\r\n$3\r\nGET\r\n$100\r\nonly so much')
    expect(await run(half, port(), (session) => insertAll(session, half, seededRandom(1), 50))).toBe(1)
    expect(half.err).toBe('No replies for 0.05 seconds: exiting.\n')
  })

  test('--latency samples for a while where nobody watches', async (context) => {
    context.skip(portOf() === undefined, 'redis-server 7.0 is missing')
    const terminal = new Script()
    await run(terminal, port(), (session) => watchLatency(session, terminal, 100), formatOf('json'))
    const seen = JSON.parse(terminal.out)
    expect(seen.count).toBeGreaterThan(1)
    expect(seen.max).toBeGreaterThanOrEqual(seen.min)
  })
})

describe('as a program', () => {
  test.skipIf(oracleMissing)('errors end a mode in the words of redis-cli', async () => {
    const guarded = await OracleServer.start(['--requirepass', 'secret'])
    const where = ['-p', `${guarded.port}`]
    for (const mode of ['--scan', '--bigkeys', '--stat']) {
      const [mine, theirs] = await Promise.all([runOurs([...where, mode]), runTheirs([...where, mode])])
      expect({ mode, ...mine }).toEqual({ mode, ...theirs })
    }
    const signedIn = await runOurs(['--scan'], '', { REDISCLI_AUTH: 'secret' })
    expect(signedIn.stderr).not.toContain('Warning')
    const uri = `redis://default:secret@127.0.0.1:${guarded.port}/1`
    const named = await runOurs([uri, '--no-auth-warning', '--no-raw', 'CLIENT', 'INFO'])
    expect(named.stdout).toMatch(/ db=1 .* user=default /)
    expect(named.stderr).toBe('')
    await guarded.stop()
  })

  test('--stat prints a table', async () => {
    const terminal = new Script()
    const { watchStatistics } = await import('../../src/cli/client/stat.ts')
    const session = sessionAt(terminal, ours.port)
    await session.connect()
    const watching = watchStatistics(session, terminal, 1).catch((error) => error.code)
    while (terminal.out.split('\n').length < 25) await new Promise((resolve) => setTimeout(resolve, 5))
    session.close()
    expect(await watching).toBe('GEARTRAIN_CONNECTION_LOST')
    const lines = terminal.out.split('\n')
    expect(lines.filter((line) => line.startsWith('keys '))).toHaveLength(2)
    expect(lines[2]).toMatch(/^\d+ +[\d.]+[BKMG] +\d+ +\d+ +\d+ \(\+0\) +\d+ +$/)
    expect(lines[3]).toContain('(+1)')
  })

  test.each([
    [['--scan', '--pipe'], 'exclude each other'],
    [['--scan', 'GET', 'a'], 'takes no command'],
    [['--pattern', 'a*', 'PING'], 'for --scan and --bigkeys'],
    [['--bigkeys', '--type', 'set'], '--type is for --scan'],
    [['-x'], 'about a command'],
    [['--insecure', 'PING'], 'say --tls'],
    [['--cacert', 'nowhere.pem', '--tls', 'PING'], 'nowhere.pem cannot be read'],
    [['redis://h/one', 'PING'], 'no number of a database'],
    [['redis://127.0.0.1', '--nosuch', 'PING'], "unknown option '--nosuch'"],
    [['-p', 'abc', 'PING'], 'a port is a number'],
    [['-i', 'abc', 'PING'], 'no number of seconds'],
    [['--show-pushes', 'maybe', 'PING'], 'say yes or no'],
  ])('%j is refused', async (words, why) => {
    const { status, stderr } = await runOurs(words)
    expect(status).toBe(1)
    expect(stderr).toContain(why)
    expect(stderr).not.toContain('    at ')
  })

  test('lines from a pipe run until quit, the last one without an end', async () => {
    const where = ['-p', `${ours.port}`]
    expect(await runOurs([...where, '--no-raw'], 'SET a 1\nGET a')).toEqual({
      stdout: 'OK\n"1"\n',
      stderr: '',
      status: 0,
    })
    expect((await runOurs(where, 'PING\nquit\nPING\n')).stdout).toBe('PONG\n')
    expect(await runOurs([...where, '-e'], 'NOSUCH\nPING\n')).toMatchObject({ stdout: 'PONG\n', status: 1 })
    expect(await runOurs(['-p', '1'], 'PING\n')).toMatchObject({ status: 1, stdout: '' })
  })

  test('help is complete', async () => {
    const { stdout } = await runOurs(['--help'])
    for (const option of ['-h,', '-2 ', '-X,', '--quoted-json', '--pipe-timeout', '--bigkeys', 'REDISCLI_AUTH']) {
      expect(stdout).toContain(option)
    }
    expect((await runOurs(['redis://127.0.0.1', '--help'])).stdout).toBe(stdout)
  })
})
