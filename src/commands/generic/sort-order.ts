/**
 * SORT's order.
 *
 * The one idea: numbers first, then bytes: elements of equal weight stand in the order of their bytes, all of it
 * turned round by DESC. By ALPHA and a pattern equal weights keep the order they came in, but a set's members, which
 * came in no order at all, go by their bytes, so that the same command stores the same list again.
 */
import { type Bytes, raw } from '../../base/bytes.ts'
import { parseDouble } from '../../base/doubles.ts'

interface Row {
  readonly element: Bytes
  readonly score: number
  /** The weight as text; undefined stands before all others. */
  readonly weight: Bytes | undefined
}

type Order = (a: Row, b: Row) => number

const byBytes = (a: Bytes, b: Bytes): number => (a < b ? -1 : a > b ? 1 : 0)
const byElement: Order = (a, b) => byBytes(a.element, b.element)
const byScore: Order = (a, b) => (a.score < b.score ? -1 : a.score > b.score ? 1 : byElement(a, b))

const byWeight: Order = (a, b) => {
  if (a.weight === b.weight) return 0
  if (a.weight === undefined) return -1
  return b.weight === undefined ? 1 : byBytes(a.weight, b.weight)
}

const byWeightThenElement: Order = (a, b) => byWeight(a, b) || byElement(a, b)

/** Sorts elements by themselves; undefined when a number was wanted and one is none. */
export function sortedPlain(elements: readonly Bytes[], alpha: boolean, descending: boolean): Bytes[] | undefined {
  return sorted(elements, (element) => element, alpha, descending, byElement)
}

/** Sorts elements by their weights; one without a weight counts as 0, or as less than any text. */
export function sortedBy(
  elements: readonly Bytes[],
  weightOf: (element: Bytes) => Bytes | undefined,
  alpha: boolean,
  descending: boolean,
  unordered: boolean,
): Bytes[] | undefined {
  return sorted(elements, weightOf, alpha, descending, unordered ? byWeightThenElement : byWeight)
}

function sorted(
  elements: readonly Bytes[],
  weightOf: (element: Bytes) => Bytes | undefined,
  alpha: boolean,
  descending: boolean,
  alphaOrder: Order,
): Bytes[] | undefined {
  const rows: Row[] = []
  let numbers = true
  for (const element of elements) {
    const weight = weightOf(element)
    const score = alpha || weight === undefined ? 0 : scoreOf(weight)
    if (score === undefined) numbers = false
    rows.push({ element, weight, score: score ?? 0 })
  }
  // Only now: every weight is looked up, whatever the first ones are.
  if (!numbers) return undefined
  const order = alpha ? alphaOrder : byScore
  rows.sort(descending ? (a, b) => order(b, a) : order)
  return rows.map((row) => row.element)
}

const BLANKS = /^[ \t\n\v\f\r]+/

/** Reads a number as SORT does: strtod up to a NUL, blanks before it allowed, nothing counting as 0. */
function scoreOf(word: Bytes): number | undefined {
  const nul = word.indexOf('\0')
  const head = nul < 0 ? word : word.slice(0, nul)
  return head === '' ? 0 : parseDouble(raw(head.replace(BLANKS, '')))
}
