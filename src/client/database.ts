/**
 * Database: the typed API, the same over every store.
 *
 * The one idea: methods and shapes come from the grammar, everything that touches a store goes through its `Backend`. Over a
 * store in this thread a call runs in the caller's turn and its promise is only an envelope.
 */
import type { MessagePort } from 'node:worker_threads'
import { type Backend, BackendError, type Features } from '../backend/backend.ts'
import { PrefixedBackend } from '../backend/prefixed/prefixed-backend.ts'
import { type Argv, type Bytes, bytes, fromBuffer, raw, text, toBuffer } from '../base/bytes.ts'
import { ReplyError } from '../base/reply.ts'
import { allCommands } from '../commands/all.ts'
import type { Options } from '../commands/args/encode.ts'
import type { Text, Value } from '../commands/args/nodes.ts'
import { userLineOf } from './any-command.ts'
import { installMethods, type Method, type Sender } from './command-methods.ts'
import { RedisError } from './errors.ts'
import { type Functions, functionsOver } from './functions/functions.ts'
import type { Host, ListenAt, Listening, Snapshot } from './host.ts'
import type { Methods } from './methods/methods.ts'
import { type Lasting, Ongoing } from './ongoing.ts'
import { valueIn } from './promise-sender.ts'
import { Queue, type Replies } from './queue.ts'
import { asBuffers, asText, type Decode, plain } from './reading.ts'
import type { AtOnce, Promised } from './returned.ts'
import { type TransactionBody, type TransactionOptions, transact } from './transaction.ts'

/** What a view has of the database that it is a part of. */
interface View {
  readonly lasting: Lasting
  /** Closed with the view. */
  readonly whole: Database | undefined
}

/** A store, by promise. */
export interface Database extends Methods<Promised, string> {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods are installed below, and a test holds the printed interface to the table
export class Database extends Ongoing<string> {
  readonly #backend: Backend
  readonly #host: Host | undefined
  #buffers: Buffers | undefined
  #atOnce: AtOnceMethods | undefined
  #functions: Functions | undefined
  #closed: Promise<void> | undefined
  /** Subscriptions of this database and of its views. */
  readonly #lasting: Lasting
  readonly #view: View | undefined

  constructor(backend: Backend, host?: Host, view?: View) {
    const lasting: Lasting = view?.lasting ?? new Set()
    super(backend, text, lasting)
    this.#backend = backend
    this.#host = host
    this.#lasting = lasting
    this.#view = view
  }

  /** What kind of store this is. */
  get features(): Features {
    return this.#backend.features
  }

  /** The same commands with strings as buffers, byte for byte. */
  get buffers(): Buffers {
    this.#buffers ??= new Buffers(this.#backend, toBuffer, this.#lasting)
    return this.#buffers
  }

  /** What all keys of this database begin with in the store; empty without `withPrefix`. */
  get keyPrefix(): string {
    return this.#backend instanceof PrefixedBackend ? text(this.#backend.prefix) : ''
  }

