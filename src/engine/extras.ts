/**
 * Extras: state beside the data that is kept with it: libraries of functions, progress of stream triggers, registrations.
 *
 * The one idea: who owns such state says how all of it reads, and reports each change; snapshots carry the whole, the log
 * the changes, both in places that a redis-server skips. What comes back is given to its owner before anyone is served.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Reports } from '../keyspace/reports.ts'

/** One kind of state that is kept with the data. */
export interface Extra {
  /** Its name in files: lower-case letters, digits and dashes. */
  readonly name: string
  /** All of it, as of now; undefined when there is nothing to keep. */
  save(): Bytes | undefined
  /** Takes all of it from a snapshot, in place of what there is; undefined: nothing was kept. Throws what is wrong with it. */
  load(state: Bytes | undefined): void
  /** Takes one change from the log. Throws what is wrong with it. */
  apply(change: Bytes): void
}

/** What a snapshot held that nobody here reads: it goes back into the next one as it was. */
export interface Foreign {
  /** Redis' libraries of functions, by their code. */
  functions: readonly Bytes[]
  /** State of ours that has no owner here, by name. */
  states: ReadonlyMap<string, Bytes>
}

export class Extras {
  foreign: Foreign = { functions: [], states: new Map() }
  readonly #reports: Reports
  readonly #kinds = new Map<string, Extra>()

  constructor(reports: Reports) {
    this.#reports = reports
  }

  /** Keeps a kind of state from now on. */
  add(extra: Extra): void {
    this.#kinds.set(extra.name, extra)
  }

  get(name: string): Extra | undefined {
    return this.#kinds.get(name)
  }

  get all(): Iterable<Extra> {
    return this.#kinds.values()
  }

  /** Reports a change, as an effect of the current unit: call it inside one, after the change. */
  changed(name: string, change: Bytes): void {
    const { effects, wantsEffects } = this.#reports
    if (wantsEffects) effects.push({ db: 0, argv: [change], extra: name })
  }
}
