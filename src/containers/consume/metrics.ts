/**
 * Metrics of a consumer: counters, gauges and two latencies, as plain numbers.
 */

/** What a consumer has done so far. */
export interface Counters {
  /** Messages that came, new or claimed. */
  delivered: number
  /** Messages that were handled and acknowledged. */
  processed: number
  /** Attempts that failed, timeouts included. */
  failed: number
  /** Attempts that took longer than they may. */
  timedOut: number
  /** Further attempts that were begun. */
  retried: number
  /** Messages taken over from consumers that were dead. */
  claimed: number
  deadLettered: number
  /** Messages that did not fit their schema. */
  invalid: number
  /** Of these, those that were passed over. */
  skipped: number
  /** Entries that were deleted or trimmed while they were pending. */
  lost: number
  /** Messages that somebody else took over. */
  overtaken: number
  /** Messages that somebody else had acknowledged meanwhile: they were handled twice. */
  duplicates: number
  /** Messages given back unhandled. */
  handedBack: number
  /** How often the group had to be made again. */
  recreated: number
  /** Delayed messages put into their streams. */
  released: number
  /** Failures of the store that were tried again. */
  troubles: number
}

/** How long something took. Percentiles are exact to a factor of the fourth root of two. */
export interface LatencySummary {
  readonly count: number
  readonly meanMs: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/** What a consumer is doing, and has done. */
export interface ConsumerStats extends Readonly<Counters> {
  /** Messages whose handler runs. */
  readonly running: number
  /** Messages that wait for a handler. */
  readonly queued: number
  /** Messages that wait for their next attempt. */
  readonly waiting: number
  /** How long handlers take. */
  readonly handling: LatencySummary
  /** How old messages are when they come. */
  readonly age: LatencySummary
}

export const noCounters = (): Counters => ({
  delivered: 0,
  processed: 0,
  failed: 0,
  timedOut: 0,
  retried: 0,
  claimed: 0,
  deadLettered: 0,
  invalid: 0,
  skipped: 0,
  lost: 0,
  overtaken: 0,
  duplicates: 0,
  handedBack: 0,
  recreated: 0,
  released: 0,
  troubles: 0,
})

/** Four buckets for each doubling, from a microsecond on. */
const PER_DOUBLING = 4
const BUCKETS = 48 * PER_DOUBLING

/** A histogram of durations. */
export class Latency {
  readonly #buckets = new Uint32Array(BUCKETS)
  #count = 0
  #sum = 0
  #max = 0

  /** Takes one in; what is negative (a clock went back) counts as 0. */
  add(ms: number): void {
    const safe = Math.max(ms, 0)
    const bucket = safe < 0.001 ? 0 : Math.floor(Math.log2(safe * 1000) * PER_DOUBLING)
    this.#buckets[Math.min(bucket, BUCKETS - 1)]!++
    this.#count++
    this.#sum += safe
    if (safe > this.#max) this.#max = safe
  }

  summary(): LatencySummary {
    return {
      count: this.#count,
      meanMs: this.#count === 0 ? 0 : this.#sum / this.#count,
      p50Ms: this.#percentile(0.5),
      p99Ms: this.#percentile(0.99),
      maxMs: this.#max,
    }
  }

  #percentile(part: number): number {
    let left = this.#count * part
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      left -= this.#buckets[bucket]!
      if (left <= 0 && this.#count > 0) return Math.min(this.#max, 2 ** ((bucket + 1) / PER_DOUBLING) / 1000)
    }
    return this.#max
  }
}
