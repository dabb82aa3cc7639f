/**
 * Connection: one connection to one server, from its beginning to its end.
 *
 * The one idea: it lives once. ioredis makes it (sockets, TLS, Sentinel, AUTH) and is told to try nothing again, so every
 * command ends in a reply or in an error that says whether it was sent. Whoever wants another connection opens one.
 *
 * What is sent in one turn leaves in one write.
 */
import { Duplex } from 'node:stream'
import { type Argv, raw } from '../../base/bytes.ts'
import { type Reply, ReplyError } from '../../base/reply.ts'
import { BackendError, type BatchReply } from '../backend.ts'
import type { IoredisClient } from './ioredis.ts'
import { closed, garbled, Lost, NotSent, timedOut } from './lost.ts'
import { errorFrom, nameTo, replyFrom, wordTo } from './replies.ts'

const ASKING: Argv = [raw('ASKING')]
const MULTI: Argv = [raw('MULTI')]
const EXEC: Argv = [raw('EXEC')]

/** What all connections of a store have in common. */
export interface ConnectionSettings {
  /** For messages; without credentials. */
  readonly name: string
  readonly db: number
  readonly connectTimeoutMs: number
  readonly commandTimeoutMs: number | undefined
}

export class Connection {
  /** Hears that the connection has ended, closed by its user or not. */
  onEnd: ((cause: Error) => void) | undefined = undefined
  readonly client: IoredisClient
  readonly #settings: ConnectionSettings
  #cause: Error | undefined
  #closed = false
  #ended = false
  #spent = false
  #stream: Duplex | undefined

