/**
 * Installing functions: an engine gets libraries, and TFUNCTION and TFCALL something to ask.
 */
import { type Bytes, raw, text } from '../base/bytes.ts'
import { err } from '../base/errors.ts'
import { ReplyError } from '../base/reply.ts'
import type { Engine } from '../engine/engine.ts'
import { isolateHost } from '../guest/hosts/isolate/isolate.ts'
import { missingIsolates } from '../guest/hosts/isolate/isolated-vm.ts'
import { linkedHost } from '../guest/hosts/linked.ts'
import { realmHost } from '../guest/hosts/realm.ts'
import type { Store } from '../guest/store.ts'
import { INFO_NAME, libraryFields } from './info.ts'
import { KeptLibraries } from './kept-libraries.ts'
import { type Hosts, Libraries } from './libraries.ts'
import { Limits } from './limits.ts'
import type { LinkedLibrary } from './linked.ts'
import { Triggers } from './triggers/triggers.ts'

export interface FunctionsOptions {
  /**
   * Runs the libraries that clients send (TFUNCTION LOAD) on the engine's thread, where calls cost least: stopped when
   * they run too long but otherwise unconfined, so that whoever may send one can do what this process can. Without it each
   * runs in an isolate of its own, which takes the package isolated-vm.
   */
  readonly trustLibraries?: boolean
  /** Libraries to begin with: of this program (`library(…)`), or the text of one (`#!js …`). */
  readonly libraries?: readonly (LinkedLibrary | string)[]
  /** How long code of a sent library may run in one go, in milliseconds; 500 unless given. */
  readonly lockTimeoutMs?: number
  /**
   * The heap in megabytes that a library in an isolate may use; 64 unless given, 8 at least. CONFIG SET
   * redisgears_2.library-memory-limit changes it for those that are loaded after.
   */
  readonly libraryMemoryMb?: number
  /** Takes what libraries log. */
  readonly onLog?: (text: string) => void
}

/** A library that was given at start could not be loaded. */
export class LibraryError extends Error {
  readonly code = 'GEARTRAIN_LIBRARY'
  constructor(message: string) {
    super(message)
    this.name = 'LibraryError'
  }
}

const OWNER: Bytes = raw('default')
/** Gives an engine functions. Throws `LibraryError` for a library that cannot be loaded. */
export function installFunctions(engine: Engine, options: FunctionsOptions = {}): void {
  const { libraries = [], onLog = () => {} } = options
  const limits = new Limits(engine.config, { lockMs: options.lockTimeoutMs, memoryMb: options.libraryMemoryMb })
  const triggers = new Triggers(engine, onLog)
  const workshop = { engine, store: storeOf(engine), limits, log: onLog, triggers }
  const service = new Libraries(workshop, hostsOf(engine, limits, options))
  for (const entry of libraries) {
    try {
      if (typeof entry !== 'string') service.link(entry, OWNER)
      else service.loadText(entry, { replace: false, config: undefined, user: OWNER, origin: 'given' })
    } catch (error) {
      throw error instanceof ReplyError ? new LibraryError(text(error.message)) : error
    }
  }
  engine.services.functions = service
  engine.extras.add(new KeptLibraries(service))
  engine.info.add(INFO_NAME, `${INFO_NAME}_PerLibraryInformation`, () => libraryFields(service.all))
  // After the libraries: they are loaded first, and take what was theirs.
  engine.extras.add(triggers.progress)
}

function hostsOf(
  engine: Engine,
  limits: Limits,
  { trustLibraries = false, onLog = () => {} }: FunctionsOptions,
): Hosts {
  const { clock } = engine
  const realm = realmHost({ clock, limits, warn: onLog })
  const isolate = isolateHost({ clock, limits, warn: onLog })
  return {
    given: realm,
    sent: () => {
      if (trustLibraries) return realm
      const missing = missingIsolates()
      if (missing !== undefined) throw err(`TFUNCTION LOAD is off: ${missing}`)
      return isolate
    },
    linked: linkedHost(limits),
  }
}

function storeOf(engine: Engine): Store {
  return {
    begin: () => engine.begin(),
    end() {
      engine.end()
      // A section in the background is nobody's batch: those it woke go on now.
      if (!engine.inUnit) engine.idle()
    },
  }
}
