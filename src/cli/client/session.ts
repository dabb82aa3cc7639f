/**
 * A conversation with a server: who we are there, where we are (database, transaction, protocol), and what was answered.
 *
 * The one idea: commands go out one at a time and what the server says of them moves the session's state, which a
 * reconnection restores: name and password, database, protocol. A command that was sent is never sent twice by itself.
 * Invariant: `prompt` says what the server believes, as far as it has told us.
 */
import { type Argv, bytes } from '../../base/bytes.ts'
import { MapReply, NilArray, type PushReply, type Reply, ReplyError } from '../../base/reply.ts'
import { Connection, ConnectionLost } from './connection.ts'
import { answersWithText, type Format, isInvalidation, render, renderInvalidation } from './render.ts'
import { nameOf, type Target } from './target.ts'
import type { Terminal } from './terminal.ts'

/** How a session begins and prints. */
export interface SessionOptions {
  readonly format: Format
  readonly protocol: 2 | 3
  readonly showPushes: boolean
  /** Error replies go to stderr and end a repetition. */
  readonly stopAtErrors: boolean
  /** Between repetitions of one command. */
  readonly intervalMs: number
}

const SUBSCRIBE = /^[ps]?subscribe$/
const UNSUBSCRIBE = /^[ps]?unsubscribe$/

