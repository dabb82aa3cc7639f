/**
 * Latency: what LATENCY answers from: the monitor's events and the commands' histograms.
 */
import type { Command } from '../../commands/command.ts'
import type { Histogram, LatencyEvent, LatencyPort } from '../../commands/context.ts'
import type { CommandStatistics } from '../command-statistics.ts'
import { analysis } from './latency-analysis.ts'
import { graph } from './latency-graph.ts'
import type { Observation } from './observation.ts'

export class Latency implements LatencyPort {
  readonly #observation: Observation
  readonly #statistics: CommandStatistics

  constructor(observation: Observation, statistics: CommandStatistics) {
    this.#observation = observation
    this.#statistics = statistics
  }

  get events(): ReadonlyMap<string, LatencyEvent> {
    return this.#observation.latency.events
  }

  reset(names: readonly string[]): number {
    return this.#observation.latency.reset(names)
  }

  graph(name: string, nowMs: number): string | undefined {
    const event = this.events.get(name)
    return event === undefined ? undefined : graph(name, event, nowMs)
  }

  report(nowMs: number): string {
    const { slowerThan, latency } = this.#observation
    return analysis(this.events, { nowMs, thresholdMs: latency.thresholdMs, slowerThanMicros: slowerThan })
  }

  histogram(command: Command): Histogram | undefined {
    return this.#statistics.histograms[command.index]
  }
}
