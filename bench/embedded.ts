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
import { median, show, table } from './rig/figures.ts'
import { functionLoops } from './rig/function-loops.ts'
import { machine } from './rig/machine.ts'
import { type Rival, startRedis } from './rig/rivals.ts'

/** Runs a command `count` times. */
type Loop = (count: number) => Promise<void> | void

interface Contender {
  readonly name: string
  /** Commands per round: about a tenth of a second each. */
  readonly count: number
  readonly loops: Readonly<Record<string, Loop>>
}

export interface Row {
  readonly what: string
  readonly contender: string
  /** Microseconds per command, or per run of a function. */
  readonly micros: number
  /** How many times longer than ours, the median of the rounds. */
  readonly ratio: number
}

const KEYS: readonly string[] = Array.from({ length: 1000 }, (_, n) => `key:${String(n).padStart(12, '0')}`)
const VALUE = 'value:0123456789'
/** Rounds before those that count. */
const WARM_UP = 5

async function embedded({ open }: typeof Front): Promise<[Contender, Contender, () => Promise<void>]> {
  const db = await open()
  const awaited: Contender = {
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
  const direct: Contender = {
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

function client(name: string, count: number, redis: Redis): Contender {
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

/** Microseconds per command. */
async function time(loop: Loop, count: number): Promise<number> {
  const start = performance.now()
  await loop(count)
  return ((performance.now() - start) * 1000) / count
}

/** Our first contender is what the others are divided by. */
async function measure(contenders: readonly Contender[], rounds: number): Promise<Row[]> {
  const rows: Row[] = []
  for (const what of ['SET', 'GET']) {
    const samples: number[][] = contenders.map(() => [])
    // V8 goes on optimizing through the first rounds, of all contenders: they do not count.
    for (let round = 1 - WARM_UP; round <= rounds; round++) {
      // None has the better place.
      for (let turn = 0; turn < contenders.length; turn++) {
        const i = (turn + round + WARM_UP) % contenders.length
        const { loops, count } = contenders[i]!
        const micros = await time(loops[what]!, count)
        if (round > 0) samples[i]!.push(micros)
      }
    }
    for (const [i, { name }] of contenders.entries()) {
      const own = samples[i]!
      const ratio = median(own.map((micros, round) => micros / samples[0]![round]!))
      rows.push({ what, contender: name, micros: median(own), ratio })
    }
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
