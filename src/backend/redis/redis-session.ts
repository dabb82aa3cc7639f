/**
 * RedisSession: a connection that belongs to one user: for WATCH, for subscriptions, for waiting in order.
 *
 * The one idea: it ends with its connection, for what was watched or subscribed to is gone then; its owner hears of it.
 * Messages look as those of the embedded store. How many subscriptions there are is counted here, as the server counts them:
 * ioredis tells only the last count.
 */
import { type Argv, type Bytes, bytes, fromBuffer, lower, raw, text } from '../../base/bytes.ts'
import { PushReply, Replies, type Reply, ReplyError } from '../../base/reply.ts'
import type { Command } from '../../commands/command.ts'
import type { BatchOptions, BatchReply, Line, Session } from '../backend.ts'
import type { Connection } from './connection.ts'
import { mayWait } from './repeatable.ts'

/** `subscribe` and its kin, without the `un`. */
type Kind = 'subscribe' | 'psubscribe' | 'ssubscribe'

export class RedisSession implements Session {
  onPush: ((message: PushReply) => void) | undefined = undefined
  onEnd: ((cause: Error) => void) | undefined = undefined
  readonly #connection: Connection
  readonly #joined: Readonly<Record<Kind, Set<Bytes>>> = {
    subscribe: new Set(),
    psubscribe: new Set(),
    ssubscribe: new Set(),
  }

  /** `onClosed` is told when the session is over. */
  constructor(connection: Connection, onClosed: (session: RedisSession) => void) {
    this.#connection = connection
    connection.onEnd = (cause) => {
      onClosed(this)
      this.onEnd?.(cause)
    }
    const { client } = connection
    client.on('messageBuffer', (channel, message) => this.#push('message', bytesOf(channel), bytesOf(message)))
    client.on('smessageBuffer', (channel, message) => this.#push('smessage', bytesOf(channel), bytesOf(message)))
    client.on('pmessageBuffer', (pattern, channel, message) => {
      this.#push('pmessage', this.#patternOf(pattern), bytesOf(channel), bytesOf(message))
    })
  }

  call(command: Command | undefined, argv: Argv): Promise<Reply> {
    const name = lower(argv[0]!)
    const [joins, leaves] = [JOINING.get(name), LEAVING.get(name)]
    if (joins !== undefined) return this.#join(joins, argv.slice(1))
    if (leaves !== undefined) return this.#leave(leaves, argv.slice(1))
    if (command?.name === 'HELLO') return Promise.resolve(NO_HELLO)
    return this.#connection.send(argv)
  }

  async batch(lines: readonly Line[], { atomic }: BatchOptions): Promise<BatchReply> {
    if (atomic) return this.#connection.transaction(lines.map(({ argv }) => argv))
    return Promise.all(
      lines.map(({ command, argv }) =>
        mayWait(command, argv) ? this.#connection.sendWithoutWaiting(argv) : this.#connection.send(argv),
      ),
    )
  }

  async close(): Promise<void> {
    this.onEnd = undefined
    this.#connection.close()
  }

  async #join(kind: Kind, names: readonly Bytes[]): Promise<Reply> {
    const reply = await this.#connection.send([raw(kind), ...names])
    if (reply instanceof ReplyError) return reply
    return new Replies(
      names.map((name) => {
        this.#joined[kind].add(name)
        return new PushReply([raw(kind), name, this.#count(kind)])
      }),
    )
  }

  async #leave(kind: Kind, given: readonly Bytes[]): Promise<Reply> {
    const joined = this.#joined[kind]
    const names = given.length > 0 ? given : [...joined]
    const word = raw(WORD_OF_LEAVING[kind])
    if (names.length === 0) return new PushReply([word, null, this.#count(kind)])
    const reply = await this.#connection.send([word, ...names])
    if (reply instanceof ReplyError) return reply
    return new Replies(
      names.map((name) => {
        joined.delete(name)
        return new PushReply([word, name, this.#count(kind)])
      }),
    )
  }

  #count(kind: Kind): number {
    const { subscribe, psubscribe, ssubscribe } = this.#joined
    return kind === 'ssubscribe' ? ssubscribe.size : subscribe.size + psubscribe.size
  }

  /** ioredis gives patterns as text, which loses bytes that are none. */
  #patternOf(pattern: unknown): Bytes {
    const given = String(pattern)
    return [...this.#joined.psubscribe].find((mine) => text(mine) === given) ?? bytes(given)
  }

  #push(kind: string, ...parts: readonly Bytes[]): void {
    this.onPush?.(new PushReply([raw(kind), ...parts]))
  }
}

const bytesOf = (part: unknown): Bytes => (Buffer.isBuffer(part) ? fromBuffer(part) : bytes(String(part ?? '')))

const WORD_OF_LEAVING: Readonly<Record<Kind, string>> = {
  subscribe: 'unsubscribe',
  psubscribe: 'punsubscribe',
  ssubscribe: 'sunsubscribe',
}
const KINDS = ['subscribe', 'psubscribe', 'ssubscribe'] as const
const JOINING: ReadonlyMap<string, Kind> = new Map(KINDS.map((kind) => [kind, kind]))
const LEAVING: ReadonlyMap<string, Kind> = new Map(KINDS.map((kind) => [WORD_OF_LEAVING[kind], kind]))

const NO_HELLO = new ReplyError('ERR sessions of this store speak RESP2; messages come all the same')
