/**
 * Library: one that is loaded, and loading one.
 *
 * The one idea: a library is built aside, whole, and put in its place only when it stands; what fails on the way leaves
 * nothing behind and touches nothing that is there.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Engine } from '../engine/engine.ts'
import type { Program } from '../guest/host.ts'
import { LibraryFunction } from '../guest/library-function.ts'
import { Registrations } from '../guest/redis-global.ts'
import { Scope } from '../guest/scope.ts'
import type { Store } from '../guest/store.ts'
import { EngineActor } from './engine-actor.ts'
import type { TriggerKeeper } from './trigger-keeper.ts'

/** A function and whoever acts for its callers, one after the other. */
export interface Callable {
  readonly run: LibraryFunction
  readonly actor: EngineActor
}

export interface Library {
  readonly name: string
  readonly apiVersion: string
  /** Where it runs: `js` for sent libraries, `linked`. */
  readonly engine: 'js' | 'linked'
  readonly code: string | undefined
  readonly config: string | undefined
  /** The owner: who loaded it. */
  readonly user: Bytes
  readonly scope: Scope
  readonly functions: ReadonlyMap<string, Callable>
  /** Whatever its text has registered. */
  readonly registrations: Registrations
}

/** All of a library but what running it gives. */
export type LibraryOutline = Omit<Library, 'scope' | 'functions' | 'registrations'>

/** What loading takes from the engine's side. */
export interface Workshop {
  readonly engine: Engine
  readonly store: Store
  readonly log: (text: string) => void
  /** Keeps the triggers of libraries; without one they have none. */
  readonly triggers?: TriggerKeeper
}

const NOTHING = 'Neither function nor other registrations were found.'

/** Runs a library that has been compiled. Throws strings, with nothing done. */
export function startLibrary({ engine, store, log }: Workshop, program: Program, outline: LibraryOutline): Library {
  const registrations = new Registrations()
  const facts = { config: outline.config, log }
  const guest = program.start((intrinsics) => registrations.redisFor(intrinsics, facts))
  registrations.close()
  if (registrations.functions.size === 0) throw new NothingRegistered(NOTHING)
  const scope = new Scope(guest, store)
  const functions = new Map<string, Callable>()
  for (const registration of registrations.functions.values()) {
    const actor = new EngineActor(engine, registration.flags)
    functions.set(registration.name, { run: new LibraryFunction(registration, scope), actor })
  }
  return { ...outline, scope, functions, registrations }
}

/** The library ran, and registered nothing. */
export class NothingRegistered extends Error {}
