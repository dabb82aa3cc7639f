/**
 * The other server of a MIGRATE: one connection, for one request and its replies.
 *
 * The one idea: everything is sent at once and as many replies are awaited as there were lines. What goes wrong is told as
 * Redis tells it: before anything could be sent, while sending, or while waiting for replies.
 */
import { connect, type Socket } from 'node:net'
import { type Argv, type Bytes, text } from '../../base/bytes.ts'
import { type Reply, ReplyError } from '../../base/reply.ts'
import { ReplyDecoder } from '../../resp/reply-decoder.ts'
import { encodeCommand } from '../../resp/request-encoder.ts'

const UNKNOWN_HOST = new ReplyError('IOERR error or timeout connecting to the client')
/** A target that cannot be written to, or is given up. */
export const WRITING = new ReplyError('IOERR error or timeout writing to target instance')
const READING = new ReplyError('IOERR error or timeout reading to target instance')
const HIGHEST_PORT = 65_535

export class Target {
  readonly #socket: Socket
  readonly #decoder = new ReplyDecoder()
  readonly #replies: Reply[] = []
  /** Replies that the round under way waits for. */
  #wanted = 0
  #settle: ((failure: ReplyError | undefined) => void) | undefined
  #failure: ReplyError | undefined
  #isOpen = false

  private constructor(socket: Socket, timeoutMs: number) {
    this.#socket = socket
    socket.setNoDelay(true)
    // The limit is on silence, not on the whole: as in Redis, a large value may take its time while it travels.
    socket.setTimeout(timeoutMs, () => this.#fail(this.#isOpen ? READING : WRITING))
    socket.on('connect', () => {
      this.#isOpen = true
    })
    socket.on('data', (chunk) => this.#take(chunk))
    socket.on('error', (error) => this.#fail(this.#isOpen ? READING : refusalOf(error)))
    socket.on('close', () => this.#fail(this.#isOpen ? READING : WRITING))
  }

  /** Begins to connect; a port that is none fails with the first request. */
  static open(host: Bytes, port: number, timeoutMs: number): Target {
    const isPort = port > 0 && port <= HIGHEST_PORT
    const socket = connect({ host: text(host), port: isPort ? port : 1 })
    const target = new Target(socket, timeoutMs)
    if (!isPort) target.#fail(WRITING)
    return target
  }

  /** Sends lines and gives their replies; an error of the way itself is one `ReplyError` in place of them. */
  ask(lines: readonly Argv[]): Promise<readonly Reply[] | ReplyError> {
    if (this.#failure !== undefined) return Promise.resolve(this.#failure)
    this.#wanted = lines.length
    for (const line of lines) this.#socket.write(encodeCommand(line), 'latin1')
    return new Promise((resolve) => {
      this.#settle = (failure) => {
        this.#settle = undefined
        resolve(failure ?? this.#replies.splice(0))
      }
    })
  }

  close(): void {
    this.#fail(WRITING)
  }

  #take(chunk: Buffer | string): void {
    this.#decoder.push(typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : chunk)
    for (let reply = this.#decoder.next(); reply !== undefined; reply = this.#decoder.next()) this.#replies.push(reply)
    if (this.#decoder.error !== undefined) this.#fail(READING)
    else if (this.#replies.length >= this.#wanted) this.#settle?.(undefined)
  }

  #fail(why: ReplyError): void {
    if (this.#failure === undefined) {
      this.#failure = why
      this.#socket.destroy()
    }
    this.#settle?.(this.#failure)
  }
}

/** A name that nobody knows has words of its own. */
function refusalOf(error: Error): ReplyError {
  const code = 'code' in error ? error.code : undefined
  return code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? UNKNOWN_HOST : WRITING
}
