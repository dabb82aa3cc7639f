/**
 * Libraries: all that are loaded, and the service that TFUNCTION and TFCALL ask.
 *
 * The one idea: code that arrives over the network runs only where it is confined, or where the operator trusts it; what is
 * given at start is the operator's own. Errors go out with the original's texts, most of them without a code, since clients
 * match on them.
 */
import { type Bytes, bytes } from '../base/bytes.ts'
import { err, READONLY } from '../base/errors.ts'
import { OK, type Reply, ReplyError } from '../base/reply.ts'
import type { Context, FunctionsService, LoadRequest } from '../commands/context.ts'
import type { Later } from '../commands/outcome.ts'
import type { Host, Program } from '../guest/host.ts'
import { oneLine, thrownText } from '../guest/to-reply.ts'
import { strictText } from '../guest/utf8.ts'
import { callFunction } from './call.ts'
import { type FunctionName, readCount, readName } from './call-words.ts'
import { configText } from './config-text.ts'
import { LibraryCrons } from './cron/library-crons.ts'
import { DELETED, KEPT_AS, type KeptLibrary, loaded } from './kept-libraries.ts'
import {
  type Callable,
  type Library,
  type LibraryOutline,
  NothingRegistered,
  type Start,
  startLibrary,
  type Workshop,
} from './library.ts'
import type { LinkedLibrary } from './linked.ts'
import { describeLibrary, listRequest } from './listing.ts'
import { PACKED, packing } from './packed-callback.ts'
import { checkVersion, readPrologue } from './prologue.ts'
import { type MapChain, mappedText } from './source-maps/mapped-callback.ts'
import { SourceMap } from './source-maps/source-map.ts'

const NOT_TEXT = new ReplyError('lib code must a valid string')
const NO_LIBRARY = new ReplyError('library does not exists')
const LINKED_VERSION = '1.1'

/** The hosts that libraries run in. */
export interface Hosts {
  /** For texts that come over the network; throws the `ReplyError` that says why they are not taken. */
  readonly sent: () => Host<string>
  /** For texts of the operator. */
  readonly given: Host<string>
  readonly linked: Host<LinkedLibrary['register']>
}

/** What is said of a text beside the text. */
export interface TextFacts {
  readonly replace: boolean
  readonly config: string | undefined
  readonly user: Bytes
  /** Given at start, sent by a client, or come back with the data. */
  readonly origin: 'given' | 'sent' | 'restored'
}

export class Libraries implements FunctionsService {
  readonly #libraries = new Map<string, Library>()
  readonly #workshop: Workshop
  readonly #hosts: Hosts
  readonly #crons: LibraryCrons
  /** `library.function` as it came, found before; emptied when the libraries change. */
  readonly #found = new Map<Bytes, Callable>()

  constructor(workshop: Workshop, hosts: Hosts) {
    this.#workshop = workshop
    this.#hosts = hosts
    this.#crons = new LibraryCrons(workshop)
  }

  get all(): Iterable<Library> {
    return this.#libraries.values()
  }

  load(ctx: Context, request: LoadRequest): Reply {
    const host = this.#hosts.sent()
    if (ctx.keyspace.role !== 'primary') throw READONLY
    const config = request.config === undefined ? undefined : configText(request.config)
    const code = strictText(request.code)
    if (code === undefined) throw NOT_TEXT
    const { user } = ctx.client
    this.loadText(code, { replace: request.replace, config, user, origin: 'sent' }, host)
    this.#workshop.engine.extras.changed(KEPT_AS, loaded({ code, config, user }))
    return OK
  }

  /** Loads a library's text; throws `ReplyError`. */
  loadText(code: string, facts: TextFacts, host = this.#hostFor(facts)): void {
    const { prologue, program } = attempt('Failed to compile library: ', () => {
      const prologue = readPrologue(code)
      const program = host.compile(code)
      checkVersion(prologue)
      return { prologue, program }
    })
    const { config, user, origin } = facts
    const outline: LibraryOutline = { ...prologue, engine: 'js', code, config, user, isKept: origin !== 'given' }
    const start = { isRestored: origin === 'restored', maps: mapsOf(code, program) }
    this.#start(program, outline, facts.replace, start)
  }

  /** Loads a library that comes back with the data; throws `ReplyError`. */
  restore({ code, config, user }: KeptLibrary): void {
    this.loadText(code, { replace: true, config, user, origin: 'restored' })
  }

