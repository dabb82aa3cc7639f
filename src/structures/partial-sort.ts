/**
 * Sorting only as much as is wanted: the first items of an array get into order, the rest stay in some order.
 *
 * The one idea: quicksort that leaves alone every part beyond the wanted ones. It is Bentley and McIlroy's ("Engineering a
 * Sort Function", 1993), step by step, because it is not stable and Redis' GEOSEARCH COUNT shows in which order it leaves
 * equal items: insertion below 7, the median of three, or of three medians above 40, and equal items gathered at the
 * ends, then swapped into the middle.
 */

/** Below 0, 0 or above 0, as the first argument belongs before, with or after the second. */
export type Compare<T> = (a: T, b: T) => number

const INSERTED_BELOW = 7
const NINE_FROM = 41

function swap<T>(items: T[], i: number, j: number): void {
  const kept = items[i]!
  items[i] = items[j]!
  items[j] = kept
}

/** Exchanges `count` items from `i` on with those from `j` on. */
function swapRuns<T>(items: T[], i: number, j: number, count: number): void {
  for (let n = 0; n < count; n++) swap(items, i + n, j + n)
}

/** The index of the middle one of three items. */
function median<T>(items: readonly T[], a: number, b: number, c: number, compare: Compare<T>): number {
  const of = (i: number, j: number): number => compare(items[i]!, items[j]!)
  if (of(a, b) < 0) {
    if (of(b, c) < 0) return b
    return of(a, c) < 0 ? c : a
  }
  if (of(b, c) > 0) return b
  return of(a, c) < 0 ? a : c
}

function insertionSort<T>(items: T[], from: number, to: number, compare: Compare<T>): void {
  for (let i = from + 1; i < to; i++) {
    for (let j = i; j > from && compare(items[j - 1]!, items[j]!) > 0; j--) swap(items, j, j - 1)
  }
}

/** The index of the item to divide by, in from <= i < to. */
function pivotOf<T>(items: readonly T[], from: number, to: number, compare: Compare<T>): number {
  const count = to - from
  let middle = from + Math.floor(count / 2)
  if (count <= INSERTED_BELOW) return middle
  let first = from
  let last = to - 1
  if (count >= NINE_FROM) {
    const eighth = Math.floor(count / 8)
    first = median(items, first, first + eighth, first + 2 * eighth, compare)
    middle = median(items, middle - eighth, middle, middle + eighth, compare)
    last = median(items, last - 2 * eighth, last - eighth, last, compare)
  }
  return median(items, first, middle, last, compare)
}

/** Divides from <= i < to around an item: how many are smaller, which come first, and how many larger, which come last. */
function divide<T>(items: T[], from: number, to: number, compare: Compare<T>): { smaller: number; larger: number } {
  swap(items, from, pivotOf(items, from, to, compare))
  // Equal items wait before `left` and behind `right`, what is not yet compared lies between `low` and `high`.
  let left = from + 1
  let low = left
  let right = to - 1
  let high = right
  for (;;) {
    for (let order = 0; low <= high && (order = compare(items[low]!, items[from]!)) <= 0; low++) {
      if (order === 0) swap(items, left++, low)
    }
    for (let order = 0; low <= high && (order = compare(items[high]!, items[from]!)) >= 0; high--) {
      if (order === 0) swap(items, high, right--)
    }
    if (low > high) break
    swap(items, low++, high--)
  }
  const smaller = low - left
  const larger = right - high
  const leftRun = Math.min(left - from, smaller)
  swapRuns(items, from, low - leftRun, leftRun)
  const rightRun = Math.min(larger, to - right - 1)
  swapRuns(items, low, to - rightRun, rightRun)
  return { smaller, larger }
}

/** Brings the first `wanted` items into order; the others are not smaller than those. */
export function partialSort<T>(items: T[], wanted: number, compare: Compare<T>): void {
  const parts: [from: number, to: number][] = [[0, items.length]]
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const [from, to] = part
    if (to - from < INSERTED_BELOW) {
      insertionSort(items, from, to, compare)
      continue
    }
    const { smaller, larger } = divide(items, from, to, compare)
    if (larger > 1 && to - larger < wanted) parts.push([to - larger, to])
    if (smaller > 1) parts.push([from, from + smaller])
  }
}
