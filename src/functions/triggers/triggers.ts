/**
 * Triggers: the triggers of all libraries, and when they run.
 *
 * The one idea: events are noted as they happen and acted upon when the unit that caused them ends, still inside it: first
 * key space triggers, then streams, until neither has anything left; then progress is told and streams are trimmed. Async
 * callbacks start when the unit is over. So whoever sees a cause sees what its triggers did about it, in one transaction.
 *
 * Invariant: an engine without triggers has no follower, and pays nothing.
 */

import type { Reply } from '../../base/reply.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Follower } from '../../engine/event-delivery.ts'
import type { Session } from '../../engine/session.ts'
import { EVENT, type KeyEvent } from '../../keyspace/reports.ts'
import { type Settling, settleLater } from '../../structures/settle.ts'
import type { Library } from '../library.ts'
import type { TriggerKeeper } from '../trigger-keeper.ts'
import { KeyTrigger } from './key-trigger.ts'
import { KeyTriggers } from './key-triggers.ts'
import { describeKeyTrigger, describeStreamTrigger } from './listing.ts'
import { ProgressBook } from './progress-book.ts'
import { StreamTrigger } from './stream-trigger.ts'
import { StreamTriggers, streamAt } from './stream-triggers.ts'
import { StreamWalk } from './stream-walk.ts'
import { TriggerWorld } from './trigger-world.ts'

export class Triggers implements TriggerKeeper, Follower, Settling {
  readonly #engine: Engine
  readonly #world: TriggerWorld
  readonly #keys: KeyTriggers
  readonly #streams: StreamTriggers
  /** What is kept of stream triggers with the data. */
  readonly progress: ProgressBook
  readonly #walk: StreamWalk
  /** Whether the end of the unit is asked for already. */
  #isDue = false

  constructor(engine: Engine, log: (text: string) => void) {
    this.#engine = engine
    this.#world = new TriggerWorld(engine, log)
    this.progress = new ProgressBook(engine.extras)
    this.#keys = new KeyTriggers(this.#world)
    this.#streams = new StreamTriggers(this.#world, this.progress)
    this.#streams.onWork = () => this.#due()
    this.#walk = new StreamWalk(this.#world, (db, key) => {
      this.#streams.note(db, key)
      this.#due()
    })
  }

  install(library: Library, old: Library | undefined): void {
    const { keySpaceTriggers, streamTriggers } = library.registered
    const ofOld = <T extends { readonly library: string }>(list: readonly T[]): readonly T[] =>
      old === undefined ? [] : list.filter((trigger) => trigger.library === old.name)
    const known = ofOld(this.#streams.list)
    for (const registration of streamTriggers) {
      const refusal = known.find(({ name }) => name === registration.name)?.refusal(registration)
      if (refusal !== undefined) throw refusal
    }
    const leavingKeys = new Map(ofOld(this.#keys.list).map((trigger) => [trigger.name, trigger]))
    const newKeys: KeyTrigger[] = []
    for (const registration of keySpaceTriggers) {
      const namesake = leavingKeys.get(registration.name)
      leavingKeys.delete(registration.name)
      if (namesake === undefined) newKeys.push(new KeyTrigger(library, registration))
      else namesake.become(library, registration)
    }
    const leavingStreams = new Map(known.map((trigger) => [trigger.name, trigger]))
    const newStreams: StreamTrigger[] = []
    for (const registration of streamTriggers) {
      const namesake = leavingStreams.get(registration.name)
      leavingStreams.delete(registration.name)
      if (namesake !== undefined) namesake.become(library, registration)
      else newStreams.push(new StreamTrigger(library, registration, this.progress.of(library.name, registration.name)))
    }
    for (const trigger of [...leavingKeys.values(), ...leavingStreams.values()]) trigger.isGone = true
    for (const { library, name } of leavingStreams.values()) this.progress.drop(library, name)
    this.#listen([...this.#keys.list, ...newKeys], [...this.#streams.list, ...newStreams])
    if (newStreams.length > 0) this.#walk.start()
  }

  remove({ name }: Library): void {
    for (const trigger of [...this.#keys.list, ...this.#streams.list])
      if (trigger.library === name) trigger.isGone = true
    for (const trigger of this.#streams.list) if (trigger.isGone) this.progress.drop(name, trigger.name)
    this.#listen(this.#keys.list, this.#streams.list)
  }

  keySpaceTriggers({ name }: Library, verbosity: number): Reply[] {
    const own = this.#keys.list.filter(({ library }) => library === name)
    return own.map((trigger) => describeKeyTrigger(trigger, verbosity))
  }

  streamTriggers({ name }: Library, verbosity: number): Reply[] {
    const own = this.#streams.list.filter(({ library }) => library === name)
    const { databases } = this.#engine.keyspace
    return own.map((trigger) =>
      describeStreamTrigger(trigger, verbosity, ({ db, key }) => streamAt(databases[db]!, key) !== undefined),
    )
  }

  get mask(): number {
    return this.#keys.mask | (this.#streams.list.length > 0 ? StreamTriggers.mask : 0)
  }

  happened(event: KeyEvent, session: Session | undefined): void {
    if (event.kind === EVENT.new || this.#engine.keyspace.role !== 'primary') return
    this.#keys.happened(event, session === undefined ? -1 : session.chain)
    this.#streams.happened(event)
  }

  told(): void {
    this.#keys.told()
    if (this.#hasWork) this.#due()
  }

  flushing(db: number): void {
    this.#streams.flushing(db)
  }

  swapped(first: number, second: number): void {
    this.#streams.swapped(first, second)
  }

  resumed(): void {
    if (this.#world.isActive && this.#streams.list.length > 0) this.#walk.start()
  }

  /** The unit ends: called once for all that happened in it. */
  settle(): void {
    this.#engine.prolong(this.#act)
    this.#isDue = false
    this.#streams.unitEnded(this.#wake)
  }

  readonly #act = (): void => {
    while (this.#hasWork) {
      if (this.#keys.hasWork) this.#keys.runNext()
      else this.#streams.step()
    }
  }

  readonly #wake = (): void => this.#due()

  get #hasWork(): boolean {
    return this.#keys.hasWork || this.#streams.hasWork
  }

  #due(): void {
    if (this.#isDue) return
    this.#isDue = true
    settleLater(this)
  }

  /** These are the triggers from now on, those that are gone left out. */
  #listen(keys: readonly KeyTrigger[], streams: readonly StreamTrigger[]): void {
    this.#keys.list = keys.filter(({ isGone }) => !isGone)
    this.#streams.list = streams.filter(({ isGone }) => !isGone)
    const isEmpty = this.#keys.list.length + this.#streams.list.length === 0
    this.#engine.events.follow(isEmpty ? undefined : this)
  }
}
