/**
 * Reporter: how a database says what happened in it.
 *
 * The one idea: whoever changes a value says so here, in three words that differ: `touched` once per changed key, `event`
 * for each event, `effect` for what repeats the change elsewhere.
 */
import type { Argv, Bytes } from '../base/bytes.ts'
import type { Account } from './account.ts'
import type { Reports } from './reports.ts'

export abstract class Reporter {
  /** The database's number. */
  readonly index: number
  protected readonly reports: Reports
  protected readonly account: Account
  /** The key added last, until it is reported: only what is new wakes those who wait for a list or sorted set. */
  #added: Bytes | undefined = undefined

  constructor(index: number, reports: Reports, account: Account) {
    this.index = index
    this.reports = reports
    this.account = account
  }

  /** Reports that a key changed: WATCH, tracking, wake-ups, and one change for the log. */
  touched(key: Bytes): void {
    const reports = this.reports
    reports.changes++
    this.account.reported()
    if (reports.onTouched === undefined) return
    const added = this.#added === key
    if (added) this.#added = undefined
    reports.onTouched(this.index, key, added)
  }

  /** Reports a change that no watcher sees (XACK, group bookkeeping). */
  changed(): void {
    this.reports.changes++
    this.account.reported()
  }

  /** Reports what only parked clients must hear of: no change to watchers (XGROUP DESTROY). */
  ready(key: Bytes): void {
    const reports = this.reports
    if (reports.onReady !== undefined) reports.onReady(this.index, key)
  }

  /** Reports an event. */
  event(kind: number, name: string, key: Bytes): void {
    const reports = this.reports
    if ((reports.eventMask & kind) !== 0) reports.event(kind, name, this.index, key)
  }

  /**
   * Marks the place where Redis writes the reply, when events follow it: a client that hears of its own doing gets them
   * in that order. Without the mark the reply comes last.
   */
  answered(): void {
    const reports = this.reports
    if (reports.eventMask !== 0) reports.eventsBeforeReply = reports.events.length
  }

  /** Reports an effect other than the command's own words. */
  effect(argv: Argv): void {
    this.reports.effect(this.index, argv)
  }

  /** A key is new. */
  protected added(key: Bytes): void {
    if (this.reports.onTouched !== undefined) this.#added = key
  }
}
