/** SETs a second with each fsync policy, driven by redis-benchmark; both servers log to the same disk in turn. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { folderOnDisk, startOn } from './durable-rivals.ts'
import { median } from './figures.ts'
import type { Rival } from './rivals.ts'

/** Policies, and `off`: no log. */
const POLICIES = ['off', 'no', 'everysec', 'always']
const MODES = [
  { pipeline: 1, requests: 20_000 },
  { pipeline: 16, requests: 200_000 },
]
const NAMES: readonly Rival['name'][] = ['ours', 'redis']

export interface FsyncRow {
  readonly policy: string
  readonly pipeline: number
  /** Requests per second, medians. */
  readonly ours: number
  readonly redis: number
  readonly ratio: number
}

const execute = promisify(execFile)

async function drive(port: number, pipeline: number, requests: number): Promise<number> {
  const general = ['-p', `${port}`, '-c', '50', '-P', `${pipeline}`, '-n', `${requests}`, '-r', '100000', '--csv']
  const { stdout } = await execute('redis-benchmark', [...general, '-t', 'set'])
  const figure = /^"SET","([\d.]+)"/m.exec(stdout)
  if (figure === null) throw new Error(`redis-benchmark printed no figure:\n${stdout}`)
  return Number(figure[1])
}

/** All policies, both servers. */
export async function fsyncRows(rounds: number): Promise<FsyncRow[]> {
  const rows: FsyncRow[] = []
  for (const policy of POLICIES) {
    const log = policy === 'off' ? ['--appendonly', 'no'] : ['--appendonly', 'yes', '--appendfsync', policy]
    const folders = NAMES.map(folderOnDisk)
    const rivals = await Promise.all(NAMES.map((name, i) => startOn(name, folders[i]!.path, log)))
    try {
      for (const { pipeline, requests } of MODES) rows.push(await compare(rivals, policy, pipeline, requests, rounds))
    } finally {
      await Promise.all(rivals.map((each) => each.stop()))
      for (const folder of folders) folder.remove()
    }
  }
  return rows
}

async function compare(
  rivals: readonly Rival[],
  policy: string,
  pipeline: number,
  requests: number,
  rounds: number,
): Promise<FsyncRow> {
  const rates: Record<Rival['name'], number[]> = { ours: [], redis: [] }
  // The first round warms both up and does not count.
  for (let round = 0; round <= rounds; round++) {
    for (const { name, port } of round % 2 === 0 ? rivals : [...rivals].reverse()) {
      const rate = await drive(port, pipeline, round === 0 ? requests / 2 : requests)
      if (round > 0) rates[name].push(rate)
    }
  }
  const ratio = median(rates.ours.map((rate, i) => rate / rates.redis[i]!))
  return { policy, pipeline, ours: median(rates.ours), redis: median(rates.redis), ratio }
}
