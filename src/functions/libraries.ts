/**
 * Libraries: all that are loaded, and the service that TFUNCTION and TFCALL ask.
 *
 * The one idea: code that arrives over the network runs only where the operator said so; what is given at start is the
 * operator's own. Errors go out with the original's texts, most of them without a code, since clients match on them.
 */
import { types } from 'node:util'
import { type Bytes, bytes } from '../base/bytes.ts'
import { err, READONLY } from '../base/errors.ts'
import { OK, type Reply, ReplyError } from '../base/reply.ts'
import type { Context, FunctionsService, LoadRequest } from '../commands/context.ts'
import { Later } from '../commands/outcome.ts'
import type { Host, Program } from '../guest/host.ts'

import { oneLine, thrownText } from '../guest/to-reply.ts'
import { strictText } from '../guest/utf8.ts'
import { type FunctionName, readCount, readName } from './call-words.ts'
import { configText } from './config-text.ts'
import {
  type Callable,
  type Library,
  type LibraryOutline,
  NothingRegistered,
  startLibrary,
  type Workshop,
} from './library.ts'
import type { LinkedLibrary } from './linked.ts'
import { describeLibrary, listRequest } from './listing.ts'
import { checkVersion, readPrologue } from './prologue.ts'

const NOT_TRUSTED = err(
  'TFUNCTION LOAD is off: a library sent over the network would run unconfined in this process. If you trust everyone who may connect, start with --trust-libraries (trustLibraries: true in code); libraries of your own are given at start with --library.',
)
const NOT_TEXT = new ReplyError('lib code must a valid string')
const NO_LIBRARY = new ReplyError('library does not exists')
const ON_REPLICA = new ReplyError(
  'Err can not run a function that might perform writes on a replica or when the "avoid replication traffic" option is enabled',
)
const OUT_OF_MEMORY = new ReplyError('OOM can not run the function when out of memory')
const NEEDS_ASYNC = new ReplyError(
  'The function is declared as async and was called while blocking was not allowed; note that you cannot invoke async functions from within Lua or MULTI, and you must use TFCALLASYNC instead.',
)
const LINKED_VERSION = '1.1'

/** The hosts that libraries run in. */
export interface Hosts {
  readonly sent: Host<string>
  readonly linked: Host<LinkedLibrary['register']>
}

export class Libraries implements FunctionsService {
  readonly #libraries = new Map<string, Library>()
  readonly #workshop: Workshop
  readonly #hosts: Hosts
  readonly #trusted: boolean
  /** `library.function` as it came, found before; emptied when the libraries change. */
  readonly #found = new Map<Bytes, Callable>()

  constructor(workshop: Workshop, hosts: Hosts, trusted: boolean) {
    this.#workshop = workshop
    this.#hosts = hosts
    this.#trusted = trusted
  }

  load(ctx: Context, request: LoadRequest): Reply {
    if (!this.#trusted) throw NOT_TRUSTED
    if (ctx.keyspace.role !== 'primary') throw READONLY
    const config = request.config === undefined ? undefined : configText(request.config)
    const code = strictText(request.code)
    if (code === undefined) throw NOT_TEXT
    this.loadText(code, { replace: request.replace, config, user: ctx.client.user })
    return OK
  }

  /** Loads a library's text; throws `ReplyError`. */
  loadText(code: string, given: { replace: boolean; config: string | undefined; user: Bytes }): void {
    const { prologue, program } = attempt('Failed to compile library: ', () => {
      const prologue = readPrologue(code)
      const program = this.#hosts.sent.compile(code)
      checkVersion(prologue)
      return { prologue, program }
    })
    const { config, user } = given
    this.#start(program, { ...prologue, engine: 'js', code, config, user }, given.replace)
  }

  /** Loads a library that is part of this program; throws `ReplyError`. */
  link({ name, register, config }: LinkedLibrary, user: Bytes): void {
    const program = this.#hosts.linked.compile(register)
    const text = config === undefined ? undefined : JSON.stringify(config)
    const outline = { name, apiVersion: LINKED_VERSION, engine: 'linked', code: undefined, config: text, user } as const
    this.#start(program, outline, false)
  }

  delete(ctx: Context, word: Bytes): Reply {
    if (ctx.keyspace.role !== 'primary') throw READONLY
    const library = this.#libraries.get(strictText(word) ?? '')
    if (library === undefined) throw NO_LIBRARY
    if (library.engine === 'linked') throw isLinked(library)
    library.scope.removed = true
    this.#libraries.delete(library.name)
    this.#workshop.triggers?.remove(library)
    this.#found.clear()
    return OK
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
    const { registration } = callable.run
    if (ctx.keyspace.role !== 'primary' && !registration.flags.has('no-writes')) throw ON_REPLICA
    if (ctx.server.memory.isShort && !registration.flags.has('no-writes') && !registration.flags.has('allow-oom')) {
      throw OUT_OF_MEMORY
    }
    const given = words.length - 1
    if (given < keys) {
      throw new ReplyError(
        `Not enough arguments was given, expected at least ${keys} arguments, got ${given} arguments.`,
      )
    }
    if (registration.isAsync && !isAsync) throw NEEDS_ASYNC
    const mayWait = isAsync && !ctx.denyBlocking
    const answer = callable.run.call(callable.actor.become(ctx.client), words.slice(1), mayWait)
    return types.isPromise(answer) ? new Later(answer) : answer
  }

  #find(word: Bytes, { library: libraryName, function: functionName }: FunctionName): Callable {
    const library = this.#libraries.get(libraryName)
    if (library === undefined) throw new ReplyError(oneLine(bytes(`Unknown library ${libraryName}`)))
    const callable = library.functions.get(functionName)
    if (callable === undefined) throw new ReplyError(oneLine(bytes(`Unknown function ${functionName}`)))
    this.#found.set(word, callable)
    return callable
  }

  #start(program: Program, outline: LibraryOutline, replace: boolean): void {
    const old = this.#libraries.get(outline.name)
    if (old !== undefined && !replace) throw new ReplyError(`Library ${outline.name} already exists.`)
    if (old?.engine === 'linked') throw isLinked(old)
    const { triggers } = this.#workshop
    const library = attempt(
      'Failed loading library: ',
      () => {
        const started = startLibrary(this.#workshop, program, outline)
        triggers?.install(started, old)
        return started
      },
      '.',
    )
    this.#libraries.set(outline.name, library)
    this.#found.clear()
  }
}

const isLinked = ({ name }: Library): ReplyError =>
  err(`Library ${name} is linked into this process: it is replaced or removed by restarting without it`)

/** Runs a step of loading; what it throws becomes the reply, behind `prefix`. */
function attempt<T>(prefix: string, step: () => T, suffix = ''): T {
  try {
    return step()
  } catch (error) {
    if (error instanceof NothingRegistered) throw new ReplyError(error.message)
    throw new ReplyError(oneLine(bytes(`${prefix}${thrownText(error)}${suffix}`)))
  }
}
