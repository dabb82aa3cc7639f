/**
 * Kept libraries: those that were sent live as long as the data, in snapshots and in the log.
 *
 * The one idea: what is kept of a library is its text, its config and its owner; all else comes of running the text again.
 * A library that cannot run again is an error that ends loading: data whose code is missing must not be served silently.
 */
import { type Bytes, bytes, raw, text } from '../base/bytes.ts'
import { ReplyError } from '../base/reply.ts'
import type { Extra } from '../engine/extras.ts'
import type { Library } from './library.ts'

/** The name under which libraries are kept. */
export const KEPT_AS = 'functions'

/** What is kept of a library. */
export interface KeptLibrary {
  readonly code: string
  readonly config: string | undefined
  readonly user: Bytes
}

/** Where libraries stand, as far as it matters here. */
export interface Shelf {
  readonly all: Iterable<Library>
  /** Loads a text; throws `ReplyError`. */
  restore(library: KeptLibrary): void
  remove(library: Library): void
}

/** A library that came with the data could not be loaded. */
export class KeptLibraryError extends Error {
  readonly code = 'GEARTRAIN_KEPT_LIBRARY'
  constructor(message: string) {
    super(message)
    this.name = 'KeptLibraryError'
  }
}

/** The change that a library was loaded. */
export const loaded = (library: KeptLibrary): Bytes => bytes(JSON.stringify({ load: library }))

/** The change that a library was deleted. */
export const DELETED = (name: string): Bytes => bytes(JSON.stringify({ delete: name }))

export class KeptLibraries implements Extra {
  readonly name = KEPT_AS
  readonly #libraries: Shelf

  constructor(libraries: Shelf) {
    this.#libraries = libraries
  }

  save(): Bytes | undefined {
    const kept = [...this.#libraries.all].filter(({ isKept }) => isKept)
    if (kept.length === 0) return undefined
    return bytes(JSON.stringify({ libraries: kept.map(({ code, config, user }) => ({ code, config, user })) }))
  }

  load(state: Bytes | undefined): void {
    for (const library of [...this.#libraries.all]) if (library.isKept) this.#libraries.remove(library)
    if (state === undefined) return
    const { libraries } = fieldsOf(state)
    if (!Array.isArray(libraries)) throw new KeptLibraryError(`no libraries in what was kept: ${excerpt(state)}`)
    for (const library of libraries) this.#restore(library)
  }

  apply(change: Bytes): void {
    const { load, delete: name } = fieldsOf(change)
    if (load !== undefined) this.#restore(load)
    else if (typeof name === 'string') {
      const library = [...this.#libraries.all].find((each) => each.name === name && each.engine === 'js')
      if (library !== undefined) this.#libraries.remove(library)
    } else throw new KeptLibraryError(`an unknown change of libraries: ${excerpt(change)}`)
  }

  #restore(kept: unknown): void {
    const { code, config, user } = propertiesOf(kept)
    if (typeof code !== 'string' || typeof user !== 'string' || (config !== undefined && typeof config !== 'string')) {
      throw new KeptLibraryError('a kept library without its text or owner')
    }
    try {
      this.#libraries.restore({ code, config, user: raw(user) })
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error
      const prologue = /^.{0,200}/.exec(code)![0]
      throw new KeptLibraryError(`The library '${prologue}' that was kept with the data: ${text(error.message)}`)
    }
  }
}

function fieldsOf(state: Bytes): Record<string, unknown> {
  try {
    return propertiesOf(JSON.parse(text(state)))
  } catch {
    throw new KeptLibraryError(`what was kept of libraries can not be read: ${excerpt(state)}`)
  }
}

const propertiesOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

const excerpt = (state: Bytes): string => text(raw(state.slice(0, 80)))