  private constructor(client: IoredisClient, settings: ConnectionSettings) {
    this.client = client
    this.#settings = settings
    client.on('error', (error) => this.#hearError(error))
    client.on('end', () => this.#end())
  }

  /**
   * Connects, until `signal` says that nobody waits. Gives the server's own error where it refuses us (WRONGPASS, NOAUTH);
   * rejects with `NotSent` when it can't be reached in time.
   */
  static async open(
    client: IoredisClient,
    settings: ConnectionSettings,
    signal: AbortSignal,
  ): Promise<Connection | ReplyError> {
    const connection = new Connection(client, settings)
    const { connectTimeoutMs: limitMs, name } = settings
    // ioredis' own limit ends with the handshake of TCP; a server that accepts and says nothing is silent for ever.
    const limit = AbortSignal.timeout(limitMs)
    try {
      await until(AbortSignal.any([limit, signal]), connection.#begin())
      return connection
    } catch (error) {
      connection.#destroy()
      if (error instanceof ReplyError) return error
      if (limit.aborted) throw new NotSent(name, `no connection within ${limitMs} ms (connectTimeoutMs)`)
      const cause = connection.#cause ?? error
      if (!(cause instanceof Error)) throw new NotSent(name, cause)
      if (cause.name === 'ReplyError') return errorFrom(cause)
      throw cause.name === 'ParserError' ? garbled(name, cause) : new NotSent(name, cause)
    }
  }

  /** Whether commands can be sent. */
  get isUp(): boolean {
    return !this.#ended && !this.#spent && !this.#closed
  }

  /** The version of the server, when it told. */
  get serverVersion(): string | undefined {
    const info: unknown = Reflect.get(this.client, 'serverInfo')
    const version: unknown = typeof info === 'object' && info !== null ? Reflect.get(info, 'redis_version') : undefined
    return typeof version === 'string' ? version : undefined
  }

  /** Sends one command, in this turn; `asking` precedes it with the permission that a moving slot needs. */
  send(argv: Argv, asking = false): Promise<Reply> {
    if (asking) this.#write(ASKING).catch(() => undefined)
    return this.#write(argv)
  }

  /** Runs commands as one unit. The error of MULTI or EXEC, null when a watched key had changed. */
  async transaction(lines: readonly Argv[], asking = false): Promise<BatchReply> {
    const sent = [this.send(MULTI, asking), ...lines.map((argv) => this.#write(argv)), this.#write(EXEC)]
    const replies = await Promise.all(sent)
    const [first, last] = [replies[0]!, replies.at(-1)!]
    if (first instanceof ReplyError) return first
    if (last instanceof ReplyError) return redirectionAmong(replies) ?? last
    return Array.isArray(last) ? last : null
  }

  /** The answer to a command that might wait, as if its time were up at once: so MULTI has it. */
  async sendWithoutWaiting(argv: Argv, asking = false): Promise<Reply> {
    const replies = await this.transaction([argv], asking)
    return replies === null || replies instanceof ReplyError ? replies : replies[0]!
  }

  /** Ends the connection; what is on its way is rejected with `CLOSED`. */
  close(): void {
    this.#closed = true
    this.#destroy()
  }

  /** Ends the connection as if it had been lost. */
  drop(cause: Error): void {
    this.#cause ??= cause
    this.#destroy()
  }

  async #begin(): Promise<void> {
    await this.client.connect()
    const { db } = this.#settings
    if (db === 0) return
    const reply = await this.#write([raw('SELECT'), raw(`${db}`)])
    if (reply instanceof ReplyError) throw reply
  }

  /** At once: what a silent server still owes us is not waited for. */
  #destroy(): void {
    this.client.disconnect()
    const stream: unknown = Reflect.get(this.client, 'stream')
    if (stream instanceof Duplex) stream.destroy()
  }

  #write(argv: Argv): Promise<Reply> {
    if (!this.isUp) {
      const { name } = this.#settings
      return Promise.reject(this.#closed ? closed() : new NotSent(name, this.#cause ?? 'it hung up'))
    }
    this.#gather()
    const words: (string | Buffer)[] = []
    for (let i = 1; i < argv.length; i++) words.push(wordTo(argv[i]!))
    return this.client.callBuffer(nameTo(argv[0]!), words).then(replyFrom, this.#failed)
  }

  /** An error reply is a reply; everything else says why there is none. */
  readonly #failed = (error: unknown): ReplyError => {
    if (!(error instanceof Error)) throw error
    if (error.name === 'ReplyError') return errorFrom(error)
    const { name, commandTimeoutMs } = this.#settings
    if (this.#closed) throw closed()
    if (error.message === 'Command timed out') throw timedOut(name, commandTimeoutMs ?? 0)
    if (/subscriber mode/.test(error.message)) return new ReplyError(SUBSCRIBED)
    // Nothing more is sent by it, though ioredis has yet to say that it is over.
    this.#spent = true
    if (error.name === 'ParserError') throw garbled(name, error)
    if (/isn't writeable/.test(error.message)) throw new NotSent(name, this.#cause ?? error)
    throw new Lost(name, this.#cause ?? error)
  }

  /** Keeps what is sent in this turn together. */
  #gather(): void {
    if (this.#stream !== undefined) return
    const stream: unknown = Reflect.get(this.client, 'stream')
    if (!(stream instanceof Duplex)) return
    this.#stream = stream
    stream.cork()
    process.nextTick(() => {
      this.#stream = undefined
      stream.uncork()
    })
  }

  #hearError(error: unknown): void {
    if (!(error instanceof Error)) return
    // A reply to nothing: from here on replies would go to the wrong commands.
    if (/^Command queue state error/.test(error.message)) {
      this.drop(new BackendError('UNEXPECTED_REPLY', `${this.#settings.name} sent a reply to no command`, error))
    }
    this.#cause ??= error
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.onEnd?.(this.#closed ? closed() : new Lost(this.#settings.name, this.#cause ?? 'it hung up'))
  }
}

const SUBSCRIBED =
  "ERR Can't execute this command: only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context"

/** A command that could not be queued because its slot is elsewhere: the reason why EXEC refused. */
function redirectionAmong(replies: readonly Reply[]): ReplyError | undefined {
  return replies.filter((reply) => reply instanceof ReplyError).find(({ code }) => REDIRECTIONS.has(code))
}

const REDIRECTIONS: ReadonlySet<string> = new Set(['MOVED', 'ASK', 'TRYAGAIN'])

/** What a promise gives, or a rejection as soon as nobody waits for it any more. */
async function until(signal: AbortSignal, work: Promise<void>): Promise<void> {
  signal.throwIfAborted()
  let give: () => void = () => undefined
  const over = new Promise<never>((_, reject) => {
    give = () => reject(signal.reason)
    signal.addEventListener('abort', give)
  })
  try {
    await Promise.race([work, over])
  } finally {
    signal.removeEventListener('abort', give)
    work.catch(() => undefined)
  }
}
