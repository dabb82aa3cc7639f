/**
 * Touches: those who must hear at once of each key that changes: WATCH, clients that wait, and tracking.
 *
 * The one idea: mostly there is nobody, and then nothing is called. So whoever gets its first listener, or loses its last,
 * says so here, and the reports are told whom to call.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Engine } from './engine.ts'

export class Touches {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Follows who wants to hear of touched keys and of commands. */
  readonly follow = (): void => {
    const { transactions, blocking, tracking, monitors, keyspace } = this.#engine
    const waits = blocking.count > 0
    const tracks = tracking.count > 0
    const wanted = waits || tracks || transactions.watching
    this.#engine.isWatched = waits || tracks || monitors.count > 0
    keyspace.reports.onTouched = wanted ? this.#touched : undefined
    keyspace.reports.onGone = wanted ? this.#gone : undefined
    keyspace.reports.onReady = waits ? this.#ready : undefined
  }

  readonly #touched = (db: number, key: Bytes, added: boolean): void => {
    const { transactions, blocking, tracking } = this.#engine
    transactions.touched(db, key)
    blocking.touched(db, key, added)
    if (tracking.count > 0) tracking.touched(key)
  }

  readonly #gone = (db: number, key: Bytes): void => {
    const { transactions, blocking, tracking } = this.#engine
    transactions.touched(db, key)
    blocking.touched(db, key, false)
    if (tracking.count > 0) tracking.gone(key)
  }

  readonly #ready = (db: number, key: Bytes): void => {
    this.#engine.blocking.touched(db, key)
  }
}
