/**
 * Hub: what the connections of one server share.
 *
 * The one idea: replies and messages are collected per connection and written once. While a batch (the commands of one
 * read) runs, whoever is sent something joins the queue of those to be written; the queue is emptied when the batch ends,
 * or, when something arrives outside any batch (a timer, a function's end), before node returns to its loop. While the log
 * has still to be written, it is emptied behind that, when the turn ends: all that a turn has brought is one write.
 *
 * Invariant: a connection stands in the queue at most once, and a queue that is not empty will be emptied.
 */
import type { Cancel } from '../base/clock.ts'
import type { Engine } from '../engine/engine.ts'
import type { Log } from './log.ts'
import type { Settings } from './settings.ts'

/** How often silent and slow clients are looked for. */
const ROUND_MS = 1000
/** The total of unread replies is counted after each so many bytes more. */
const COUNT_EVERY = 16 * 1024 * 1024

/** A connection, as far as the hub knows it. */
export interface Peer {
  /** Bytes that the peer has not taken. */
  readonly outputBytes: number
  flush(): void
  close(flush: boolean): void
  checkOutput(nowMs: number): void
  checkIdle(nowMs: number): void
  checkEnding(nowMs: number): void
  overflow(why: string): void
}

export class Hub {
  readonly engine: Engine
  readonly settings: Settings
  readonly log: Log
  readonly connections = new Set<Peer>()
  /** Hears that the last connection is gone. */
  onEmpty: (() => void) | undefined
  /** Connections whose peers have not read everything yet. */
  readonly #slow = new Set<Peer>()
  #unwritten: Peer[] = []
  #inBatch = false
  #scheduled = false
  #atTurnsEnd = false
  #uncounted = 0
  #cancelRound: Cancel | undefined

  constructor(engine: Engine, settings: Settings, log: Log) {
    this.engine = engine
    this.settings = settings
    this.log = log
  }

  add(connection: Peer): void {
    this.connections.add(connection)
    const { statistics } = this.engine
    statistics.connections++
    statistics.peakClients = Math.max(statistics.peakClients, this.connections.size)
    if (this.#cancelRound === undefined) this.#arm()
  }

  remove(connection: Peer): void {
    this.connections.delete(connection)
    this.#slow.delete(connection)
    if (this.connections.size > 0) return
    this.#cancelRound?.()
    this.#cancelRound = undefined
    this.onEmpty?.()
  }

  beginBatch(): void {
    this.#inBatch = true
  }

  /** Ends a batch: clients that it unblocked run what they have pipelined, then everyone is written to. */
  endBatch(): void {
    this.engine.idle()
    this.#inBatch = false
    if (this.#unwritten.length === 0) return
    if (!this.waitsForLog) this.#writeAll()
    else if (!this.#atTurnsEnd) {
      this.#atTurnsEnd = true
      setImmediate(this.#endTurn)
    }
  }

  /** Whether what was said waits for the log to be written, until the turn ends. */
  get waitsForLog(): boolean {
    return this.engine.persistence.release.isUnwritten
  }

  /** Makes sure that what a connection has collected is written soon. */
  toWrite(connection: Peer): void {
    this.#unwritten.push(connection)
    if (this.#inBatch || this.#scheduled) return
    this.#scheduled = true
    process.nextTick(this.#writeAll)
  }

  readonly #endTurn = (): void => {
    this.#atTurnsEnd = false
    this.#writeAll()
  }

  readonly #writeAll = (): void => {
    this.#scheduled = false
    while (this.#unwritten.length > 0) {
      const connections = this.#unwritten
      this.#unwritten = []
      for (const connection of connections) connection.flush()
    }
  }

  /** Notes that a peer does not read as fast as it is written to. */
  slow(connection: Peer, bytes: number): void {
    this.#slow.add(connection)
    this.#uncounted += bytes
    if (this.#uncounted >= COUNT_EVERY) this.#boundTotal()
  }

  /** Ends the connections with the most unread replies until all together are within bounds. */
  #boundTotal(): void {
    this.#uncounted = 0
    this.engine.memory.clients.measure(true)
    const waiting = [...this.#slow].sort((a, b) => b.outputBytes - a.outputBytes)
    let total = waiting.reduce((sum, { outputBytes }) => sum + outputBytes, 0)
    for (const connection of waiting) {
      if (total <= this.settings.outputCeiling) return
      total -= connection.outputBytes
      connection.overflow('the replies that clients have not read take too much memory')
    }
  }

  #arm(): void {
    const { clock } = this.engine
    this.#cancelRound = clock.at(clock.now() + ROUND_MS, this.#round)
  }

  readonly #round = (): void => {
    const now = this.engine.clock.now()
    for (const connection of this.#slow) {
      if (connection.outputBytes === 0) this.#slow.delete(connection)
      else connection.checkOutput(now)
    }
    if (this.settings.idleMs > 0) for (const connection of this.connections) connection.checkIdle(now)
    for (const connection of this.connections) connection.checkEnding(now)
    this.#arm()
  }
}