/** Commands after which this connection would answer no more, or in bytes that are no replies. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['sync', 'SYNC turns the connection into a replica: geartrain cli cannot show what follows'],
  ['psync', 'PSYNC turns the connection into a replica: geartrain cli cannot show what follows'],
  ['client reply', 'CLIENT REPLY leaves commands without an answer, for which geartrain cli would wait for ever'],
])

export class Session {
  /** Whether any command was answered with an error. */
  sawError = false
  /** Prints what the server pushes between answers; the prompt does so without spoiling the line. */
  show: (text: string) => void = (text) => void this.#terminal.print(text)
  readonly #terminal: Terminal
  readonly #options: SessionOptions
  #target: Target
  #connection: Connection | undefined
  #db: number
  #inMulti = false
  #protocol: 2 | 3
  #interrupted = false

  constructor(terminal: Terminal, target: Target, options: SessionOptions) {
    this.#terminal = terminal
    this.#options = options
    this.#target = target
    this.#db = target.db
    this.#protocol = options.protocol
  }

  /** `127.0.0.1:6379[1](TX)> `. */
  get prompt(): string {
    if (this.#connection === undefined) return 'not connected> '
    const where = this.#target.socketPath === undefined ? nameOf(this.#target) : `redis ${this.#target.socketPath}`
    return `${where}${this.#db === 0 ? '' : `[${this.#db}]`}${this.#inMulti ? '(TX)' : ''}> `
  }

  /** How replies are printed here. */
  get format(): Format {
    return this.#options.format
  }

  /** Whether a command is under way that `interrupt` would end. */
  interrupt(): void {
    this.#interrupted = true
    this.#connection?.close()
  }

  close(): void {
    this.#connection?.close()
    this.#connection = undefined
  }

  /** Turns to another server. */
  moveTo(host: string, port: number): Promise<boolean> {
    this.close()
    this.#target = { ...this.#target, host, port, socketPath: undefined }
    return this.connect()
  }

  /** Connects and signs in; says on stderr why it cannot. */
  async connect(): Promise<boolean> {
    this.close()
    this.#inMulti = false
    try {
      const connection = await Connection.open(this.#target)
      connection.onPush = (push) => this.#pushed(push)
      this.#connection = connection
      await this.#signIn(connection)
      return true
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error
      this.close()
      this.#terminal.complain(`Could not connect to Redis at ${nameOf(this.#target)}: ${error.message}`)
      return false
    }
  }

  /** Sends a command so many times (for ever when negative) and prints the answers. False when the connection was lost. */
  async issue(argv: Argv, times = 1): Promise<boolean> {
    const words = argv.map((word) => word.toLowerCase())
    const refusal = REFUSED.get(words[0]!) ?? REFUSED.get(`${words[0]} ${words[1]}`)
    if (refusal !== undefined) {
      this.#terminal.complain(`${refusal}.`)
      this.sawError = true
      return true
    }
    if (!(await this.#ready())) return false
    const connection = this.#connection!
    this.#interrupted = false
    try {
      for (let left = times; left !== 0; left--) {
        if (left !== times && this.#options.intervalMs > 0) await this.#terminal.wait(this.#options.intervalMs)
        const reply = await this.#once(connection, argv, words)
        if (reply instanceof ReplyError && this.#options.stopAtErrors) break
      }
      return true
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error
      return this.#ended(error, words[0]!)
    }
  }

  /** Asks and gives the answer, unprinted. Throws `ConnectionLost`. */
  async ask(...words: readonly string[]): Promise<Reply> {
    if (this.#connection === undefined) throw new ConnectionLost('not connected')
    return this.#connection.ask(words.map(bytes))
  }

  /** The connection itself, for those who speak to it in their own way; undefined when there is none. */
  get connection(): Connection | undefined {
    return this.#connection
  }

  /** Connects where there is no connection; what was lost meanwhile is said, and ends an open transaction. */
  async #ready(): Promise<boolean> {
    if (this.#connection?.isLost) {
      const wasInMulti = this.#inMulti
      this.#forget('Server closed the connection')
      if (wasInMulti) return false
    }
    return this.#connection === undefined ? this.connect() : true
  }

  async #once(connection: Connection, argv: Argv, words: readonly string[]): Promise<Reply> {
    const name = words[0]!
    const verbatim = answersWithText(argv)
    connection.send(argv)
    if (!this.#inMulti && SUBSCRIBE.test(name)) {
      if (this.#options.format.mode !== 'raw') await this.#terminal.print(READING)
      return this.#stream(connection, Number.POSITIVE_INFINITY)
    }
    if (!this.#inMulti && name === 'monitor') return this.#stream(connection, Number.POSITIVE_INFINITY)
    // Each channel is answered for itself, and pushed in RESP3.
    if (!this.#inMulti && UNSUBSCRIBE.test(name)) return this.#stream(connection, Math.max(1, argv.length - 1))
    const reply = await connection.next()
    await this.#print(reply, verbatim)
    await this.#follow(words, reply)
    return reply
  }

  /** Prints what comes, pushes included, until there were so many, or an error. */
  async #stream(connection: Connection, count: number): Promise<Reply> {
    connection.pushesAreReplies = true
    for (let seen = 1; ; seen++) {
      const reply = await connection.next()
      await this.#print(reply, false)
      if (seen < count && !(reply instanceof ReplyError)) continue
      connection.pushesAreReplies = false
      return reply
    }
  }

  async #print(reply: Reply, verbatim: boolean): Promise<void> {
    if (reply instanceof ReplyError) this.sawError = true
    if (reply instanceof ReplyError && this.#options.stopAtErrors) this.#terminal.complain(reply.message)
    else await this.#terminal.print(render(reply, this.#options.format, verbatim))
  }

  /** What an answered command changes for this connection. */
  async #follow(words: readonly string[], reply: Reply): Promise<void> {
    const [name, first] = words
    const failed = reply instanceof ReplyError
    if (name === 'hello' && first !== undefined && !failed) this.#protocol = reply instanceof MapReply ? 3 : 2
    if (name === 'auth' && !failed) await this.#signedIn()
    if (name === 'exec' && this.#inMulti) {
      this.#leaveMulti(failed || reply === null || reply instanceof NilArray)
      return
    }
    if (failed) return
    if (name === 'select') this.#db = Number(first)
    if (name === 'multi') this.#enterMulti()
    if (name === 'discard') this.#leaveMulti(true)
    if (name === 'reset') {
      this.#leaveMulti(false)
      this.#db = 0
      this.#protocol = 2
    }
  }

  #dbBeforeMulti = 0

  #enterMulti(): void {
    this.#inMulti = true
    this.#dbBeforeMulti = this.#db
  }

  #leaveMulti(undone: boolean): void {
    if (this.#inMulti && undone) this.#db = this.#dbBeforeMulti
    this.#inMulti = false
  }

  /** A database asked for at the start may have been refused for want of a password. */
  async #signedIn(): Promise<void> {
    if (this.#db !== 0 && !this.#inMulti) await this.#connection!.ask([bytes('SELECT'), bytes(`${this.#db}`)])
  }

  /** What remains when the connection was lost under a command. */
  async #ended(why: ConnectionLost, name: string): Promise<boolean> {
    if (this.#interrupted) {
      this.#interrupted = false
      return this.connect()
    }
    if (name === 'shutdown') {
      this.close()
      return true
    }
    this.#forget(why.message)
    return false
  }

  #forget(why: string): void {
    this.#leaveMulti(true)
    this.close()
    this.#terminal.complain(`Error: ${why}`)
  }

  async #signIn(connection: Connection): Promise<void> {
    const { user, password } = this.#target
    const step = async (what: string, ...words: readonly string[]): Promise<boolean> => {
      const reply = await connection.ask(words.map(bytes))
      if (reply instanceof ReplyError) this.#terminal.complain(`${what} failed: ${reply.message}`)
      return !(reply instanceof ReplyError)
    }
    if (password !== undefined) await step('AUTH', 'AUTH', ...(user === undefined ? [] : [user]), password)
    if (this.#db !== 0 && !(await step(`SELECT ${this.#db}`, 'SELECT', `${this.#db}`))) this.#db = 0
    if (this.#protocol === 3 && !(await step('HELLO 3', 'HELLO', '3'))) this.#protocol = 2
  }

  #pushed(push: PushReply): void {
    if (!this.#options.showPushes) return
    const { format } = this.#options
    const isNews = format.mode === 'standard' && isInvalidation(push)
    this.show(isNews ? renderInvalidation(push) : render(push, format))
  }
}

const READING = 'Reading messages... (press Ctrl-C to quit)\n'
