/**
 * How many distinct elements a HyperLogLog has seen, from how often each register value occurs.
 *
 * The one idea: Otmar Ertl's improved raw estimator ("New cardinality estimation algorithms for HyperLogLog sketches",
 * arXiv:1702.01284, algorithm 6): two series, sigma for empty registers and tau for saturated ones, need no corrections
 * found by experiment. Sums are taken in the paper's order, so that the doubles come out as Redis' do.
 */

/** Registers of a HyperLogLog: 14 bits of the hash choose one. */
export const REGISTERS = 16384
/** Bits of the hash that are left to count zeros in. */
const Q = 50
/** Values of a histogram; registers of a corrupt string can hold more than Q + 1. */
const HISTOGRAM = 64
/** 1 / (2 ln 2), the paper's alpha for infinitely many registers. */
const ALPHA_INFINITE = 0.7213475204444817

/** An empty histogram: how many registers hold each value. */
export const newHistogram = (): Int32Array => new Int32Array(HISTOGRAM)

/** x + sum of x^(2^k) * 2^(k-1), k from 1. */
function sigma(x: number): number {
  if (x === 1) return Number.POSITIVE_INFINITY
  let sum = x
  let before: number
  let power = x
  let factor = 1
  do {
    power *= power
    before = sum
    sum += power * factor
    factor += factor
  } while (before !== sum)
  return sum
}

/** (1 - x - sum of (1 - x^(2^-k))^2 * 2^-k) / 3, k from 1. */
function tau(x: number): number {
  if (x === 0 || x === 1) return 0
  let sum = 1 - x
  let before: number
  let root = x
  let factor = 1
  do {
    root = Math.sqrt(root)
    before = sum
    factor *= 0.5
    sum -= (1 - root) * (1 - root) * factor
  } while (before !== sum)
  return sum / 3
}

/** The estimated number of distinct elements, rounded; Infinity where a corrupt string's registers are all too large. */
export function estimate(histogram: Int32Array): number {
  let z = REGISTERS * tau((REGISTERS - histogram[Q + 1]!) / REGISTERS)
  for (let value = Q; value >= 1; value--) z = (z + histogram[value]!) * 0.5
  z += REGISTERS * sigma(histogram[0]! / REGISTERS)
  return Math.round((ALPHA_INFINITE * REGISTERS * REGISTERS) / z)
}
