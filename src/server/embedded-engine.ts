/**
 * EmbeddedEngine: a store in this process, called directly and served to others on demand.
 *
 * The one idea: a call runs at once, in the caller's turn; a promise is only its envelope. A call that has to wait (BLPOP)
 * keeps the session that it waits in to itself, and the calls after it go on in another with the same database.
 *
 * Replies come as RESP2 clients give them: text or buffers, numbers (bigints beyond 2^53), null, arrays. An error reply
 * is a thrown `RedisError`; inside an array (EXEC) it is an item.
 */
import { type Argv, type Bytes, bytes, fromBuffer, text, toBuffer } from '../base/bytes.ts'
import { formatDouble } from '../base/doubles.ts'
import { BigNumber, Double, NilArray, type Reply, ReplyError, Status, Verbatim } from '../base/reply.ts'
import type { Outlet, Pushed, TransportFacts } from '../commands/client.ts'
import { type CreateOptions, createEngine } from '../create.ts'
import type { Engine } from '../engine/engine.ts'
import type { Session } from '../engine/session.ts'
import { Server } from './server.ts'

/** A word of a command: text goes as UTF-8, numbers in decimal, bytes as they are. */
export type Word = string | number | bigint | Uint8Array

/** A reply with its strings as `S`. */
export type Value<S> = null | number | bigint | S | RedisError | readonly Value<S>[]

/** An error reply. `code` is its first word: `ERR`, `WRONGTYPE` … */
export class RedisError extends Error {
  readonly code: string
  constructor(error: ReplyError) {
    super(text(error.message))
    this.name = 'RedisError'
    this.code = error.code
  }
}

/** Where to serve: a TCP port (0 takes a free one) or the path of a unix socket. */
export interface ListenAt {
  readonly port?: number
  readonly host?: string
  readonly path?: string
}

export interface EmbeddedOptions extends CreateOptions {
  /** Hears what the engine sends unasked: messages of subscribed channels. */
  readonly onPush?: (message: Value<string>) => void
}

const FACTS: TransportFacts = {
  address: 'embedded:0',
  localAddress: 'embedded:0',
  fd: -1,
  queryBytes: 0,
  queryFree: 0,
  outputBytes: 0,
}

/** The way back to callers in this process. */
class Caller implements Outlet {
  session!: Session
  readonly #onPush: ((message: Value<string>) => void) | undefined
  /** Takes the reply that the engine owes. */
  owed: ((reply: Reply) => void) | undefined = undefined

  constructor(onPush: ((message: Value<string>) => void) | undefined) {
    this.#onPush = onPush
  }
  reply(reply: Reply): void {
    this.owed?.(reply)
  }
  push(message: Pushed): void {
    this.#onPush?.(valueFrom(message, text))
  }
  resume(): void {}
  close(): void {
    this.session.client.closing = true
  }
  describe(): TransportFacts {
    return FACTS
  }
}

export class EmbeddedEngine {
  readonly engine: Engine
  readonly #servers = new Set<Server>()
  readonly #waiting = new Set<Caller>()
  readonly #onPush: ((message: Value<string>) => void) | undefined
  #caller: Caller

  constructor(options: EmbeddedOptions = {}) {
    const { onPush, ...rest } = options
    this.engine = createEngine(rest)
    this.#onPush = onPush
    this.#caller = this.#connect()
  }

  /** Runs a command; strings come as text, decoded as UTF-8. */
  call(...words: Word[]): Promise<Value<string>> {
    return this.#call(words, text)
  }

  /** Runs a command; strings come as buffers, byte for byte. */
  callBuffer(...words: Word[]): Promise<Value<Buffer>> {
    return this.#call(words, toBuffer)
  }

  /** Runs a command and returns its reply at once. A command that would have to wait is answered as if its time were up. */
  callSync(...words: Word[]): Value<string> {
    const { session } = this.#caller
    session.denyBlocking = true
    const reply = this.engine.execute(session, argvFrom(words))
    session.denyBlocking = false
    this.engine.idle()
    const value = reply === undefined ? null : valueFrom(reply, text)
    if (value instanceof RedisError) throw value
    return value
  }

  /** Serves the store to other programs, on loopback unless a host is named. Closed with the engine, or by itself. */
  async listen({ port = 0, host = '127.0.0.1', path }: ListenAt = {}): Promise<Server> {
    const server = new Server(this.engine)
    await server.listen([path === undefined ? { kind: 'tcp', host, port } : { kind: 'unix', path }])
    this.#servers.add(server)
    return server
  }

  /** Stops serving and waking; calls that wait are rejected. The data is gone with the last reference. */
  async close(): Promise<void> {
    for (const caller of this.#waiting) caller.reply(CLOSED)
    await Promise.all([...this.#servers].map((server) => server.close()))
    this.engine.disconnect(this.#caller.session)
    this.engine.stop()
  }

  #connect(): Caller {
    const caller = new Caller(this.#onPush)
    caller.session = this.engine.connect(caller)
    return caller
  }

  #call<S>(words: Word[], read: (value: Bytes) => S): Promise<Value<S>> {
    const caller = this.#caller
    if (caller.session.client.closing) return Promise.reject(new RedisError(CLOSED))
    const reply = this.engine.execute(caller.session, argvFrom(words))
    this.engine.idle()
    return reply === undefined ? this.#wait(caller, read) : settled(valueFrom(reply, read))
  }

  #wait<S>(caller: Caller, read: (value: Bytes) => S): Promise<Value<S>> {
    this.#caller = this.#connect()
    this.#caller.session.client.db = caller.session.client.db
    this.#waiting.add(caller)
    return new Promise((resolve) => {
      caller.owed = (reply) => {
        this.#waiting.delete(caller)
        resolve(settled(valueFrom(reply, read)))
        // The engine has yet to note that this session waits no more.
        queueMicrotask(() => this.engine.disconnect(caller.session))
      }
    })
  }
}

const CLOSED = new ReplyError('ERR The store is closed')

function settled<S>(value: Value<S>): Promise<Value<S>> {
  if (typeof value !== 'object' || value === null) return Promise.resolve(value)
  return value instanceof RedisError ? Promise.reject(value) : Promise.resolve(value)
}

/** The words as bytes, in the array they came in (a call's rest array is its own): another one takes 10 to 20 ns. */
function argvFrom(words: Word[]): Argv {
  for (let i = 0; i < words.length; i++) words[i] = wordOf(words[i]!)
  return words as Bytes[]
}

function wordOf(word: Word): Bytes {
  if (typeof word === 'string') return bytes(word)
  return word instanceof Uint8Array ? fromBuffer(word) : bytes(String(word))
}

function valueFrom<S>(reply: Reply, read: (value: Bytes) => S): Value<S> {
  if (typeof reply === 'string') return read(reply)
  if (reply === null || typeof reply === 'number') return reply
  if (typeof reply === 'bigint') {
    return reply >= Number.MIN_SAFE_INTEGER && reply <= Number.MAX_SAFE_INTEGER ? Number(reply) : reply
  }
  if (typeof reply === 'boolean') return reply ? 1 : 0
  if (reply instanceof Status || reply instanceof Verbatim) return read(reply.text)
  if (reply instanceof ReplyError) return new RedisError(reply)
  if (reply instanceof Double) return read(reply.text ?? formatDouble(reply.value))
  if (reply instanceof BigNumber) return read(reply.digits)
  if (reply instanceof NilArray) return null
  const items = 'items' in reply ? reply.items : reply
  return items.map((item) => valueFrom(item, read))
}
