/**
 * What other clients notice of a function that computes in the background: `npm run bench -- interference`.
 *
 * The one idea: one client sends a PING every few milliseconds and takes the time of each; windows with nobody beside it, with
 * an async function that computes without a pause in the isolate's thread, and with another process that does nothing but
 * compute take turns in one run. The last is the control: what it does to the PINGs is the machine's doing, not ours.
 *
 * Options: `--rounds N` (10), `--window-ms N` (2000), `--no-build`.
 */
import { spawn } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Redis } from 'ioredis'
import { build } from './rig/built.ts'
import { median, percentile, show, table } from './rig/figures.ts'
import { machine } from './rig/machine.ts'
import { end, startOurs } from './rig/rivals.ts'

/** Computes for as long as it is told. */
const LIBRARY = `#!js api_version=1.0 name=burning
redis.registerAsyncFunction('burn', async (client, ms) => {
  const until = Date.now() + Number(ms)
  let rounds = 0
  while (Date.now() < until) for (let i = 0; i < 100000; i++) rounds += Math.sqrt(i) > 1 ? 1 : 0
  return rounds > 0 ? 1 : 0
})`
const BURN_MS = 400
/** Time enough for that on a machine that has other things to do. */
const LIMIT_MS = 5000
const PAUSE_MS = 2

/** Starts something beside the PINGs; what it gives stops it. */
type Beside = () => Promise<() => Promise<void>>

const nobody: Beside = () => Promise.resolve(() => Promise.resolve())

/** The function again and again, so that there is always one that computes. */
function functionOf(client: Redis): Beside {
  return async () => {
    let isOver = false
    const burn = async (): Promise<void> => {
      while (!isOver) {
        const answer = await client.call('TFCALLASYNC', 'burning.burn', 0, BURN_MS)
        if (answer !== 1) throw new Error(`the function answered ${String(answer)}`)
      }
    }
    const burning = burn()
    // Told of by whoever stops it.
    burning.catch(() => {})
    await sleep(50)
    return () => {
      isOver = true
      return burning
    }
  }
}

async function aProcess(): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, ['-e', 'for (;;) Math.sqrt(2)'], { stdio: 'ignore' })
  await sleep(100)
  return () => end(child)
}

/** Microseconds that each PING took. */
async function pings(socket: Socket, forMs: number): Promise<number[]> {
  const took: number[] = []
  const until = performance.now() + forMs
  while (performance.now() < until) {
    const start = performance.now()
    socket.write('PING\r\n')
    await new Promise<void>((resolve) => void socket.once('data', () => resolve()))
    took.push((performance.now() - start) * 1000)
    await sleep(PAUSE_MS)
  }
  return took
}

/** Prints the table. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '10' },
      'window-ms': { type: 'string', default: '2000' },
      'no-build': { type: 'boolean' },
    },
  })
  build(args)
  const ours = await startOurs()
  const socket = connect(ours.port, '127.0.0.1').setNoDelay(true)
  try {
    await ours.client.call('CONFIG', 'SET', 'redisgears_2.lock-redis-timeout', LIMIT_MS)
    await ours.client.call('TFUNCTION', 'LOAD', LIBRARY)
    const kinds: readonly (readonly [string, Beside])[] = [
      ['nobody', nobody],
      ['an async function that computes (isolate)', functionOf(ours.client)],
      ['a process of its own that computes', aProcess],
    ]
    const windows: number[][][] = kinds.map(() => [])
    // The first round warms up and does not count.
    for (let round = 0; round <= Number(values.rounds); round++) {
      for (const [i, [, beside]] of kinds.entries()) {
        const stop = await beside()
        const took = await pings(socket, Number(values['window-ms']))
        await stop()
        if (round > 0) windows[i]!.push(took)
      }
    }
    console.log(
      `${machine()}\n\n${table(
        TITLES,
        kinds.map(([name], i) => rowOf(name, windows[i]!, windows[0]!)),
      )}`,
    )
  } finally {
    socket.destroy()
    await ours.stop()
  }
}

const TITLES = ['PING beside', 'PINGs', 'p50, µs', 'p99, µs', 'p99, times nobody', 'median of the rounds']

function rowOf(name: string, windows: readonly number[][], alone: readonly number[][]): string[] {
  const all = windows.flat()
  const p99 = percentile(all, 0.99)
  const byRound = windows.map((window, round) => percentile(window, 0.99) / percentile(alone[round]!, 0.99))
  return [
    name,
    show(all.length),
    show(median(all)),
    show(p99),
    show(p99 / percentile(alone.flat(), 0.99)),
    show(median(byRound)),
  ]
}
