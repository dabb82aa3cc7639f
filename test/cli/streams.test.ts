/** `geartrain streams`: every subcommand on a store of ours and on redis-server, as tables and as JSON. */
import { spawn } from 'node:child_process'
import { Command, CommanderError } from 'commander'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RemoteError } from '../../src/cli/remote.ts'
import { filterOf } from '../../src/cli/streams/tail.ts'
import { placeOf, spanOf } from '../../src/cli/streams/times.ts'
import { streamsCommand } from '../../src/cli/streams.ts'
import { Message } from '../../src/containers/index.ts'
import { FLAT } from '../../src/containers/payload.ts'
import { type Database, open } from '../../src/index.ts'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import { Script } from './rig.ts'

interface Printed {
  readonly out: string
  readonly rows: unknown[]
  readonly failure: string | undefined
}

/** Runs the subcommand in this process. */
async function run(port: number, words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Printed> {
  const terminal = new Script()
  const command = streamsCommand({ terminal: () => terminal, environment })
  const program = new Command('geartrain').addCommand(command)
  let failure: string | undefined
  for (const one of [program, command, ...command.commands]) {
    one.exitOverride().configureOutput({ writeErr: (text) => terminal.complain(text), writeOut: () => undefined })
  }
  const [name, ...rest] = words
  try {
    await program.parseAsync(['streams', name!, '-p', String(port), ...rest], { from: 'user' })
  } catch (error) {
    if (!(error instanceof RemoteError || error instanceof CommanderError)) throw error
    failure = error.message
  }
  const lines = terminal.out.split('\n').filter((line) => line.startsWith('{'))
  return { out: terminal.out, rows: lines.map((line) => JSON.parse(line)), failure }
}

/** Cells of the lines that a table printed, without its head. */
const cellsOf = (out: string): string[][] =>
  out
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(/ {2,}/))

