/**
 * What it costs to keep data, beside redis-server on the same disk: `npm run bench -- durability`.
 *
 * The one idea: three questions, each asked of both servers in turn within one run. How many SETs a second with each fsync
 * policy; how long a million keys take to load, from a snapshot and from a log; how long other clients wait while a
 * snapshot or a log is written.
 *
 * Options: `--keys N` (1000000), `--rounds N` (3), `--seconds N` (10, of steady requests around each save), `--rate N` (2000
 * requests a second), `--only fsync,load,pause`, `--json`, `--no-build`.
 */
import { parseArgs } from 'node:util'
import { build } from './rig/built.ts'
import { type FsyncRow, fsyncRows } from './rig/durability-fsync.ts'
import { type LoadRow, loadRows } from './rig/durability-load.ts'
import { type PauseRow, pauseRows } from './rig/durability-pause.ts'
import { show, table } from './rig/figures.ts'
import { machine } from './rig/machine.ts'

const PARTS = ['fsync', 'load', 'pause']

/** Prints the tables, or the data as JSON. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      keys: { type: 'string', default: '1000000' },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '10' },
      rate: { type: 'string', default: '2000' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      'no-build': { type: 'boolean' },
    },
  })
  build(args)
  const on = machine()
  const only = values.only?.split(',') ?? PARTS
  const keys = Number(values.keys)
  const rounds = Number(values.rounds)
  const fsync = only.includes('fsync') ? await fsyncRows(rounds) : []
  const load = only.includes('load') ? await loadRows(keys, rounds) : []
  const wish = { keys, seconds: Number(values.seconds), rate: Number(values.rate) }
  const pause = only.includes('pause') ? await pauseRows(wish) : []
  if (values.json) console.log(JSON.stringify({ bench: 'durability', machine: on, keys, fsync, load, pause }))
  else {
    console.log(on)
    print(fsync, load, pause, keys)
  }
}

function print(fsync: readonly FsyncRow[], load: readonly LoadRow[], pause: readonly PauseRow[], keys: number): void {
  const section = (titles: readonly string[], rows: readonly (readonly string[])[]): void => {
    if (rows.length > 0)
      console.log(
        `\n${table(
          [...titles],
          rows.map((row) => [...row]),
        )}`,
      )
  }
  section(
    ['SET, appendfsync', 'pipeline', 'ours, requests/s', 'redis-server', 'ratio', 'our CPU, µs each', 'redis-server'],
    fsync.map(({ policy, pipeline, ours, redis, ratio, ourCpu, redisCpu }) => [
      policy,
      `${pipeline}`,
      ...[ours, redis, ratio, ourCpu, redisCpu].map(show),
    ]),
  )
  section(
    [`load of ${keys.toLocaleString('en-US')} keys`, 'ours, s', 'redis-server, s', 'speed, ratio'],
    load.map(({ from, ours, redis, ratio }) => [from, ...[ours, redis, ratio].map(show)]),
  )
  section(
    [
      'requests of others',
      'server',
      'p50 ms',
      'p99 ms',
      'max ms',
      'while nothing is written: p99 ms',
      'max ms',
      'takes, s',
    ],
    pause.map((row) => [
      row.during,
      row.server,
      ...[row.p50, row.p99, row.max, row.quietP99, row.quietMax, row.seconds].map(show),
    ]),
  )
}
