/** What `geartrain cli` prints is what Debian's redis-cli prints, byte for byte: every kind of reply, every format. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Mode } from '../../src/cli/client/render.ts'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import { type Served, serveFresh } from '../server/wire.ts'
import { runOurs, runTheirs, sayLines } from './rig.ts'

/** redis-cli knows no big numbers and no attributes in RESP3, where it ends at once: see the last test. */
const PROTOCOL = ['string', 'integer', 'double', 'null', 'array', 'set', 'map', 'verbatim', 'true', 'false', 'push']

const COMMANDS = [
  'FLUSHALL',
  'PING',
  ...PROTOCOL.map((kind) => `DEBUG PROTOCOL ${kind}`),
  'NOSUCH command',
  'SET bin "\\x00\\x01\\xff\\"\\\\\\n\\t\\a é"',
  'GET bin',
  'GET none',
  "SET 'single \\' quoted' \"\"",
  "GET 'single \\' quoted'",
  'RPUSH l a b c d e f g h i j k',
  'LRANGE l 0 -1',
  'LRANGE none 0 -1',
  'HSET h f1 v1 f2 "v 2"',
  'HGETALL h',
  'HGETALL none',
  'SADD s 1',
  'SMEMBERS s',
  'SMEMBERS none',
  'ZADD z 1.5 a 3.141 b inf c',
  'ZRANGE z 0 -1 WITHSCORES',
  'ZSCORE z b',
  'XADD st 1-1 a 1 b 2',
  'XADD st 2-1 c 3',
  'XRANGE st - +',
  'XREAD STREAMS st none 0 0',
  'BLPOP none 0.01',
  'SCAN 0 MATCH h COUNT 100',
  'COMMAND INFO get nosuch',
  'CONFIG GET maxmemory-policy',
  'INCR bin',
  'MULTI',
  'GET none',
  'INCR counter',
  'LPUSH h x',
  'EXEC',
  'EXEC',
  'SELECT 3',
  'DBSIZE',
  'SELECT 99',
  'MULTI',
  'SELECT 4',
  'DISCARD',
  'DBSIZE',
  '3 ECHO again',
  '0 ECHO never',
  '"unbalanced',
  "'unbalanced",
  'ECHO "half"half',
  '',
  'CLIENT GETNAME',
  'OBJECT HELP',
  ':set hints',
  'EVAL "redis.setresp(3) return {map={a={1,{map={k=2}}}}}" 0',
  'EVAL "redis.setresp(3) return {map={a={map={b={1,2},}}}}" 0',
  'EVAL "return {1,{2,{3,{}}},\'x\',false}" 0',
  'EVAL "local t = {} for i = 1, 11 do t[i] = {i, {i, {}}} end return t" 0',
  'EVAL "return redis.error_reply(\'ERR a \\"quoted\\" one\')" 0',
  "EVAL \"return {redis.status_reply('fine'), redis.error_reply('ERR not')}\" 0",
].join('\n')

const MODES: readonly (readonly [Mode, string])[] = [
  ['standard', '--no-raw'],
  ['raw', '--raw'],
  ['csv', '--csv'],
  ['json', '--json'],
]

/** What our client says of itself, in redis-cli's words. */
const inTheirWords = (text: string): string =>
  text.replaceAll('Invalid geartrain cli repeat', 'Invalid redis-cli repeat')

