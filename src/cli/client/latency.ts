/**
 * `--latency`: how long a PING takes, in milliseconds, again and again.
 *
 * The one idea: on a terminal one line is rewritten until Ctrl-C; elsewhere it samples for one interval and prints one line
 * in the session's format.
 */
import { accepted } from './scan.ts'
import type { Session } from './session.ts'
import type { Terminal } from './terminal.ts'

const BETWEEN_SAMPLES_MS = 10
const REWRITE = '\x1b[0G\x1b[2K'

/** What was measured. */
interface Sample {
  min: number
  max: number
  sum: number
  count: number
}

/** Measures until the time is over; for ever on a terminal. */
export async function watchLatency(session: Session, terminal: Terminal, sampleMs: number): Promise<void> {
  const { clock, stdout } = terminal
  const isLive = stdout.isTTY === true && session.format.mode === 'standard'
  const seen: Sample = { min: Number.POSITIVE_INFINITY, max: 0, sum: 0, count: 0 }
  const until = isLive ? Number.POSITIVE_INFINITY : clock.now() + sampleMs
  do {
    const started = clock.micros()
    accepted(await session.ask('PING'), 'ERROR: ')
    const took = Math.floor((clock.micros() - started) / 1000)
    seen.min = Math.min(seen.min, took)
    seen.max = Math.max(seen.max, took)
    seen.sum += took
    seen.count++
    if (isLive) await terminal.print(`${REWRITE}${forPeople(seen)}`)
    await terminal.wait(BETWEEN_SAMPLES_MS)
  } while (clock.now() < until)
  await terminal.print(`${forPrograms(seen, session.format.mode)}\n`)
}

const averageOf = ({ sum, count }: Sample): string => (sum / count).toFixed(2)

const forPeople = (seen: Sample): string =>
  `min: ${seen.min}, max: ${seen.max}, avg: ${averageOf(seen)} (${seen.count} samples)`

function forPrograms(seen: Sample, mode: string): string {
  const { min, max, count } = seen
  if (mode === 'standard') return forPeople(seen)
  if (mode.endsWith('json')) return `{"min": ${min}, "max": ${max}, "avg": ${averageOf(seen)}, "count": ${count}}`
  return [min, max, averageOf(seen), count].join(mode === 'csv' ? ',' : ' ')
}
