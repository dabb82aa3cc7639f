/**
 * Linked libraries: functions that are part of this program.
 */
import type { RedisGlobal } from '../guest/api.ts'
import { nameFault } from '../guest/names.ts'

/** A library of this program's own, to be given to an engine. */
export interface LinkedLibrary {
  readonly name: string
  readonly register: (redis: RedisGlobal) => void
  /** What `redis.config` will be. */
  readonly config: object | undefined
}

/**
 * Makes a library of functions in this program: `library('stats', (redis) => redis.registerFunction(…))`.
 * Throws a TypeError for a name that is not made of ASCII letters, digits and underscores.
 */
export function library(name: string, register: (redis: RedisGlobal) => void, config?: object): LinkedLibrary {
  const fault = nameFault(name)
  if (fault !== undefined) throw new TypeError(`Unallowed library name '${name}', ${fault}.`)
  return { name, register, config }
}
