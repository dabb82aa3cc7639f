/**
 * The store in the caller's process beside what people use in its place: `npm run bench -- embedded`.
 *
 * The one idea: the same loop of single commands, each awaited before the next, over our engine (by promise, and
 * directly) and over ioredis-mock, then over our engine and ioredis to a real redis-server; all in one process, in rounds. Then 1,000 data
 * calls in one function of a library beside the same loop in Redis' Lua (bench/rig/function-loops.ts).
 *
 * Options: `--rounds N` (25), `--json`, `--no-build`.
 */
import { parseArgs } from 'node:util'
import { Redis } from 'ioredis'
import RedisMock from 'ioredis-mock'
import type * as Front from '../src/index.ts'
import { build, built } from './rig/built.ts'
import { show, table } from './rig/figures.ts'
import { functionLoops } from './rig/function-loops.ts'
import { machine } from './rig/machine.ts'
import { type Rival, startRedis } from './rig/rivals.ts'
import { type Contender, inTurns, type Timing } from './rig/turns.ts'

interface Contestant {
  readonly name: string
  /** Commands per round: about a tenth of a second each. */
  readonly count: number
  /** Each runs its command so many times. */
  readonly loops: Readonly<Record<string, Contender['run']>>
}

export type Row = Timing & { readonly what: string }

const KEYS: readonly string[] = Array.from({ length: 1000 }, (_, n) => `key:${String(n).padStart(12, '0')}`)
const VALUE = 'value:0123456789'

async function embedded({ open }: typeof Front): Promise<[Contestant, Contestant, () => Promise<void>]> {
  const db = await open()
  const awaited: Contestant = {
    name: 'ours, await db.get/set',
    count: 100_000,
    loops: {
      SET: async (count) => {
        for (let i = 0; i < count; i++) await db.set(KEYS[i % 1000]!, VALUE)
      },
      GET: async (count) => {
        for (let i = 0; i < count; i++) await db.get(KEYS[i % 1000]!)
      },
    },
  }
  const direct: Contestant = {
    name: 'ours, db.sync',
    count: 100_000,
    loops: {
      SET: (count) => {
        for (let i = 0; i < count; i++) db.sync.set(KEYS[i % 1000]!, VALUE)
      },
      GET: (count) => {
        for (let i = 0; i < count; i++) db.sync.get(KEYS[i % 1000]!)
      },
    },
  }
  return [awaited, direct, () => db.close()]
}

function client(name: string, count: number, redis: Redis): Contestant {
  return {
    name,
    count,
    loops: {
      SET: async (times) => {
        for (let i = 0; i < times; i++) await redis.set(KEYS[i % 1000]!, VALUE)
      },
      GET: async (times) => {
        for (let i = 0; i < times; i++) await redis.get(KEYS[i % 1000]!)
      },
    },
  }
}

async function measure(contestants: readonly Contestant[], rounds: number): Promise<Row[]> {
  const rows: Row[] = []
  for (const what of ['SET', 'GET']) {
    const contenders = contestants.map(({ name, count, loops }) => ({ name, count, run: loops[what]! }))
    for (const timing of await inTurns(contenders, rounds)) rows.push({ what, ...timing })
  }
  return rows
}

async function contend(door: typeof Front, redis: Rival, rounds: number): Promise<Row[]> {
  const [awaited, direct, close] = await embedded(door)
  const mock = new RedisMock()
  const tcp = new Redis(redis.port, '127.0.0.1')
  const inProcess = await measure([awaited, direct, client('ioredis-mock', 20_000, mock)], rounds)
  mock.disconnect()
  // Apart from those that wait for nobody: what runs after a wait finds a processor that has slowed down.
  const served = await measure([awaited, client('ioredis -> redis-server', 3000, tcp)], rounds)
  tcp.disconnect()
  await close()
  return [...inProcess, ...served]
}

/** Prints the table, or the data as JSON. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '25' },
      json: { type: 'boolean', default: false },
      'no-build': { type: 'boolean' },
    },
  })
  build(args)
  const on = machine()
  const door = built('index.js')
  if (door === undefined) throw new Error('there is no dist/index.js')
  const front: typeof Front = await import(door)
  const redis = await startRedis()
  const rounds = Number(values.rounds)
  try {
    const rows = [...(await contend(front, redis, rounds)), ...(await functionLoops(redis.client, rounds))]
    if (values.json) {
      console.log(JSON.stringify({ bench: 'embedded', machine: on, rows }))
    } else {
      const cells = rows.map(({ what, contender, micros, ratio }) => [what, contender, show(micros), show(ratio)])
      console.log(`${on}\n\n${table(['one after the other', 'with', 'µs each', 'times ours'], cells)}`)
    }
  } finally {
    await redis.stop()
  }
}
