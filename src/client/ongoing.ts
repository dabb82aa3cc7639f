/**
 * What goes on after a first reply: walks over keys and elements, and subscriptions.
 *
 * The one idea: async iterables. Leaving the loop ends what is behind it.
 */
import type { Backend } from '../backend/backend.ts'
import type { Bytes } from '../base/bytes.ts'
import type { Text } from '../commands/args/nodes.ts'
import { Dedicated } from './dedicated.ts'
import { PromiseSender } from './promise-sender.ts'
import { type SubscribeOptions, Subscription } from './subscription.ts'
import { elementsOf, fieldsOf, keysOf, membersOf, type ScanOptions, type WalkOptions } from './walks.ts'

/** What ends with its database. */
export type Lasting = Set<{ fail(error: Error): void }>

/** Methods of databases that give async iterables; `S` is what strings are. */
export class Ongoing<S> extends PromiseSender {
  readonly #backend: Backend
  readonly #decode: (value: Bytes) => S
  readonly #lasting: Lasting

  constructor(backend: Backend, decode: (value: Bytes) => S, lasting: Lasting) {
    super(backend)
    this.#backend = backend
    this.#decode = decode
    this.#lasting = lasting
  }

  /**
   * Every key, on every node: `for await (const key of db.scan({ match: 'user:*' }))`. Keys that are there all the while come
   * at least once; a key may come twice, and keys that come or go meanwhile may be missed.
   */
  scan(options: ScanOptions = {}): AsyncGenerator<S, void, undefined> {
    return keysOf(this.#backend, options, this.#decode)
  }

  /** Every field of a hash with its value; the promises are those of `scan`. */
  hscan(key: Text, options: WalkOptions = {}): AsyncGenerator<[S, S], void, undefined> {
    return fieldsOf(this.#backend, key, options, this.#decode)
  }

  /** Every member of a set; the promises are those of `scan`. */
  sscan(key: Text, options: WalkOptions = {}): AsyncGenerator<S, void, undefined> {
    return elementsOf(this.#backend, key, options, this.#decode)
  }

  /** Every member of a sorted set with its score; the promises are those of `scan`. */
  zscan(key: Text, options: WalkOptions = {}): AsyncGenerator<[S, number], void, undefined> {
    return membersOf(this.#backend, key, options, this.#decode)
  }

  /** A connection of one's own, for calls that wait and may be given up: close it when done. */
  async dedicated(): Promise<Dedicated> {
    return new Dedicated(await this.#backend.session())
  }

  /** Listens to channels. Resolves once the store has confirmed: what is published from then on is heard. */
  subscribe(channels: Text | readonly Text[], options: SubscribeOptions = {}): Promise<Subscription<S>> {
    return this.#subscription('SUBSCRIBE', channels, options)
  }

  /** Listens to the channels that match patterns. */
  psubscribe(patterns: Text | readonly Text[], options: SubscribeOptions = {}): Promise<Subscription<S>> {
    return this.#subscription('PSUBSCRIBE', patterns, options)
  }

  /** Listens to shard channels; in a cluster those of one subscription share a slot. */
  ssubscribe(channels: Text | readonly Text[], options: SubscribeOptions = {}): Promise<Subscription<S>> {
    return this.#subscription('SSUBSCRIBE', channels, options)
  }

  async #subscription(
    command: 'SUBSCRIBE' | 'PSUBSCRIBE' | 'SSUBSCRIBE',
    names: Text | readonly Text[],
    options: SubscribeOptions,
  ): Promise<Subscription<S>> {
    const subscription = new Subscription(this.#backend, this.#decode, command, names, options)
    const lasting = this.#lasting
    lasting.add(subscription)
    subscription.onEnd = () => lasting.delete(subscription)
    await subscription.open()
    return subscription
  }
}
