/**
 * Intake: entries become held messages.
 *
 * The one idea: whoever brings an entry (a read, a sweep, the one who takes over a stream), it comes in here once: its payload is
 * opened, its order key found, and what fits no schema or was delivered too often goes its way without a handler.
 */
import type { Entry } from '../message.ts'
import type { Content } from '../payload.ts'
import type { Crew } from './crew.ts'
import { Delivery, type Held } from './delivery.ts'
import type { Dispatcher } from './dispatcher.ts'
import type { Settling } from './settling.ts'
import { ConsumerError } from './trouble.ts'

export class Intake<T> {
  readonly #crew: Crew<T>
  readonly #settling: Settling<T>
  readonly #dispatcher: Dispatcher<T>
  readonly #orderBy: ((message: Delivery<T>) => string) | undefined

  constructor(
    crew: Crew<T>,
    settling: Settling<T>,
    dispatcher: Dispatcher<T>,
    orderBy: ((message: Delivery<T>) => string) | undefined,
  ) {
    this.#crew = crew
    this.#settling = settling
    this.#dispatcher = dispatcher
    this.#orderBy = orderBy
  }

  /** Takes in entries of a stream, in order, each delivered for the so-manieth time. */
  async take(stream: string, entries: readonly Entry[], deliveriesOf: (id: string) => number): Promise<void> {
    const { target, holdings, counters, settings, age } = this.#crew
    const now = settings.clock.now()
    const fresh: [Held<T>, Content<T> | Promise<Content<T>>][] = []
    for (const [id, fields] of entries) {
      if (holdings.has(stream, id)) continue
      counters.delivered++
      age.add(now - Number.parseInt(id, 10))
      const content = target.contentOf(stream, fields)
      const held: Held<T> = {
        stream,
        id,
        fields,
        content: content instanceof Promise ? UNOPENED : content,
        deliveries: deliveriesOf(id),
        stand: 'queued',
        orderKey: undefined,
        alarm: undefined,
        isAcknowledged: false,
        attempt: undefined,
      }
      holdings.add(held)
      fresh.push([held, content])
    }
    for (const [held, content] of fresh) {
      if (content instanceof Promise) held.content = await content
      this.#send(held)
    }
    this.#dispatcher.begin()
  }

  #send(held: Held<T>): void {
    const { settings } = this.#crew
    const { problem } = held.content
    if (problem !== undefined) this.#invalid(held, problem)
    else if (held.deliveries > settings.maxDeliveries && settings.deadLetter !== false) {
      const often = `Delivered ${held.deliveries} times: consumers died of it, or took too long.`
      held.attempt = new Delivery(held, this.#settling)
      void this.#settling.dead(held, 'exhausted', new ConsumerError('EXHAUSTED', often))
    } else if (this.#orderBy === undefined || this.#ordered(held, this.#orderBy)) this.#dispatcher.add(held)
  }

  /** Finds what an entry is ordered by. One for which that fails can't be handled. */
  #ordered(held: Held<T>, orderBy: (message: Delivery<T>) => string): boolean {
    const message = new Delivery(held, this.#settling)
    try {
      held.orderKey = `${held.stream} ${orderBy(message)}`
      return true
    } catch (error) {
      held.attempt = message
      void this.#settling.dead(held, 'failed', error)
      return false
    }
  }

  #invalid(held: Held<T>, problem: NonNullable<Content<T>['problem']>): void {
    const { settings, counters, events } = this.#crew
    const message = (held.attempt = new Delivery(held, this.#settling))
    counters.invalid++
    events.emit('invalid', { message, problem })
    message.settle()
    if (settings.onInvalid === 'skip') {
      counters.skipped++
      void this.#settling.skipped(held)
    } else if (settings.onInvalid === 'deadLetter') void this.#settling.dead(held, 'invalid', problem)
    else this.#crew.onLasting(problem)
  }
}

/** What stands for a payload until its schema has answered. */
const UNOPENED: Content<never> = {
  problem: undefined,
  get data(): never {
    throw new ConsumerError('INVALID', 'The payload has not been checked yet.')
  },
}
