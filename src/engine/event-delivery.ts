/**
 * EventDelivery: what becomes of the events that commands report: notifications, and whoever follows them (triggers).
 *
 * The one idea: events are delivered after each command, in order; a follower notes them there and acts when the unit ends,
 * still inside it, by asking for that as structures do that put work off (`settleLater`, `Engine.prolong`). With nobody
 * following, nothing is asked of a unit's end.
 */
import type { KeyEvent, Reports } from '../keyspace/reports.ts'
import { settleAll } from '../structures/settle.ts'
import type { Hearing } from './hearing.ts'
import type { Notifications } from './notifications.ts'
import type { Session } from './session.ts'

/** Who follows the events of a keyspace. */
export interface Follower {
  /** Classes of events that it wants. */
  readonly mask: number
  /** An event of a command that ran for `session`; undefined: of no command (a key expired on time, or made room). */
  happened(event: KeyEvent, session: Session | undefined): void
  /** The events of one command have all been told. */
  told(): void
  /** Every key of a database is about to go. */
  flushing(db: number): void
  /** Two databases have changed places. */
  swapped(first: number, second: number): void
  /** The role has changed, or a pause is over: what was not to be done may be now. */
  resumed(): void
}

export class EventDelivery {
  readonly #reports: Reports
  readonly #notifications: Notifications
  readonly #hearing: Hearing
  #follower: Follower | undefined = undefined
  /** The list for the next events, while nobody fills it: a new one for every write would be much to collect. */
  #spare: KeyEvent[] | undefined = []

  constructor(reports: Reports, notifications: Notifications, hearing: Hearing) {
    this.#reports = reports
    this.#notifications = notifications
    this.#hearing = hearing
  }

  get follower(): Follower | undefined {
    return this.#follower
  }

  /** Lets somebody follow, or nobody; call it also when the follower wants other classes of events. */
  follow(follower: Follower | undefined): void {
    this.#follower = follower
    this.listen()
  }

  /** Has the keyspace report what is wanted. */
  listen(): void {
    this.#reports.eventMask = this.#notifications.mask | (this.#follower?.mask ?? 0)
  }

  /** Publishes the events reported so far, in order, and tells the follower of them. */
  deliver(session: Session | undefined): void {
    const reports = this.#reports
    const follower = this.#follower
    const { events, eventsBeforeReply } = reports
    // While followers act, events of their doing are delivered in turn.
    reports.events = this.#spare ?? []
    this.#spare = undefined
    for (let i = 0; i < events.length; i++) {
      if (i === eventsBeforeReply) this.#hearing.replyHere()
      this.#notifications.publish(events[i]!)
      if (follower !== undefined) follower.happened(events[i]!, session)
    }
    if (follower !== undefined) follower.told()
    // Popped rather than cut to length 0, which would give the list's memory away.
    while (events.length > 0) events.pop()
    this.#spare = events
  }

  /** Delivers what is of no command, and has it acted upon before the unit ends: for work in slices. */
  deliverNow(): void {
    this.deliver(undefined)
    settleAll()
  }
}
