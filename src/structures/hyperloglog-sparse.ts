/**
 * The sparse form of HyperLogLog registers: a list of runs, as Redis writes them.
 *
 * The one idea: three kinds of runs cover the registers from the first to the last. `00rrrrrr` is 1..64 zeros,
 * `01rrrrrr rrrrrrrr` 1..16384 zeros, `1vvvvvrr` 1..4 registers of value 1..32. Raising a register splits its run in up
 * to three; afterwards equal neighbours nearby are joined. Strings come from anyone (SETRANGE, RESTORE), so nothing here
 * trusts that the runs add up: whoever must know asks `eachRun`.
 */
import type { Growable } from './growable.ts'
import { REGISTERS } from './hyperloglog-estimate.ts'

/** The largest value that a run can say. */
const LARGEST_VALUE = 32
const LONGEST_ZERO = 64
const LONGEST_VALUE_RUN = 4
/** Runs that are looked at for joining, from the one before the change on. */
const JOINED_WITHIN = 5

const isLong = (first: number): boolean => (first & 0xc0) === 0x40
const isValue = (first: number): boolean => first >= 0x80
const widthOf = (first: number): number => (isLong(first) ? 2 : 1)
const valueSaid = (first: number): number => (isValue(first) ? ((first >>> 2) & 31) + 1 : 0)

/** The length of the run at a place; the missing half of a run that is cut off counts as zero. */
function lengthAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!
  if (isValue(first)) return (first & 3) + 1
  return isLong(first) ? (((first & 63) << 8) | (bytes[at + 1] ?? 0)) + 1 : (first & 63) + 1
}

const valueRun = (value: number, length: number): number => 0x80 | ((value - 1) << 2) | (length - 1)

function pushZeros(out: number[], length: number): void {
  if (length > LONGEST_ZERO) out.push(0x40 | ((length - 1) >>> 8), (length - 1) & 0xff)
  else if (length > 0) out.push(length - 1)
}

/** Visits the runs up to `end`: value, length, and whether it is of the two-byte kind. */
export function eachRun(
  bytes: Uint8Array,
  from: number,
  end: number,
  visit: (value: number, length: number, isLong: boolean) => void,
): void {
  for (let at = from; at < end; ) {
    const first = bytes[at]!
    visit(valueSaid(first), lengthAt(bytes, at), isLong(first))
    at += widthOf(first)
  }
}

/** The runs of no element at all. */
export function emptyRuns(): readonly number[] {
  const out: number[] = []
  pushZeros(out, REGISTERS)
  return out
}

/** What became of raising a register; `dense` says that only the dense form can hold it, and nothing was changed. */
export type Raised = 'raised' | 'same' | 'dense' | 'corrupt'

/** A run and where it stands. */
interface Run {
  readonly at: number
  /** Where the run before it stands, `at` itself for the first. */
  readonly before: number
  /** The first register it covers. */
  readonly first: number
  readonly length: number
}

/** The run that covers a register; undefined when the runs end before it. */
function runOf(bytes: Uint8Array, from: number, end: number, index: number): Run | undefined {
  let before = from
  let first = 0
  for (let at = from; at < end; at += widthOf(bytes[at]!)) {
    const length = lengthAt(bytes, at)
    if (index < first + length) return { at, before, first, length }
    before = at
    first += length
  }
  return undefined
}

/** The runs that say what one run said, but for one register in it. */
function split(held: number, { first, length }: Run, index: number, value: number): number[] {
  const left = index - first
  const right = first + length - 1 - index
  const out: number[] = []
  if (held === 0) pushZeros(out, left)
  else if (left > 0) out.push(valueRun(held, left))
  out.push(valueRun(value, 1))
  if (held === 0) pushZeros(out, right)
  else if (right > 0) out.push(valueRun(held, right))
  return out
}

/** Raises a register where the runs begin at `from`; the string may grow up to `mostBytes` for it. */
export function sparseRaise(string: Growable, from: number, index: number, value: number, mostBytes: number): Raised {
  if (value > LARGEST_VALUE) return 'dense'
  const run = runOf(string.bytes, from, string.length, index)
  if (run === undefined) return 'corrupt'
  const first = string.bytes[run.at]!
  const held = valueSaid(first)
  if (held >= value) return 'same'
  const runs = split(held, run, index, value)
  const width = widthOf(first)
  const length = string.length + runs.length - width
  if (runs.length > width && length > mostBytes) return 'dense'
  replace(string, run.at, width, runs)
  join(string, run.before)
  return 'raised'
}

/** Puts other runs in the place of one that is `width` bytes wide. */
function replace(string: Growable, at: number, width: number, runs: readonly number[]): void {
  const end = string.length
  const length = end + runs.length - width
  if (length > end) string.extend(length)
  const { bytes } = string
  bytes.copyWithin(at + runs.length, at + width, end)
  // A run cut off at the end of a corrupt string gives way to runs that are cut off as well.
  for (let i = 0; i < runs.length && at + i < length; i++) bytes[at + i] = runs[i]!
  if (length < end) string.truncate(length)
  string.changed()
}

/** Joins neighbours of the same value, as far as one run can hold them. */
function join(string: Growable, from: number): void {
  const { bytes } = string
  for (let at = from, looked = 0; at < string.length && looked < JOINED_WITHIN; looked++) {
    const first = bytes[at]!
    const next = at + 1 < string.length ? bytes[at + 1]! : 0
    const length = (first & 3) + (next & 3) + 2
    // The same value in all but the two bits of the length; nothing that is no value run passes.
    if (isValue(first) && isValue(next) && first >>> 2 === next >>> 2 && length <= LONGEST_VALUE_RUN) {
      bytes[at] = valueRun(valueSaid(first), length)
      bytes.copyWithin(at + 1, at + 2, string.length)
      string.truncate(string.length - 1)
    } else at += widthOf(first)
  }
}
