/**
 * EmbeddedBackend: a store in this thread.
 *
 * The one idea: a call runs at once, in the caller's turn; there is a promise only where it has to wait. A call that
 * waits (BLPOP) keeps the client that it waits in to itself, and the calls after it go on in another.
 */
import type { Argv } from '../../base/bytes.ts'
import type { Reply } from '../../base/reply.ts'
import type { Command } from '../../commands/command.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Backend, BatchOptions, BatchReply, Features, Line, Session, SyncRunner } from '../backend.ts'
import { Caller } from './caller.ts'
import { EmbeddedSession } from './embedded-session.ts'
import { closed, runBatch } from './run-batch.ts'
import { EmbeddedScripts } from './scripts.ts'

export class EmbeddedBackend implements Backend {
  readonly features: Features
  readonly engine: Engine
  readonly scripts: EmbeddedScripts
  private readonly sessions = new Set<EmbeddedSession>()
  private readonly waiting = new Set<Caller>()
  private caller: Caller
  private closed = false

  constructor(engine: Engine, name = 'memory:') {
    this.engine = engine
    this.scripts = EmbeddedScripts.of(engine)
    this.features = { name, kind: 'embedded' }
    this.caller = new Caller(engine)
  }

  readonly sync: SyncRunner = {
    call: (command, argv) => this.atOnce(() => this.engine.issue(this.caller.session, command, argv) ?? null),
    batch: (lines, options) => this.atOnce(() => runBatch(this.engine, this.caller.session, lines, options)),
  }

  call(command: Command | undefined, argv: Argv): Reply | Promise<Reply> {
    const caller = this.caller
    if (caller.session.client.closing) return this.afresh(command, argv)
    const reply = this.engine.issue(caller.session, command, argv)
    this.engine.idle()
    return reply === undefined ? this.wait(caller) : reply
  }

  batch(lines: readonly Line[], options: BatchOptions): BatchReply {
    if (this.closed) throw closed()
    const replies = runBatch(this.engine, this.caller.session, lines, options)
    this.engine.idle()
    return replies
  }

  async session(): Promise<Session> {
    if (this.closed) throw closed()
    const session = new EmbeddedSession(this.engine, () => this.sessions.delete(session))
    this.sessions.add(session)
    return session
  }

  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    for (const caller of this.waiting) caller.onClosed?.()
    await Promise.all([...this.sessions].map((session) => session.close()))
    this.engine.disconnect(this.caller.session)
  }

  private atOnce<T>(run: () => T): T {
    if (this.closed) throw closed()
    const { session } = this.caller
    session.denyBlocking = true
    try {
      return run()
    } finally {
      session.denyBlocking = false
      this.engine.idle()
    }
  }

  /** The client was killed from outside: the next call has a new one, as after a reconnect. */
  private afresh(command: Command | undefined, argv: Argv): Reply | Promise<Reply> {
    if (this.closed) throw closed()
    this.caller = new Caller(this.engine)
    return this.call(command, argv)
  }

  private wait(caller: Caller): Promise<Reply> {
    this.caller = new Caller(this.engine)
    this.caller.session.client.db = caller.session.client.db
    this.waiting.add(caller)
    return caller.answer().finally(() => {
      this.waiting.delete(caller)
      this.engine.disconnect(caller.session)
    })
  }
}
