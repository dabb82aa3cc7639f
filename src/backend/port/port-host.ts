/**
 * PortHost: a store given to another thread.
 *
 * The one idea: the other thread is one more user of the store, with a backend of its own; when its end of the port is gone
 * (closed, or the thread has ended) that backend is closed, and with it go the waits, watches and subscriptions.
 */
import type { MessagePort } from 'node:worker_threads'
import { assert } from '../../base/assert.ts'
import type { Argv, Bytes } from '../../base/bytes.ts'
import { INTERNAL } from '../../base/errors.ts'
import { OK, Replies, type Reply } from '../../base/reply.ts'
import type { Command } from '../../commands/command.ts'
import { RequestDecoder } from '../../resp/request-decoder.ts'
import { BackendError, type BatchReply, type Line, type Runner, type Session } from '../backend.ts'
import type { EmbeddedBackend } from '../embedded/embedded-backend.ts'
import type { KeptBackend } from '../embedded/kept-backend.ts'
import { closed } from '../embedded/run-batch.ts'
import { BATCH, CALL, CLOSE, type Hello, OPEN, Outbox, STORE, UNIT, VERSION } from './wire.ts'

type Answer = BatchReply | Reply

export class PortHost {
  readonly #port: MessagePort
  readonly #backend: EmbeddedBackend | KeptBackend
  readonly #outbox: Outbox
  readonly #decoder = new RequestDecoder()
  readonly #sessions = new Map<number, Session>()
  readonly #onClosed: () => void

  /** Serves a backend that nobody else uses. `onClosed` hears that the other end is gone. */
  constructor(port: MessagePort, backend: EmbeddedBackend | KeptBackend, onClosed: () => void) {
    this.#port = port
    this.#backend = backend
    this.#outbox = new Outbox(port)
    this.#onClosed = onClosed
    const hello: Hello = { geartrain: VERSION, name: backend.features.name }
    port.postMessage(hello)
    port.on('message', (message: Uint8Array) => this.#receive(message))
    port.on('close', () => this.#gone())
    // The other thread keeps the process alive while it runs; waiting for what it might ask does not.
    port.unref()
  }

  /** Ends it from this side: what is still asked is rejected over there. */
  async close(): Promise<void> {
    await this.#backend.close()
    this.#outbox.flush()
    this.#port.close()
  }

  #gone(): void {
    void this.#backend.close()
    this.#onClosed()
  }

  #receive(message: Uint8Array): void {
    const decoder = this.#decoder
    decoder.push(Buffer.from(message.buffer, message.byteOffset, message.length), 0, message.length)
    for (let words = decoder.next(); words !== undefined; words = decoder.next()) this.#serve(words)
    decoder.release()
    assert(decoder.error === undefined, 'what came through a port is no request')
  }

  #serve([verb, channel, id, ...words]: Argv): void {
    this.#settle(Number(id), () => this.#run(verb, Number(channel), words))
  }

  #run(verb: Bytes | undefined, channel: number, words: Argv): Answer | Promise<Answer> {
    switch (verb) {
      case OPEN:
        return this.#open(channel)
      case CLOSE:
        return this.#close(channel)
      case CALL:
        return this.#runner(channel).call(this.#commandOf(words), words)
      default:
        assert(verb === BATCH || verb === UNIT, 'a verb that no port knows')
        return this.#runner(channel).batch(this.#linesOf(words), { atomic: verb === UNIT })
    }
  }

  /** Scripts come as trees; everything else is in the table. */
  #commandOf(argv: Argv): Command | undefined {
    const { engine, scripts } = this.#backend
    return scripts.travelling(argv) ?? engine.table.find(argv)
  }

  #linesOf(words: Argv): Line[] {
    const lines: Line[] = []
    for (let at = 0; at < words.length; ) {
      const end = at + 1 + Number(words[at])
      const argv = words.slice(at + 1, end)
      lines.push({ command: this.#commandOf(argv), argv })
      at = end
    }
    return lines
  }

  #runner(channel: number): Runner {
    if (channel === STORE) return this.#backend
    const session = this.#sessions.get(channel)
    if (session === undefined) throw closed()
    return session
  }

  async #open(channel: number): Promise<Reply> {
    const session = await this.#backend.session()
    this.#sessions.set(channel, session)
    session.onPush = (message) => this.#outbox.say([-channel, message])
    session.onEnd = () => {
      this.#sessions.delete(channel)
      this.#outbox.say([-channel])
    }
    return OK
  }

  async #close(channel: number): Promise<Reply> {
    if (channel === STORE) {
      await this.close()
      return OK
    }
    const session = this.#sessions.get(channel)
    this.#sessions.delete(channel)
    await session?.close()
    return OK
  }

  /** Answers with what a run gives, now or later. */
  #settle(id: number, run: () => Answer | Promise<Answer>): void {
    try {
      const answer = run()
      if (!(answer instanceof Promise)) this.#outbox.say([id, framed(answer)])
      else
        answer.then(
          (reply) => this.#outbox.say([id, framed(reply)]),
          (error: unknown) => this.#reject(id, error),
        )
    } catch (error) {
      this.#reject(id, error)
    }
  }

  #reject(id: number, error: unknown): void {
    if (error instanceof BackendError) {
      this.#outbox.say([id])
      return
    }
    // A broken invariant is this thread's, not the caller's.
    this.#outbox.say([id, INTERNAL])
    queueMicrotask(() => {
      throw error
    })
  }
}

/** Several replies to one command would be taken for answers to several. */
const framed = (reply: Answer): Reply => (reply instanceof Replies ? reply.items : reply)
