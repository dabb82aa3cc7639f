/**
 * Subscription: messages as an async iterable.
 *
 * The one idea: messages wait in a bounded queue for whoever reads them; a subscription ends once, by its user (the loop
 * returns) or by what went wrong (the loop throws, after what had come before it).
 */
import { type Backend, BackendError, type Session } from '../backend/backend.ts'
import type { Bytes } from '../base/bytes.ts'
import { type Cancel, systemClock } from '../base/clock.ts'
import { type PushReply, ReplyError } from '../base/reply.ts'
import type { Text } from '../commands/args/nodes.ts'
import { lineOf } from './any-command.ts'
import { RedisError } from './errors.ts'

export interface SubscribeOptions {
  /** Ends the subscription. */
  readonly signal?: AbortSignal
  /** Messages that may wait to be read; 10,000 unless given. */
  readonly maxQueued?: number
  /** When more would wait: `'fail'` ends the subscription with an error, `'drop'` forgets the oldest. `'fail'` unless given. */
  readonly overflow?: 'fail' | 'drop'
  /** Subscribes anew when the connection was lost; what is published meanwhile is missed. Otherwise the loop throws. */
  readonly reconnect?: boolean
}

/** One message. */
export interface Message<S> {
  readonly channel: S
  readonly message: S
  /** The pattern that the channel matched, for `psubscribe`. */
  readonly pattern?: S
}

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 2000

interface Reader<S> {
  resolve(result: IteratorResult<Message<S>, undefined>): void
  reject(error: Error): void
}

/** Messages of some channels, in order: `for await (const { channel, message } of subscription)`. */
export class Subscription<S> implements AsyncIterableIterator<Message<S>, undefined>, AsyncDisposable {
  readonly #backend: Backend
  readonly #decode: (value: Bytes) => S
  readonly #words: readonly Text[]
  readonly #options: SubscribeOptions
  readonly #maxQueued: number
  /** Told when it is over. */
  onEnd: () => void = () => {}
  #session: Session | undefined
  #queue: Message<S>[] = []
  #readers: Reader<S>[] = []
  #dropped = 0
  #over = false
  #failure: Error | undefined
  #pause: Cancel | undefined

  constructor(
    backend: Backend,
    decode: (value: Bytes) => S,
    command: string,
    names: Text | readonly Text[],
    options: SubscribeOptions,
  ) {
    const list = typeof names === 'string' || names instanceof Uint8Array ? [names] : names
    if (list.length === 0) throw new TypeError('channels must be one at least')
    const { maxQueued = 10_000 } = options
    if (!Number.isInteger(maxQueued) || maxQueued < 1) throw new TypeError('maxQueued must be a positive integer')
    this.#backend = backend
    this.#decode = decode
    this.#words = [command, ...list]
    this.#options = options
    this.#maxQueued = maxQueued
  }

  /** Messages that were forgotten because too many waited. */
  get dropped(): number {
    return this.#dropped
  }

  /** Part of `db.subscribe`. */
  async open(): Promise<void> {
    const { signal } = this.#options
    try {
      signal?.throwIfAborted()
      signal?.addEventListener('abort', this.#aborted, { once: true })
      await this.#connect()
      signal?.throwIfAborted()
      if (this.#failure !== undefined) throw this.#failure
    } catch (error) {
      this.#end()
      // The connection was closed because of it.
      signal?.throwIfAborted()
      throw error
    }
  }

  next(): Promise<IteratorResult<Message<S>, undefined>> {
    const message = this.#queue.shift()
    if (message !== undefined) return Promise.resolve({ value: message, done: false })
    if (!this.#over) return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }))
    const failure = this.#failure
    // It is told once; afterwards the subscription is only over.
    this.#failure = undefined
    return failure === undefined ? Promise.resolve({ value: undefined, done: true }) : Promise.reject(failure)
  }

  /** Ends it when a loop is left. */
  async return(): Promise<IteratorResult<Message<S>, undefined>> {
    await this.close()
    return { value: undefined, done: true }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** Listens no more; what waits is forgotten and loops return. */
  async close(): Promise<void> {
    const session = this.#session
    this.#queue = []
    this.#failure = undefined
    this.#end()
    await session?.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Ends it with an error, which the loop throws when it has read what came before. */
  fail(error: Error): void {
    if (this.#over) return
    this.#failure = error
    this.#end()
  }

  readonly #aborted = (): void => {
    void this.close()
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    this.#options.signal?.removeEventListener('abort', this.#aborted)
    this.#pause?.()
    const session = this.#session
    this.#session = undefined
    void session?.close()
    for (const reader of this.#readers.splice(0)) this.next().then(reader.resolve, reader.reject)
    this.onEnd()
  }

  async #connect(): Promise<void> {
    const session = await this.#backend.session()
    if (this.#over) {
      await session.close()
      return
    }
    this.#session = session
    session.onPush = (message) => this.#heard(message)
    session.onEnd = (cause) => this.#lost(cause)
    const { command, argv } = lineOf(this.#words)
    const reply = await session.call(command, argv)
    if (reply instanceof ReplyError) throw new RedisError(reply)
  }

  #lost(cause: Error): void {
    this.#session = undefined
    if (this.#over) return
    if (this.#options.reconnect === true) this.#again(FIRST_PAUSE_MS)
    else this.fail(new BackendError('CONNECTION_LOST', 'The connection of a subscription was lost.', cause))
  }

  #again(pauseMs: number): void {
    this.#pause = systemClock.at(systemClock.now() + pauseMs, () => {
      this.#connect().catch((error: unknown) => {
        // An answer that refuses is no outage.
        if (error instanceof RedisError || (error instanceof BackendError && error.code === 'CLOSED')) this.fail(error)
        else if (!this.#over) this.#again(Math.min(pauseMs * 2, LONGEST_PAUSE_MS))
      })
    })
  }

  #heard({ items }: PushReply): void {
    if (this.#over) return
    const [kind, first, second, third] = items
    if (typeof first !== 'string' || typeof second !== 'string') return
    const decode = this.#decode
    if (kind === 'message' || kind === 'smessage') this.#take({ channel: decode(first), message: decode(second) })
    else if (kind === 'pmessage' && typeof third === 'string') {
      this.#take({ channel: decode(second), message: decode(third), pattern: decode(first) })
    }
  }

  #take(message: Message<S>): void {
    const reader = this.#readers.shift()
    if (reader !== undefined) {
      reader.resolve({ value: message, done: false })
      return
    }
    if (this.#queue.length === this.#maxQueued) {
      if (this.#options.overflow !== 'drop') {
        const problem = `More than ${this.#maxQueued} messages wait to be read: read faster, raise maxQueued, or say overflow: 'drop'.`
        this.fail(new BackendError('OVERFLOW', problem))
        return
      }
      this.#queue.shift()
      this.#dropped++
    }
    this.#queue.push(message)
  }
}
