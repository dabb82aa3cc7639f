/**
 * Bytes per key and per element, ours and redis-server's: `npm run bench -- memory`.
 *
 * The one idea: ours is what a fresh process holds after garbage collection (heap and external memory) minus what it
 * held before; Redis' is the difference of its own `used_memory`. Both count everything: tables, keys and values.
 *
 * Options: `--only strings,large-hash`, `--json`, `--no-build`.
 */
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { raw } from '../src/base/bytes.ts'
import { encodeCommand } from '../src/resp/request-encoder.ts'
import { build } from './rig/built.ts'
import { show, table } from './rig/figures.ts'
import type { HeapTold } from './rig/heap-child.ts'
import { machine } from './rig/machine.ts'
import { type Rival, startOurs, startRedis, unknownCommands } from './rig/rivals.ts'
import { SHAPES, type Shape } from './rig/shapes.ts'

interface Row {
  readonly shape: string
  readonly unit: string
  /** Bytes per unit. */
  readonly ours: number
  readonly redis: number
  readonly ratio: number
}

async function ourBytes(name: string): Promise<number> {
  const child = fork(join(import.meta.dirname, 'rig', 'heap-child.ts'), [name], {
    execArgv: ['--expose-gc', '--max-old-space-size=4096', '--import', 'tsx'],
  })
  const ended = once(child, 'exit')
  const told: HeapTold[] = []
  child.on('message', (message: HeapTold) => told.push(message))
  await ended
  if (told[0] === undefined) throw new Error(`no figure for ${name}`)
  return told[0].bytes
}

async function usedMemory({ client }: Rival): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1])
}

async function redisBytes(redis: Rival, shape: Shape): Promise<number> {
  await redis.client.flushall('SYNC')
  const before = await usedMemory(redis)
  const pipe = spawn('redis-cli', ['-p', `${redis.port}`, '--pipe'], { stdio: ['pipe', 'ignore', 'inherit'] })
  for (let n = 0; n < shape.count; ) {
    const batch: string[] = []
    for (const end = Math.min(n + 5000, shape.count); n < end; n++) batch.push(encodeCommand(shape.make(n).map(raw)))
    if (!pipe.stdin.write(batch.join(''), 'latin1')) await once(pipe.stdin, 'drain')
  }
  pipe.stdin.end()
  const [status] = await once(pipe, 'exit')
  if (status !== 0) throw new Error(`redis-cli --pipe ended with ${status}`)
  return (await usedMemory(redis)) - before
}

/** Our server's words on what it does not have yet; a server is asked, because an engine cannot be imported before a build. */
async function missing(names: readonly string[]): Promise<readonly string[]> {
  const ours = await startOurs()
  const unknown = await unknownCommands(ours.client, [...new Set(names.map((name) => SHAPES[name]?.command ?? ''))])
  await ours.stop()
  return unknown
}

/** Prints the table, or the data as JSON. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      'no-build': { type: 'boolean' },
    },
  })
  build(args)
  const on = machine()
  const names = values.only?.split(',') ?? Object.keys(SHAPES)
  const unknown = await missing(names)
  const redis = await startRedis()
  const rows: Row[] = []
  try {
    for (const name of names) {
      const shape = SHAPES[name]
      if (shape === undefined) throw new Error(`no shape '${name}'; there are ${Object.keys(SHAPES).join(', ')}`)
      if (unknown.includes(shape.command)) {
        console.error(`skipped: ${shape.title}; our server does not have ${shape.command} yet`)
        continue
      }
      const ours = (await ourBytes(name)) / shape.units
      const theirs = (await redisBytes(redis, shape)) / shape.units
      rows.push({ shape: shape.title, unit: shape.unit, ours, redis: theirs, ratio: ours / theirs })
    }
  } finally {
    await redis.stop()
  }
  if (values.json) {
    console.log(JSON.stringify({ bench: 'memory', machine: on, rows }))
  } else {
    const cells = rows.map((row) => [row.shape, row.unit, show(row.ours), show(row.redis), row.ratio.toFixed(2)])
    console.log(`${on}\n\n${table(['bytes per', 'unit', 'ours', 'redis-server', 'ratio'], cells)}`)
  }
}
