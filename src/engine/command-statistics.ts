/**
 * Command statistics: how often each command ran, how long, and how it ended. What INFO's commandstats and latencystats
 * and LATENCY HISTOGRAM show.
 *
 * The one idea: columns addressed by the command's number, so that counting is one addition and allocates nothing.
 */
import type { Command } from '../commands/command.ts'
import { LatencyHistogram } from './observation/latency-histogram.ts'

export class CommandStatistics {
  readonly calls: Float64Array
  /** Microseconds in all; only commands of sessions that are timed (those of servers) add to it. */
  readonly micros: Float64Array
  /** Refused before they ran: arity, authentication, memory … */
  readonly rejected: Float64Array
  /** Ran and ended in an error. */
  readonly failed: Float64Array
  /** Of those that were timed while `latency-tracking` was on. */
  readonly histograms: (LatencyHistogram | undefined)[]
  /** latency-tracking. */
  tracksLatency = true

  constructor(commands: readonly Command[]) {
    const size = 1 + Math.max(...withSubcommands(commands).map(({ index }) => index))
    this.calls = new Float64Array(size)
    this.micros = new Float64Array(size)
    this.rejected = new Float64Array(size)
    this.failed = new Float64Array(size)
    this.histograms = new Array(size).fill(undefined)
  }

  /** Notes how long a run took. */
  took(index: number, micros: number): void {
    this.micros[index]! += micros
    if (!this.tracksLatency) return
    const histogram = this.histograms[index]
    if (histogram === undefined) this.histograms[index] = LatencyHistogram.of(micros)
    else histogram.record(micros)
  }

  reset(): void {
    for (const column of [this.calls, this.micros, this.rejected, this.failed]) column.fill(0)
    this.histograms.fill(undefined)
  }
}

/** Every command that can run, subcommands in place of their containers. */
export function withSubcommands(commands: readonly Command[]): readonly Command[] {
  return commands.flatMap((command) => [command, ...command.subcommands.values()])
}
