/**
 * Observation: what is kept of commands that took long.
 *
 * The one idea: the engine compares each command's time with one number, the smallest threshold in force, and comes here
 * only when it is reached. With nothing watched that number is infinite.
 */
import type { Argv } from '../../base/bytes.ts'
import type { Client } from '../../commands/client.ts'
import type { Command } from '../../commands/command.ts'
import { LatencyMonitor } from './latency-monitor.ts'
import { withoutSecrets } from './redaction.ts'
import { SlowLog } from './slow-log.ts'

export class Observation {
  readonly slowLog = new SlowLog()
  readonly latency = new LatencyMonitor()
  /** Microseconds from which `slow` wants to hear of a command. */
  threshold = Number.POSITIVE_INFINITY
  /** slowlog-log-slower-than, microseconds; -1 logs nothing. */
  #slowerThan = 10_000

  constructor() {
    this.#follow()
  }

  set slowerThan(micros: number) {
    this.#slowerThan = micros
    this.#follow()
  }

  get slowerThan(): number {
    return this.#slowerThan
  }

  set latencyThresholdMs(ms: number) {
    this.latency.thresholdMs = ms
    this.#follow()
  }

  /** A command took `micros`, at least `threshold`. */
  slow(client: Client, command: Command, argv: Argv, nowMs: number, micros: number): void {
    this.latency.note(command.flags.has('fast') ? 'fast-command' : 'command', nowMs, micros)
    if (this.#slowerThan < 0 || micros < this.#slowerThan || command.flags.has('skip_slowlog')) return
    const { address } = client.outlet.describe()
    this.slowLog.add(withoutSecrets(command, argv), nowMs, micros, address, client.name)
  }

  #follow(): void {
    const slow = this.#slowerThan < 0 ? Number.POSITIVE_INFINITY : this.#slowerThan
    const { thresholdMs } = this.latency
    this.threshold = Math.min(slow, thresholdMs === 0 ? Number.POSITIVE_INFINITY : thresholdMs * 1000)
  }
}
