/**
 * LatencyMonitor: the moments at which something took longer than `latency-monitor-threshold`, by kind of event.
 *
 * The one idea: a kind keeps the worst of a second, and the last 160 such seconds.
 */
import type { LatencyEvent, LatencySample } from '../../commands/context.ts'

/** What is watched: commands, those flagged `fast`, removing expired keys, and making room for others. */
export type EventName = 'command' | 'fast-command' | 'expire-cycle' | 'eviction-cycle'

const MOST_SAMPLES = 160

class History implements LatencyEvent {
  readonly samples: LatencySample[] = []
  worstMs = 0

  add(seconds: number, ms: number): void {
    this.worstMs = Math.max(this.worstMs, ms)
    const last = this.samples.at(-1)
    if (last?.seconds === seconds) last.ms = Math.max(last.ms, ms)
    else this.samples.push({ seconds, ms })
    if (this.samples.length > MOST_SAMPLES) this.samples.shift()
  }
}

export class LatencyMonitor {
  readonly #events = new Map<string, History>()
  /** latency-monitor-threshold, milliseconds; 0 watches nothing. */
  thresholdMs = 0

  get events(): ReadonlyMap<string, LatencyEvent> {
    return this.#events
  }

  /** Notes what took so long, if that is long. Milliseconds are whole ones. */
  note(event: EventName, nowMs: number, micros: number): void {
    const ms = Math.floor(micros / 1000)
    if (this.thresholdMs === 0 || ms < this.thresholdMs) return
    let history = this.#events.get(event)
    if (history === undefined) {
      history = new History()
      this.#events.set(event, history)
    }
    history.add(Math.floor(nowMs / 1000), ms)
  }

  /** Forgets these kinds, or all when none is named; how many there were. */
  reset(names: readonly string[]): number {
    const asked = names.length === 0 ? [...this.#events.keys()] : names
    return asked.filter((name) => this.#events.delete(name)).length
  }
}
