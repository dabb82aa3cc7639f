/**
 * Queue: commands that are sent together. Its type knows what each will answer.
 *
 * The one idea: a method puts its line in the queue and gives the queue, typed by one reply more; `exec` sends the lines and
 * reads each reply by the shape of its command. A queue runs once.
 */
import type { Line, Runner } from '../backend/backend.ts'
import type { Argv } from '../base/bytes.ts'
import { type Reply, ReplyError } from '../base/reply.ts'
import { allCommands } from '../commands/all.ts'
import type { Options } from '../commands/args/encode.ts'
import type { Value } from '../commands/args/nodes.ts'
import { userLineOf } from './any-command.ts'
import { installMethods, type Method, type Sender } from './command-methods.ts'
import { RedisError } from './errors.ts'
import type { Methods } from './methods/methods.ts'
import { asText, plain } from './reading.ts'
import type { InQueue } from './returned.ts'

/** What a queue answers: for each command its reply or its error. */
export type Replies<Q extends readonly unknown[]> = { -readonly [I in keyof Q]: Q[I] | RedisError }

/** Every command, queued; `Q` is what the commands so far will answer, `S` what strings are. */
export interface Queue<Q extends readonly unknown[], S> extends Methods<InQueue<Q, S>, S> {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods are installed below, and a test holds the printed interface to the table
export class Queue<Q extends readonly unknown[], S> implements Sender {
  readonly #lines: Line[] = []
  readonly #reads: ((reply: Reply) => unknown)[] = []
  readonly #before: (() => Promise<void>)[] = []
  readonly #runner: Runner
  readonly #atomic: boolean
  #executed = false

  constructor(runner: Runner, atomic: boolean) {
    this.#runner = runner
    this.#atomic = atomic
  }

  /** Commands queued so far. */
  get length(): number {
    return this.#lines.length
  }

  /** Queues any command; its reply comes as it is. */
  add(...words: readonly Value[]): Queue<readonly [...Q, unknown], S> {
    return this.#push(userLineOf(words), (reply) => plain(reply, asText))
  }

  /** Part of every method. */
  send({ command, read }: Method, argv: Argv, options: Options | undefined): unknown {
    return this.#push({ command, argv }, (reply) =>
      reply instanceof ReplyError ? new RedisError(reply) : read(reply, options),
    )
  }

  refuse(error: unknown): never {
    throw error
  }

  /** What the queue is sent over. */
  get runner(): Runner {
    return this.#runner
  }

  /** Queues what is no method: a script's call. `before` is done first, once, when the queue is run. */
  line<T>(line: Line, read: (reply: Reply) => unknown, before?: () => Promise<void>): Queue<readonly [...Q, T], S> {
    if (before !== undefined) this.#before.push(before)
    return this.#push(line, read)
  }

  /**
   * Runs what is queued. Resolves with a reply for each command, in order; an error reply is an item (`RedisError`) and what
   * else was queued has run all the same. Rejects when nothing ran: an atomic queue with a command that can't be queued.
   */
  async exec(): Promise<Replies<Q>> {
    const replies = await this.run()
    if (replies === null) throw new TypeError('a queue of a transaction is returned from its body, not executed there')
    return replies
  }

  /** As `exec`; null when a watched key had changed. */
  async run(): Promise<Replies<Q> | null> {
    if (this.#executed) throw new TypeError('this queue was executed before: make a new one')
    this.#executed = true
    for (const prepare of this.#before) await prepare()
    const replies = this.#lines.length === 0 ? [] : await this.#runner.batch(this.#lines, { atomic: this.#atomic })
    if (replies instanceof ReplyError) throw new RedisError(replies)
    // The type of the queue has grown with its lines, one by one.
    return replies === null ? null : (replies.map((reply, i) => this.#reads[i]!(reply)) as Replies<Q>)
  }

  #push<T = unknown>(line: Line, read: (reply: Reply) => unknown): Queue<readonly [...Q, T], S> {
    this.#lines.push(line)
    this.#reads.push(read)
    // The same queue, with one line more: only its type knows.
    return this as unknown as Queue<readonly [...Q, T], S>
  }
}

installMethods(Queue.prototype, allCommands, 'text')
