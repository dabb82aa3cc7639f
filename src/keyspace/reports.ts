/**
 * Reports: what commands say they did.
 *
 * The one idea: three facts differ and are reported apart: a key was *touched* (WATCH, tracking, wake-ups), an *event*
 * happened (notifications, triggers), an *effect* repeats the change elsewhere (log, replicas). `changes` counts what
 * Redis calls dirty: no change, no effect. Without listeners nothing is allocated.
 */
import type { Argv, Bytes } from '../base/bytes.ts'
import type { Value } from './value.ts'

/** Classes of keyspace events, with Redis' letters. */
export const EVENT = {
  generic: 1, // g
  string: 2, // $
  list: 4, // l
  set: 8, // s
  hash: 16, // h
  zset: 32, // z
  expired: 64, // x
  evicted: 128, // e
  stream: 256, // t
  keymiss: 512, // m
  module: 1024, // d
  new: 2048, // n
} as const

export interface KeyEvent {
  readonly kind: number
  readonly name: string
  readonly db: number
  readonly key: Bytes
}

export interface Effect {
  readonly db: number
  readonly argv: Argv
  /** Set: no command, but a change of state beside the data, of this name; its one word is the change. */
  readonly extra?: string
}

export class Reports {
  /** Changes to data so far; compared before and after a command. */
  changes = 0
  /** Classes of events that anyone listens to. */
  eventMask = 0
  /** Called at once for each touched key, with whether it was just added, while anyone watches, waits or tracks. */
  onTouched: ((db: number, key: Bytes, added: boolean) => void) | undefined = undefined
  /** Called at once for each key that expired or made room: no doing of the client whose command met it. */
  onGone: ((db: number, key: Bytes) => void) | undefined = undefined
  /** Called with each value that leaves its key (deleted, expired, evicted, moved), while anyone wants old values. */
  onRemoved: ((db: number, key: Bytes, value: Value) => void) | undefined = undefined
  /** Called where a key is news to parked clients only (a group that is gone), while anyone is parked. */
  onReady: ((db: number, key: Bytes) => void) | undefined = undefined
  /** Whether effects are wanted (a log, a replica, a test). */
  wantsEffects = false
  events: KeyEvent[] = []
  /** How many of the events Redis reports before it writes the reply; -1: all of them. */
  eventsBeforeReply = -1
  /** Effects other than a command's own words: expired keys, and what a command says instead of itself. */
  effects: Effect[] = []

  /** Whether anyone hears of events or effects. */
  get isHeard(): boolean {
    return this.eventMask !== 0 || this.wantsEffects
  }

  event(kind: number, name: string, db: number, key: Bytes): void {
    if ((this.eventMask & kind) !== 0) this.events.push({ kind, name, db, key })
  }

  effect(db: number, argv: Argv): void {
    if (this.wantsEffects) this.effects.push({ db, argv })
  }

  /** Tells what a unit did. The list is used again: a new one for each unit would reserve 17 places. */
  tell(hear: ((effects: readonly Effect[]) => void) | undefined): void {
    const { effects } = this
    try {
      hear?.(effects)
    } finally {
      // Popped, for cutting a list to length 0 gives its memory away.
      while (effects.length > 0) effects.pop()
    }
  }
}
