/**
 * Pub/sub: channels, patterns and shard channels, and who listens.
 *
 * The one idea: a name has a set of listeners, a client the set of its names; the two are kept equal here and nowhere else.
 *
 * Invariant: a client has `GATE.subscribed` exactly while it has a subscription of any kind.
 */
import type { Bytes } from '../base/bytes.ts'
import { matchGlob } from '../base/glob.ts'
import { PushReply } from '../base/reply.ts'
import { type Client, GATE } from '../commands/client.ts'
import type { PubSubPort } from '../commands/context.ts'
import type { Hearing } from './hearing.ts'

type Listeners = Map<Bytes, Set<Client>>

const MESSAGE = 'message' as Bytes
const PMESSAGE = 'pmessage' as Bytes
const SMESSAGE = 'smessage' as Bytes

export class PubSub implements PubSubPort {
  readonly #channels: Listeners = new Map()
  readonly #patterns: Listeners = new Map()
  readonly #shardChannels: Listeners = new Map()
  readonly #hearing: Hearing

  constructor(hearing: Hearing) {
    this.#hearing = hearing
  }

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
    for (const client of listeners) this.#hearing.send(client, message)
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
