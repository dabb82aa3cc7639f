/** How long other clients wait while a snapshot, or a log, is written: steady requests, due by the clock. */
import { Crowd } from './crowd.ts'
import { fill, folderOnDisk, startOn, until } from './durable-rivals.ts'
import { percentile } from './figures.ts'
import { mixedWorkload } from './mixed-workload.ts'
import type { Rival } from './rivals.ts'

const NAMES: readonly Rival['name'][] = ['ours', 'redis']
const CONNECTIONS = 50
/** What is written, how it is asked for, and the field of INFO that says whether it goes on. */
const WRITINGS = [
  ['BGSAVE', 'rdb_bgsave_in_progress'],
  ['BGREWRITEAOF', 'aof_rewrite_in_progress'],
] as const

export interface PauseRow {
  readonly during: string
  readonly server: Rival['name']
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly max: number
  readonly quietP99: number
  readonly quietMax: number
  /** How long the writing took. */
  readonly seconds: number
}

export interface PauseWish {
  readonly keys: number
  readonly seconds: number
  readonly rate: number
}

/** Both servers, both kinds of writing. */
export async function pauseRows(wish: PauseWish): Promise<PauseRow[]> {
  const rows: PauseRow[] = []
  for (const name of NAMES) {
    const folder = folderOnDisk()
    const server = await startOn(name, folder.path, ['--appendonly', 'yes', '--auto-aof-rewrite-percentage', '0'])
    const crowd = await Crowd.gather(server.port, CONNECTIONS)
    try {
      await fill(server, wish.keys)
      await until(server, 'aof_rewrite_in_progress', '0')
      for (const [command, field] of WRITINGS) rows.push(await around(server, crowd, wish, command, field))
    } finally {
      crowd.disperse()
      await server.stop()
      folder.remove()
    }
  }
  return rows.sort((a, b) => a.during.localeCompare(b.during))
}

async function around(
  server: Rival,
  crowd: Crowd,
  { seconds, rate }: PauseWish,
  command: string,
  field: string,
): Promise<PauseRow> {
  const draw = mixedWorkload([])
  const quiet = await crowd.run(draw, rate, seconds)
  const before = performance.now()
  await server.client.call(command)
  let took = 0
  const writing = until(server, field, '0').then(() => {
    took = (performance.now() - before) / 1000
  })
  const latencies: number[] = []
  while (took === 0) latencies.push(...(await crowd.run(draw, rate, 0.25)).latencies)
  await writing
  const of = (share: number): number => percentile(latencies, share)
  const [quietP99, quietMax] = [0.99, 1].map((share) => percentile(quiet.latencies, share))
  return {
    during: command,
    server: server.name,
    p50: of(0.5),
    p99: of(0.99),
    max: of(1),
    quietP99: quietP99!,
    quietMax: quietMax!,
    seconds: took,
  }
}
