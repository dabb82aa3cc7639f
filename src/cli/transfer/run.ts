/**
 * `geartrain import` and `geartrain export`: two names for one thing, every key from somewhere to somewhere else.
 *
 * The one idea: what a transfer did is told in numbers at its end, also when it was stopped. Exit status 0 says that every
 * key is there; 1 that some are not; 130 that it was stopped.
 */
import { type Command, InvalidArgumentError } from 'commander'
import { onEndSignals } from '../signals.ts'
import { TransferError } from './error.ts'
import { type Destination, destinationAt, type Source, sourceAt } from './places.ts'
import { Progress } from './progress.ts'
import { emptyTally, type Refusal, type Tally, transfer } from './transfer.ts'
import { type Verdict, verify } from './verify.ts'

/** What both commands take. */
export interface TransferOptions {
  readonly to: string
  readonly match?: string
  readonly db?: ReadonlySet<number>
  readonly replace?: boolean
  readonly skipExisting?: boolean
  readonly rate?: number
  readonly batch: number
  readonly verify?: boolean
  readonly rdbVersion: 10 | 12
  readonly json?: boolean
}

/** What is told at the end. */
export interface Summary extends Tally {
  readonly expired: number
  readonly stopped: boolean
  readonly verified: Verdict | undefined
}

const STOPPED_STATUS = 130
const LARGEST_BATCH = 10_000

/** The options of both. */
export function declareTransfer(command: Command): Command {
  return command
    .option('--match <pattern>', 'only keys that match this glob')
    .option('--db <numbers>', 'only these databases: 0,3', databases)
    .option('--replace', 'replace keys that are there')
    .option('--skip-existing', 'keys that are there are no failure: to go on with a transfer that was stopped')
    .option('--rate <keys>', 'at most so many keys a second', positive)
    .option('--batch <keys>', 'keys on their way at a time', positive, 200)
    .option('--verify', 'afterwards compare every key, by value and deadline')
    .option('--rdb-version <number>', 'for a .rdb target: 10, or 12 for hashes whose fields expire', rdbVersion, 10)
    .option('--json', 'the summary as JSON')
}

function databases(text: string): ReadonlySet<number> {
  const numbers = text.split(',')
  if (!numbers.every((each) => /^\d+$/.test(each))) throw new InvalidArgumentError('numbers with commas between them.')
  return new Set(numbers.map(Number))
}

function positive(text: string): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < 1) throw new InvalidArgumentError('a whole number from 1.')
  return number
}

function rdbVersion(text: string): 10 | 12 {
  if (text === '10') return 10
  if (text === '12') return 12
  throw new InvalidArgumentError('10 or 12.')
}

/** Moves everything, and tells. */
export async function runTransfer(from: string, options: TransferOptions): Promise<void> {
  const summary = await move(from, options)
  process.stdout.write(options.json === true ? `${JSON.stringify(summary, null, 2)}\n` : report(summary, from, options))
  process.exitCode = statusOf(summary, options)
}

/** Moves everything. Throws `TransferError` for what keeps it from beginning, or from going on. */
export async function move(from: string, options: TransferOptions): Promise<Summary> {
  if (options.replace === true && options.skipExisting === true) {
    throw new TransferError('--replace and --skip-existing exclude each other.')
  }
  if (options.batch > LARGEST_BATCH) throw new TransferError(`--batch takes at most ${LARGEST_BATCH} keys.`)
  if (options.verify === true && /\.(rdb|jsonl)$/.test(options.to)) {
    throw new TransferError('--verify needs a server or a folder as its target.')
  }
  const selection = { match: options.match, dbs: options.db, batch: options.batch }
  const source = await sourceAt(from, selection, process.env)
  let isStopped = false
  const offSignals = onEndSignals(() => {
    isStopped = true
  })
  try {
    const { replace = false, rdbVersion } = options
    const destination = await destinationAt(options.to, source.sizes, { replace, rdbVersion }, process.env)
    return await moveAll(source, destination, options, () => isStopped)
  } finally {
    offSignals()
    await source.close()
  }
}

async function moveAll(
  source: Source,
  destination: Destination,
  options: TransferOptions,
  isStopped: () => boolean,
): Promise<Summary> {
  const total = options.match === undefined ? [...source.sizes.values()].reduce((a, b) => a + b, 0) : undefined
  const progress = new Progress(process.stderr, total)
  const tally = emptyTally()
  const pace = { rate: options.rate, isStopped, onProgress: (now: Tally) => progress.show(now) }
  try {
    const dbs = [...source.sizes.keys()].toSorted((a, b) => a - b)
    const target = targetOf(dbs, destination)
    for (const db of dbs) {
      await transfer(source.keys(db), await destination.sink(target(db)), tally, pace)
      if (isStopped()) break
    }
    const { expired } = source
    const isChecked = options.verify === true && !isStopped()
    const verified = isChecked ? await compare(dbs, source, destination, target) : undefined
    const stopped = isStopped()
    await (stopped ? destination.abandon() : destination.finish())
    return { ...tally, expired, stopped, verified }
  } catch (error) {
    await destination.abandon()
    throw error
  } finally {
    progress.end()
  }
}

/** Which database of the target takes the keys of one of the source. */
function targetOf(dbs: readonly number[], destination: Destination): (db: number) => number {
  const { db: named } = destination
  if (named === undefined) return (db) => db
  if (dbs.length > 1) {
    throw new TransferError(
      `The keys are in ${dbs.length} databases, and the target's address names one: choose with --db, or leave out /${named}.`,
    )
  }
  return () => named
}

async function compare(
  dbs: readonly number[],
  source: Source,
  destination: Destination,
  target: (db: number) => number,
): Promise<Verdict> {
  const verdict: Verdict = { same: 0, different: 0, differences: [] }
  for (const db of dbs) {
    const link = await destination.link(target(db))
    if (link !== undefined) await verify(source.keys(db), link, verdict)
  }
  return verdict
}

function statusOf({ refused, existing, stopped, verified }: Summary, { skipExisting }: TransferOptions): number {
  if (stopped) return STOPPED_STATUS
  const isWhole = refused === 0 && (existing === 0 || skipExisting === true) && (verified?.different ?? 0) === 0
  return isWhole ? 0 : 1
}

function report(summary: Summary, from: string, { to, skipExisting }: TransferOptions): string {
  const { read, written, existing, refused, expired, stopped, verified, refusals } = summary
  const told = (each: Refusal): string => `  database ${each.db}, ${JSON.stringify(each.key)}: ${each.why}`
  const lines = [
    `${stopped ? 'Stopped' : 'Done'}: ${written} of ${read} keys from ${hidden(from)} were written to ${hidden(to)}.`,
    ...(expired > 0 ? [`${expired} keys have expired and were left out.`] : []),
    ...(existing > 0 ? [`${existing} keys were there already.${skipExisting === true ? '' : HOW_TO_GO_ON}`] : []),
    ...(refused > 0 ? [`${refused} keys were refused:`, ...refusals.map(told)] : []),
    ...(refused > refusals.length ? ['  …'] : []),
    ...(stopped ? ['Run it again with --skip-existing to go on, or with --replace to begin anew.'] : []),
    ...(verified === undefined ? [] : [`Compared: ${verified.same} keys are the same, ${verified.different} differ.`]),
    ...(verified?.differences ?? []).map(told),
  ]
  return `${lines.join('\n')}\n`
}

const HOW_TO_GO_ON = ' --replace replaces such keys, --skip-existing leaves them.'

/** Without a password. */
const hidden = (address: string): string => address.replace(/\/\/[^@/]*@/, '//')
