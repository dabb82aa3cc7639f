/**
 * Limits: how long code of libraries may run, what happens then, what memory it has, and how much its errors tell, as the
 * directives say now.
 *
 * The one idea: one object that hosts read when they need it, kept up to date by the configuration. The limit of loading is
 * never below that of running: raising one raises the other, lowering the other below it is refused.
 */
import { raw } from '../base/bytes.ts'
import type { Config } from '../engine/config/config.ts'
import { Problem } from '../engine/config/kinds.ts'
import { LIBRARY_PREFIX } from '../engine/config/library-directives.ts'

const LOCK = `${LIBRARY_PREFIX}lock-redis-timeout`
const LOADING = `${LIBRARY_PREFIX}db-loading-lock-redis-timeout`
const MEMORY = `${LIBRARY_PREFIX}library-memory-limit`
const MEGABYTE = 2 ** 20
const TOO_LOW = "The db-loading-lock-redis-timeout value can't be less than lock-redis-timeout value."

export class Limits {
  /** How long code may run in one go. */
  lockMs: number
  /** The same for the text of a library that is loaded with the data. */
  loadingMs: number
  /** Whether code is stopped when its time is up; else it is only told of in the log. */
  stops: boolean
  /** 2: errors carry their stack. */
  verbosity: number
  /** The heap of each library that is loaded from now on. */
  memoryMb: number

  /** Follows the configuration; what the program gives stands until it is set. */
  constructor(config: Config, given: { readonly lockMs?: number | undefined; readonly memoryMb?: number | undefined }) {
    this.lockMs = given.lockMs ?? config.number(LOCK)
    this.memoryMb = given.memoryMb ?? config.number(MEMORY) / MEGABYTE
    this.loadingMs = Math.max(this.lockMs, config.number(LOADING))
    this.stops = true
    this.verbosity = config.number(`${LIBRARY_PREFIX}error-verbosity`)
    config.printAs(LOCK, () => `${this.lockMs}`)
    config.printAs(LOADING, () => `${this.loadingMs}`)
    config.printAs(MEMORY, () => `${this.memoryMb * MEGABYTE}`)
    config.onChange(MEMORY, (bytes) => {
      this.memoryMb = Number(bytes) / MEGABYTE
    })
    config.onChange(LOCK, (value) => {
      this.lockMs = Number(value)
      if (this.loadingMs < this.lockMs) config.set([[raw(LOADING), raw(value)]])
    })
    config.follow(LOADING, (value) => {
      if (Number(value) < this.lockMs) return new Problem(TOO_LOW)
      this.loadingMs = Number(value)
      return undefined
    })
    config.follow(`${LIBRARY_PREFIX}library-fatal-failure-policy`, (policy) => {
      this.stops = policy === 'Abort'
    })
    config.follow(`${LIBRARY_PREFIX}error-verbosity`, (level) => {
      this.verbosity = Number(level)
    })
  }
}
