/** A key on its way from one store to another. */
import type { Bytes } from '../../base/bytes.ts'
import { dumpPayload, readPayload } from '../../rdb/dump.ts'
import { RdbError } from '../../rdb/error.ts'
import type { RdbValue } from '../../rdb/value.ts'

/** A key, with its value in at least one of two forms. */
export class Entry {
  readonly db: number
  readonly key: Bytes
  /** In milliseconds since the epoch. */
  readonly deadlineMs: number | undefined
  #payload: Bytes | undefined
  #value: RdbValue | undefined

  constructor(
    at: { readonly db: number; readonly key: Bytes; readonly deadlineMs: number | undefined },
    form: { readonly payload: Bytes } | { readonly value: RdbValue },
  ) {
    this.db = at.db
    this.key = at.key
    this.deadlineMs = at.deadlineMs
    if ('payload' in form) this.#payload = form.payload
    else this.#value = form.value
  }

  /** As the source's DUMP gave it; of a file's value, as ours gives it. */
  get payload(): Bytes {
    return (this.#payload ??= dumpPayload(this.value))
  }

  /** Our own payload, in the oldest version that has a form for the value. */
  get ownPayload(): Bytes {
    return dumpPayload(this.value)
  }

  /** Throws `RdbError` for a payload that we do not understand (a module's). */
  get value(): RdbValue {
    this.#value ??= readPayload(this.payload)
    if (this.#value === undefined) throw new RdbError('RDB_CORRUPT', 0, 'a payload holds an empty collection')
    return this.#value
  }
}

/** What a source gives at a time. */
export type Entries = AsyncGenerator<readonly Entry[], void, undefined>
