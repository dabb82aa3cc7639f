/**
 * Delivery: a message in the hands of a consumer, and what may be done with it.
 *
 * The one idea: a `Held` is the entry for as long as this consumer has it; a `Delivery` is one attempt at it, which its handler
 * sees. An attempt is settled once: what is said after that changes nothing.
 */
import type { Cancel } from '../../base/clock.ts'
import { Message } from '../message.ts'
import type { Content, Field } from '../payload.ts'

/** Where a held entry stands; `settling` is handled, and its acknowledgement is on the way. */
export type Stand = 'queued' | 'running' | 'settling' | 'waiting' | 'open' | 'gone'

/** An entry for as long as this consumer has it. */
export interface Held<T> {
  readonly stream: string
  readonly id: string
  readonly fields: readonly Field[]
  content: Content<T>
  deliveries: number
  stand: Stand
  /** What it is ordered by. */
  orderKey: string | undefined
  /** The alarm of its next attempt. */
  alarm: Cancel | undefined
  /** Its acknowledgement was sent: it needs no sign of life, and is not taken over. */
  isAcknowledged: boolean
  /** The attempt that runs or ran last. */
  attempt: Delivery<T> | undefined
}

/** What a handler can say about its message. */
export interface Fate<T> {
  ack(held: Held<T>): Promise<boolean>
  retry(held: Held<T>, options: RetryOptions): Promise<void>
  reject(held: Held<T>, reason: unknown): Promise<void>
  extend(held: Held<T>): Promise<boolean>
}

export interface RetryOptions {
  /** How long to wait; the consumer's backoff unless given. */
  readonly afterMs?: number
  /** Whether this attempt counts as a delivery; true unless given. */
  readonly counts?: boolean
}

/** One attempt at a message. */
export class Delivery<T = Record<string, string>> extends Message<T> {
  /** How often it was delivered, this time included. */
  readonly deliveries: number
  readonly #held: Held<T>
  readonly #fate: Fate<T>
  #isSettled = false
  #controller: AbortController | undefined
  #abortedBy: unknown

  constructor(held: Held<T>, fate: Fate<T>) {
    super(held.stream, held.id, held.fields, held.content)
    this.deliveries = held.deliveries
    this.#held = held
    this.#fate = fate
  }

  /** Aborted when the attempt has failed by its time limit, when somebody else took the message over, and at an abort. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#abortedBy !== undefined) this.#controller.abort(this.#abortedBy)
    }
    return this.#controller.signal
  }

  /** Whether its fate has been decided. */
  get isSettled(): boolean {
    return this.#isSettled
  }

  /** It is done. False when it was not pending any more, or settled before. */
  async ack(): Promise<boolean> {
    return this.settle() && this.#fate.ack(this.#held)
  }

  /** Not now: it comes again. */
  async retry(options: RetryOptions = {}): Promise<void> {
    if (this.settle()) await this.#fate.retry(this.#held, options)
  }

  /** Never: it goes to the dead letters. */
  async reject(reason: unknown): Promise<void> {
    if (this.settle()) await this.#fate.reject(this.#held, reason)
  }

  /** Still working: nobody claims it for another `claimAfterMs`. False when it is no longer this consumer's. */
  async extend(): Promise<boolean> {
    return !this.#isSettled && this.#fate.extend(this.#held)
  }

  /** Decides its fate; false when that was done before. The consumer's own. */
  settle(): boolean {
    if (this.#isSettled) return false
    this.#isSettled = true
    return true
  }

  /** Tells the handler. The consumer's own. */
  abort(reason: unknown): void {
    this.#abortedBy ??= reason
    this.#controller?.abort(reason)
  }
}
