/**
 * One connection to a server: commands out, replies in, in order.
 *
 * The one idea: replies queue up until they are asked for, and whoever asks first gets the first. Pushes stand apart unless
 * `pushesAreReplies`, as in the subscribed modes, where every message is waited for. Invariants: once lost, a connection
 * stays lost and says why to everyone who asks; a reader that falls behind stops the socket, so that a queue stays short.
 */
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { getSystemErrorMap } from 'node:util'
import type { Argv } from '../../base/bytes.ts'
import { PushReply, type Reply } from '../../base/reply.ts'
import { ReplyDecoder } from '../../resp/reply-decoder.ts'
import { encodeCommand } from '../../resp/request-encoder.ts'
import { systemCode } from '../../server/errors.ts'
import type { Target } from './target.ts'

/** A connection that cannot be made, or is no more. The message is the system's, in C's words. */
export class ConnectionLost extends Error {
  readonly code = 'GEARTRAIN_CONNECTION_LOST'
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'ConnectionLost'
  }
}

const QUEUE_LIMIT = 1024

interface Waiter {
  readonly resolve: (reply: Reply) => void
  readonly reject: (why: ConnectionLost) => void
}

export class Connection {
  /** Takes what the server pushes, unless pushes are replies. */
  onPush: (push: PushReply) => void = () => undefined
  pushesAreReplies = false
  readonly #socket: Socket
  readonly #decoder = new ReplyDecoder()
  readonly #replies: Reply[] = []
  readonly #waiters: Waiter[] = []
  #lost: ConnectionLost | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk) => this.#take(chunk))
    socket.on('error', (error) => this.#lose(asLost(error)))
    socket.on('close', () => this.#lose(new ConnectionLost('Server closed the connection')))
  }

  /** Connects; throws `ConnectionLost`. */
  static open(target: Target): Promise<Connection> {
    const socket = socketFor(target)
    return new Promise((resolve, reject) => {
      const refuse = (error: unknown): void => reject(asLost(error))
      socket.once('error', refuse)
      socket.once(target.tls === undefined ? 'connect' : 'secureConnect', () => {
        socket.off('error', refuse)
        resolve(new Connection(socket))
      })
    })
  }

  /** True when nothing can be said any more. */
  get isLost(): boolean {
    return this.#lost !== undefined
  }

  /** Sends a command; its reply comes by `next`. */
  send(argv: Argv): void {
    this.#socket.write(encodeCommand(argv), 'latin1')
  }

  /** Sends bytes as they are. Resolves when more are welcome. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.isLost || this.#socket.write(bytes)) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#socket.off('drain', done)
        this.#socket.off('close', done)
        resolve()
      }
      this.#socket.on('drain', done)
      this.#socket.on('close', done)
    })
  }

  /** Sends a command and gives its reply. */
  ask(argv: Argv): Promise<Reply> {
    this.send(argv)
    return this.next()
  }

  /** The next reply. Throws `ConnectionLost`. */
  async next(): Promise<Reply> {
    const reply = this.#replies.shift()
    if (reply !== undefined) {
      if (this.#replies.length === 0) this.#socket.resume()
      return reply
    }
    if (this.#lost !== undefined) throw this.#lost
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }))
  }

  /** Ends the connection; whoever waits is told. */
  close(): void {
    this.#lose(new ConnectionLost('The connection was closed'))
    this.#socket.destroy()
  }

  #take(chunk: Uint8Array): void {
    this.#decoder.push(chunk)
    for (let reply = this.#decoder.next(); reply !== undefined; reply = this.#decoder.next()) {
      if (reply instanceof PushReply && !this.pushesAreReplies) this.onPush(reply)
      else this.#give(reply)
    }
    if (this.#decoder.error !== undefined) {
      this.#lose(new ConnectionLost(this.#decoder.error))
      this.#socket.destroy()
    }
    if (this.#replies.length > QUEUE_LIMIT) this.#socket.pause()
  }

  #give(reply: Reply): void {
    const waiter = this.#waiters.shift()
    if (waiter === undefined) this.#replies.push(reply)
    else waiter.resolve(reply)
  }

  #lose(why: ConnectionLost): void {
    if (this.#lost !== undefined) return
    this.#lost = why
    for (const { reject } of this.#waiters.splice(0)) reject(why)
  }
}

function socketFor({ host, port, socketPath, tls }: Target): Socket {
  const where = socketPath === undefined ? { host, port } : { path: socketPath }
  return tls === undefined ? connect(where) : connectTls({ ...tls, ...where })
}

/** What name look-ups answer; libuv has other words for it. */
const LOOKUP_TEXTS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'Name or service not known',
  EAI_AGAIN: 'Temporary failure in name resolution',
}

function asLost(error: unknown): ConnectionLost {
  const code = systemCode(error)
  const [, text] = [...getSystemErrorMap().values()].find(([name]) => name === code) ?? []
  const said = LOOKUP_TEXTS[code] ?? text ?? (error instanceof Error ? error.message : String(error))
  return new ConnectionLost(said.charAt(0).toUpperCase() + said.slice(1), error)
}
