/**
 * Client: what the engine knows of one peer (a connection, an embedded session, a library acting for a caller).
 *
 * The one idea: state only. What a peer's transport can do stands in `Outlet`, a port that servers and embedded
 * sessions implement; what the state means stands in the engine.
 */
import { type Argv, type Bytes, EMPTY } from '../base/bytes.ts'
import type { PushReply, Reply, Status } from '../base/reply.ts'
import type { Command } from './command.ts'
import type { TrackingState } from './connection/tracking-state.ts'

/** What a client is sent unasked: messages, invalidations, and lines of MONITOR. */
export type Pushed = PushReply | Status

/** The way back to a peer. */
export interface Outlet {
  /** A reply that was owed: the client was parked and is no longer. */
  reply(reply: Reply): void
  /** What comes unasked. */
  push(message: Pushed): void
  /** The client was unparked and may run what it has pipelined since. Called after every waiter has been served. */
  resume(): void
  /** Ends the connection; `flush` says whether what is written still goes out. */
  close(flush: boolean): void
  /** What CLIENT LIST shows of the transport. */
  describe(): TransportFacts
}

/** Transport facts for CLIENT LIST; zeros where there is no socket. */
export interface TransportFacts {
  readonly address: string
  readonly localAddress: string
  readonly fd: number
  readonly queryBytes: number
  readonly queryFree: number
  readonly outputBytes: number
}

/** A command waiting for EXEC. */
export interface Queued {
  readonly command: Command
  readonly argv: Argv
}

/** The state of a MULTI. */
export interface Transaction {
  readonly queue: Queued[]
  /** A command was refused while queueing: EXEC answers EXECABORT. */
  broken: boolean
}

/** What stands between a client and running a command at once; 0 for nearly all. Bits of `Client.gate`. */
export const GATE = {
  /** Has not authenticated. */
  auth: 1,
  /** Between MULTI and EXEC. */
  multi: 2,
  /** Subscribed over RESP2: only a few commands are allowed. */
  subscribed: 4,
  /** CLIENT REPLY OFF or SKIP. */
  reply: 8,
  /** Its user may not do everything. */
  restricted: 16,
  /** Tracks keys or monitors: is sent what stands among its own replies. */
  hears: 32,
  /** CLIENT NO-TOUCH. */
  noTouch: 64,
} as const

export type ReplyMode = 'on' | 'off' | 'skip' | 'skip-next'

export class Client {
  readonly id: number
  readonly outlet: Outlet
  readonly createdAtMs: number
  gate = 0
  db = 0
  protocol: 2 | 3 = 2
  name: Bytes = EMPTY
  /** What the library behind the connection calls itself, and its version (CLIENT SETINFO). */
  libraryName: Bytes = EMPTY
  libraryVersion: Bytes = EMPTY
  user: Bytes = 'default' as Bytes
  replyMode: ReplyMode = 'on'
  noEvict = false
  /** What CLIENT TRACKING asked for; undefined while off. */
  tracking: TrackingState | undefined = undefined
  /** MONITOR. */
  monitors = false
  /** True for a library or script acting inside a unit: never parked, never sent anything. */
  readonly denyBlocking: boolean
  transaction: Transaction | undefined = undefined
  /** A watched key changed: EXEC answers null. */
  watchBroken = false
  /** Watched keys, as `db` and key pairs; kept by the engine's transactions. */
  readonly watched: { readonly db: number; readonly key: Bytes; readonly wasExpired: boolean }[] = []
  readonly channels = new Set<Bytes>()
  readonly patterns = new Set<Bytes>()
  readonly shardChannels = new Set<Bytes>()
  /** Parked by a blocking command, or waiting for a `Later`. */
  parked = false
  /** Closing: what it still sends is ignored. */
  closing = false
  lastCommand: Command | undefined = undefined
  lastActiveMs: number

  constructor(id: number, outlet: Outlet, nowMs: number, denyBlocking = false) {
    this.id = id
    this.outlet = outlet
    this.createdAtMs = nowMs
    this.lastActiveMs = nowMs
    this.denyBlocking = denyBlocking
  }

  get subscriptions(): number {
    return this.channels.size + this.patterns.size + this.shardChannels.size
  }
}
