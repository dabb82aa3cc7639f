/**
 * Backend: what the typed API needs of a store, and nothing more.
 *
 * The one idea: a narrow waist. A command is a line of words, a reply a `Reply`; whatever is the same for all stores
 * (types, shapes, prefixes, retries) stands above, whatever differs (sockets, slots, threads) below. Replies look as
 * RESP2 and RESP3 give them: whoever reads one goes by the command's shape.
 */
import type { Argv } from '../base/bytes.ts'
import type { PushReply, Reply, ReplyError } from '../base/reply.ts'
import type { Command } from '../commands/command.ts'
import type { LocalScript } from '../script/run/local.ts'

/** One command of a batch: its description, when the table knows it, and its words. */
export interface Line {
  readonly command: Command | undefined
  readonly argv: Argv
}

export interface BatchOptions {
  /** All as one unit (MULTI/EXEC); otherwise only in order. */
  readonly atomic: boolean
}

/** What a kind of store can do. */
export interface Features {
  /** For error texts: `memory:`, `redis://…` without credentials. */
  readonly name: string
  readonly kind: 'embedded' | 'port' | 'redis' | 'sentinel' | 'cluster'
}

/**
 * Runs commands. An error reply is a reply, a `ReplyError`; where there is none, a promise is rejected (`BackendError`).
 */
export interface Runner {
  /** The reply: at once where the store is in this thread and the command has not to wait. */
  call(command: Command | undefined, argv: Argv): Reply | Promise<Reply>
  /**
   * Replies in order. For an atomic batch also `null`, when a watched key had changed, or the error with which all of
   * it was refused.
   */
  batch(lines: readonly Line[], options: BatchOptions): BatchReply | Promise<BatchReply>
  /** How portable scripts run here; without it, as Lua by EVALSHA. */
  readonly scripts?: ScriptWay | undefined
}

/** Scripts run in this thread, as lines of a command made for each, or they travel as trees and are interpreted there. */
export type ScriptWay = { command(script: LocalScript): Command } | 'trees'

export type BatchReply = readonly Reply[] | ReplyError | null

/** A connection of one's own: for WATCH, for commands that wait, for subscriptions. */
export interface Session extends Runner {
  /** Hears what is sent unasked. */
  onPush: ((message: PushReply) => void) | undefined
  /** Hears that the session has ended without being closed; what it watched or subscribed to is gone. */
  onEnd: ((cause: Error) => void) | undefined
  /** Ends it; calls that wait are rejected. */
  close(): Promise<void>
}

/** A store. */
export interface Backend extends Runner {
  readonly features: Features
  /** The same without promises, where the store is in this thread; undefined elsewhere. */
  readonly sync: SyncRunner | undefined
  session(): Promise<Session>
  /** Where keys lie on several nodes: one runner for each of these, for whoever walks all keys. */
  nodes?(): Promise<readonly Runner[]>
  /** Ends all connections; calls that wait are rejected. */
  close(): Promise<void>
}

/** Runs commands at once; one that would have to wait is answered as if its time were up. */
export interface SyncRunner {
  call(command: Command | undefined, argv: Argv): Reply
  batch(lines: readonly Line[], options: BatchOptions): BatchReply
}

export type BackendErrorCode =
  /** The database or session was closed by its user. */
  | 'CLOSED'
  /** The store could not be reached. */
  | 'UNREACHABLE'
  /** The connection was lost while a command was on its way: it may have run. */
  | 'CONNECTION_LOST'
  /** This kind of store cannot do that. */
  | 'UNSUPPORTED'
  /** A transaction gave up: its watched keys kept changing. */
  | 'CONFLICT'
  /** More messages of a subscription waited than may. */
  | 'OVERFLOW'
  /** A reply has not the shape that the command's description promises. */
  | 'UNEXPECTED_REPLY'

/** There is no reply; `code` says why. */
export class BackendError extends Error {
  readonly code: BackendErrorCode
  constructor(code: BackendErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'BackendError'
    this.code = code
  }
}
