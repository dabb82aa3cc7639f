/**
 * RedisBackend: a store behind one address: a server, or the master that Sentinels name.
 *
 * The one idea: one connection for everything that doesn't wait, in the order in which it is called; connections of their own
 * for what waits and for sessions.
 */
import type { Argv } from '../../base/bytes.ts'
import { type Reply, ReplyError } from '../../base/reply.ts'
import type { Command } from '../../commands/command.ts'
import type { Backend, BatchOptions, BatchReply, Features, Line, Session } from '../backend.ts'
import type { Connection } from './connection.ts'
import { type Sendable, sendable } from './foreign.ts'
import type { Dial } from './ioredis.ts'
import { Link, type LinkSettings, PATIENT } from './link.ts'
import { closed, Lost, NotSent } from './lost.ts'
import { isRepeatable, mayWait } from './repeatable.ts'
import { SessionRegister } from './session-register.ts'
import { withSince } from './since.ts'
import { WaitingLinks } from './waiting-links.ts'

export class RedisBackend implements Backend {
  readonly sync = undefined
  readonly features: Features
  readonly #dial: Dial
  readonly #settings: LinkSettings
  readonly #link: Link
  readonly #waiting: WaitingLinks
  readonly #sessions = new SessionRegister()
  #closed = false

  constructor(dial: Dial, settings: LinkSettings, kind: 'redis' | 'sentinel' = 'redis') {
    this.features = { name: settings.name, kind }
    this.#dial = dial
    this.#settings = settings
    this.#link = new Link(dial, settings)
    this.#waiting = new WaitingLinks(() => this.#apart())
  }

  /** Connects now, trying once; the server's error where it refuses us. */
  async connect(): Promise<ReplyError | undefined> {
    const made = await this.#link.ready(0)
    return made instanceof ReplyError ? made : undefined
  }

  call(command: Command | undefined, argv: Argv): Promise<Reply> {
    const known = sendable(command, argv)
    const connection = this.#link.current
    if (connection === undefined || this.#closed || mayWait(known, argv)) return this.#call(known, command, argv)
    // Nearly always: two promises less, which are a quarter of a call among many.
    return connection.send(argv).then(
      (reply) => (reply instanceof ReplyError ? withSince(reply, command, connection.serverVersion) : reply),
      (error) => this.#callAgain(error, known, command, argv),
    )
  }

  async #call(known: Sendable | undefined, command: Command | undefined, argv: Argv): Promise<Reply> {
    this.#refuseClosed()
    const canRepeat = isRepeatable(known)
    const reply = mayWait(known, argv)
      ? await this.#waiting.call(canRepeat, argv)
      : await this.#link.run(canRepeat, (connection) => connection.send(argv))
    return reply instanceof ReplyError ? withSince(reply, command, this.#link.current?.serverVersion) : reply
  }

  /** After a loss: again, when nothing had been sent or it changes nothing. */
  #callAgain(error: unknown, known: Sendable | undefined, command: Command | undefined, argv: Argv): Promise<Reply> {
    const mayRepeat = error instanceof NotSent || (error instanceof Lost && isRepeatable(known))
    if (!mayRepeat || this.#closed) throw this.#closed ? closed() : error
    return this.#call(known, command, argv)
  }

  async batch(lines: readonly Line[], { atomic }: BatchOptions): Promise<BatchReply> {
    this.#refuseClosed()
    const canRepeat = lines.every(({ command, argv }) => isRepeatable(sendable(command, argv)))
    const replies = await this.#link.run<BatchReply>(canRepeat, (connection) =>
      atomic ? connection.transaction(lines.map(({ argv }) => argv)) : sendAll(connection, lines),
    )
    const version = this.#link.current?.serverVersion
    if (replies instanceof ReplyError) return atomic ? replies : lines.map(() => replies)
    if (replies === null) return null
    return replies.map((reply, i) => withSince(reply, lines[i]?.command, version))
  }

  async session(): Promise<Session> {
    this.#refuseClosed()
    return this.#sessions.open(this.#apart())
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#link.close()
    this.#waiting.close()
    await this.#sessions.close()
  }

  /** A way of its own, for somebody who may wait. */
  #apart(): Link {
    return new Link(this.#dial, { ...this.#settings, where: PATIENT })
  }

  #refuseClosed(): void {
    if (this.#closed) throw closed()
  }
}

/** Sends lines one after the other, in this turn; one that would wait is answered as if its time were up. */
function sendAll(connection: Connection, lines: readonly Line[]): Promise<Reply[]> {
  return Promise.all(
    lines.map(({ command, argv }) =>
      mayWait(sendable(command, argv), argv) ? connection.sendWithoutWaiting(argv) : connection.send(argv),
    ),
  )
}
