/**
 * Crew: what the parts of one consumer share.
 *
 * The one idea: the parts (lanes that read, the dispatcher, the settling of fates, the sweeps) know the crew, not each other's
 * insides; what a consumer holds stands in one place, so that nothing is handled twice at once and nothing is forgotten.
 */
import type { Events } from './events.ts'
import { Holdings } from './holdings.ts'
import { type Counters, Latency, noCounters } from './metrics.ts'
import type { Settings } from './options.ts'
import { deadLetterKey, type Target } from './target.ts'

/** What waits for another attempt or to be acknowledged holds memory: beyond so many no more is read. */
const MOST_WAITING = 1000

export class Crew<T> {
  readonly target: Target<T>
  readonly settings: Settings<never>
  readonly events: Events<T>
  readonly holdings = new Holdings<T>()
  readonly counters: Counters = noCounters()
  readonly handling = new Latency()
  readonly age = new Latency()
  /** Ends reading, claiming and moving. */
  readonly reading = new AbortController()
  /** Nothing is read or begun for the time being. */
  isPaused = false
  /** Ends the consumer with an error; set by the consumer. */
  onLasting: (error: unknown) => void = () => {}

  constructor(target: Target<T>, settings: Settings<never>, events: Events<T>) {
    this.target = target
    this.settings = settings
    this.events = events
  }

  get db(): Target<T>['database'] {
    return this.target.database
  }

  /** How many more messages may be held. Those that are handled or wait for another attempt take no room, unless they are too many. */
  get room(): number {
    const { holdings, settings } = this
    if (this.isPaused || holdings.count('waiting') + holdings.count('settling') >= MOST_WAITING) return 0
    return settings.prefetch - holdings.count('queued') - holdings.count('running')
  }

  /** Something failed that is tried again. */
  trouble(error: unknown, during: string): void {
    this.counters.troubles++
    this.events.emit('trouble', { error, during })
  }

  /** Where dead letters of a stream go; undefined for nowhere. */
  deadLetterOf(stream: string): string | undefined {
    const { deadLetter } = this.settings
    if (deadLetter === false) return undefined
    if (deadLetter === undefined) return deadLetterKey(this.db, stream)
    return typeof deadLetter === 'string' ? deadLetter : deadLetter(stream)
  }
}
