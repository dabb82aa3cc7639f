/**
 * The typed API on its backends beside what people use in its place: `npm run bench -- api`.
 *
 * The one idea: the same loops (bench/rig/ways-to-call.ts) over all contenders, in turns in one process. Three questions: what
 * the store in process gains over ioredis-mock and over a redis-server, what our Redis backend adds to plain ioredis, and what
 * a portable script costs beside hand-written Lua (bench/rig/script-loops.ts).
 *
 * Options: `--rounds N` (5), `--json`, `--no-build`.
 */
import { parseArgs } from 'node:util'
import { Redis } from 'ioredis'
import RedisMock from 'ioredis-mock'
import type * as Front from '../src/index.ts'
import { build, built } from './rig/built.ts'
import { show, table } from './rig/figures.ts'
import { machine } from './rig/machine.ts'
import { startRedis } from './rig/rivals.ts'
import { scriptLoops } from './rig/script-loops.ts'
import { inTurns, type Timing } from './rig/turns.ts'
import { ofDatabase, ofIoredis, type Store, WAYS } from './rig/ways-to-call.ts'

interface Contestant {
  readonly name: string
  readonly store: Store
  /** Commands per round, each awaited before the next; of those sent together five times as many. */
  readonly count: number
}

/** A table: who is compared, doing what. */
export interface Comparison {
  readonly title: string
  readonly rows: readonly (Timing & { readonly what: string })[]
}

async function compare(title: string, contestants: readonly Contestant[], rounds: number): Promise<Comparison> {
  const rows: (Timing & { what: string })[] = []
  for (const [what, way] of Object.entries(WAYS)) {
    const factor = way === WAYS['one after the other'] ? 1 : 5
    const contenders = contestants.map(({ name, store, count }) => ({
      name,
      count: count * factor,
      run: (times: number) => way(store, times),
    }))
    for (const timing of await inTurns(contenders, rounds)) rows.push({ what, ...timing })
  }
  for (const { store } of contestants) await store.close()
  return { title, rows }
}

async function comparisons({ open }: typeof Front, port: number, rounds: number): Promise<Comparison[]> {
  const plain = (): Store => ofIoredis(new Redis(port, '127.0.0.1'))
  const pipelining = (): Store => ofIoredis(new Redis(port, '127.0.0.1', { enableAutoPipelining: true }))
  const inProcess = [
    { name: 'ours, memory:', store: ofDatabase(await open('memory:')), count: 100_000 },
    { name: 'ioredis-mock', store: ofIoredis(new RedisMock()), count: 20_000 },
    { name: 'ioredis -> redis-server', store: plain(), count: 2000 },
  ]
  const first = await compare('in process', inProcess, rounds)
  const onServer = [
    { name: 'ioredis', store: plain(), count: 2000 },
    { name: 'ours, redis:', store: ofDatabase(await open(`redis://127.0.0.1:${port}`)), count: 2000 },
    { name: 'ioredis, enableAutoPipelining', store: pipelining(), count: 2000 },
  ]
  return [first, await compare('on redis-server', onServer, rounds)]
}

/** Prints the tables, or the data as JSON. */
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
  const front: typeof Front = await import(built('index.js')!)
  const rounds = Number(values.rounds)
  const redis = await startRedis()
  try {
    const tables = [...(await comparisons(front, redis.port, rounds)), ...(await scriptLoops(front, redis, rounds))]
    if (values.json) {
      console.log(JSON.stringify({ bench: 'api', machine: on, tables }))
      return
    }
    console.log(on)
    for (const { title, rows } of tables) {
      const cells = rows.map(({ what, contender, micros, ratio }) => [what, contender, show(micros), show(ratio)])
      console.log(`\n${table([title, 'with', 'µs each', 'times the first'], cells)}`)
    }
  } finally {
    await redis.stop()
  }
}
