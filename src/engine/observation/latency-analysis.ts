/**
 * The report of LATENCY DOCTOR: what was slow, how often and how badly, and what to look at next. The words are ours.
 */
import type { LatencyEvent } from '../../commands/context.ts'

interface Circumstances {
  readonly nowMs: number
  readonly thresholdMs: number
  /** slowlog-log-slower-than. */
  readonly slowerThanMicros: number
}

const IS_OFF =
  'Latency is not being watched. CONFIG SET latency-monitor-threshold <milliseconds> makes the server note whatever takes that long or longer.\n'
const NOTHING =
  'Nothing has taken as long as latency-monitor-threshold since the server started, or since LATENCY RESET.\n'

/** Writes the report. */
export function analysis(events: ReadonlyMap<string, LatencyEvent>, circumstances: Circumstances): string {
  if (events.size === 0) return circumstances.thresholdMs === 0 ? IS_OFF : NOTHING
  const lines = [...events].map(([name, event], i) => `${i + 1}. ${name}: ${figures(event, circumstances.nowMs)}`)
  const hints = advice(new Set(events.keys()), circumstances)
  return [`Slow events of ${events.size} kind${events.size === 1 ? '' : 's'}:`, '', ...lines, '', ...hints, ''].join(
    '\n',
  )
}

function figures({ samples, worstMs }: LatencyEvent, nowMs: number): string {
  const count = samples.length
  const average = samples.reduce((sum, { ms }) => sum + ms, 0) / count
  const deviation = samples.reduce((sum, { ms }) => sum + Math.abs(ms - average), 0) / count
  const period = Math.max(1, Math.floor(nowMs / 1000) - samples[0]!.seconds) / count
  return `${count} latency spikes (average ${Math.floor(average)}ms, mean deviation ${Math.floor(deviation)}ms, period ${period.toFixed(2)} sec). Worst all time event ${worstMs}ms.`
}

function advice(names: ReadonlySet<string>, { thresholdMs, slowerThanMicros }: Circumstances): string[] {
  const hints: string[] = []
  if (names.has('command')) {
    if (slowerThanMicros < 0) {
      hints.push('- The slow log is off: CONFIG SET slowlog-log-slower-than <microseconds> names the commands.')
    } else if (slowerThanMicros > thresholdMs * 1000) {
      hints.push(
        `- The slow log misses some of these: CONFIG SET slowlog-log-slower-than ${thresholdMs * 1000} shows them all.`,
      )
    } else {
      hints.push(
        '- SLOWLOG GET names the commands. Those whose time grows with the size of a key are the first suspects.',
      )
    }
  }
  if (names.has('fast-command')) {
    hints.push('- Commands of constant time were slow: look for other work in this process, or a machine that swaps.')
  }
  if (names.has('expire-cycle')) {
    hints.push('- Many keys expire at one time: spread their deadlines, or lower active-expire-effort.')
  }
  if (names.has('eviction-cycle')) {
    hints.push('- Making room takes long: raise maxmemory, or keep values smaller, for a large one is freed at once.')
  }
  return hints
}
