/**
 * KeyTriggers: all key space triggers in the order in which they fire, and the firings that wait for the end of the unit.
 *
 * The one idea: an event is noted at its instant (the owner's right to the key, `onTriggerFired`) and acted upon when the
 * unit ends, in the order of events, until none is left. Writes of libraries fire nothing but what asks for them, and no
 * deeper than a fixed depth, so there is always an end. A failure is counted; the client that wrote never hears of it.
 */
import type { Bytes } from '../../base/bytes.ts'
import { ReplyError } from '../../base/reply.ts'
import type { FireOutcome, TriggerData } from '../../guest/host.ts'
import type { KeyEvent } from '../../keyspace/reports.ts'
import type { Value } from '../../keyspace/value.ts'
import { keyEventData } from './data.ts'
import type { KeyTrigger } from './key-trigger.ts'
import { OldValues } from './old-value.ts'
import { DEEPEST, PATIENCE_MS, type TriggerWorld, whenKnown } from './trigger-world.ts'

const TOO_DEEP = new ReplyError(`Err Triggers fire one another more than ${DEEPEST} deep`)

/** A queue that has been longer gives its memory back. */
const MOST_KEPT = 1024

/** Events after which the old value is told. */
const LEAVING = new Set(['del', 'expired', 'evicted'])

/** An event that one trigger has still to act upon. */
interface Firing {
  readonly trigger: KeyTrigger
  readonly data: TriggerData
  readonly db: number
  readonly event: KeyEvent
  readonly chain: number
  /** `onTriggerFired` could not run at the instant, for a library's code was running. */
  readonly isUntold: boolean
  readonly startedAt: number
}

export class KeyTriggers {
  readonly #world: TriggerWorld
  #list: readonly KeyTrigger[] = []
  /** Those that want old values. */
  #curious: readonly KeyTrigger[] = []
  readonly #oldValues = new OldValues()
  /** Filled and emptied with every write: its memory is used again. */
  #queue: (Firing | undefined)[] = []
  #noted = 0
  /** How many of the noted have been taken. */
  #taken = 0

  constructor(world: TriggerWorld) {
    this.#world = world
  }

  get list(): readonly KeyTrigger[] {
    return this.#list
  }

  /** These are the triggers now, in this order. */
  set list(list: readonly KeyTrigger[]) {
    this.#list = list
    this.#curious = list.filter(({ registration }) => registration.oldValue)
    const { reports } = this.#world.engine.keyspace
    reports.onRemoved = this.#curious.length === 0 ? undefined : this.#onRemoved
  }

  get mask(): number {
    return this.#list.reduce((mask, trigger) => mask | trigger.mask, 0)
  }

  /** Whether a firing waits for the end of the unit. */
  get hasWork(): boolean {
    return this.#taken < this.#noted
  }

  /** Fires what an event fires. `source` is the chain of the session whose command it is of. */
  happened(event: KeyEvent, source: number): void {
    for (const trigger of this.#list) if (trigger.wants(event, source >= 0)) this.#fire(trigger, event, source)
  }

  /** The events of a command have been told. */
  told(): void {
    this.#oldValues.forget()
  }

  /** Acts upon the next firing. */
  runNext(): void {
    const firing = this.#queue[this.#taken]!
    this.#queue[this.#taken++] = undefined
    if (this.#taken === this.#noted) {
      if (this.#noted > MOST_KEPT) this.#queue = []
      this.#noted = 0
      this.#taken = 0
    }
    const { trigger } = firing
    if (trigger.isGone) return
    const { callback } = trigger.registration
    // A library whose background computes is entered when that is over: later than its cause, but not never.
    if (callback.isAsync || !trigger.guest.letsIn(PATIENCE_MS)) this.#callLater(firing)
    else this.#call(firing)
  }

  #fire(trigger: KeyTrigger, event: KeyEvent, source: number): void {
    const { engine } = this.#world
    const startedAt = engine.clock.elapsed()
    trigger.counts.triggered++
    const refused = source < DEEPEST ? this.#world.refusal(trigger.owner, event.key) : TOO_DEEP
    if (refused !== undefined) {
      this.#finish(trigger, startedAt, refused)
      return
    }
    const data = keyEventData(event, this.#oldValue(trigger, event))
    const isUntold = source >= 0 && trigger.registration.onTriggerFired !== undefined
    const firing = { trigger, data, db: event.db, event, chain: Math.max(source, 0) + 1, isUntold, startedAt }
    if (isUntold || this.#tell(firing)) this.#queue[this.#noted++] = firing
  }

  /** Runs `onTriggerFired`, if there is one. False when it failed: then the callback does not run. */
  #tell({ trigger, data, db, chain, startedAt }: Firing): boolean {
    const { onTriggerFired } = trigger.registration
    if (onTriggerFired === undefined) return true
    const outcome = onTriggerFired.fire(this.#world.reader(trigger.owner, db, chain), data, true)
    if (!(outcome instanceof ReplyError)) return true
    this.#finish(trigger, startedAt, outcome)
    return false
  }

  #oldValue({ registration }: KeyTrigger, { name, db, key }: KeyEvent): Value | undefined {
    return registration.oldValue && LEAVING.has(name) ? this.#oldValues.of(db, key) : undefined
  }

  #call(firing: Firing): void {
    const { trigger, data, db, chain, startedAt } = firing
    if (trigger.isGone || (firing.isUntold && !this.#tell(firing))) return
    const outcome = trigger.registration.callback.fire(this.#world.actor(trigger.owner, db, chain), data)
    if (outcome === undefined) this.#finish(trigger, startedAt, undefined)
    else this.#finishWhenKnown(trigger, startedAt, outcome)
  }

  #finishWhenKnown(trigger: KeyTrigger, startedAt: number, outcome: FireOutcome | Promise<FireOutcome>): void {
    whenKnown(outcome, (known) => this.#finish(trigger, startedAt, known))
  }

  /** Apart from `runNext`, whose every call would make the closures' context. */
  #callLater(firing: Firing): void {
    const { registration, guest } = firing.trigger
    if (registration.callback.isAsync) this.#world.afterUnit(() => this.#call(firing))
    else void guest.whenFree().then(() => this.#callAlone(firing))
  }

  #callAlone(firing: Firing): void {
    if (this.#world.isActive) this.#world.asUnit(() => this.#call(firing))
  }

  #finish(trigger: KeyTrigger, startedAt: number, outcome: FireOutcome): void {
    const { counts } = trigger
    const message = outcome?.message
    if (message !== undefined && message !== counts.lastError) {
      this.#world.log(`Trigger ${trigger.library}.${trigger.name} failed: ${message}`)
    }
    counts.finish(message, this.#world.engine.clock.elapsed() - startedAt)
  }

  readonly #onRemoved = (db: number, key: Bytes, value: Value): void => {
    if (this.#curious.some(({ registration }) => key.startsWith(registration.prefix))) {
      this.#oldValues.keep(db, key, value)
    }
  }
}
