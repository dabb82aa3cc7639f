/**
 * Host: what a database of this process can do for others besides answering calls.
 */
import type { MessagePort } from 'node:worker_threads'

/** Where to serve: a TCP port (0 takes a free one) or the path of a unix socket. */
export interface ListenAt {
  readonly port?: number
  /** Loopback unless named. */
  readonly host?: string
  readonly path?: string
}

/** A database, served. */
export interface Listening {
  /** The TCP port; 0 for a unix socket. */
  readonly port: number
  /** For clients: `redis://127.0.0.1:6379`, `unix:/run/store.sock`. */
  readonly url: string
  /** Serves no more; the database goes on. */
  close(): Promise<void>
}

/** The data of a store of this process at one moment, kept in memory. */
export interface Snapshot {
  /** Puts the data back, whatever there is now; may be done any number of times. */
  restore(): Promise<void>
}

/** The engine behind a database of this process. */
export interface Host {
  listen(at: ListenAt): Promise<Listening>
  /** The end of a port for another thread. */
  port(): MessagePort
  /** A class for ioredis' option `Connector`. */
  connector(): unknown
  snapshot(): Promise<Snapshot>
  /** Resolves when everything done so far is on the disk; absent where nothing is kept there. */
  flush?(): Promise<void>
  /** Ends what belongs to the engine: its servers, its alarms. */
  close(): Promise<void>
}
