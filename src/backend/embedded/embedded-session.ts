/**
 * EmbeddedSession: a client of the engine that belongs to one user: it may watch, wait and subscribe.
 *
 * The one idea: its calls are answered in order, as over a connection: while one waits, those after it wait too.
 */
import type { Argv } from '../../base/bytes.ts'
import type { PushReply, Reply } from '../../base/reply.ts'
import type { Command } from '../../commands/command.ts'
import type { Engine } from '../../engine/engine.ts'
import type { BatchOptions, BatchReply, Line, Session } from '../backend.ts'
import { Caller } from './caller.ts'
import { closed, runBatch } from './run-batch.ts'
import { EmbeddedScripts } from './scripts.ts'

export class EmbeddedSession implements Session {
  onEnd: ((cause: Error) => void) | undefined = undefined
  readonly scripts: EmbeddedScripts
  readonly #engine: Engine
  readonly #caller: Caller
  readonly #onClosed: () => void
  /** Settles when the calls before are answered; undefined when none waits. */
  #before: Promise<unknown> | undefined = undefined
  #ended = false

  constructor(engine: Engine, onClosed: () => void) {
    this.#engine = engine
    this.scripts = EmbeddedScripts.of(engine)
    this.#onClosed = onClosed
    this.#caller = new Caller(engine)
    this.#caller.onClosed = () => this.#end(closed())
  }

  get onPush(): ((message: PushReply) => void) | undefined {
    return this.#caller.onPush
  }

  set onPush(listener) {
    this.#caller.onPush = listener
  }

  call(command: Command | undefined, argv: Argv): Reply | Promise<Reply> {
    return this.#inOrder(() => {
      const reply = this.#engine.issue(this.#caller.session, command, argv)
      return reply === undefined ? this.#caller.answer() : reply
    })
  }

  batch(lines: readonly Line[], options: BatchOptions): BatchReply | Promise<BatchReply> {
    return this.#inOrder(() => runBatch(this.#engine, this.#caller.session, lines, options))
  }

  async close(): Promise<void> {
    if (this.#ended) return
    this.onEnd = undefined
    // A call that waits is told by this.
    this.#caller.close()
    this.#end(closed())
  }

  #inOrder<T extends BatchReply | Reply>(run: () => T | Promise<T>): T | Promise<T> {
    if (this.#ended) throw closed()
    if (this.#before !== undefined) return this.#chain(this.#before.then(() => this.#inOrder(run)))
    const answer = run()
    this.#engine.idle()
    return answer instanceof Promise ? this.#chain(answer) : answer
  }

  /** Those who come next wait for this one, however it ends. */
  #chain<T>(answer: Promise<T>): Promise<T> {
    const done: Promise<unknown> = answer
      .catch(() => undefined)
      .then(() => {
        if (this.#before === done) this.#before = undefined
      })
    this.#before = done
    return answer
  }

  #end(cause: Error): void {
    if (this.#ended) return
    this.#ended = true
    this.#engine.disconnect(this.#caller.session)
    this.#onClosed()
    this.onEnd?.(cause)
  }
}
