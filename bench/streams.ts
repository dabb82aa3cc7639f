/**
 * Streams, groups and consumers beside what people write by hand: `npm run bench -- streams`.
 *
 * The one idea: the same work (bench/rig/stream-loops.ts) by our containers in process, by our containers on redis-server, and by
 * plain ioredis on the same redis-server, in turns in one process.
 *
 * Options: `--rounds N` (5), `--json`, `--no-build`.
 */
import { parseArgs } from 'node:util'
import { Redis } from 'ioredis'
import type * as Front from '../src/index.ts'
import { build, built } from './rig/built.ts'
import { show, table } from './rig/figures.ts'
import { machine } from './rig/machine.ts'
import { startRedis } from './rig/rivals.ts'
import { byContainers, byIoredis, type StreamLoops, WORKS } from './rig/stream-loops.ts'
import { inTurns, type Timing } from './rig/turns.ts'

interface Contestant {
  readonly name: string
  readonly loops: StreamLoops
  /** Messages in a round. */
  readonly count: number
}

async function compare(contestants: readonly Contestant[], rounds: number): Promise<(Timing & { what: string })[]> {
  const rows: (Timing & { what: string })[] = []
  for (const [what, work] of Object.entries(WORKS)) {
    for (const { loops, count } of contestants) await loops.fill(count)
    const contenders = contestants.map(({ name, loops, count }) => ({
      name,
      count,
      run: (times: number) => work(loops, times),
    }))
    for (const timing of await inTurns(contenders, rounds)) rows.push({ what, ...timing })
  }
  return rows
}

/** Prints the table, or the data as JSON. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '5' },
      json: { type: 'boolean', default: false },
      'no-build': { type: 'boolean' },
    },
  })
  build(args)
  const on = machine()
  const { open }: typeof Front = await import(built('index.js')!)
  const redis = await startRedis()
  const databases = [await open('memory:'), await open(`redis://127.0.0.1:${redis.port}`)] as const
  const plain = new Redis(redis.port, '127.0.0.1')
  try {
    const contestants = [
      { name: 'ours, memory:', loops: byContainers(databases[0], 'ours'), count: 20_000 },
      { name: 'ours, redis:', loops: byContainers(databases[1], 'ours'), count: 2000 },
      { name: 'ioredis -> redis-server', loops: byIoredis(plain, 'plain'), count: 2000 },
    ]
    const rows = await compare(contestants, Number(values.rounds))
    if (values.json) return console.log(JSON.stringify({ bench: 'streams', machine: on, rows }))
    console.log(on)
    const cells = rows.map(({ what, contender, micros, ratio }) => [what, contender, show(micros), show(ratio)])
    console.log(`\n${table(['messages', 'with', 'µs each', 'times the first'], cells)}`)
  } finally {
    plain.disconnect()
    for (const db of databases) await db.close()
    await redis.stop()
  }
}
