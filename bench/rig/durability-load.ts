/** How long a server takes from its start until it answers, with a folder that holds a snapshot, or a log of commands. */
import { fill, folderOnDisk, startOn, until } from './durable-rivals.ts'
import { median } from './figures.ts'
import type { Rival } from './rivals.ts'

const NAMES: readonly Rival['name'][] = ['ours', 'redis']

export interface LoadRow {
  readonly from: string
  /** Seconds, medians, less those of a start with nothing to load. */
  readonly ours: number
  readonly redis: number
  /** How much of redis-server's speed ours has. */
  readonly ratio: number
}

/** Snapshot and log. */
export async function loadRows(keys: number, rounds: number): Promise<LoadRow[]> {
  const rows: LoadRow[] = []
  for (const from of ['snapshot', 'log'] as const) {
    const log = ['--appendonly', from === 'log' ? 'yes' : 'no']
    const seconds: Record<Rival['name'], number[]> = { ours: [], redis: [] }
    for (const name of NAMES) {
      const [empty, full] = [folderOnDisk(), folderOnDisk()]
      try {
        const server = await startOn(name, full.path, log)
        await fill(server, keys)
        if (from === 'snapshot') await server.client.save()
        else await until(server, 'aof_last_write_status', 'ok')
        await server.stop()
        for (let round = 0; round < rounds; round++) {
          const idle = await startSeconds(name, empty.path, log, 0)
          seconds[name].push((await startSeconds(name, full.path, log, keys)) - idle)
        }
      } finally {
        empty.remove()
        full.remove()
      }
    }
    const [ours, redis] = [median(seconds.ours), median(seconds.redis)]
    rows.push({ from, ours, redis, ratio: redis / ours })
  }
  return rows
}

async function startSeconds(name: Rival['name'], dir: string, log: readonly string[], keys: number): Promise<number> {
  const started = performance.now()
  const server = await startOn(name, dir, log)
  try {
    // A server that loads while it listens says so until it has ended.
    await until(server, 'loading', '0')
    const seconds = (performance.now() - started) / 1000
    const found = await server.client.dbsize()
    if (found !== keys) throw new Error(`${name} has loaded ${found} keys, not ${keys}`)
    return seconds
  } finally {
    await server.stop()
  }
}