  /**
   * A view of the keys that begin with a prefix, which callers neither write nor see: keys, patterns, channels and keyspace
   * notifications get it on their way and lose it on their way back. Views are cheap and nest. Closing one closes nothing,
   * unless it `closes` the database that it is a view of.
   */
  withPrefix(prefix: Text, { closes = false }: { readonly closes?: boolean } = {}): Database {
    const view = { lasting: this.#lasting, whole: closes ? this : undefined }
    return new Database(prefixed(this.#backend, prefix), this.#host, view)
  }

  /**
   * The same commands answered at once, without promises: only where the store is in this thread. A command that would have
   * to wait is answered as if its time were up.
   */
  get sync(): AtOnceMethods {
    this.#atOnce ??= new AtOnceMethods(this.#backend)
    return this.#atOnce
  }

  /** Libraries of functions beside the data: `await db.functions.load(text)`, `await db.functions.lib.count('Ada')`. */
  get functions(): Functions {
    this.#functions ??= functionsOver(this.#backend)
    return this.#functions
  }

  /** Runs any command; the reply comes as it is. */
  call(...words: readonly Value[]): Promise<unknown> {
    return callAny(this.#backend, words, asText)
  }

  /** Runs any command; strings come as buffers. */
  callBuffer(...words: readonly Value[]): Promise<unknown> {
    return callAny(this.#backend, words, asBuffers)
  }

  /** Commands to be sent together, in order; other clients' commands may come between them. */
  pipeline(): Queue<[], string> {
    return new Queue(this.#backend, false)
  }

  /** Commands to be run as one unit (MULTI/EXEC). */
  multi(): Queue<[], string> {
    return new Queue(this.#backend, true)
  }

  /**
   * Reads, then writes only if none of `keys` has changed meanwhile (WATCH); else begins again. `body` returns the queue of
   * its writes (`tx.multi()…`); the replies are the result.
   */
  transaction<Q extends readonly unknown[]>(
    keys: Text | readonly Text[],
    body: TransactionBody<Q>,
    options?: TransactionOptions,
  ): Promise<Replies<Q>> {
    return transact(this.#backend, keys, body, options)
  }

  /**
   * Serves the store to other programs; closed with the database, or by itself. Only for stores of this thread.
   */
  async listen(at: ListenAt = {}): Promise<Listening> {
    return this.#hostFor('listen').listen(at)
  }

  /**
   * A port for another thread: pass it in `transferList`, and `open(port)` there gives a database on this store. Only for
   * stores of this thread; what uses the port is rejected when the store is closed.
   */
  port(): MessagePort {
    return this.#hostFor('port').port()
  }

  /**
   * Lends the store to ioredis without a socket: `new Redis({ Connector: db.connector() })`. Its type is what is expected of
   * it there, for no class but ioredis' own fits by its shape. Only for stores of this thread.
   */
  connector<C>(): C
  connector(): unknown {
    return this.#hostFor('connector').connector()
  }

  /**
   * Keeps a copy of all data in memory: `await snapshot.restore()` goes back to it as often as wanted. All databases of the
   * store, whatever the prefix; not its libraries and settings. Only for stores of this thread.
   */
  async snapshot(): Promise<Snapshot> {
    return this.#hostFor('snapshot').snapshot()
  }

  /** Resolves when everything done so far is on the disk; at once where nothing is kept there. Only for stores of this thread. */
  async flush(): Promise<void> {
    await this.#hostFor('flush').flush?.()
  }

  /** Removes all keys, or all under the prefix, page by page; resolves with how many. What comes meanwhile may stay. */
  async deleteAll(): Promise<number> {
    let removed = 0
    let page: Buffer[] = []
    const remove = async (): Promise<void> => {
      if (page.length === 0) return
      const queue: Queue<readonly unknown[], string> = new Queue(this.#backend, false)
      for (const key of page) queue.unlink(key)
      page = []
      for (const count of await queue.exec()) {
        if (count instanceof RedisError) throw count
        removed += Number(count)
      }
    }
    for await (const key of this.buffers.scan({ count: PAGE })) if (page.push(key) >= PAGE) await remove()
    await remove()
    return removed
  }

  /** Ends all connections; calls that wait are rejected. A private store is gone with it. */
  close(): Promise<void> {
    this.#closed ??= this.#end()
    return this.#closed
  }

  #hostFor(method: string): Host {
    if (this.#host !== undefined) return this.#host
    throw new BackendError('UNSUPPORTED', `db.${method} needs a store in this thread, and ${this.features.name} is not`)
  }

  async #end(): Promise<void> {
    if (this.#view !== undefined) return this.#view.whole?.close()
    for (const lasting of [...this.#lasting]) lasting.fail(new BackendError('CLOSED', 'The database is closed.'))
    await this.#backend.close()
    await this.#host?.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

installMethods(Database.prototype, allCommands, 'text')

/** How many keys `deleteAll` removes at a time. */
const PAGE = 500

/** The part of a store under a prefix; of a part, its part. */
export function prefixed(backend: Backend, prefix: Text): PrefixedBackend {
  const more: Bytes = prefix instanceof Uint8Array ? fromBuffer(prefix) : bytes(prefix)
  if (more === '') throw new TypeError('a key prefix must not be empty')
  if (!(backend instanceof PrefixedBackend)) return new PrefixedBackend(backend, more)
  return new PrefixedBackend(backend.inner, raw(backend.prefix + more))
}

async function callAny(backend: Backend, words: readonly Value[], decode: Decode): Promise<unknown> {
  const { command, argv } = userLineOf(words)
  const answer = backend.call(command, argv)
  const reply = answer instanceof Promise ? await answer : answer
  if (reply instanceof ReplyError) throw new RedisError(reply)
  return plain(reply, decode)
}

/** Every command with strings as buffers. */
export interface Buffers extends Methods<Promised, Buffer> {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: as Database
export class Buffers extends Ongoing<Buffer> {}

installMethods(Buffers.prototype, allCommands, 'buffers')

/** Every command, answered at once. */
export interface AtOnceMethods extends Methods<AtOnce, string> {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: as Database
export class AtOnceMethods implements Sender {
  readonly #backend: Backend

  constructor(backend: Backend) {
    this.#backend = backend
  }

  send(method: Method, argv: Argv, options: Options | undefined): unknown {
    return valueIn(this.#runner.call(method.command, argv), method, options)
  }

  refuse(error: unknown): never {
    throw error
  }

  /** Runs any command. */
  call(...words: readonly Value[]): unknown {
    const { command, argv } = userLineOf(words)
    const reply = this.#runner.call(command, argv)
    if (reply instanceof ReplyError) throw new RedisError(reply)
    return plain(reply, asText)
  }

  get #runner() {
    const { sync, features } = this.#backend
    if (sync === undefined)
      throw new BackendError('UNSUPPORTED', `db.sync needs a store in this thread, and ${features.name} is not`)
    return sync
  }
}

installMethods(AtOnceMethods.prototype, allCommands, 'text')
