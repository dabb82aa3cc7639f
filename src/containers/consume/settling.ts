/**
 * Settling: what becomes of messages: acknowledged, tried again, dead letters, given back.
 *
 * The one idea: an entry is held until the store has confirmed its fate; until then a failure of the store is tried again. What
 * leaves, leaves by `#gone`, which lets the next of its order key run.
 */
import type { Crew } from './crew.ts'
import { bury } from './dead-letter.ts'
import type { Delivery, Fate, Held, RetryOptions } from './delivery.ts'
import type { DeathReason } from './events.ts'
import { patience, pause } from './pause.ts'
import { giveBack, keep, take } from './scripts.ts'
import { ConsumerError, isLasting, isNoGroup } from './trouble.ts'

/** What becomes of entries after they were let go or begin again; set by the consumer. */
export interface Ways<T> {
  again(held: Held<T>): void
  left(held: Held<T>): void
}

interface Ack<T> {
  readonly held: Held<T>
  readonly done: () => void
}

export class Settling<T> implements Fate<T> {
  readonly #crew: Crew<T>
  readonly #ways: Ways<T>
  /** Acknowledgements that wait to be sent together, by stream. */
  readonly #acks = new Map<string, Ack<T>[]>()
  #isFlushing = false
  /** Things that are being done: a stop waits for them. */
  readonly #underWay = new Set<Promise<unknown>>()
  /** Ends trying again; aborted when a stop waits no longer. */
  readonly givingUp = new AbortController()

  constructor(crew: Crew<T>, ways: Ways<T>) {
    this.#crew = crew
    this.#ways = ways
  }

  /** A handler has resolved. */
  handled(held: Held<T>, message: Delivery<T>, tookMs: number): void {
    const { settings, holdings, events } = this.#crew
    if (events.hears('handled')) events.emit('handled', { message, tookMs })
    if (settings.ack === 'manual') {
      if (!message.isSettled && held.stand === 'running') holdings.move(held, 'open')
    } else if (settings.ack === 'before') this.#done([held])
    else if (message.settle()) {
      void this.acknowledged(held)
      // Room for the next one: it is read while this one is being acknowledged.
      holdings.move(held, 'settling')
    }
  }

  /** A handler has failed, or took too long. */
  failed(held: Held<T>, message: Delivery<T>, error: unknown): void {
    if (held.stand !== 'running' && held.stand !== 'open') return
    const { counters, settings } = this.#crew
    counters.failed++
    if (settings.ack === 'before') return void this.#gone(held)
    if (!message.settle()) return
    const isLast = held.deliveries >= settings.maxDeliveries && settings.deadLetter !== false
    const retryMs = isLast ? undefined : settings.backoff(held.deliveries)
    this.#crew.events.emit('failed', { message, error, retryMs })
    if (retryMs === undefined) void this.dead(held, 'failed', error)
    else this.#later(held, retryMs)
  }

