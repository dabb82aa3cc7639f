/**
 * A thousand connections with a mixed workload, ours and redis-server in one run: `npm run bench -- load`.
 *
 * The one idea: both servers hear the same requests at the same steady rate, in turns of a few seconds, so that a busy
 * moment of the machine hits both. No reply may be an error; our heap must come back once the data is gone.
 *
 * Options: `--seconds N` (60, for each server), `--connections N` (1000), `--rate N` (5000 requests a second), `--json`,
 * `--no-build`. Ends with status 1 when an error was seen or the heap did not come back within 10 %.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from './rig/built.ts'
import { Crowd, type Outcome } from './rig/crowd.ts'
import { percentile, show, table } from './rig/figures.ts'
import type { Told } from './rig/load-child.ts'
import { machine } from './rig/machine.ts'
import { mixedWorkload, NEEDED } from './rig/mixed-workload.ts'
import { cpuSeconds, end, type Rival, rival, startRedis, unknownCommands } from './rig/rivals.ts'

const TURN_SECONDS = 5
const WARM_SECONDS = 3

/** How much more a heap may hold afterwards. */
const HEAP_SLACK = 0.1

interface Row {
  readonly server: Rival['name']
  readonly requests: number
  readonly errors: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly max: number
  /** Microseconds of the server's processor time per request. */
  readonly cpu: number
}

async function startChild(): Promise<ChildProcess> {
  return fork(join(import.meta.dirname, 'rig', 'load-child.ts'), [], {
    execArgv: ['--expose-gc', '--import', 'tsx'],
  })
}

/** The next thing a child tells, after a question. */
async function told(child: ChildProcess, question?: string): Promise<Told> {
  const answer = once(child, 'message')
  if (question !== undefined) child.send(question)
  const [message]: Told[] = await answer
  if (message === undefined) throw new Error('our server told nothing')
  return message
}

async function heapOf(child: ChildProcess): Promise<number> {
  const message = await told(child, 'heap')
  return 'heap' in message ? message.heap : Number.NaN
}

/** Runs turns on both servers until each has had its seconds; our event loop is watched in our turns alone. */
async function turns(
  child: ChildProcess,
  rivals: readonly Rival[],
  { connections, rate, seconds }: { connections: number; rate: number; seconds: number },
): Promise<Outcome[]> {
  const unknown = await unknownCommands(rivals[0]!.client, NEEDED)
  for (const name of unknown) console.error(`left out: ${name}, which our server does not have yet`)
  const crowds = await Promise.all(rivals.map(({ port }) => Crowd.gather(port, connections)))
  const draws = rivals.map(() => mixedWorkload(unknown))
  const outcomes: Outcome[][] = rivals.map(() => [])
  for (let left = seconds; left > 0; left -= TURN_SECONDS) {
    for (const [i, crowd] of crowds.entries()) {
      child.send(rivals[i]?.name === 'ours' ? 'watch' : 'rest')
      outcomes[i]?.push(await crowd.run(draws[i]!, rate, Math.min(left, TURN_SECONDS)))
    }
  }
  for (const crowd of crowds) crowd.disperse()
  return outcomes.map((parts) => ({
    requests: parts.reduce((sum, part) => sum + part.requests, 0),
    errors: parts.flatMap((part) => part.errors),
    latencies: parts.flatMap((part) => part.latencies),
  }))
}

/** Empties both and gives connections the time to be gone. */
async function empty(rivals: readonly Rival[]): Promise<void> {
  for (const { client } of rivals) await client.flushall()
  await new Promise((resolve) => setTimeout(resolve, 1000))
}

/** Prints the table, or the data as JSON. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '60' },
      connections: { type: 'string', default: '1000' },
      rate: { type: 'string', default: '5000' },
      json: { type: 'boolean', default: false },
      'no-build': { type: 'boolean' },
    },
  })
  build(args)
  const on = machine()
  const [connections, rate] = [Number(values.connections), Number(values.rate)]
  const child = await startChild()
  const started = await told(child)
  const rivals = [rival('ours', 'port' in started ? started.port : 0, () => end(child)), await startRedis()]
  try {
    await turns(child, rivals, { connections, rate, seconds: WARM_SECONDS })
    await empty(rivals)
    const before = await heapOf(child)
    await told(child, 'loop')
    const cpuBefore = await Promise.all(rivals.map(cpuSeconds))
    const outcomes = await turns(child, rivals, { connections, rate, seconds: Number(values.seconds) })
    const loop = await told(child, 'loop')
    const cpuAfter = await Promise.all(rivals.map(cpuSeconds))
    await empty(rivals)
    const after = await heapOf(child)
    const rows = outcomes.map(({ requests, errors, latencies }, i): Row => {
      for (const error of new Set(errors)) console.error(`${rivals[i]?.name}: ${error}`)
      const [p50, p99, max] = [0.5, 0.99, 1].map((share) => percentile(latencies, share))
      const cpu = ((cpuAfter[i]! - cpuBefore[i]!) * 1e6) / requests
      return { server: rivals[i]!.name, requests, errors: errors.length, p50: p50!, p99: p99!, max: max!, cpu }
    })
    if (values.json) {
      console.log(
        JSON.stringify({ bench: 'load', machine: on, connections, rate, rows, loop, heap: { before, after } }),
      )
    } else {
      console.log(`${on}; ${connections} connections, ${show(rate)} requests/s for ${values.seconds} s each\n`)
      print(rows, loop, before, after)
    }
    if (rows.some((row) => row.errors > 0) || after > before * (1 + HEAP_SLACK)) process.exitCode = 1
  } finally {
    await Promise.all(rivals.map((each) => each.stop()))
  }
}

function print(rows: readonly Row[], loop: Told, before: number, after: number): void {
  const cells = rows.map((row) => [
    row.server,
    row.requests.toLocaleString('en-US'),
    `${row.errors}`,
    ...[row.p50, row.p99, row.max, row.cpu].map(show),
  ])
  console.log(table(['server', 'requests', 'errors', 'p50 ms', 'p99 ms', 'max ms', 'CPU, µs each'], cells))
  if ('loopP99' in loop) {
    const { loopP50, loopP99, loopMax } = loop
    console.log(`\nour event loop's delay: p50 ${show(loopP50)} ms, p99 ${show(loopP99)} ms, max ${show(loopMax)} ms`)
  }
  const change = `${after >= before ? '+' : ''}${(((after - before) / before) * 100).toFixed(1)} %`
  console.log(
    `our heap after garbage collection: ${show(before / 2 ** 20)} MiB before, ${show(after / 2 ** 20)} after (${change})`,
  )
}
