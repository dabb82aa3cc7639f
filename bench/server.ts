/**
 * Our server beside redis-server, both driven by redis-benchmark: `npm run bench -- server`.
 *
 * The one idea: machines are noisy, so both run alternately in every round and a figure is the median of the rounds'
 * ratios. Every command is one short redis-benchmark run with 50 clients, without a pipeline and with 16 commands in one.
 *
 * Options: `--rounds N` (4), `--only GET,SET`, `--json`, `--no-build`.
 */
import { parseArgs } from 'node:util'
import { build } from './rig/built.ts'
import { geometricMean, median, show, table } from './rig/figures.ts'
import { machine } from './rig/machine.ts'
import { drive, type Sample } from './rig/redis-benchmark.ts'
import { type Rival, startOurs, startRedis, unknownCommands } from './rig/rivals.ts'

/** What redis-benchmark is told after the general options. LPUSH fills what RPOP empties. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  SET: ['-t', 'set'],
  GET: ['-t', 'get'],
  INCR: ['-t', 'incr'],
  LPUSH: ['-t', 'lpush'],
  RPOP: ['-t', 'rpop'],
  SADD: ['-t', 'sadd'],
  HSET: ['-t', 'hset'],
  ZADD: ['-t', 'zadd'],
  XADD: ['XADD', 'bench:stream', '*', 'f', 'v'],
}

/** Requests per run: each takes about 0.4 s of either server on a quiet machine. */
const MODES = [
  { pipeline: 1, requests: 25_000 },
  { pipeline: 16, requests: 250_000 },
] as const

interface Row {
  readonly command: string
  readonly pipeline: number
  /** Requests per second, medians. */
  readonly ours: number
  readonly redis: number
  readonly ratio: number
  /** Microseconds of processor time per request, medians. */
  readonly ourCpu: number
  readonly redisCpu: number
}

async function measure(rivals: readonly [Rival, Rival], commands: readonly string[], rounds: number): Promise<Row[]> {
  const samples = new Map<string, Sample[]>()
  // The first round warms both up and does not count.
  for (let round = 0; round <= rounds; round++) {
    const order = round % 2 === 0 ? rivals : [...rivals].reverse()
    for (const { pipeline, requests } of MODES) {
      for (const command of commands) {
        for (const server of order) {
          const words = COMMANDS[command] ?? []
          const sample = await drive(server, words, pipeline, round === 0 ? requests / 2 : requests)
          const id = `${command} ${pipeline} ${server.name}`
          if (round > 0) samples.set(id, [...(samples.get(id) ?? []), sample])
        }
      }
    }
    for (const { client } of rivals) await client.flushall()
  }
  return MODES.flatMap(({ pipeline }) =>
    commands.map((command) => {
      const [ours = [], redis = []] = rivals.map(({ name }) => samples.get(`${command} ${pipeline} ${name}`))
      const ratio = median(ours.map(({ rate }, i) => rate / (redis[i]?.rate ?? Number.NaN)))
      const [ourRate, redisRate] = [ours, redis].map((own) => median(own.map(({ rate }) => rate)))
      const [ourCpu, redisCpu] = [ours, redis].map((own) => median(own.map(({ cpu }) => cpu)))
      return { command, pipeline, ours: ourRate!, redis: redisRate!, ratio, ourCpu: ourCpu!, redisCpu: redisCpu! }
    }),
  )
}

function print(rows: readonly Row[]): void {
  for (const { pipeline } of MODES) {
    const own = rows.filter((row) => row.pipeline === pipeline)
    const cells = own.map((row) => [
      row.command,
      ...[row.ours, row.redis, row.ratio, row.ourCpu, row.redisCpu].map(show),
    ])
    const mean = geometricMean(own.map(({ ratio }) => ratio)).toFixed(2)
    const titles = [
      `P=${pipeline}, 50 clients`,
      'ours, requests/s',
      'redis-server',
      'ratio',
      'our CPU, µs each',
      'redis-server',
    ]
    console.log(`\n${table(titles, [...cells, ['geometric mean', '', '', mean, '', '']])}`)
  }
}

/** Prints the tables, or the data as JSON. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '4' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      'no-build': { type: 'boolean' },
    },
  })
  build(args)
  const on = machine()
  const asked = values.only?.toUpperCase().split(',') ?? Object.keys(COMMANDS)
  const ours = await startOurs()
  const redis = await startRedis()
  try {
    const unknown = await unknownCommands(ours.client, asked)
    for (const name of unknown) console.error(`skipped: ${name}, which our server does not have yet`)
    const commands = asked.filter((name) => name in COMMANDS && !unknown.includes(name))
    const rows = await measure([ours, redis], commands, Number(values.rounds))
    if (values.json) {
      console.log(JSON.stringify({ bench: 'server', machine: on, skipped: unknown, rows }))
    } else {
      console.log(on)
      print(rows)
    }
  } finally {
    await Promise.all([ours.stop(), redis.stop()])
  }
}
