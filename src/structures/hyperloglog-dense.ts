/**
 * The dense form of HyperLogLog registers: 6 bits each, packed from the lowest bit of the first byte on.
 *
 * The one idea: a register lies in at most two neighbouring bytes; these few functions are all that knows it.
 */
import { REGISTERS } from './hyperloglog-estimate.ts'

/** Bytes that the registers take. */
export const DENSE_BYTES = (REGISTERS * 6) / 8

/** The value of a register, 0..63, where the registers begin at `from`. */
export function denseGet(bytes: Uint8Array, from: number, index: number): number {
  const bit = index * 6
  const at = from + (bit >>> 3)
  const shift = bit & 7
  const value = bytes[at]! >>> shift
  return (shift > 2 ? value | (bytes[at + 1]! << (8 - shift)) : value) & 63
}

/** Raises a register to a value; false when it holds at least that. */
export function denseRaise(bytes: Uint8Array, from: number, index: number, value: number): boolean {
  if (denseGet(bytes, from, index) >= value) return false
  const bit = index * 6
  const at = from + (bit >>> 3)
  const shift = bit & 7
  bytes[at] = (bytes[at]! & ~(63 << shift)) | (value << shift)
  if (shift > 2) bytes[at + 1] = (bytes[at + 1]! & ~(63 >>> (8 - shift))) | (value >>> (8 - shift))
  return true
}

/** Visits every register in order. */
export function denseEach(bytes: Uint8Array, from: number, visit: (index: number, value: number) => void): void {
  // Four registers lie in three bytes.
  for (let index = 0, at = from; index < REGISTERS; index += 4, at += 3) {
    const three = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)
    visit(index, three & 63)
    visit(index + 1, (three >>> 6) & 63)
    visit(index + 2, (three >>> 12) & 63)
    visit(index + 3, three >>> 18)
  }
}
