/**
 * IntSet: a set of 64-bit integers, the small form of a set whose members are all integers.
 *
 * The one idea: one sorted array of what base/integers.ts reads, numbers up to 2^53-1 and bigints beyond; `<` compares
 * the two exactly and `===` is equality, so both live in the array side by side.
 * Invariant: members ascend strictly.
 */
import { type Bytes, EMPTY } from '../base/bytes.ts'
import { formatInteger } from '../base/integers.ts'

/** An exact 64-bit integer as base/integers.ts normalises it. */
export type Integer = number | bigint

/** A sorted set of exact 64-bit integers. */
export class IntSet {
  private integers: Integer[] = []

  /** Members held. */
  get size(): number {
    return this.integers.length
  }

  /** An estimate of the memory held, in bytes. */
  get byteSize(): number {
    // The object and an array that V8 gives 17 slots at the first push.
    return 190 + this.integers.length * 8
  }

  /** Whether an integer is a member. */
  has(value: Integer): boolean {
    return this.integers[this.slotOf(value)] === value
  }

  /** Adds an integer; answers whether it is new. */
  add(value: Integer): boolean {
    const { integers } = this
    const slot = this.slotOf(value)
    if (integers[slot] === value) return false
    let i = integers.length
    integers.push(value)
    for (; i > slot; i--) integers[i] = integers[i - 1]!
    integers[slot] = value
    return true
  }

  /** Removes an integer; answers whether it was a member. */
  delete(value: Integer): boolean {
    const slot = this.slotOf(value)
    if (this.integers[slot] !== value) return false
    this.integers.splice(slot, 1)
    return true
  }

  /** The member at an index, in ascending order, as bytes; '' outside 0..size-1. */
  at(index: number): Bytes {
    const value = this.integers[index]
    return value === undefined ? EMPTY : formatInteger(value)
  }

  /** A set of its own with the same members. */
  copy(): IntSet {
    const copy = new IntSet()
    copy.integers = this.integers.slice()
    return copy
  }

  /** The first slot whose member is not below a value. */
  private slotOf(value: Integer): number {
    const { integers } = this
    let low = 0
    let high = integers.length
    // Ascending insertion is common (ids): look at the end first.
    if (high > 0 && integers[high - 1]! < value) return high
    while (low < high) {
      const middle = (low + high) >> 1
      if (integers[middle]! < value) low = middle + 1
      else high = middle
    }
    return low
  }
}