describe.skipIf(oracleMissing)('replies look as in redis-cli', () => {
  let redis: OracleServer
  let ours: Served
  beforeAll(async () => {
    redis = await OracleServer.start()
    ours = await serveFresh()
  })
  afterAll(async () => {
    await redis.stop()
    await ours.stop()
  })
  const portOf = (server: string): number => (server === 'redis-server' ? redis.port : ours.port)
  const cases = ['redis-server', 'geartrain'].flatMap((server) =>
    MODES.flatMap(([mode, flag]) => ([2, 3] as const).map((protocol) => ({ server, mode, flag, protocol }))),
  )

  test.each(cases)('from $server over RESP$protocol, $flag', async ({ server, mode, flag, protocol }) => {
    const port = portOf(server)
    const format = { mode, delimiter: '\n', replyDelimiter: '\n' }
    const theirs = await runTheirs(['-p', `${port}`, flag, `-${protocol}`], COMMANDS)
    expect(theirs.stdout.length).toBeGreaterThan(1000)
    expect(inTheirWords(await sayLines(port, COMMANDS, { format, protocol }))).toBe(theirs.stdout)
  })

  test('any line is cut into words alike', async () => {
    const part = fc.constantFrom('a', ' ', '"', "'", '\\', 'x', '0', 'f', 'n', '\t', '\xff', '\x00', '\v', '\r', '|')
    const line = fc.array(part, { maxLength: 14 }).map((parts) => `RPUSH q ${parts.join('')}`)
    const lines = fc.sample(line, { numRuns: 2000, seed: 7 }).join('\n')
    const script = `FLUSHALL\n${lines}\nLRANGE q 0 -1\n`
    const theirs = await runTheirs(['-p', `${redis.port}`, '--no-raw'], script)
    expect(theirs.stdout).toContain('Invalid argument(s)')
    expect(await sayLines(redis.port, script)).toBe(theirs.stdout)
  })

  test.each([
    [['ECHO', 'a\nb']],
    [['--no-raw', 'ECHO', 'ü "x"']],
    [['-d', '|', '-D', '$', 'LRANGE', 'l', '0', '-1']],
    [['-r', '3', '--csv', 'LRANGE', 'l', '0', '-1']],
    [['-n', '5', '--no-raw', 'DBSIZE']],
    [['-n', '99', 'PING']],
    [['-e', 'NOSUCH']],
    [['-a', 'wrong', 'PING']],
    [['-a', 'wrong', '--no-auth-warning', '-3', 'PING']],
    [['--quoted-input', '--no-raw', 'ECHO', '"\\x00é"']],
    [['--quoted-input', 'ECHO', '"open']],
    [['-x', '--no-raw', 'ECHO'], 'from\x00stdin\n'],
    [['-X', 'tag', '--no-raw', 'ECHO', 'tag'], 'from stdin'],
    [['-X', 'tag', 'ECHO', 'tug'], 'from stdin'],
    [['--json', 'HGETALL', 'h']],
    [['INFO', 'cluster']],
    [['SUBSCRIBE']],
    [['--no-raw', 'SUBSCRIBE']],
    [['--no-raw', 'MONITOR', 'x']],
    [['SHUTDOWN', 'x']],
  ] as [string[], string?][])('as a program: %j', async (words, input = '') => {
    const where = ['-p', `${redis.port}`]
    const [ours, theirs] = await Promise.all([
      runOurs([...where, ...words], input),
      runTheirs([...where, ...words], input),
    ])
    expect(ours).toEqual(theirs)
  })

  test('quoted JSON is that of redis-cli, but for quotation marks, where theirs is none', async () => {
    const command = ['-p', `${redis.port}`, '--quoted-json', 'ECHO']
    const plain = ['\x01\\\né']
    expect(await runOurs([...command, ...plain])).toEqual(await runTheirs([...command, ...plain]))
    expect(JSON.parse((await runOurs([...command, '"'])).stdout)).toBe('\\"')
    const theirs = (await runTheirs([...command, '"'])).stdout
    expect(() => JSON.parse(theirs)).toThrow()
  })

  test('what redis-cli ends at is printed', async () => {
    const lines = 'DEBUG PROTOCOL bignum\nDEBUG PROTOCOL attrib\nPING\n'
    const theirs = await runTheirs(['-p', `${redis.port}`, '-3'], lines)
    expect(theirs).toMatchObject({ stderr: 'Unknown reply type: 13\n', status: 1 })
    expect(await sayLines(redis.port, lines, { protocol: 3 })).toBe(
      '1234567999999999999999999999999999999\n"Some real reply following the attribute"\nPONG\n',
    )
  })

  test('a server that is not there is told in the same words', async () => {
    for (const where of [
      ['-p', '1', 'PING'],
      ['-s', './no-such.sock', 'PING'],
      ['-h', 'no-such-host.invalid', 'PING'],
    ]) {
      expect(await runOurs(where)).toEqual(await runTheirs(where))
    }
  })
})
