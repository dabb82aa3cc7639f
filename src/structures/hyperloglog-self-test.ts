/**
 * What PFSELFTEST does: HyperLogLogs checked against what was put into them.
 *
 * The one idea: two checks need no other implementation. Registers must read back as they were raised, in both forms
 * alike; and the estimate of n distinct elements must lie within the error that the number of registers promises.
 */
import { raw } from '../base/bytes.ts'
import { addElement, estimateOf, formOf, mergeInto, newHyperLogLog, newRegisters, toDense } from './hyperloglog.ts'
import { DENSE_BYTES, denseEach, denseRaise } from './hyperloglog-dense.ts'
import { REGISTERS } from './hyperloglog-estimate.ts'

const ROUNDS = 8
const ELEMENTS = 100_000
/** 1.04 / sqrt(REGISTERS). */
const STANDARD_ERROR = 1.04 / Math.sqrt(REGISTERS)
/** No honest estimator is that far off. */
const MOST_ERRORS = 5

/** Dense registers raised in a scattered order to scattered values. */
function registersFail(): string | undefined {
  const packed = new Uint8Array(DENSE_BYTES)
  const plain = new Uint8Array(REGISTERS)
  for (let step = 0; step < ROUNDS * REGISTERS; step++) {
    const index = (step * 7919) % REGISTERS
    const value = (step * 31) % 64
    denseRaise(packed, 0, index, value)
    plain[index] = Math.max(plain[index]!, value)
  }
  let wrong: number | undefined
  denseEach(packed, 0, (index, value) => {
    if (value !== plain[index]) wrong ??= index
  })
  return wrong === undefined ? undefined : `Register ${wrong} does not hold what it was raised to`
}

/** Distinct elements counted in a string that starts sparse and in one that is dense from the start. */
function estimatesFail(): string | undefined {
  const sparse = newHyperLogLog()
  const dense = newHyperLogLog()
  toDense(dense)
  let checkpoint = 1
  for (let count = 1; count <= ELEMENTS; count++) {
    const element = raw(`element ${count}`)
    const [first, second] = [addElement(sparse, element), addElement(dense, element)]
    if (first !== second) return `The forms disagree on element ${count}`
    if (count !== checkpoint) continue
    checkpoint *= 10
    const registers = newRegisters()
    mergeInto(registers, sparse.bytes, sparse.length)
    const both = estimateOf(registers)
    const alone = newRegisters()
    mergeInto(alone, dense.bytes, dense.length)
    if (both !== estimateOf(alone)) return `The forms disagree after ${count} elements`
    const error = Math.abs(Number(both) - count)
    // Few elements meet in no register but by chance: one such pair is always allowed.
    if (error > Math.max(1, MOST_ERRORS * STANDARD_ERROR * count)) return `${both} for ${count} elements`
  }
  return formOf(sparse.bytes) === 'dense' ? undefined : 'Many elements left the sparse form'
}

/** Runs the checks; what failed, or undefined. */
export function selfTest(): string | undefined {
  return registersFail() ?? estimatesFail()
}
