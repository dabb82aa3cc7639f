/**
 * Dispatcher: from what is held to handlers, so many at once.
 *
 * The one idea: entries that share an order key stand in a chain; only the head of a chain may run, and it stays the head until
 * its fate is settled, failed attempts and the acknowledgement included. Everything else is a queue.
 */
import { compareIds } from '../id.ts'
import type { Crew } from './crew.ts'
import { Delivery, type Held } from './delivery.ts'
import type { Settling } from './settling.ts'
import { ConsumerError } from './trouble.ts'

/** Handles so many messages at once; one, unless the consumer takes batches. */
export type Work<T> = (messages: readonly Delivery<T>[]) => unknown

export class Dispatcher<T> {
  readonly #crew: Crew<T>
  readonly #settling: Settling<T>
  readonly #work: Work<T>
  /** What may run, from `#from` on. */
  #ready: Held<T>[] = []
  #from = 0
  readonly #chains = new Map<string, Held<T>[]>()
  #slots = 0

  constructor(crew: Crew<T>, settling: Settling<T>, work: Work<T>) {
    this.#crew = crew
    this.#settling = settling
    this.#work = work
  }

  /** Takes in an entry that has just come, or comes again. It begins with `begin`. */
  add(held: Held<T>): void {
    if (held.orderKey === undefined || this.#mayRun(held, held.orderKey)) this.#ready.push(held)
  }

  /** Lets the next of a chain run. Called when an entry is gone. */
  left(held: Held<T>): void {
    const { orderKey } = held
    const chain = orderKey === undefined ? undefined : this.#chains.get(orderKey)
    if (orderKey === undefined || chain === undefined) return
    const wasHead = chain[0] === held
    const at = chain.indexOf(held)
    if (at >= 0) chain.splice(at, 1)
    if (chain.length === 0) this.#chains.delete(orderKey)
    else if (wasHead) this.#ready.push(chain[0]!)
    this.begin()
  }

  /** The key of a chain is of one stream. */
  #mayRun(held: Held<T>, orderKey: string): boolean {
    const chain = this.#chains.get(orderKey)
    if (chain === undefined) {
      this.#chains.set(orderKey, [held])
      return true
    }
    // An attempt of the head's own.
    if (chain[0] === held) return true
    // What was taken over may be older than what waits; what runs is not overtaken.
    const at = chain.findIndex((other, i) => i > 0 && compareIds(other, held) > 0)
    chain.splice(at < 0 ? chain.length : at, 0, held)
    return false
  }

  /** Begins what may run, as long as there are slots. */
  begin(): void {
    const { concurrency } = this.#crew.settings
    while (this.#slots < concurrency && !this.#crew.isPaused) {
      const batch = this.#next()
      if (batch.length === 0) return
      this.#slots++
      void this.#run(batch)
    }
  }

  #next(): Held<T>[] {
    const batch: Held<T>[] = []
    while (this.#from < this.#ready.length && batch.length < this.#crew.settings.batch) {
      const held = this.#ready[this.#from++]!
      if (held.stand === 'queued' && this.#crew.holdings.move(held, 'running')) batch.push(held)
    }
    if (this.#from === this.#ready.length) {
      this.#ready = []
      this.#from = 0
    } else if (this.#from > 1024) {
      this.#ready = this.#ready.slice(this.#from)
      this.#from = 0
    }
    return batch
  }

  async #run(batch: readonly Held<T>[]): Promise<void> {
    const { ack, clock } = this.#crew.settings
    try {
      const deliveries = batch.map((held) => (held.attempt = new Delivery(held, this.#settling)))
      if (ack === 'before') await Promise.all(batch.map((held) => this.#settling.acknowledged(held)))
      const startedAt = clock.elapsed()
      try {
        await this.#within(deliveries)
      } catch (error) {
        for (const [i, held] of batch.entries()) this.#settling.failed(held, deliveries[i]!, error)
        return
      }
      const tookMs = (clock.elapsed() - startedAt) / 1000
      this.#crew.handling.add(tookMs)
      for (const [i, held] of batch.entries()) this.#settling.handled(held, deliveries[i]!, tookMs)
    } catch (error) {
      this.#crew.onLasting(error)
    } finally {
      this.#slots--
      this.begin()
    }
  }

  /** Runs the handler, and gives it up when it takes too long. */
  async #within(deliveries: readonly Delivery<T>[]): Promise<void> {
    const { timeoutMs, clock } = this.#crew.settings
    const running = this.#work(deliveries)
    if (!(running instanceof Promise)) return void (await running)
    if (timeoutMs === undefined) return void (await running)
    const error = new ConsumerError('TIMEOUT', `The handler took more than ${timeoutMs} ms.`)
    let cancel = (): void => {}
    const late = new Promise<never>((_, reject) => {
      cancel = clock.at(clock.now() + timeoutMs, () => {
        this.#crew.counters.timedOut += deliveries.length
        for (const delivery of deliveries) delivery.abort(error)
        reject(error)
      })
    })
    try {
      await Promise.race([running, late])
    } finally {
      cancel()
      running.catch(() => undefined)
    }
  }
}
