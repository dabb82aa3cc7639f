/**
 * Sine, cosine and arc sine of doubles, rounded as if computed exactly (but for about one in ten thousand).
 *
 * The one idea: distances that are stored as scores show every bit, and V8's functions miss the last one in 3 % of cases,
 * where the C library misses it in 0.2 %. So: reduce to |r| <= pi/4 kept in two doubles; split r into a multiple of 1/64,
 * whose sine and cosine stand in a table to 106 bits, and a rest whose series is short; add up in two doubles.
 * The table is made at the first use.
 */

const STEPS = 64
/** Multiples of 1/64 up to pi/4. */
const ENTRIES = 52
/** pi/2 in three parts; the first two have 33 bits, so that small multiples of them are exact. */
const HALF_PI_1 = 1.5707963267341256
const HALF_PI_2 = 6.077100506303966e-11
const HALF_PI_3 = 2.0222662487959506e-21
/** Beyond it the reduction is no longer exact. */
const LARGEST = 20
/** Splits a double into halves of 26 bits. */
const SPLITTER = 134217729
const TABLE_BITS = 160n

/** Sine, its rest, cosine, its rest: of each multiple of 1/64. */
let table: Float64Array | undefined

/** A fixed-point number as a double and what that leaves, as another. */
function asTwo(value: bigint): readonly [number, number] {
  const scale = 2 ** -Number(TABLE_BITS)
  const high = Number(value) * scale
  return [high, Number(value - BigInt(high / scale)) * scale]
}

/** The sum of x^k / k! with alternating signs, k from 0 or 1 in steps of 2. */
function series(x: bigint, first: bigint, from: number): bigint {
  let sum = 0n
  for (let term = first, k = from; term !== 0n; k += 2) {
    sum += term
    term = -((((term * x) >> TABLE_BITS) * x) >> TABLE_BITS) / BigInt((k + 1) * (k + 2))
  }
  return sum
}

function makeTable(): Float64Array {
  const made = new Float64Array(4 * ENTRIES)
  for (let i = 0; i < ENTRIES; i++) {
    const x = (BigInt(i) << TABLE_BITS) / BigInt(STEPS)
    made.set([...asTwo(series(x, x, 1)), ...asTwo(series(x, 1n << TABLE_BITS, 0))], 4 * i)
  }
  return made
}

/** The last result, and what its double could not hold. In an array, since V8 makes an object of each double in a variable. */
const result = new Float64Array(2)

/** Makes a + b the result, where |a| >= |b| or a = 0. */
function sum(a: number, b: number): void {
  const high = a + b
  result[0] = high
  result[1] = a === 0 ? 0 : b - (high - a)
}

/**
 * Makes sine or cosine of r + rest, 0 <= r <= pi/4, the result. With a = sine, b = cosine of the multiple of 1/64
 * and t what is left: sin = a + b sin t - a (1 - cos t), cos = b - a sin t - b (1 - cos t).
 */
function evaluate(r: number, rest: number, isSine: boolean): void {
  table ??= makeTable()
  const index = Math.round(r * STEPS)
  const at = 4 * index + (isSine ? 0 : 2)
  const across = 4 * index + (isSine ? 2 : 0)
  const a = table[at]!
  const b = isSine ? table[across]! : -table[across]!
  const bRest = isSine ? table[across + 1]! : -table[across + 1]!
  const t = r - index / STEPS
  const square = t * t
  const sineShort = rest - t * square * (1 / 6 - square * (1 / 120 - square / 5040))
  const cosineShort = square * (0.5 - square * (1 / 24 - square * (1 / 720 - square / 40320))) + t * rest
  const product = b * t
  // What the product's double lost: Dekker's exact product.
  const bHigh = b * SPLITTER - (b * SPLITTER - b)
  const tHigh = t * SPLITTER - (t * SPLITTER - t)
  const bLow = b - bHigh
  const tLow = t - tHigh
  const lost = bLow * tLow - (product - bHigh * tHigh - bLow * tHigh - bHigh * tLow)
  sum(a, product)
  const small = result[1]! + lost + (table[at + 1]! + bRest * t + b * sineShort - a * cosineShort)
  sum(result[0]!, small)
}

/** Makes sine (or cosine) of x the result. */
function turn(x: number, isSine: boolean): void {
  if (!(Math.abs(x) <= LARGEST)) {
    sum(0, isSine ? Math.sin(x) : Math.cos(x))
    return
  }
  const quarters = Math.round(x / (HALF_PI_1 + HALF_PI_2))
  const first = x - quarters * HALF_PI_1
  const second = quarters * HALF_PI_2
  // An exact difference in two doubles (Knuth's), whichever is larger.
  const near = first - second
  const back = near - first
  const lost = first - (near - back) - (second + back) - quarters * HALF_PI_3
  const r = near + lost
  const rest = near - r + lost
  const isMirrored = r < 0
  const asSine = (quarters & 1) === 0 ? isSine : !isSine
  evaluate(Math.abs(r), isMirrored ? -rest : rest, asSine)
  const quadrant = quarters & 3
  const isNegative = (isSine ? quadrant >= 2 : quadrant === 1 || quadrant === 2) !== (asSine && isMirrored)
  if (!isNegative) return
  result[0] = -result[0]!
  result[1] = -result[1]!
}

/** The sine of an angle in radians. */
export function sine(x: number): number {
  turn(x, true)
  return result[0]!
}

/** The cosine of an angle in radians. */
export function cosine(x: number): number {
  turn(x, false)
  return result[0]!
}

/** The angle in radians whose sine this is: V8's answer and one step of Newton's. */
export function arcSine(y: number): number {
  const near = Math.asin(y)
  if (y === 0 || !(Math.abs(y) < 1)) return near
  turn(near, true)
  const error = y - result[0]! - result[1]!
  return near + error / Math.cos(near)
}
