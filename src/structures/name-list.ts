/**
 * A few named things, found by name and listed in the order of their bytes, as Redis lists groups and consumers.
 *
 * The one idea: a sorted array. There are few (groups of a stream, consumers of a group), the order is wanted for free,
 * and names come from clients: a binary search can't be flooded with colliding names as a hash can.
 *
 * Invariant: names ascend strictly.
 */
import type { Bytes } from '../base/bytes.ts'

/** A sorted list of things that carry their name. */
export class NameList<T extends { readonly name: Bytes }> {
  #items: T[] = []

  /** How many there are. */
  get size(): number {
    return this.#items.length
  }

  /** The one with this name. */
  get(name: Bytes): T | undefined {
    const item = this.#items[this.#lowerBound(name)]
    return item !== undefined && item.name === name ? item : undefined
  }

  /** Adds one whose name is not in the list. */
  add(item: T): void {
    this.#items.splice(this.#lowerBound(item.name), 0, item)
  }

  /** Removes the one with this name; says which it was. */
  delete(name: Bytes): T | undefined {
    const index = this.#lowerBound(name)
    const item = this.#items[index]
    if (item === undefined || item.name !== name) return undefined
    this.#items.splice(index, 1)
    return item
  }

  /** All, by name. The list must not change meanwhile. */
  values(): readonly T[] {
    return this.#items
  }

  #lowerBound(name: Bytes): number {
    let low = 0
    let high = this.#items.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#items[middle]!.name < name) low = middle + 1
      else high = middle
    }
    return low
  }
}
