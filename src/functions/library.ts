/**
 * Library: one that is loaded, and loading one.
 *
 * The one idea: a library is built aside, whole, and put in its place only when it stands; what fails on the way leaves
 * nothing behind and touches nothing that is there.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Engine } from '../engine/engine.ts'
import type { CallManner, Guest, GuestCallback, Limits, Program } from '../guest/host.ts'
import { type FunctionRegistration, type Registered, withCallbacks } from '../guest/registrations.ts'
import type { Store } from '../guest/store.ts'
import type { ScheduledJob } from './cron/cron-jobs.ts'
import { EngineActor } from './engine-actor.ts'
import { type MapChain, MappedCallback } from './source-maps/mapped-callback.ts'
import type { TriggerKeeper } from './trigger-keeper.ts'

/** A function, how it is called, and whoever acts for its callers, one after the other. */
export interface Callable {
  readonly registration: FunctionRegistration<GuestCallback>
  readonly guest: Guest
  readonly actor: EngineActor
  /** NO_WRITES, ALLOW_OOM. */
  readonly isReadOnly: boolean
  readonly allowsOom: boolean
  /** For callers that can wait, and for those that cannot. */
  readonly waiting: CallManner
  readonly atOnce: CallManner
}

export interface Library {
  readonly name: string
  readonly apiVersion: string
  /** What it is: `js` for texts, `linked`. */
  readonly engine: 'js' | 'linked'
  readonly code: string | undefined
  readonly config: string | undefined
  /** The owner: who loaded it. */
  readonly user: Bytes
  /** Kept with the data: it was sent, not given at start. */
  readonly isKept: boolean
  readonly guest: Guest
  /** Whatever it has registered. */
  readonly registered: Registered<GuestCallback>
  readonly functions: ReadonlyMap<string, Callable>
  /** Its jobs, once they have begun. */
  readonly crons: ScheduledJob[]
}

/** All of a library but what running it gives. */
export type LibraryOutline = Omit<Library, 'guest' | 'registered' | 'functions' | 'crons'>

/** What loading takes from the engine's side. */
export interface Workshop {
  readonly engine: Engine
  readonly store: Store
  readonly limits: Limits
  readonly log: (text: string) => void
  /** Keeps the triggers of libraries. */
  readonly triggers?: TriggerKeeper
}

/** How a library comes: loaded anew, or with the data. */
export interface Start {
  readonly isRestored: boolean
  /** The way to the sources that its text was made from; undefined when it names none. */
  readonly maps: MapChain | undefined
}

const NOTHING = 'Neither function nor other registrations were found.'

/** Runs a library that has been compiled. Throws strings, with nothing done. */
export function startLibrary(workshop: Workshop, program: Program, outline: LibraryOutline, start: Start): Library {
  const { engine, store, log } = workshop
  const guest = program.start({ name: outline.name, store, config: outline.config, log, isRestored: start.isRestored })
  const { maps } = start
  const registered =
    maps === undefined
      ? guest.registered
      : withCallbacks(guest.registered, (callback): GuestCallback => new MappedCallback(callback, maps))
  const { functions, keySpaceTriggers, streamTriggers, crons } = registered
  if (functions.length + keySpaceTriggers.length + streamTriggers.length + crons.length === 0) {
    guest.remove()
    throw new NothingRegistered(NOTHING)
  }
  const callables = functions.map(
    (registration) => [registration.name, callableOf(engine, guest, registration)] as const,
  )
  return { ...outline, guest, registered, functions: new Map(callables), crons: [] }
}

function callableOf(engine: Engine, guest: Guest, registration: FunctionRegistration<GuestCallback>): Callable {
  const flags = new Set(registration.flags)
  const isRaw = flags.has('raw-arguments')
  return {
    registration,
    guest,
    actor: new EngineActor(engine, flags),
    isReadOnly: flags.has('no-writes'),
    allowsOom: flags.has('allow-oom'),
    waiting: { mayWait: true, isRaw },
    atOnce: { mayWait: false, isRaw },
  }
}

/** The library ran, and registered nothing. */
export class NothingRegistered extends Error {}
