/**
 * KeyTrigger: a key space trigger of a library, and what has become of its firings.
 *
 * The one idea: a trigger outlives the text that registered it: when a library is replaced, its namesake takes the callback
 * over and keeps the place in the order of firing, and the counts.
 */
import type { Bytes } from '../../base/bytes.ts'
import type { Guest, GuestCallback } from '../../guest/host.ts'
import type { KeySpaceTriggerRegistration } from '../../guest/registrations.ts'
import { EVENT, type KeyEvent } from '../../keyspace/reports.ts'
import type { Library } from '../library.ts'

type Registration = KeySpaceTriggerRegistration<GuestCallback>

/** Everything that a trigger may want: whether a key was new is no event of its own. */
const ALL = Object.values(EVENT).reduce((mask, kind) => mask | kind, 0) & ~EVENT.new
/** Events that are classes of their own. */
const APART: Readonly<Record<string, number>> = {
  expired: EVENT.expired,
  evicted: EVENT.evicted,
  keymiss: EVENT.keymiss,
}
const REST = ALL & ~(EVENT.expired | EVENT.evicted | EVENT.keymiss)

export class KeyTrigger {
  readonly name: string
  readonly library: string
  registration: Registration
  guest: Guest
  /** Whose rights it has: who loaded the library. */
  owner: Bytes
  /** The classes of events that it may want. */
  mask = ALL
  /** Its library was deleted, or replaced by one without it. */
  isGone = false
  readonly counts = new FiringCounts()
  #events: ReadonlySet<string> | undefined = undefined

  constructor(library: Library, registration: Registration) {
    this.name = registration.name
    this.library = library.name
    this.registration = registration
    this.guest = library.guest
    this.owner = library.user
    this.become(library, registration)
  }

  /** Takes over what a library has registered under this name. */
  become({ guest, user }: Library, registration: Registration): void {
    this.registration = registration
    this.guest = guest
    this.owner = user
    const { events } = registration
    this.#events = events === undefined ? undefined : new Set(events)
    this.mask = events === undefined ? ALL : events.reduce((mask, name) => mask | (APART[name] ?? REST), 0)
  }

  /** Whether an event fires it. */
  wants({ kind, name, key }: KeyEvent, byLibrary: boolean): boolean {
    if ((this.mask & kind) === 0 || !key.startsWith(this.registration.prefix)) return false
    if (byLibrary && !this.registration.includeLibraryWrites) return false
    return this.#events === undefined || this.#events.has(name)
  }
}

/** What became of firings. Times run from the event to the end of the callback, waiting included. */
class FiringCounts {
  triggered = 0
  finished = 0
  succeeded = 0
  failed = 0
  lastError: Bytes | null = null
  lastMicros = 0
  totalMicros = 0

  /** A firing has come to its end. */
  finish(error: Bytes | undefined, micros: number): void {
    this.finished++
    this.lastMicros = micros
    this.totalMicros += micros
    if (error === undefined) this.succeeded++
    else {
      this.failed++
      this.lastError = error
    }
  }
}