function describeOn(
  name: string,
  start: () => Promise<{ port: number; db: Database; stop: () => Promise<void> }>,
): void {
  describe(name, () => {
    let port: number
    let db: Database
    let stop: () => Promise<void>
    beforeAll(async () => {
      ;({ port, db, stop } = await start())
      const orders = db.stream('orders')
      for (let n = 1; n <= 6; n++) {
        const at = new Date(Date.UTC(2018, 0, n, 12))
        await orders.add({ n, status: n % 2 === 0 ? 'paid' : 'failed late' }, { id: at })
      }
      const billing = db.consumerGroup('billing', 'orders', { consumer: 'ada' })
      await billing.create()
      await billing.read({ count: 2 })
      await billing.as('bob').read({ count: 1 })
    })
    afterAll(() => stop())

    test('info: streams and their groups, of all streams without a name', async () => {
      const { out } = await run(port, ['info'])
      const [streams, groups] = out.split('\n\n')
      expect(cellsOf(streams!)).toEqual([
        [
          'orders',
          ...[6, 6, 1].map(String),
          '2018-01-01T12:00:00.000Z',
          '2018-01-06T12:00:00.000Z',
          `${Date.UTC(2018, 0, 6, 12)}-0`,
        ].map((cell) => expect.stringContaining(cell)),
      ])
      expect(groups).toContain('billing')
      const { rows } = await run(port, ['info', 'orders', '--json'])
      expect(rows).toMatchObject([{ stream: 'orders', length: 6, groups: [{ name: 'billing', pending: 3, lag: 3 }] }])
      expect((await run(port, ['info', 'nothing'])).failure).toBe('ERR no such key')
    })

    test('lag: what is left, how old it is, what hangs', async () => {
      const { rows } = await run(port, ['lag', 'orders', '--json'])
      expect(rows).toEqual([
        {
          stream: 'orders',
          group: 'billing',
          consumers: 2,
          lag: 3,
          pending: 3,
          behindMs: expect.any(Number),
          oldestPendingMs: expect.any(Number),
        },
      ])
      expect((await run(port, ['lag', '--group', 'none'])).out).toBe('(no groups)\n')
      expect((await run(port, ['lag'])).out).toMatch(/^stream {2}group {4}consumers {2}lag {2}behind/)
    })

    test('pending and claim: by consumer, by idle time, by id', async () => {
      expect((await run(port, ['pending', 'orders', 'billing'])).out).toMatch(/^3 pending: ada 2, bob 1\n\nid /)
      const { rows } = await run(port, ['pending', 'orders', 'billing', '--consumer', 'bob', '--json'])
      expect(rows).toMatchObject([
        { stream: 'orders', id: `${Date.UTC(2018, 0, 3, 12)}-0`, consumer: 'bob', deliveries: 1 },
      ])
      expect((await run(port, ['pending', 'orders', 'billing', '--idle', '86400000', '--json'])).rows).toEqual([])
      expect((await run(port, ['claim', 'orders', 'billing', 'eve'])).failure).toMatch(/^claim what\?/)
      const first = `${Date.UTC(2018, 0, 1, 12)}-0`
      expect((await run(port, ['claim', 'orders', 'billing', 'eve', first])).out).toBe(`1 claimed for eve\n${first}\n`)
      const all = await run(port, ['claim', 'orders', 'billing', 'eve', '--idle', '0', '--json'])
      expect(all.rows).toMatchObject([
        { consumer: 'eve', claimed: [first, expect.any(String), expect.any(String)], deleted: [] },
      ])
      expect((await run(port, ['pending', 'orders', 'billing'])).out).toMatch(/^3 pending: eve 3\n/)
      expect((await run(port, ['pending', 'orders', 'none'])).failure).toMatch(/^NOGROUP/)
      expect((await run(port, ['pending', 'orders'])).failure).toBe('key, group are needed, and 1 were given.')
    })

    test('tail: the last ones, filtered, and those that come', async () => {
      const { out } = await run(port, ['tail', 'orders', '--last', '2', '--limit', '2'])
      expect(out).toBe(
        [5, 6]
          .map((n) => {
            const at = Date.UTC(2018, 0, n, 12)
            return `${new Date(at).toISOString()}  orders  ${at}-0  n=${n} status=${n % 2 === 0 ? 'paid' : '"failed late"'}\n`
          })
          .join(''),
      )
      const tailing = run(port, [
        'tail',
        'orders',
        'later',
        '--last',
        '0',
        '--where',
        'kind=li*',
        '--limit',
        '2',
        '--json',
      ])
      let isOver = false
      void tailing.finally(() => (isOver = true))
      for (let n = 0; !isOver; n++) {
        await db.stream('later').add({ kind: n % 2 === 0 ? 'live' : 'dead' })
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      expect((await tailing).rows).toMatchObject([
        { stream: 'later', fields: [['kind', 'live']] },
        { stream: 'later', fields: [['kind', 'live']] },
      ])
      await db.del('later')
      const from = await run(port, [
        'tail',
        'orders',
        '--from',
        '2018-01-04',
        '--where',
        'status=paid',
        '--limit',
        '2',
        '--json',
      ])
      expect(from.rows).toMatchObject([
        {
          fields: [
            ['n', '4'],
            ['status', 'paid'],
          ],
        },
        {
          fields: [
            ['n', '6'],
            ['status', 'paid'],
          ],
        },
      ])
    })

    test('replay: a stretch of dates, printed or added elsewhere', async () => {
      const between = ['--from', '2018-01-02', '--to', '2018-01-04T12:00']
      expect((await run(port, ['replay', 'orders', ...between, '--json'])).rows).toHaveLength(3)
      const into = await run(port, ['replay', 'orders', ...between, '--into', 'again', '--where', 'n!=3'])
      expect(into.out).toBe('2 entries of orders added to again\n')
      expect((await db.stream('again').range()).map(({ data }) => data.n)).toEqual(['2', '4'])
      expect(
        (await run(port, ['replay', 'again', '--from', '0', '--into', 'again', '--speed', '1000000'])).out,
      ).toMatch(/^2 entries/)
      expect(await db.stream('again').length()).toBe(4)
      await db.xadd('raw', '1-0', [['b', Buffer.from([0, 255, 10])]])
      await run(port, ['replay', 'raw', '--from', '0', '--into', 'again'])
      expect((await db.buffers.xrevrange('again', '+', '-', { count: 1 }))[0]?.[1]).toEqual([
        [Buffer.from('b'), Buffer.from([0, 255, 10])],
      ])
      await db.del('raw')
      expect((await run(port, ['replay', 'orders', '--from', 'yesterday'])).failure).toMatch(/it is a date/)
      await db.del('again')
    })

    test('watching ends when it is told to, with status 0', async () => {
      const child = spawn(
        process.execPath,
        [
          '--import',
          'tsx',
          'src/cli/main.ts',
          'streams',
          'lag',
          `redis://127.0.0.1:${port}`,
          '--watch',
          '0.05',
          '--json',
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      )
      try {
        let printed = ''
        const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
        for await (const chunk of child.stdout) {
          printed += String(chunk)
          if (printed.split('\n').length > 3) break
        }
        child.kill('SIGTERM')
        expect(await ended).toBe(0)
        expect(JSON.parse(printed.split('\n')[0]!)).toMatchObject({ stream: 'orders', group: 'billing' })
      } finally {
        child.kill('SIGKILL')
      }
    })
  })
}

describeOn('a store of ours', async () => {
  const db = await open()
  const { port } = await db.listen()
  return { port, db, stop: () => db.close() }
})

describe.skipIf(oracleMissing)('with a server', () => {
  describeOn('redis-server', async () => {
    const server = await OracleServer.start()
    const db = await open(`redis://127.0.0.1:${server.port}`)
    return {
      port: server.port,
      db,
      stop: async () => {
        await db.close()
        await server.stop()
      },
    }
  })

  test('signs in as told, by option, address or environment', async () => {
    const server = await OracleServer.start(['--requirepass', 'sesame'])
    try {
      expect((await run(server.port, ['info'])).failure).toMatch(/^NOAUTH/)
      expect((await run(server.port, ['info', '-a', 'wrong'])).failure).toMatch(/WRONGPASS/)
      expect((await run(server.port, ['info', '-a', 'sesame'])).out).toBe('(no streams)\n')
      expect((await run(server.port, ['info'], { REDISCLI_AUTH: 'sesame' })).out).toBe('(no streams)\n')
      expect((await run(1, ['info', `redis://:sesame@127.0.0.1:${server.port}/1`])).failure).toBe(
        '127.0.0.1:1: Connection refused',
      )
    } finally {
      await server.stop()
    }
  })
})

test('filters: a field, its value, a star, and what they are not', async () => {
  const fields = [
    ['status', 'a.b'],
    ['status', 'second'],
    ['n', ''],
  ] as const
  const message = new Message('s', '1-0', fields, await FLAT.contentOf(fields))
  const fits = (text: string) => filterOf(text)(message)
  expect(['status', 'status=a.b', 'status=sec*', 'n=', 'status!=x', 'status=*'].map(fits)).toEqual(Array(6).fill(true))
  expect(['other', 'status=a', 'status=axb', 'n=x', 'status!=a.b', 'other=*'].map(fits)).toEqual(Array(6).fill(false))
})

test('places: dates in UTC, spans ago, ids', () => {
  const now = Date.UTC(2018, 0, 2)
  expect(placeOf('2018-01-01')(now)).toEqual(new Date(Date.UTC(2018, 0, 1)))
  expect(placeOf('2018-01-01 10:30')(now)).toEqual(new Date(Date.UTC(2018, 0, 1, 10, 30)))
  expect(placeOf('2018-01-01T10:30:05.25+02:00')(now)).toEqual(new Date(Date.UTC(2018, 0, 1, 8, 30, 5, 250)))
  expect(placeOf('1d')(now)).toEqual(new Date(Date.UTC(2018, 0, 1)))
  expect(placeOf('now')(now)).toEqual(new Date(now))
  expect(placeOf('5-1')(now)).toBe('5-1')
  expect(() => placeOf('2018-13-01')).toThrow('there is no such date')
  expect(() => placeOf('soon')).toThrow('it is a date')
  expect([0, 999, 61_000, 7_500_000, 100 * 3_600_000, null].map(spanOf)).toEqual([
    '0ms',
    '999ms',
    '1m01s',
    '2h05m',
    '4d04h',
    null,
  ])
})
