/**
 * ClientMemory: what connections hold, and `maxmemory-clients`.
 *
 * The one idea: buffers are looked at, not counted with each byte: a few times a second while commands run, less often
 * when there are many clients. Above `maxmemory-clients` those that hold most are ended, unless they asked to stay
 * (CLIENT NO-EVICT).
 */
import type { Client } from '../../commands/client.ts'
import { stringBytes } from '../../structures/indexed-keys.ts'
import type { Engine } from '../engine.ts'

/** A connection with its socket, decoder and session: measured. */
const CLIENT_BYTES = 6000
/** A queued command, and each word's place in it. */
const QUEUED_BYTES = 48
const WORD_BYTES = 8
const WATCHED_BYTES = 120
/** More clients than this are measured once a second. */
const FEW = 256
const SELDOM_MS = 1000

export class ClientMemory {
  /** Bytes that all clients hold, as of the last look. */
  bytes = 0
  /** Clients ended for what they held. */
  evicted = 0
  readonly #engine: Engine
  /** maxmemory-clients, in bytes or as a share of maxmemory. */
  #limit = '0'
  #measuredMs = 0
  #isScheduled = false

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Follows `maxmemory-clients`. */
  limitTo(limit: string): void {
    this.#limit = limit
    this.measure(true)
  }

  /** Bytes that clients may hold together; Infinity when nothing says so. */
  get limit(): number {
    const share = this.#limit.endsWith('%') ? Number(this.#limit.slice(0, -1)) / 100 : undefined
    const bytes = share === undefined ? Number(this.#limit) : share * this.#engine.memory.limit
    return bytes === 0 ? Number.POSITIVE_INFINITY : bytes
  }

  /** Looks at all clients, if it is time to; says whether it did. */
  measure(now = false): boolean {
    const { keyspace, clients } = this.#engine
    if (!now && clients.count > FEW && keyspace.lately - this.#measuredMs < SELDOM_MS) return false
    this.#measuredMs = keyspace.lately
    let bytes = 0
    for (const client of clients.all) bytes += clientBytes(client)
    this.bytes = bytes
    if (bytes > this.limit) this.#schedule()
    return true
  }

  /** Clients are ended when nothing runs: the one whose command is running may be among them. */
  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    const { clock } = this.#engine
    clock.at(clock.now(), () => {
      this.#isScheduled = false
      this.#evict()
    })
  }

  #evict(): void {
    const { limit } = this
    const largest = [...this.#engine.clients.all]
      .filter((client) => !client.noEvict && !client.closing)
      .map((client) => ({ client, bytes: clientBytes(client) }))
      .sort((a, b) => b.bytes - a.bytes)
    for (const { client, bytes } of largest) {
      if (this.bytes <= limit) return
      this.bytes -= bytes
      this.evicted++
      client.closing = true
      client.outlet.close(false)
    }
  }
}

/** An estimate of what a client holds: buffers, and what it has queued and watches. */
export function clientBytes(client: Client): number {
  const { fd, queryBytes, queryFree, outputBytes } = client.outlet.describe()
  let bytes = queryBytes + queryFree + outputBytes + WATCHED_BYTES * client.watched.length
  // A caller in this process has no socket.
  if (fd >= 0) bytes += CLIENT_BYTES
  for (const { argv } of client.transaction?.queue ?? []) {
    bytes += QUEUED_BYTES
    for (const word of argv) bytes += WORD_BYTES + stringBytes(word)
  }
  return bytes
}
