/**
 * Installing functions: an engine gets libraries, and TFUNCTION and TFCALL something to ask.
 */
import { type Bytes, raw, text } from '../base/bytes.ts'
import { ReplyError } from '../base/reply.ts'
import type { Engine } from '../engine/engine.ts'
import { linkedHost } from '../guest/hosts/linked.ts'
import { realmHost } from '../guest/hosts/realm.ts'
import type { Store } from '../guest/store.ts'
import { Libraries } from './libraries.ts'
import { Limits } from './limits.ts'
import type { LinkedLibrary } from './linked.ts'

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

/** Gives an engine functions. Throws `LibraryError` for a library that cannot be loaded. */
export function installFunctions(engine: Engine, options: FunctionsOptions = {}): void {
  const { trustLibraries = false, libraries = [], onLog = () => {} } = options
  const limits = new Limits(engine.config, options.lockTimeoutMs)
  const sent = realmHost({ clock: engine.clock, limitMs: limits.lockMs })
  const workshop = { engine, store: storeOf(engine), log: onLog }
  const service = new Libraries(workshop, { sent, linked: linkedHost }, trustLibraries)
  for (const entry of libraries) {
    try {
      if (typeof entry === 'string') service.loadText(entry, { replace: false, config: undefined, user: OWNER })
      else service.link(entry, OWNER)
    } catch (error) {
      throw error instanceof ReplyError ? new LibraryError(text(error.message)) : error
    }
  }
  engine.services.functions = service
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
