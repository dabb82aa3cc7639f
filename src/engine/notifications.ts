/**
 * Keyspace notifications: events published on `__keyspace@<db>__:<key>` and `__keyevent@<db>__:<event>`.
 */
import type { Bytes } from '../base/bytes.ts'
import { EVENT, type KeyEvent } from '../keyspace/reports.ts'
import type { PubSub } from './pubsub.ts'

type Letters = readonly (readonly [letter: string, kind: number])[]

/** Letters of `notify-keyspace-events`, in the order in which CONFIG GET prints them. */
const LETTERS: Letters = [
  ['g', EVENT.generic],
  ['$', EVENT.string],
  ['l', EVENT.list],
  ['s', EVENT.set],
  ['h', EVENT.hash],
  ['z', EVENT.zset],
  ['x', EVENT.expired],
  ['e', EVENT.evicted],
  ['t', EVENT.stream],
  ['d', EVENT.module],
]
const ALL = LETTERS.reduce((mask, [, kind]) => mask | kind, 0)
/** Classes that `A` leaves out. */
const APART: Letters = [
  ['m', EVENT.keymiss],
  ['n', EVENT.new],
]

export class Notifications {
  readonly #pubsub: PubSub
  /** The classes asked for; what the keyspace must report. */
  mask = 0
  #keyspace = false
  #keyevent = false

  constructor(pubsub: PubSub) {
    this.#pubsub = pubsub
  }

  /** Takes a value of `notify-keyspace-events`; false when it has a letter that means nothing. */
  configure(flags: string): boolean {
    let mask = 0
    let keyspace = false
    let keyevent = false
    for (const letter of flags) {
      const kind = [...LETTERS, ...APART].find(([known]) => known === letter)?.[1]
      if (letter === 'A') mask |= ALL
      else if (letter === 'K') keyspace = true
      else if (letter === 'E') keyevent = true
      else if (kind !== undefined) mask |= kind
      else return false
    }
    this.mask = mask
    this.#keyspace = keyspace
    this.#keyevent = keyevent
    return true
  }

  /** The value as CONFIG GET prints it; `n` is lost beside `A`, as in Redis. */
  get flags(): string {
    const classes = (this.mask & ALL) === ALL ? 'A' : lettersIn(this.mask, [...LETTERS, ['n', EVENT.new]])
    const where = (this.#keyspace ? 'K' : '') + (this.#keyevent ? 'E' : '')
    return classes + where + lettersIn(this.mask, [['m', EVENT.keymiss]])
  }

  /** Publishes one event. */
  publish(event: KeyEvent): void {
    if ((this.mask & event.kind) === 0) return
    const name = event.name as Bytes
    if (this.#keyspace) this.#pubsub.publish(`__keyspace@${event.db}__:${event.key}` as Bytes, name)
    if (this.#keyevent) this.#pubsub.publish(`__keyevent@${event.db}__:${event.name}` as Bytes, event.key)
  }
}

const lettersIn = (mask: number, letters: Letters): string =>
  letters
    .filter(([, kind]) => mask & kind)
    .map(([letter]) => letter)
    .join('')
