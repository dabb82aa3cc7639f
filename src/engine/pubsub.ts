/**
 * Pub/sub: channels, patterns and shard channels, and who listens.
 *
 * The one idea: what a client hears of its own doing is no different from what others hear of it, but it arrives on the
 * same connection as the reply. So while a subscribed client's command runs, its messages are kept and handed back with
 * the reply, in the order in which Redis writes them.
 *
 * Invariant: a client has `GATE.subscribed` exactly while it has a subscription of any kind.
 */
import type { Bytes } from '../base/bytes.ts'
import { matchGlob } from '../base/glob.ts'
import { PushReply, Replies, type Reply } from '../base/reply.ts'
import { type Client, GATE } from '../commands/client.ts'
import type { PubSubPort } from '../commands/context.ts'

type Listeners = Map<Bytes, Set<Client>>

/** A client whose command runs, and what it has heard meanwhile. */
interface Hearing {
  readonly client: Client
  readonly messages: PushReply[]
  /** Whoever's command this one runs in (EXEC), or follows before its reply is written (a woken client). */
  readonly outer: Hearing | undefined
  /** How many of the messages stand before the reply, once that is known. */
  before: number | undefined
}

const MESSAGE = 'message' as Bytes
const PMESSAGE = 'pmessage' as Bytes
const SMESSAGE = 'smessage' as Bytes

export class PubSub implements PubSubPort {
  readonly #channels: Listeners = new Map()
  readonly #patterns: Listeners = new Map()
  readonly #shardChannels: Listeners = new Map()
  #hearing: Hearing | undefined = undefined

  get patternCount(): number {
    return this.#patterns.size
  }

  get channelCount(): number {
    return this.#channels.size
  }

  get shardChannelCount(): number {
    return this.#shardChannels.size
  }

  subscribe(client: Client, channel: Bytes): void {
    join(this.#channels, client.channels, client, channel)
  }

  unsubscribe(client: Client, channel: Bytes): void {
    leave(this.#channels, client.channels, client, channel)
  }

  psubscribe(client: Client, pattern: Bytes): void {
    join(this.#patterns, client.patterns, client, pattern)
  }

  punsubscribe(client: Client, pattern: Bytes): void {
    leave(this.#patterns, client.patterns, client, pattern)
  }

  ssubscribe(client: Client, channel: Bytes): void {
    join(this.#shardChannels, client.shardChannels, client, channel)
  }

  sunsubscribe(client: Client, channel: Bytes): void {
    leave(this.#shardChannels, client.shardChannels, client, channel)
  }

  publish(channel: Bytes, message: Bytes): number {
    let receivers = this.#send(this.#channels.get(channel), new PushReply([MESSAGE, channel, message]))
    for (const [pattern, listeners] of this.#patterns) {
      if (!matchGlob(pattern, channel)) continue
      receivers += this.#send(listeners, new PushReply([PMESSAGE, pattern, channel, message]))
    }
    return receivers
  }

  spublish(channel: Bytes, message: Bytes): number {
    return this.#send(this.#shardChannels.get(channel), new PushReply([SMESSAGE, channel, message]))
  }

  /** Keeps a client's messages until `heard`. */
  hear(client: Client): void {
    this.#hearing = { client, messages: [], outer: this.#hearing, before: undefined }
  }

  /** The reply stands here among the messages; only the first call counts. */
  replyHere(): void {
    if (this.#hearing !== undefined) this.#hearing.before ??= this.#hearing.messages.length
  }

  /** Ends `hear`: the reply with the messages around it. Without a reply (the client was parked) they go out now. */
  heard(reply: Reply | undefined): Reply | undefined {
    const { client, messages, outer, before } = this.#hearing!
    this.#hearing = outer
    if (messages.length === 0) return reply
    if (reply !== undefined) return new Replies([...messages.slice(0, before), reply, ...messages.slice(before)])
    for (const message of messages) client.outlet.push(message)
    return undefined
  }

  channels(pattern: Bytes | undefined): Bytes[] {
    return matching(this.#channels, pattern)
  }

  shardChannels(pattern: Bytes | undefined): Bytes[] {
    return matching(this.#shardChannels, pattern)
  }

  subscribers(channel: Bytes): number {
    return this.#channels.get(channel)?.size ?? 0
  }

  shardSubscribers(channel: Bytes): number {
    return this.#shardChannels.get(channel)?.size ?? 0
  }

  /** Ends all of a client's subscriptions without a word (disconnect, RESET). */
  forget(client: Client): void {
    for (const channel of [...client.channels]) this.unsubscribe(client, channel)
    for (const pattern of [...client.patterns]) this.punsubscribe(client, pattern)
    for (const channel of [...client.shardChannels]) this.sunsubscribe(client, channel)
  }

  #send(listeners: Set<Client> | undefined, message: PushReply): number {
    if (listeners === undefined) return 0
    for (const client of listeners) {
      let hearing = this.#hearing
      while (hearing !== undefined && hearing.client !== client) hearing = hearing.outer
      if (hearing !== undefined) hearing.messages.push(message)
      else client.outlet.push(message)
    }
    return listeners.size
  }
}

function join(all: Listeners, mine: Set<Bytes>, client: Client, name: Bytes): void {
  if (mine.has(name)) return
  mine.add(name)
  client.gate |= GATE.subscribed
  const listeners = all.get(name)
  if (listeners === undefined) all.set(name, new Set([client]))
  else listeners.add(client)
}

function leave(all: Listeners, mine: Set<Bytes>, client: Client, name: Bytes): void {
  if (!mine.delete(name)) return
  if (client.subscriptions === 0) client.gate &= ~GATE.subscribed
  const listeners = all.get(name)
  listeners?.delete(client)
  if (listeners?.size === 0) all.delete(name)
}

function matching(all: Listeners, pattern: Bytes | undefined): Bytes[] {
  const names = [...all.keys()]
  return pattern === undefined ? names : names.filter((name) => matchGlob(pattern, name))
}
