/**
 * Lease: the right of one consumer to read a stream, while the others stand by.
 *
 * The one idea: a key in the stream's slot names the holder and goes away by itself when the holder gives no sign of life. Who
 * gets it takes over everything pending, oldest first, before anything new: so the order of a stream survives its reader.
 */
import type { Crew } from './crew.ts'
import { lease, release } from './scripts.ts'
import { sibling } from './target.ts'

export class Lease<T> {
  readonly #crew: Crew<T>
  readonly #keys: { readonly lease: string }
  readonly #owner: string
  /** Until when it is ours, by our own clock, counted from before we asked. */
  #untilMs = 0

  constructor(crew: Crew<T>, stream: string) {
    this.#crew = crew
    this.#keys = { lease: sibling(crew.db, stream, `reader:${crew.target.group}`) }
    this.#owner = `${crew.target.consumer} ${Buffer.from(crew.settings.random.bytes(12)).toString('hex')}`
  }

  get isHeld(): boolean {
    return this.#crew.settings.clock.now() < this.#untilMs
  }

  /** Takes it, or prolongs it; false while somebody else has it. */
  async take(): Promise<boolean> {
    const { db, settings } = this.#crew
    const leaseMs = settings.claimAfterMs
    const until = settings.clock.now() + leaseMs
    const isOurs = await lease(db, this.#keys, { owner: this.#owner, leaseMs })
    this.#untilMs = isOurs ? until : 0
    return isOurs
  }

  /** Gives it up, so that another one need not wait. */
  async release(): Promise<void> {
    this.#untilMs = 0
    await release(this.#crew.db, this.#keys, { owner: this.#owner })
  }
}
