/**
 * PreImages: values that change in place, as they were when a snapshot began.
 *
 * The one idea: a value remembers the last snapshot that needs it no more (its epoch). Whoever is about to change one with
 * an earlier epoch has it frozen first, once; the walk that writes the snapshot takes the frozen one, or the value itself
 * if nobody wanted to change it. So it does not matter where a value has gone meanwhile: renamed, swapped, flushed,
 * expired or moved, it is still what the frozen table points at.
 *
 * Invariants: at most one set of pre-images per keyspace at a time; it begins and is walked between units.
 */
import { assert } from '../base/assert.ts'
import type { RdbReading } from '../rdb/value.ts'
import { nextEpoch } from '../structures/epochs.ts'
import type { Account, Held } from './account.ts'
import type { Value } from './value.ts'

/** Up to so many elements a value is read where it stands: that takes no longer than a pause between two writes may. */
const SMALL = 512

interface PreImage {
  readonly value: RdbReading
  readonly bytes: number
}

export class PreImages {
  readonly #account: Account
  readonly #epoch = nextEpoch()
  readonly #frozen = new Map<Held, PreImage>()
  /** An estimate of the bytes they hold. */
  bytes = 0
  /** The most that was. */
  mostBytes = 0

  /** Freezes what is changed from now on. */
  constructor(account: Account) {
    assert(!account.hasBeforeEdit, 'one snapshot at a time')
    this.#account = account
    account.beforeEdit = (value) => {
      if (value.epoch < this.#epoch) this.#freeze(value)
    }
  }

  /** A value as it was, to be written: at once if it is small, else whenever. Each is to be taken once. */
  take(value: Value): RdbReading {
    if (typeof value !== 'object') return value
    const frozen = this.#frozen.get(value)
    if (frozen !== undefined) {
      this.#frozen.delete(value)
      this.bytes -= frozen.bytes
      return frozen.value
    }
    value.epoch = this.#epoch
    return 'type' in value && value.size > SMALL ? value.frozen() : value
  }

  /** No more is needed. */
  end(): void {
    this.#account.beforeEdit = undefined
    this.#frozen.clear()
    this.bytes = 0
  }

  #freeze(value: Held): void {
    value.epoch = this.#epoch
    const bytes = value.byteSize
    this.#frozen.set(value, { value: value.frozen(), bytes })
    this.bytes += bytes
    this.mostBytes = Math.max(this.mostBytes, this.bytes)
  }
}
