/**
 * `geartrain check <file|folder>`: whether a store's files are whole, what is in them, and where they break.
 *
 * The one idea: looking changes nothing. Only with `--fix`, and after a yes, the end of a log is cut off behind its last
 * whole unit, and only where a torn end can come from a crash: in the last part of a log that no process has open. Exit
 * status 0 says that all is well (or was made well), 1 that something is wrong.
 */
import { dirname, resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { Command } from 'commander'
import { diskFiles } from '../durability/disk-files.ts'
import { FileError } from '../durability/files.ts'
import { refuseIfLocked } from '../durability/folder-lock.ts'
import { type LogFinding, lookOverLog } from './check/log-file.ts'
import { lookOverSnapshot, type RdbFinding } from './check/snapshot-file.ts'
import { type Part, PartsError, partsAt } from './check/store-folder.ts'
import { style } from './style.ts'

interface CheckOptions {
  readonly fix?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

/** A part and what was found in it. */
type Finding = Part & ({ readonly log: LogFinding } | { readonly snapshot: RdbFinding })

/** What is to be cut off. */
interface Cut {
  readonly path: string
  readonly from: number
  readonly bytes: number
}

export function checkCommand(): Command {
  return new Command('check')
    .description('look over RDB files, append-only files and the folders of stores; repair torn logs')
    .argument('<paths...>', 'files, manifests or folders')
    .option('--fix', 'cut off what stands behind the last whole unit of a log, after asking')
    .option('--yes', 'with --fix: do not ask')
    .option('--json', 'as JSON')
    .action(async (paths: readonly string[], options: CheckOptions) => {
      process.exitCode = (await check(paths, options)) ? 0 : 1
    })
}

/** Looks, tells, and repairs where that is asked for. True when nothing is wrong (any more). */
async function check(paths: readonly string[], { fix, yes, json }: CheckOptions): Promise<boolean> {
  if (yes === true && fix !== true) throw new PartsError('--yes is about --fix: nothing is changed without it.')
  const findings = paths.flatMap(partsAt).map(lookOver)
  const broken = findings.filter((finding) => problemOf(finding) !== undefined)
  const cuts = broken.map(cutOf).filter((cut) => cut !== undefined)
  if (json !== true) process.stdout.write(findings.map((finding) => report(finding)).join(''))
  if (fix === true) refuseIfInUse(cuts)
  const isFixed = fix === true && cuts.length > 0 && (yes === true || (await agreed(cuts)))
  if (isFixed) for (const cut of cuts) cutOff(cut)
  const ok = broken.length === 0 || (isFixed && cuts.length === broken.length)
  if (json === true) {
    const files = findings.map((finding) => ({ ...finding, wouldCut: cutOf(finding)?.bytes ?? 0 }))
    process.stdout.write(`${JSON.stringify({ ok, fixed: isFixed, files }, null, 2)}\n`)
  } else process.stdout.write(ending(broken, cuts, isFixed))
  return ok
}

function lookOver(part: Part): Finding {
  try {
    const bytes = diskFiles.read(part.path)
    return part.kind === 'rdb' ? { ...part, snapshot: lookOverSnapshot(bytes) } : { ...part, log: lookOverLog(bytes) }
  } catch (error) {
    if (error instanceof FileError) throw new PartsError(error.message, error)
    throw error
  }
}

const problemOf = (finding: Finding) => ('log' in finding ? finding.log.problem : finding.snapshot.problem)

/** What a repair would take; undefined where none can be made: a snapshot, a preamble, a part in the middle. */
function cutOf(finding: Finding): Cut | undefined {
  if (!('log' in finding) || !finding.isLast) return undefined
  const { problem, goodUpTo, size, preamble } = finding.log
  if (problem === undefined || preamble?.problem !== undefined) return undefined
  return { path: finding.path, from: goodUpTo, bytes: size - goodUpTo }
}

/** What a store is writing is torn now and then, and must not be cut under its hands. */
function refuseIfInUse(cuts: readonly Cut[]): void {
  for (const { path } of cuts) {
    const folder = dirname(resolve(path))
    for (const each of [folder, dirname(folder)]) refuseIfLocked(each)
  }
}

async function agreed(cuts: readonly Cut[]): Promise<boolean> {
  const question = cuts.map(
    ({ path, from, bytes }) => `Cut off the last ${bytes} bytes of ${path}, from byte ${from} on`,
  )
  const asking = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await Promise.race([
      asking.question(`${question.join('\n')}? [y/N] `),
      new Promise<string>((resolve) => asking.once('close', () => resolve(''))),
    ])
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    asking.close()
  }
}

function cutOff({ path, from }: Cut): void {
  const file = diskFiles.open(path, 'update')
  try {
    file.truncate(from)
    file.syncNow()
  } finally {
    file.close()
  }
}

function report(finding: Finding): string {
  const { bold, green, red } = style(process.stdout)
  const problem = problemOf(finding)
  const verdict = problem === undefined ? green('ok') : red(`broken at byte ${problem.offset}`)
  const about = 'log' in finding ? aboutLog(finding.log) : aboutSnapshot(finding.snapshot)
  const why = problem === undefined ? [] : [`  ${problem.sentence}`]
  return `${[`${bold(finding.path)}: ${verdict}`, ...about.map((line) => `  ${line}`), ...why].join('\n')}\n`
}

function aboutLog({ size, goodUpTo, commands, transactions, annotations, preamble }: LogFinding): string[] {
  const counts = [`${commands} commands`, `${transactions} transactions`, `${annotations} annotations`]
  const beginning = preamble === undefined ? [] : [`begins with a snapshot of ${preamble.length} bytes:`]
  return [
    `append-only file of ${size} bytes: ${counts.join(', ')}; whole up to byte ${goodUpTo}`,
    ...beginning,
    ...(preamble === undefined ? [] : aboutSnapshot(preamble).map((line) => `  ${line}`)),
  ]
}

function aboutSnapshot({ size, version, aux, libraries, databases, lastKey, problem }: RdbFinding): string[] {
  const facts = Object.entries(aux).map(([name, value]) => `${name} ${value}`)
  return [
    `snapshot of ${size} bytes, version ${version}${libraries === 0 ? '' : `, ${libraries} function libraries`}`,
    ...(facts.length === 0 ? [] : [facts.join(', ')]),
    ...databases.map(({ db, keys, expiring, types }) => {
      const byType = Object.entries(types).map(([type, count]) => `${count} ${type}`)
      return `database ${db}: ${keys} keys (${byType.join(', ')}), ${expiring} with a deadline`
    }),
    ...(problem === undefined || lastKey === undefined ? [] : [`the last key read is ${JSON.stringify(lastKey)}`]),
  ]
}

function ending(broken: readonly Finding[], cuts: readonly Cut[], isFixed: boolean): string {
  if (broken.length === 0) return 'All is well.\n'
  const hopeless = broken.length - cuts.length
  const repaired = cuts.map(({ path, from, bytes }) =>
    isFixed
      ? `${path}: ${bytes} bytes were cut off; it ends at byte ${from} now.`
      : `${path}: --fix would cut off ${bytes} bytes, from byte ${from} on. Keep a copy first.`,
  )
  const rest = hopeless === 0 ? [] : [`${hopeless} of ${broken.length} broken files cannot be repaired by cutting.`]
  return `${[...repaired, ...rest].join('\n')}\n`
}
