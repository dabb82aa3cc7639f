/**
 * Configuration: redis.conf directives, read and set while the engine runs.
 */
import type { Bytes } from '../base/bytes.ts'
import { lower } from '../base/bytes.ts'
import { err } from '../base/errors.ts'
import { matchGlob } from '../base/glob.ts'
import type { ConfigPort } from '../commands/context.ts'
import type { Engine } from './engine.ts'

/** Directives given at start: name -> value. */
export type ConfigOptions = Readonly<Record<string, string>>

interface Directive {
  get(): string
  /** Takes a value; answers why not, or undefined. */
  set(value: string): string | undefined
}

export class Config implements ConfigPort {
  requirepass = '' as Bytes
  readonly #engine: Engine
  readonly #directives: ReadonlyMap<string, Directive>

  constructor(engine: Engine, options: ConfigOptions = {}) {
    this.#engine = engine
    this.#directives = new Map<string, Directive>([
      ['requirepass', { get: () => this.requirepass, set: (value) => this.#setPassword(value) }],
      [
        'notify-keyspace-events',
        { get: () => engine.notifications.flags, set: (value) => this.#setNotifications(value) },
      ],
    ])
    for (const [name, value] of Object.entries(options)) this.#directives.get(name)?.set(value)
  }

  get(name: string): string | undefined {
    return this.#directives.get(name)?.get()
  }

  match(pattern: Bytes): [name: string, value: string][] {
    return [...this.#directives]
      .filter(([name]) => matchGlob(pattern, name as Bytes, true))
      .map(([name, directive]) => [name, directive.get()])
  }

  set(pairs: readonly [name: Bytes, value: Bytes][]): void {
    for (const [name, value] of pairs) {
      const directive = this.#directives.get(lower(name))
      if (directive === undefined) throw err(`Unknown option or number of arguments for CONFIG SET - '${name}'`)
      const problem = directive.set(value)
      if (problem !== undefined) throw err(`CONFIG SET failed (possibly related to argument '${name}') - ${problem}`)
    }
  }

  resetStat(): void {
    this.#engine.statistics.reset()
    this.#engine.keyspace.hits = 0
    this.#engine.keyspace.misses = 0
    this.#engine.keyspace.expiredKeys = 0
  }

  #setPassword(value: string): undefined {
    this.requirepass = value as Bytes
  }

  #setNotifications(value: string): string | undefined {
    if (!this.#engine.notifications.configure(value)) {
      return "Invalid event class character. Use 'Ag$lshzxeKEtmdn'."
    }
    this.#engine.keyspace.reports.eventMask = this.#engine.notifications.mask
    return undefined
  }
}
