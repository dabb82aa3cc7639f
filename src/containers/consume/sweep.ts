/**
 * Sweep: who is still alive, and what the dead have left.
 *
 * The one idea: idle time is the sign of life. What is held here is kept young; what is pending and has grown old belongs to nobody
 * and is claimed, with the age as a condition, so that of two sweeps at the same time one gets it.
 */
import type { Crew } from './crew.ts'
import type { Held } from './delivery.ts'
import type { Intake } from './intake.ts'
import { giveBack, keep } from './scripts.ts'
import type { Settling } from './settling.ts'
import type { StreamGroups } from './stream-groups.ts'
import { isNoGroup } from './trouble.ts'

const PAGE = 100

type Row = readonly [id: string, consumer: string, idleMs: number, deliveries: number]

export class Sweep<T> {
  readonly #crew: Crew<T>
  readonly #intake: Intake<T>
  readonly #settling: Settling<T>
  readonly #groups: StreamGroups<T>

  constructor(crew: Crew<T>, intake: Intake<T>, settling: Settling<T>, groups: StreamGroups<T>) {
    this.#crew = crew
    this.#intake = intake
    this.#settling = settling
    this.#groups = groups
  }

  /** Claims what has been pending in a stream for long, as there is room; as much as handlers run at once even without. */
  async claim(stream: string): Promise<void> {
    const { settings, holdings, reading } = this.#crew
    let start = '-'
    let room = Math.max(this.#crew.room, settings.concurrency)
    for (;;) {
      const rows = await this.#rows(stream, start, { idle: settings.claimAfterMs })
      const found = rows.filter(([id]) => !holdings.has(stream, id)).slice(0, room)
      await this.#take(stream, found, settings.claimAfterMs)
      const last = found.length < room ? rows.at(-1) : found.at(-1)
      if (last === undefined || (rows.length < PAGE && last === rows.at(-1))) return
      start = `(${last[0]}`
      await holdings.until(() => this.#crew.room > 0, reading.signal)
      if (reading.signal.aborted) return
      room = this.#crew.room
    }
  }

  /** Takes everything that is pending in a stream, whoever had it, in order. For who has the right to. */
  async takeOver(stream: string): Promise<void> {
    const { holdings, reading } = this.#crew
    let start = '-'
    for (;;) {
      await holdings.until(() => this.#crew.room > 0, reading.signal)
      if (reading.signal.aborted) return
      const rows = await this.#rows(stream, start, {})
      await this.#take(
        stream,
        rows.filter(([id]) => !holdings.has(stream, id)),
        0,
      )
      if (rows.length < PAGE) return
      start = `(${rows.at(-1)![0]}`
    }
  }

  /** Gives back what was given to this consumer since then without ever coming here: a wait was cut off. */
  async strays(stream: string, sinceMs: number): Promise<void> {
    const { db, target, holdings, settings } = this.#crew
    const { group, consumer } = target
    const rows = await this.#rows(stream, '-', { consumer })
    const stray = rows.filter(
      ([id, , idle, deliveries]) => deliveries === 1 && idle <= sinceMs && !holdings.has(stream, id),
    )
    if (stray.length === 0) return
    const entries = stray.map(([id]) => ({ id, deliveries: 0 }))
    await giveBack(db, { stream }, { group, consumer, idleMs: settings.claimAfterMs, entries })
  }

  /** A sign of life for everything that is held. */
  async beat(): Promise<void> {
    const { db, target, holdings } = this.#crew
    const { group, consumer } = target
    for (const stream of holdings.streams()) {
      const helds = holdings.of(stream).filter(({ isAcknowledged }) => !isAcknowledged)
      for (let at = 0; at < helds.length; at += PAGE) {
        const some = helds.slice(at, at + PAGE)
        const ids = some.map(({ id }) => id)
        const mine = new Set(await this.#unlessGone(stream, () => keep(db, { stream }, { group, consumer, ids }), []))
        for (const held of some) if (!mine.has(held.id)) await this.#missing(held)
      }
    }
  }

  /** A held entry is no longer pending for us. */
  async #missing(held: Held<T>): Promise<void> {
    if (held.isAcknowledged || held.stand === 'gone') return
    const there = await this.#crew.db.xrange(held.stream, held.id, held.id)
    if (there.length > 0) this.#settling.overtaken(held)
    else this.#settling.lost(held)
  }

  #rows(stream: string, start: string, which: { readonly idle?: number; readonly consumer?: string }): Promise<Row[]> {
    const { db, target } = this.#crew
    const options = { ...which, start, end: '+', count: PAGE }
    return this.#unlessGone(stream, () => db.xpending(stream, target.group, options), [])
  }

  async #take(stream: string, rows: readonly Row[], minIdleMs: number): Promise<void> {
    if (rows.length === 0) return
    const { db, target, counters, events } = this.#crew
    const byId = new Map(rows.map((row) => [row[0], row]))
    const claimed = await db.xclaim(stream, target.group, target.consumer, minIdleMs, [...byId.keys()])
    for (const [id] of claimed) {
      const [, from, , deliveries] = byId.get(id)!
      counters.claimed++
      events.emit('claimed', { stream, id, from, deliveries: deliveries + 1 })
    }
    await this.#intake.take(stream, claimed, (id) => byId.get(id)![3] + 1)
    const got = new Set(claimed.map(([id]) => id))
    for (const id of byId.keys()) if (!got.has(id)) await this.#notClaimed(stream, id)
  }

  /** Somebody else was faster, or the entry exists no longer: then claiming has taken it off what is pending. */
  async #notClaimed(stream: string, id: string): Promise<void> {
    const { db, counters, events } = this.#crew
    if ((await db.xrange(stream, id, id)).length > 0) return
    counters.lost++
    events.emit('lost', { stream, id })
  }

  async #unlessGone<R>(stream: string, run: () => Promise<R>, otherwise: R): Promise<R> {
    try {
      return await run()
    } catch (error) {
      if (!isNoGroup(error)) throw error
      await this.#groups.again([stream])
      return otherwise
    }
  }
}
