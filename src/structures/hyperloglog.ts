/**
 * HyperLogLog: how many distinct elements were added, in at most 12 kB, with an error of 0.81 %. Redis' format, byte for
 * byte: GET, DUMP and COPY see the string itself.
 *
 * The one idea: the string is the data structure. 16 bytes of header (`HYLL`, the form, three spare bytes, the last
 * estimate in 8 bytes whose top bit says that it is out of date), then 16384 registers, sparse at first and dense once
 * that is smaller or a value exceeds 32. Of each element's hash 14 bits choose a register, and the position of the first
 * one bit in the rest is its value, if that is more than it held.
 *
 * Whatever string has the header's look is taken for one; that its runs don't add up is found when they are read.
 */
import { type Bytes, fromBuffer } from '../base/bytes.ts'
import { Growable } from './growable.ts'
import { DENSE_BYTES, denseEach, denseRaise } from './hyperloglog-dense.ts'
import { estimate, newHistogram, REGISTERS } from './hyperloglog-estimate.ts'
import { eachRun, emptyRuns, sparseRaise } from './hyperloglog-sparse.ts'
import { limits } from './limits.ts'
import { hashHigh, hashLow, murmurHash64 } from './murmur-hash.ts'

const HEADER = 16
const FORM_AT = 4
const CARD_AT = 8
const CARD_LAST = 15
const OUT_OF_DATE = 0x80
const DENSE = 0
const SPARSE = 1
const DENSE_LENGTH = HEADER + DENSE_BYTES
const MAGIC = 'HYLL'
const SEED = 0xadc83b19
/** What x86-64 makes of an infinite estimate: the lowest int64, whose top bit also says "out of date". */
const NO_ESTIMATE = -(2n ** 63n)

/** Whether a string begins as a HyperLogLog does, and has the length of its form. */
export function isHyperLogLog(bytes: Uint8Array, length: number): boolean {
  if (length < HEADER || bytes[FORM_AT]! > SPARSE) return false
  for (let i = 0; i < MAGIC.length; i++) if (bytes[i] !== MAGIC.charCodeAt(i)) return false
  return bytes[FORM_AT] === SPARSE || length === DENSE_LENGTH
}

/** A HyperLogLog in which nothing was counted yet; as Redis makes it, with an estimate still to be made. */
export function newHyperLogLog(): Growable {
  return Growable.from(
    fromBuffer(Buffer.from([...Buffer.from(MAGIC), SPARSE, ...new Array(10).fill(0), OUT_OF_DATE, ...emptyRuns()])),
  )
}

/** The form of a HyperLogLog. */
export const formOf = (bytes: Uint8Array): 'dense' | 'sparse' => (bytes[FORM_AT] === DENSE ? 'dense' : 'sparse')

/** What became of an addition. */
export type Added = 'changed' | 'same' | 'corrupt'

/** Counts an element; the estimate in the header is out of date when that changed anything. */
export function addElement(string: Growable, element: Bytes): Added {
  murmurHash64(element, SEED)
  const index = hashLow & (REGISTERS - 1)
  // The 50 bits above the index, and a one bit above them that ends the search.
  const low = (hashLow >>> 14) | (hashHigh << 18)
  const high = (hashHigh >>> 14) | (1 << 18)
  const zeros = low !== 0 ? trailingZeros(low) : 32 + trailingZeros(high)
  const raised = raise(string, index, zeros + 1)
  if (raised === 'changed') forgetEstimate(string)
  return raised
}

const trailingZeros = (bits: number): number => 31 - Math.clz32(bits & -bits)

/** Raises a register, in whichever form; a sparse string turns dense when it must. */
function raise(string: Growable, index: number, value: number): Added {
  if (string.bytes[FORM_AT] === SPARSE) {
    const raised = sparseRaise(string, HEADER, index, value, limits.hllSparseMaxBytes)
    if (raised === 'raised') return 'changed'
    if (raised !== 'dense') return raised
    if (!toDense(string)) return 'corrupt'
  }
  if (!denseRaise(string.bytes, HEADER, index, value)) return 'same'
  string.changed()
  return 'changed'
}

