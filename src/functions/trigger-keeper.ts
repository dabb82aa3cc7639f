/**
 * TriggerKeeper: what the libraries ask of whoever keeps key space and stream triggers.
 *
 * The one idea: a library's triggers come and go with it, in one step that either takes all of them in or leaves everything
 * as it was. Which triggers a library has, its `registrations` say; the keeper finds what it keeps of them by the library.
 */
import type { Reply } from '../base/reply.ts'
import type { Library } from './library.ts'

export interface TriggerKeeper {
  /**
   * Takes the triggers of a library in; those of `old`, whose place it takes, go, and what counts and positions both share
   * is kept. Throws a string, with nothing changed, when a trigger cannot take its namesake's place.
   */
  install(library: Library, old: Library | undefined): void
  /** Forgets the triggers of a library that was deleted, their progress too. */
  remove(library: Library): void
  /** `keyspace_triggers` of TFUNCTION LIST: names at verbosity 0, maps above it. */
  keySpaceTriggers(library: Library, verbosity: number): Reply[]
  /** `stream_triggers` of TFUNCTION LIST: names at verbosity 0, maps above it, with `streams` from 2 on. */
  streamTriggers(library: Library, verbosity: number): Reply[]
}
