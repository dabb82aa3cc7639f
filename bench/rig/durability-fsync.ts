/**
 * SETs a second with each fsync policy, driven by redis-benchmark; both servers log to the same disk in turn.
 *
 * The one idea: many short runs. A busy moment of the machine then spoils a round and not the median of the rounds' ratios.
 */
import { folderOnDisk, startOn } from './durable-rivals.ts'
import { median } from './figures.ts'
import { drive, type Sample } from './redis-benchmark.ts'
import type { Rival } from './rivals.ts'

/** Policies, and `off`: no log. */
const POLICIES = ['off', 'no', 'everysec', 'always']
const MODES = [
  { pipeline: 1, requests: 10_000 },
  { pipeline: 16, requests: 100_000 },
]
/** Runs of a tenth of a second in each round that was asked for. */
const RUNS = 4
const NAMES: readonly Rival['name'][] = ['ours', 'redis']

export interface FsyncRow {
  readonly policy: string
  readonly pipeline: number
  /** Requests per second, medians. */
  readonly ours: number
  readonly redis: number
  readonly ratio: number
  /** Microseconds of processor time per request, medians; threads that sync are part of it. */
  readonly ourCpu: number
  readonly redisCpu: number
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
  const samples: Record<Rival['name'], Sample[]> = { ours: [], redis: [] }
  // The first run warms both up and does not count.
  for (let run = 0; run <= rounds * RUNS; run++) {
    for (const rival of run % 2 === 0 ? rivals : [...rivals].reverse()) {
      const sample = await drive(rival, ['-t', 'set'], pipeline, requests)
      if (run > 0) samples[rival.name].push(sample)
    }
  }
  const [ours, redis] = NAMES.map((name) => median(samples[name].map(({ rate }) => rate)))
  const [ourCpu, redisCpu] = NAMES.map((name) => median(samples[name].map(({ cpu }) => cpu)))
  const ratio = median(samples.ours.map(({ rate }, i) => rate / samples.redis[i]!.rate))
  return { policy, pipeline, ours: ours!, redis: redis!, ratio, ourCpu: ourCpu!, redisCpu: redisCpu! }
}
