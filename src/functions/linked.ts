/**
 * Linked libraries: functions that are part of this program.
 *
 * The one idea: what the library's maker returns are its functions, under their names, so that callers know their types;
 * triggers and jobs are registered by `redis`, as in every library.
 */
import type { TypedLibrary } from '../client/functions/typed.ts'
import type {
  AsyncFunction,
  BackgroundApi,
  FunctionOptions,
  RedisGlobal,
  SectionApi,
  SyncFunction,
} from '../guest/api.ts'
import { isCallback } from '../guest/intrinsics.ts'
import { nameFault } from '../guest/names.ts'
import { isAsyncFunction } from '../guest/natives.ts'

/** `redis` as linked libraries have it. */
export interface LinkedRedis extends RedisGlobal {
  /**
   * Runs a function at set times, for the library's owner: `minute hour day month weekday` in UTC, with names, lists, ranges
   * and steps, or `@daily` and the like. A time that comes while the last run still goes on is passed over.
   */
  registerCron(name: string, schedule: string, run: (client: BackgroundApi) => Promise<unknown>): void
  registerCron(name: string, schedule: string, run: (client: SectionApi) => unknown): void
}

/** A library of this program's own, to be given to an engine; `F` are its functions. */
export interface LinkedLibrary<F = unknown> extends TypedLibrary<F> {
  readonly register: (redis: RedisGlobal) => void
  /** What `redis.config` will be. */
  readonly config: object | undefined
}

/** A function with what is to be said of it. */
export interface Described<F extends SyncFunction | AsyncFunction = SyncFunction | AsyncFunction>
  extends FunctionOptions {
  readonly run: F
}

/** What a library's maker returns: functions by name. Async ones run in the background, all others as one unit. */
export type LibraryFunctions = Readonly<Record<string, SyncFunction | AsyncFunction | Described>>

/** What a library's maker is given: `redis`, whose members it also finds at hand. */
export type LibraryContext = LinkedRedis & { readonly redis: LinkedRedis }

/**
 * Makes a library of functions in this program:
 * `library('stats', ({ redis }) => ({ count: (client: SectionApi, name: string) => client.call<bigint>('incr', name) }))`.
 * Throws a TypeError for a name that is not made of ASCII letters, digits and underscores.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: makers that only register return nothing
export function library<F extends LibraryFunctions | void>(
  name: string,
  make: (context: LibraryContext) => F,
  config?: object,
): LinkedLibrary<F> {
  const fault = nameFault(name)
  if (fault !== undefined) throw new TypeError(`Unallowed library name '${name}', ${fault}.`)
  return {
    name,
    config,
    register(redis) {
      if (!isLinked(redis)) throw new TypeError(`library ${name} is made for a program of its own`)
      const functions: unknown = make({ ...redis, redis })
      // A maker that only registers may return anything that is no record of functions.
      if (!isRecord(functions)) return
      for (const [functionName, entry] of Object.entries(functions)) {
        const { run, ...options } = isRecord(entry) ? entry : { run: entry }
        if (!isCallback(run)) {
          throw new TypeError(`'${functionName}' of library ${name} is neither a function nor { run, … }`)
        }
        if (isAsyncFunction(run)) redis.registerAsyncFunction(functionName, run, options)
        else redis.registerFunction(functionName, run, options)
      }
    },
  }
}

const isLinked = (redis: RedisGlobal): redis is LinkedRedis => 'registerCron' in redis

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
