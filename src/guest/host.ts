/**
 * Host: a place where library code runs, and what such a place promises.
 *
 * The one idea: the guest runtime (`redis`, clients, conversions) is written once, against this interface; a host only
 * knows how to run code and how to stop it. Suites run over hosts and ask for capabilities, never for names.
 */
import type { RedisGlobal } from './api.ts'
import type { Intrinsics } from './intrinsics.ts'

export interface Capabilities {
  /** Functions run on the engine's thread, in the caller's unit. */
  readonly sync: boolean
  /** Other clients are served while background code runs without waiting for anything. */
  readonly background: boolean
  /** Code that runs too long is stopped. */
  readonly kill: boolean
  readonly memoryLimit: boolean
  /** Hostile code cannot get out. */
  readonly boundary: boolean
}

export interface Host<Source> {
  readonly name: string
  readonly capabilities: Capabilities
  /** Reads a library without running it; throws what is wrong with the text. */
  compile(source: Source): Program
}

/** A library that has been read and not yet run. */
export interface Program {
  /** Makes a scope and runs the library in it, with the `redis` object made for that scope. Throws what the library throws. */
  start(redisFor: (intrinsics: Intrinsics) => RedisGlobal): Guest
}

/** A library's scope. */
export interface Guest {
  readonly intrinsics: Intrinsics
  /** Runs guest code in one go, for as long as a section may last. Throws what it throws, or `TERMINATED`. */
  section<T>(run: () => T): T
  /** Counts one call into the store as work of the running code. */
  spend(): void
}

/** What code that was stopped leaves behind. */
export const TERMINATED = 'Err Execution was terminated due to OOM or timeout'
