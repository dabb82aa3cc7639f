/**
 * PortBackend: a store of another thread, over a port that its `db.port()` gave.
 *
 * The one idea: every question has a number, so answers may come in any order; questions without an answer when the port
 * closes are rejected. The port keeps its thread alive while something is asked or a session is open, and no longer.
 */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { assert } from '../../base/assert.ts'
import type { Argv, Bytes } from '../../base/bytes.ts'
import { isArray, PushReply, type Reply, ReplyError } from '../../base/reply.ts'
import type { Command } from '../../commands/command.ts'
import { ReplyDecoder } from '../../resp/reply-decoder.ts'
import {
  type Backend,
  BackendError,
  type BatchOptions,
  type BatchReply,
  type Features,
  type Line,
  type Runner,
  type Session,
} from '../backend.ts'
import { closed } from '../embedded/run-batch.ts'
import { BATCH, CALL, CLOSE, numeral, OPEN, Outbox, STORE, UNIT, VERSION } from './wire.ts'

/** Who waits for an answer. */
interface Asker {
  resolve(reply: Reply): void
  reject(error: Error): void
}

/** The questions of one thread to the store of another. */
class Questions {
  readonly sessions = new Map<number, PortSession>()
  /** Resolves when the port is closed. */
  readonly ended: Promise<void>
  /** Nothing more may be asked. */
  closing = false
  readonly #port: MessagePort
  readonly #outbox: Outbox
  readonly #decoder = new ReplyDecoder()
  readonly #askers = new Map<number, Asker>()
  #lastId = 0
  #keepsAlive = false
  #lastChannel = STORE

  constructor(port: MessagePort) {
    this.#port = port
    this.#outbox = new Outbox(port)
    port.on('message', (message: Uint8Array) => this.#receive(message))
    this.ended = new Promise((resolve) => {
      port.on('close', () => {
        this.#gone()
        resolve()
      })
    })
    port.unref()
  }

  ask(verb: Bytes, channel: number, words: Argv): Promise<Reply> {
    if (this.closing) return Promise.reject(closed())
    const id = ++this.#lastId
    this.#outbox.say([verb, numeral(channel), numeral(id), ...words])
    return new Promise((resolve, reject) => {
      this.#askers.set(id, { resolve, reject })
      this.#stayAlive()
    })
  }

  async open(): Promise<PortSession> {
    const channel = ++this.#lastChannel
    const session = new PortSession(this, channel)
    this.sessions.set(channel, session)
    try {
      await this.ask(OPEN, channel, [])
    } catch (error) {
      this.forget(channel)
      throw error
    }
    return session
  }

  forget(channel: number): void {
    this.sessions.delete(channel)
    this.#stayAlive()
  }

  /** Waits for a question that has no answer but the end of the port. */
  async close(): Promise<void> {
    if (!this.closing) {
      void this.ask(CLOSE, STORE, []).catch(() => undefined)
      this.closing = true
      // Their users know.
      for (const session of this.sessions.values()) session.onEnd = undefined
    }
    await this.ended
  }

  #stayAlive(): void {
    const isBusy = this.#askers.size + this.sessions.size > 0
    if (isBusy === this.#keepsAlive) return
    this.#keepsAlive = isBusy
    if (isBusy) this.#port.ref()
    else this.#port.unref()
  }

  #receive(message: Uint8Array): void {
    const decoder = this.#decoder
    decoder.push(message)
    for (let answer = decoder.next(); answer !== undefined; answer = decoder.next()) this.#take(answer)
    assert(decoder.error === undefined, `what came through a port is no reply: ${decoder.error}`)
    this.#stayAlive()
  }

  #take(answer: Reply): void {
    assert(isArray(answer), 'an answer is an array')
    const [id, reply] = answer
    if (typeof id !== 'number') throw new TypeError('an answer begins with its number')
    if (id < 0) {
      const session = this.sessions.get(-id)
      if (reply instanceof PushReply) session?.onPush?.(reply)
      else session?.end()
      return
    }
    const asker = this.#askers.get(id)
    this.#askers.delete(id)
    if (reply === undefined) asker?.reject(closed())
    else asker?.resolve(reply)
  }

  #gone(): void {
    this.closing = true
    for (const asker of this.#askers.values()) asker.reject(closed())
    this.#askers.clear()
    for (const session of this.sessions.values()) session.end()
  }
}

/** Calls on one channel. */
class PortRunner implements Runner {
  /** Functions can't travel. */
  readonly scripts = 'trees'
  protected readonly questions: Questions
  protected readonly channel: number

  constructor(questions: Questions, channel: number) {
    this.questions = questions
    this.channel = channel
  }

  call(_command: Command | undefined, argv: Argv): Promise<Reply> {
    return this.questions.ask(CALL, this.channel, argv)
  }

  async batch(lines: readonly Line[], { atomic }: BatchOptions): Promise<BatchReply> {
    const words = lines.flatMap(({ argv }) => [numeral(argv.length), ...argv])
    const reply = await this.questions.ask(atomic ? UNIT : BATCH, this.channel, words)
    if (reply === null || reply instanceof ReplyError) return reply
    assert(isArray(reply), 'a batch is answered by an array')
    return reply
  }
}

class PortSession extends PortRunner implements Session {
  onPush: Session['onPush'] = undefined
  onEnd: Session['onEnd'] = undefined

  async close(): Promise<void> {
    if (!this.questions.sessions.has(this.channel)) return
    this.questions.forget(this.channel)
    await this.questions.ask(CLOSE, this.channel, []).catch(() => undefined)
  }

  /** The other side has ended it. */
  end(): void {
    this.questions.forget(this.channel)
    this.onEnd?.(closed())
  }
}

export class PortBackend extends PortRunner implements Backend {
  readonly features: Features
  readonly sync = undefined

  private constructor(port: MessagePort, name: string) {
    super(new Questions(port), STORE)
    this.features = { name, kind: 'port' }
  }

  /** Takes a port that `db.port()` gave. Throws a `BackendError` when it is another one, or was opened before. */
  static take(port: MessagePort): PortBackend {
    const first = receiveMessageOnPort(port)
    const name = nameIn(first?.message)
    if (name === undefined) {
      const why = first === undefined ? 'it was opened before, or is closed, or' : 'it'
      throw new BackendError('UNSUPPORTED', `This port can't be opened: ${why} is none that db.port() gave.`)
    }
    return new PortBackend(port, name)
  }

  session(): Promise<Session> {
    return this.questions.open()
  }

  close(): Promise<void> {
    return this.questions.close()
  }
}

/** The name in a port's first message, if it is one of ours and of this version. */
function nameIn(hello: unknown): string | undefined {
  if (typeof hello !== 'object' || hello === null || !('geartrain' in hello) || !('name' in hello)) return undefined
  return hello.geartrain === VERSION && typeof hello.name === 'string' ? hello.name : undefined
}
