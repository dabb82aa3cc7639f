/**
 * Installing functions: an engine gets libraries, and TFUNCTION and TFCALL something to ask.
 */
import { type Bytes, raw, text } from '../base/bytes.ts'
import { err } from '../base/errors.ts'
import { ReplyError } from '../base/reply.ts'
import type { Engine } from '../engine/engine.ts'
import { linkedHost } from '../guest/hosts/linked.ts'
import { realmHost } from '../guest/hosts/realm.ts'
import type { Store } from '../guest/store.ts'
import { KeptLibraries } from './kept-libraries.ts'
import { type Hosts, Libraries } from './libraries.ts'
import { Limits } from './limits.ts'
import type { LinkedLibrary } from './linked.ts'
import { Triggers } from './triggers/triggers.ts'

export interface FunctionsOptions {
  /**
   * Lets clients send libraries (TFUNCTION LOAD). They run in this process, stopped when they run too long but otherwise
   * unconfined: whoever may send one can do what this process can.
   */
  readonly trustLibraries?: boolean
  /** Libraries to begin with: of this program (`library(…)`), or the text of one (`#!js …`). */
  readonly libraries?: readonly (LinkedLibrary | string)[]
  /** How long code of a sent library may run in one go, in milliseconds; 500 unless given. */
  readonly lockTimeoutMs?: number
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
const NOT_TRUSTED = err(
  'TFUNCTION LOAD is off: a library sent over the network would run unconfined in this process. If you trust everyone who may connect, start with --trust-libraries (trustLibraries: true in code); libraries of your own are given at start with --library.',
)

/** Gives an engine functions. Throws `LibraryError` for a library that cannot be loaded. */
export function installFunctions(engine: Engine, options: FunctionsOptions = {}): void {
  const { libraries = [], onLog = () => {} } = options
  const limits = new Limits(engine.config, options.lockTimeoutMs)
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
  // After the libraries: they are loaded first, and take what was theirs.
  engine.extras.add(triggers.progress)
}

function hostsOf(
  engine: Engine,
  limits: Limits,
  { trustLibraries = false, onLog = () => {} }: FunctionsOptions,
): Hosts {
  const realm = realmHost({ clock: engine.clock, limits, warn: onLog })
  return {
    given: realm,
    sent: () => {
      if (!trustLibraries) throw NOT_TRUSTED
      return realm
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
