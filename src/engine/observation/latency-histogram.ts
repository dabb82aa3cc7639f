/**
 * LatencyHistogram: how long one command's runs took, in counts of ranges.
 *
 * The one idea: ranges that grow with the value. Up to 256 ns every nanosecond has its count; from there each doubling is
 * cut into 128, so that a value is known to better than a hundredth at any size. A doubling gets its counts when a value
 * falls into it: a command that takes 1 to 8 microseconds holds 3 kB.
 */

/** What falls below counts as 1 ns, what lies above as this. */
const LONGEST_NANOS = 1_000_000_000
/** Ranges of the first 256 ns, and twice those of each doubling after. */
const FINE = 256
const HALF = FINE / 2
/** LATENCY HISTOGRAM begins at this power of two, in nanoseconds. */
const FIRST_LEVEL = 10

export class LatencyHistogram {
  /** Counts of values below 256 ns, then of each doubling; doubles, since 32 bits would be full within a day. */
  readonly #octaves: (Float64Array | undefined)[] = []
  /** Values counted. */
  total = 0

  /** One that holds a first value. */
  static of(micros: number): LatencyHistogram {
    const histogram = new LatencyHistogram()
    histogram.record(micros)
    return histogram
  }

  /** Counts a duration in microseconds. */
  record(micros: number): void {
    const nanos = micros <= 0.001 ? 1 : micros * 1000 >= LONGEST_NANOS ? LONGEST_NANOS : (micros * 1000) | 0
    const octave = nanos < FINE ? 0 : 24 - Math.clz32(nanos)
    const counts = this.#octaves[octave]
    if (counts === undefined) this.#octaves[octave] = this.#opened(octave, nanos)
    else counts[octave === 0 ? nanos : (nanos >>> octave) - HALF]!++
    this.total++
  }

  /** The microseconds that so many per cent of the values do not exceed; for 0 per cent, what none is below. */
  percentile(percent: number): number {
    let left = Math.max(1, Math.floor((percent / 100) * this.total + 0.5))
    let found = 0
    this.#visit((lowest, highest, count) => {
      left -= count
      found = percent === 0 ? lowest : highest
      return left > 0
    })
    return found / 1000
  }

  /** `[micros, values up to that]` at each doubling, from 1024 ns on, where the sum grows. */
  cumulative(): (readonly [micros: number, count: number])[] {
    const levels: (readonly [number, number])[] = []
    let before = 0
    for (let level = FIRST_LEVEL; before < this.total; level++) {
      // The range in which the power of two itself lies still belongs to it.
      const highest = 2 ** level + 2 ** (level - 7) - 1
      const sum = this.#upTo(highest)
      if (sum > before) levels.push([Math.floor(highest / 1000), sum])
      before = sum
    }
    return levels
  }

  #opened(octave: number, nanos: number): Float64Array {
    const counts = new Float64Array(octave === 0 ? FINE : HALF)
    counts[octave === 0 ? nanos : (nanos >>> octave) - HALF] = 1
    return counts
  }

  #upTo(highest: number): number {
    let sum = 0
    this.#visit((_, last, count) => {
      if (last <= highest) sum += count
      return last < highest
    })
    return sum
  }

  /** Walks the ranges that hold something, lowest first; the visitor says whether to go on. */
  #visit(each: (lowest: number, highest: number, count: number) => boolean): void {
    for (let octave = 0; octave < this.#octaves.length; octave++) {
      const counts = this.#octaves[octave]
      if (counts === undefined) continue
      const step = 2 ** octave
      for (let i = 0; i < counts.length; i++) {
        if (counts[i] === 0) continue
        const lowest = octave === 0 ? i : (i + HALF) * step
        if (!each(lowest, lowest + step - 1, counts[i]!)) return
      }
    }
  }
}