/** Gives a HyperLogLog the dense form; false, and no change, when its runs don't add up. */
export function toDense(string: Growable): boolean {
  const { bytes, length } = string
  if (bytes[FORM_AT] === DENSE) return true
  const dense = new Uint8Array(DENSE_LENGTH)
  const whole = eachRegister(bytes, length, (index, value) => denseRaise(dense, HEADER, index, value))
  if (!whole) return false
  dense.set(bytes.subarray(0, HEADER))
  dense[FORM_AT] = DENSE
  string.truncate(Math.min(length, DENSE_LENGTH))
  string.extend(DENSE_LENGTH)
  string.bytes.set(dense)
  string.changed()
  return true
}

/** Visits the registers that are not zero; false when the runs don't add up, after those before the overrun. */
function eachRegister(bytes: Uint8Array, length: number, visit: (index: number, value: number) => void): boolean {
  if (bytes[FORM_AT] === DENSE) {
    denseEach(bytes, HEADER, (index, value) => {
      if (value > 0) visit(index, value)
    })
    return true
  }
  let next = 0
  eachRun(bytes, HEADER, length, (value, run) => {
    if (value > 0 && next + run <= REGISTERS) for (let i = 0; i < run; i++) visit(next + i, value)
    next += run
  })
  return next === REGISTERS
}

/** Raises `registers` to what a HyperLogLog holds; false when its runs don't add up. */
export function mergeInto(registers: Uint8Array, bytes: Uint8Array, length: number): boolean {
  return eachRegister(bytes, length, (index, value) => {
    if (value > registers[index]!) registers[index] = value
  })
}

/** Registers of their own, all zero: what several HyperLogLogs are merged into. */
export const newRegisters = (): Uint8Array => new Uint8Array(REGISTERS)

/** Raises a HyperLogLog to these registers. */
export function raiseAll(string: Growable, registers: Uint8Array): void {
  if (string.bytes[FORM_AT] === DENSE) {
    for (let index = 0; index < REGISTERS; index++) denseRaise(string.bytes, HEADER, index, registers[index]!)
    string.changed()
    return
  }
  for (let index = 0; index < REGISTERS; index++) {
    // A corrupt string takes what it can, as Redis' does.
    if (registers[index] !== 0) raise(string, index, registers[index]!)
  }
}

/** Says that the estimate kept in the header is out of date. */
export function forgetEstimate(string: Growable): void {
  string.bytes[CARD_LAST]! |= OUT_OF_DATE
  string.changed()
}

/** The estimate kept in the header, unless it is out of date. */
export function keptEstimate(string: Growable): number | bigint | undefined {
  if ((string.bytes[CARD_LAST]! & OUT_OF_DATE) !== 0) return undefined
  const kept = string.bytes.readBigUInt64LE(CARD_AT)
  return kept <= Number.MAX_SAFE_INTEGER ? Number(kept) : kept
}

/** Estimates anew and keeps the result in the header; undefined when the runs don't add up. */
export function refreshEstimate(string: Growable): number | bigint | undefined {
  const histogram = newHistogram()
  if (string.bytes[FORM_AT] === DENSE) denseEach(string.bytes, HEADER, (_, value) => histogram[value]!++)
  else {
    let covered = 0
    eachRun(string.bytes, HEADER, string.length, (value, run) => {
      histogram[value]! += run
      covered += run
    })
    if (covered !== REGISTERS) return undefined
  }
  const result = asInt64(estimate(histogram))
  string.bytes.writeBigInt64LE(BigInt(result), CARD_AT)
  string.changed()
  return result
}

/** The estimate for registers that stand alone. */
export function estimateOf(registers: Uint8Array): number | bigint {
  const histogram = newHistogram()
  for (const value of registers) histogram[value]!++
  return asInt64(estimate(histogram))
}

const asInt64 = (count: number): number | bigint =>
  count < 2 ** 63 ? (Number.isSafeInteger(count) ? count : BigInt(count)) : NO_ESTIMATE

/** The runs of a sparse HyperLogLog in words: `z:10 v:3,1 Z:500`; undefined when it is dense. */
export function runsInWords(bytes: Uint8Array, length: number): string | undefined {
  if (bytes[FORM_AT] === DENSE) return undefined
  const words: string[] = []
  eachRun(bytes, HEADER, length, (value, run, isLong) => {
    words.push(value > 0 ? `v:${value},${run}` : `${isLong ? 'Z' : 'z'}:${run}`)
  })
  return words.join(' ')
}

/** Every register of a dense HyperLogLog. */
export function registersOf(string: Growable): number[] {
  const values: number[] = []
  denseEach(string.bytes, HEADER, (_, value) => values.push(value))
  return values
}
