/**
 * What triggers cost: `npm run bench -- triggers`.
 *
 * The one idea: one server per host, driven by redis-benchmark with and without a library, one run after the other in every
 * round: a figure is the median of the rounds' ratios to the run without a trigger. The callbacks are empty, and counted, so
 * that no run can pass for another.
 *
 * Options: `--rounds N` (4), `--json`, `--no-build`.
 */
import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs, promisify } from 'node:util'
import { build } from './rig/built.ts'
import { median, show, table } from './rig/figures.ts'
import { machine } from './rig/machine.ts'
import { type Rival, startOurs } from './rig/rivals.ts'

const PROLOGUE = '#!js api_version=1.0 name=bench\n'
const KEY = (code: string): string => `${PROLOGUE}redis.registerKeySpaceTrigger('t', 'key:', ${code})`
const STREAM = (code: string): string =>
  `${PROLOGUE}redis.registerStreamTrigger('t', 'bench:', ${code}, { window: 50, isStreamTrimmed: true })`

interface Load {
  readonly name: string
  /** What redis-benchmark is told after the general options. */
  readonly words: readonly string[]
  readonly pipeline: number
  readonly requests: number
  readonly libraries: Readonly<Record<string, string>>
}

const SET_LIBRARIES = {
  'sync trigger': KEY('() => {}'),
  'sync trigger that runs GET': KEY("(c, d) => { c.call('get', d.key) }"),
  'async trigger': KEY('async () => {}'),
}
const XADD_LIBRARIES = {
  'sync trigger': STREAM('() => {}'),
  'async trigger': STREAM('async () => {}'),
}
const SET = ['-t', 'set', '-r', '100000']
const XADD = ['XADD', 'bench:stream', '*', 'f', 'v']

const LOADS: readonly Load[] = [
  { name: 'SET', words: SET, pipeline: 1, requests: 20_000, libraries: SET_LIBRARIES },
  { name: 'SET', words: SET, pipeline: 16, requests: 100_000, libraries: SET_LIBRARIES },
  { name: 'XADD', words: XADD, pipeline: 16, requests: 20_000, libraries: XADD_LIBRARIES },
]

interface Row {
  readonly host: string
  readonly load: string
  readonly pipeline: number
  readonly library: string
  /** Requests per second; for XADD, entries handled per second. */
  readonly rate: number
  /** To the run without a trigger. */
  readonly ratio: number
}

const execute = promisify(execFile)

async function drive({ port }: Rival, { name, words, pipeline, requests }: Load): Promise<number> {
  const general = ['-p', `${port}`, '-c', '50', '-P', `${pipeline}`, '-n', `${requests}`, '--csv']
  const { stdout } = await execute('redis-benchmark', [...general, ...words])
  const figure = /^"[^"\n]*","([\d.]+)"/m.exec(stdout)
  if (figure === null) throw new Error(`redis-benchmark printed no figure for ${name}:\n${stdout}`)
  return Number(figure[1])
}

/** Waits until every firing has come to its end. */
async function allHandled({ client }: Rival, wanted: number): Promise<void> {
  for (let looks = 0; looks < 6000; looks++) {
    const words = JSON.stringify(await client.call('TFUNCTION', 'LIST', 'vvv'))
    const count = (name: string): number =>
      [...words.matchAll(new RegExp(`"${name}",(\\d+)`, 'g'))].reduce((sum, [, each]) => sum + Number(each), 0)
    if (count('num_failed') + count('total_record_failed') > 0) throw new Error(`the callback fails: ${words}`)
    if (count('num_finished') + count('total_record_processed') >= wanted) return
    await sleep(10)
  }
  throw new Error(`of ${wanted} firings some have not ended`)
}

async function withLibrary(server: Rival, load: Load, text: string): Promise<number> {
  await server.client.call('TFUNCTION', 'LOAD', 'REPLACE', text)
  const rate = await drive(server, load)
  await allHandled(server, load.requests)
  await server.client.call('TFUNCTION', 'DELETE', 'bench')
  return rate
}

async function measure(host: string, server: Rival, rounds: number): Promise<Row[]> {
  const rows: Row[] = []
  for (const load of LOADS) {
    const none: number[] = []
    const rates = new Map<string, number[]>()
    // The first round warms up and does not count.
    for (let round = 0; round <= rounds; round++) {
      await server.client.flushall()
      const bare = await drive(server, load)
      if (round > 0) none.push(bare)
      for (const [name, text] of Object.entries(load.libraries)) {
        await server.client.flushall()
        const rate = await withLibrary(server, load, text)
        if (round > 0) rates.set(name, [...(rates.get(name) ?? []), rate])
      }
    }
    const row = { host, load: load.name, pipeline: load.pipeline }
    rows.push({ ...row, library: 'no trigger', rate: median(none), ratio: 1 })
    for (const [library, each] of rates) {
      rows.push({ ...row, library, rate: median(each), ratio: median(each.map((rate, i) => rate / none[i]!)) })
    }
  }
  return rows
}

/** Runs the benchmark. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: 'string', default: '4' }, json: { type: 'boolean' }, 'no-build': { type: 'boolean' } },
  })
  build(args)
  const rows: Row[] = []
  for (const [host, words] of [['realm', ['--trust-libraries']] as const, ['isolate', []] as const]) {
    const server = await startOurs(words)
    try {
      rows.push(...(await measure(host, server, Number(values.rounds))))
    } finally {
      await server.stop()
    }
  }
  if (values.json === true) {
    console.log(JSON.stringify({ machine: machine(), rows }))
    return
  }
  console.log(
    table(
      ['host', 'load', 'pipeline', 'library', 'per second', 'to none'],
      rows.map(({ host, load, pipeline, library, rate, ratio }) => [
        host,
        load,
        `${pipeline}`,
        library,
        show(rate),
        show(ratio),
      ]),
    ),
  )
}