  /** Acknowledges together with others, and tells when that is done. */
  acknowledged(held: Held<T>): Promise<void> {
    return new Promise((done) => this.#queueAck({ held, done }))
  }

  async ack(held: Held<T>): Promise<boolean> {
    held.isAcknowledged = true
    const removed = await this.#surely('ack', () => this.#sendAck(held.stream, [held.id]))
    if (removed === undefined) return false
    this.#acked([held], removed)
    return removed === 1
  }

  async retry(held: Held<T>, { afterMs, counts = true }: RetryOptions): Promise<void> {
    if (!counts && held.deliveries > 0) {
      held.deliveries--
      await this.#surely('retry', () => this.#giveBack(held.stream, [held], 0))
    }
    const { settings } = this.#crew
    this.#later(held, afterMs ?? settings.backoff(Math.max(held.deliveries, 1)))
  }

  async reject(held: Held<T>, reason: unknown): Promise<void> {
    await this.dead(held, 'rejected', reason)
  }

  async extend(held: Held<T>): Promise<boolean> {
    const { db, target } = this.#crew
    const names = { group: target.group, consumer: target.consumer, ids: [held.id] }
    const mine = await keep(db, { stream: held.stream }, names).catch((error: unknown) => {
      if (isNoGroup(error)) return []
      throw error
    })
    if (mine.length === 0) this.overtaken(held)
    return mine.length > 0
  }

  /** What fits no schema is passed over. */
  async skipped(held: Held<T>): Promise<void> {
    held.isAcknowledged = true
    await this.#surely('ack', () => this.#sendAck(held.stream, [held.id]))
    this.#gone(held)
  }

  /** To the dead letters; where there are none, again. */
  async dead(held: Held<T>, reason: DeathReason, error: unknown): Promise<void> {
    const to = this.#crew.deadLetterOf(held.stream)
    if (to === undefined) return this.#later(held, this.#crew.settings.backoff(held.deliveries))
    const id = await this.#surely('dead letter', () => bury(this.#crew, held, to, reason, error))
    if (id === undefined) return
    this.#crew.counters.deadLettered++
    const message = held.attempt
    if (message !== undefined) this.#crew.events.emit('deadLettered', { message, reason, error, to, id })
    this.#gone(held)
  }

  /** An entry was deleted while it was pending. What runs goes on. */
  lost(held: Held<T>): void {
    if (held.stand === 'gone') return
    held.isAcknowledged = true
    if (held.stand !== 'running' && held.stand !== 'open') this.#gone(held)
    this.#crew.counters.lost++
    this.#crew.events.emit('lost', { stream: held.stream, id: held.id })
  }

  /** Somebody else has the entry now. */
  overtaken(held: Held<T>): void {
    if (held.stand === 'gone' || held.isAcknowledged) return
    held.attempt?.abort(new ConsumerError('OVERTAKEN', 'Another consumer has taken this message over.'))
    // Its handler goes on, and when it resolves the entry is acknowledged all the same.
    if (held.stand !== 'running' && held.stand !== 'open') this.#gone(held)
    this.#crew.counters.overtaken++
    this.#crew.events.emit('overtaken', { stream: held.stream, id: held.id })
  }

  /** Gives entries back, claimable at once, without counting an attempt that was not begun. */
  async handBack(helds: readonly Held<T>[]): Promise<void> {
    const byStream = groups(helds)
    for (const [stream, those] of byStream) {
      const idle = this.#crew.settings.claimAfterMs
      const given = await this.#surely('hand back', () => this.#giveBack(stream, those, idle))
      this.#crew.counters.handedBack += given ?? 0
      for (const held of those) this.#gone(held)
    }
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0 || this.#isFlushing || this.#acks.size > 0) {
      await Promise.allSettled([...this.#underWay])
      await Promise.resolve()
    }
  }

  #giveBack(stream: string, helds: readonly Held<T>[], idleMs: number): Promise<number> {
    const { db, target } = this.#crew
    const entries = helds.map(({ id, deliveries, stand }) => ({
      id,
      deliveries: stand === 'queued' ? Math.max(deliveries - 1, 0) : deliveries,
    }))
    return giveBack(db, { stream }, { group: target.group, consumer: target.consumer, idleMs, entries })
  }

  #later(held: Held<T>, afterMs: number): void {
    const { holdings, settings } = this.#crew
    if (!holdings.move(held, 'waiting')) return
    const { clock } = settings
    held.alarm = clock.at(clock.now() + afterMs, () => void this.#again(held))
  }

  async #again(held: Held<T>): Promise<void> {
    const { db, target, counters, holdings, reading } = this.#crew
    if (held.stand !== 'waiting' || reading.signal.aborted) return
    const names = { group: target.group, consumer: target.consumer, id: held.id }
    const taken = await this.#surely('retry', () =>
      take(db, { stream: held.stream }, names).catch((error: unknown) => {
        if (isNoGroup(error)) return 'lost'
        throw error
      }),
    )
    if (taken === 'deleted') return this.lost(held)
    if (taken === 'lost') return this.overtaken(held)
    if (taken === undefined || !holdings.move(held, 'queued')) return
    held.deliveries++
    counters.retried++
    this.#ways.again(held)
  }

  #queueAck(ack: Ack<T>): void {
    ack.held.isAcknowledged = true
    const { stream } = ack.held
    const waiting = this.#acks.get(stream)
    if (waiting === undefined) this.#acks.set(stream, [ack])
    else waiting.push(ack)
    if (this.#isFlushing) return
    this.#isFlushing = true
    const flushed = Promise.resolve().then(() => this.#flush())
    this.#underWay.add(flushed)
    void flushed.finally(() => this.#underWay.delete(flushed))
  }

  /** What comes while one is under way is sent with the next. */
  async #flush(): Promise<void> {
    while (this.#acks.size > 0) {
      for (const [stream, acks] of this.#acks) {
        this.#acks.delete(stream)
        const ids = acks.map(({ held }) => held.id)
        const removed = await this.#surely('ack', () => this.#sendAck(stream, ids))
        if (removed !== undefined)
          this.#acked(
            acks.map(({ held }) => held),
            removed,
          )
        for (const { done } of acks) done()
      }
    }
    this.#isFlushing = false
  }

  async #sendAck(stream: string, ids: readonly string[]): Promise<number> {
    const { db, target, settings } = this.#crew
    if (!settings.deleteAcked) return db.xack(stream, target.group, ids)
    const [removed, deleted] = await db.multi().xack(stream, target.group, ids).xdel(stream, ids).exec()
    if (removed instanceof Error) throw removed
    if (deleted instanceof Error) throw deleted
    return removed
  }

  #acked(helds: readonly Held<T>[], removed: number): void {
    this.#crew.counters.duplicates += helds.length - removed
    // At most once: the handlers are still to come.
    if (this.#crew.settings.ack !== 'before') this.#done(helds)
  }

  #done(helds: readonly Held<T>[]): void {
    this.#crew.counters.processed += helds.length
    for (const held of helds) this.#gone(held)
  }

  #gone(held: Held<T>): boolean {
    if (!this.#crew.holdings.move(held, 'gone')) return false
    this.#ways.left(held)
    return true
  }

  /** Does something until it works, or is of no use any more: then undefined. */
  async #surely<R>(during: string, run: () => Promise<R>): Promise<R | undefined> {
    const work = this.#tryUntil(during, run)
    this.#underWay.add(work)
    try {
      return await work
    } finally {
      this.#underWay.delete(work)
    }
  }

  async #tryUntil<R>(during: string, run: () => Promise<R>): Promise<R | undefined> {
    const { settings } = this.#crew
    for (let failures = 0; ; failures++) {
      try {
        return await run()
      } catch (error) {
        if (isLasting(error)) {
          this.#crew.onLasting(error)
          return undefined
        }
        this.#crew.trouble(error, during)
        if (this.givingUp.signal.aborted) return undefined
        await pause(settings.clock, patience(failures), this.givingUp.signal)
      }
    }
  }
}

function groups<T>(helds: readonly Held<T>[]): Map<string, Held<T>[]> {
  const found = new Map<string, Held<T>[]>()
  for (const held of helds) {
    const known = found.get(held.stream)
    if (known === undefined) found.set(held.stream, [held])
    else known.push(held)
  }
  return found
}