  /** Loads a library that is part of this program; throws `ReplyError`. */
  link({ name, register, config }: LinkedLibrary, user: Bytes): void {
    const program = this.#hosts.linked.compile(register)
    const text = config === undefined ? undefined : JSON.stringify(config)
    const outline: LibraryOutline = {
      name,
      apiVersion: LINKED_VERSION,
      engine: 'linked',
      code: undefined,
      config: text,
      user,
      isKept: false,
    }
    this.#start(program, outline, false, { isRestored: false, maps: undefined })
  }

  delete(ctx: Context, word: Bytes): Reply {
    if (ctx.keyspace.role !== 'primary') throw READONLY
    const library = this.#libraries.get(strictText(word) ?? '')
    if (library === undefined) throw NO_LIBRARY
    if (library.engine === 'linked') throw isLinked(library)
    this.remove(library)
    this.#workshop.engine.extras.changed(KEPT_AS, DELETED(library.name))
    return OK
  }

  /** Takes a library out, with its triggers. */
  remove(library: Library): void {
    this.#libraries.delete(library.name)
    this.#found.clear()
    this.#workshop.triggers?.remove(library)
    library.guest.remove()
  }

  list(_ctx: Context, words: readonly Bytes[]): Reply {
    const request = listRequest(words)
    const wanted = [...this.#libraries.values()].filter(
      ({ name }) => request.library === undefined || request.library === name,
    )
    return wanted.map((library) => describeLibrary(library, request, this.#workshop.triggers))
  }

  call(ctx: Context, name: Bytes, words: readonly Bytes[], isAsync: boolean): Reply | Later {
    const known = this.#found.get(name)
    const wanted = known === undefined ? readName(name) : undefined
    const keys = readCount(words[0]!)
    const callable = known ?? this.#find(name, wanted!)
    return callFunction(this.#workshop, callable, { ctx, name, words, keys, isAsync })
  }

  async stop(): Promise<void> {
    this.#crons.stop()
    await Promise.all(Array.from(this.#libraries.values(), ({ guest }) => guest.end()))
  }

  #hostFor({ origin }: TextFacts): Host<string> {
    return origin === 'given' ? this.#hosts.given : this.#hosts.sent()
  }

  #find(word: Bytes, { library: libraryName, function: functionName, form }: FunctionName): Callable {
    const library = this.#libraries.get(libraryName)
    if (library === undefined) throw new ReplyError(oneLine(bytes(`Unknown library ${libraryName}`)))
    const known = library.functions.get(functionName)
    if (known === undefined) throw new ReplyError(oneLine(bytes(`Unknown function ${functionName}`)))
    const callable = form === PACKED ? packing(known) : known
    this.#found.set(word, callable)
    return callable
  }

  #start(program: Program, outline: LibraryOutline, replace: boolean, start: Start): void {
    const old = this.#libraries.get(outline.name)
    if (old !== undefined && !replace) throw new ReplyError(`Library ${outline.name} already exists.`)
    if (old?.engine === 'linked') throw isLinked(old)
    const library = attempt('Failed loading library: ', () => this.#standing(program, outline, old, start), '.')
    this.#libraries.set(outline.name, library)
    this.#found.clear()
    this.#crons.begin(library)
    old?.guest.retire()
  }

  /** A library that stands, its triggers included; throws, with nothing done. */
  #standing(program: Program, outline: LibraryOutline, old: Library | undefined, start: Start): Library {
    const { maps } = start
    try {
      const library = startLibrary(this.#workshop, program, outline, start)
      try {
        LibraryCrons.check(library)
        this.#workshop.triggers?.install(library, old)
      } catch (error) {
        library.guest.remove()
        throw error
      }
      return library
    } catch (error) {
      if (error instanceof NothingRegistered) throw error
      const text = thrownText(error, this.#workshop.limits.verbosity)
      throw maps === undefined ? text : mappedText(text, maps)
    }
  }
}

const isLinked = ({ name }: Library): ReplyError =>
  err(`Library ${name} is linked into this process: it is replaced or removed by restarting without it`)

/** Maps from the text that runs to the sources; undefined for a text that was not made from others. */
function mapsOf(code: string, { textMap }: Program): MapChain | undefined {
  const own = SourceMap.of(code)
  if (own === undefined) return undefined
  return textMap === undefined ? [own] : [new SourceMap(textMap), own]
}

/** Runs a step of loading; what it throws becomes the reply, behind `prefix`. */
function attempt<T>(prefix: string, step: () => T, suffix = ''): T {
  try {
    return step()
  } catch (error) {
    if (error instanceof ReplyError) throw error
    if (error instanceof NothingRegistered) throw new ReplyError(error.message)
    throw new ReplyError(oneLine(bytes(`${prefix}${thrownText(error)}${suffix}`)))
  }
}
