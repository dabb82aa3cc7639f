/**
 * `db.functions`: libraries of functions beside the data, loaded, listed and called.
 *
 * The one idea: a call is TFCALLASYNC, which runs plain functions as well as async ones, and its value says itself what it
 * is. RESP2 cannot say it: over connections that speak it, the function is asked for its reply in RESP3, as one string.
 */
import type { Backend } from '../../backend/backend.ts'
import { toBuffer } from '../../base/bytes.ts'
import { MapReply, type Reply, ReplyError } from '../../base/reply.ts'
import type { Text, Value } from '../../commands/args/nodes.ts'
import { ReplyDecoder } from '../../resp/reply-decoder.ts'
import { lineOf } from '../any-command.ts'
import { RedisError } from '../errors.ts'
import type { LibrariesByName, MethodsOf, TypedLibrary } from './typed.ts'
import { isList, readObject, readValue } from './values.ts'

export interface LoadOptions {
  /** Takes the place of a library with its name. */
  readonly replace?: boolean
  /** What `redis.config` will be: an object that JSON can say. */
  readonly config?: object
}

export interface ListOptions {
  /** The library of this name only. */
  readonly library?: string
  /** 0 names what there is, 1 describes it, 2 tells of each stream too. */
  readonly verbosity?: 0 | 1 | 2 | 3
  /** Texts too. */
  readonly withCode?: boolean
}

/** What is told of a library; more of each part from verbosity 1 on. */
export interface LibraryFacts {
  readonly name: string
  readonly engine: string
  readonly api_version: string
  readonly user: string
  readonly code?: string
  readonly configuration: string | null
  readonly functions: readonly unknown[]
  readonly cluster_functions: readonly string[]
  readonly keyspace_triggers: readonly unknown[]
  readonly stream_triggers: readonly unknown[]
  readonly pending_async_calls: readonly string[]
  readonly pending_jobs: number
}

export interface CallOptions {
  /** Keys that the function is given first: they decide the node, and what the user must be allowed. */
  readonly keys?: readonly Text[]
  readonly args?: readonly Value[]
}

/** A function's third name part that asks for its reply in RESP3, as one string. */
const TYPED = 'resp3'

export class FunctionsApi {
  readonly #backend: Backend

  constructor(backend: Backend) {
    this.#backend = backend
  }

  /** Loads the text of a library (`#!js …`). */
  async load(source: string, { replace = false, config }: LoadOptions = {}): Promise<void> {
    const words: Value[] = ['TFUNCTION', 'LOAD']
    if (replace) words.push('REPLACE')
    if (config !== undefined) words.push('CONFIG', JSON.stringify(config))
    await this.#send(...words, source)
  }

  /** Deletes a library, its triggers and their progress. */
  async delete(library: string): Promise<void> {
    await this.#send('TFUNCTION', 'DELETE', library)
  }

  /** The libraries there are. */
  async list({ library, verbosity = 0, withCode = false }: ListOptions = {}): Promise<LibraryFacts[]> {
    const words: Value[] = ['TFUNCTION', 'LIST']
    if (withCode) words.push('WITHCODE')
    if (verbosity > 0) words.push('v'.repeat(verbosity))
    if (library !== undefined) words.push('LIBRARY', library)
    const reply = await this.#send(...words)
    return readFacts(reply)
  }

  /** Calls `library.function`; maps come as objects, sets as Sets. */
  async call(name: string, { keys = [], args = [] }: CallOptions = {}): Promise<unknown> {
    const { kind } = this.#backend.features
    const isTyped = kind === 'embedded' || kind === 'port'
    const called = isTyped ? name : `${name}.${TYPED}`
    const reply = await this.#send('TFCALLASYNC', called, keys.length, ...keys, ...args)
    return readValue(isTyped ? reply : unpacked(reply))
  }

  /** A library's functions as methods. */
  of<F>(library: TypedLibrary<F>): MethodsOf<TypedLibrary<F>>
  of(library: { readonly name: string }): unknown {
    return methodsOf(this, library.name)
  }

  async #send(...words: readonly Value[]): Promise<Reply> {
    const { command, argv } = lineOf(words)
    const reply = await this.#backend.call(command, argv)
    if (reply instanceof ReplyError) throw new RedisError(reply)
    return reply
  }
}

/** `db.functions`: what can be done with libraries, and those that the program knows, by name. */
export type Functions = FunctionsApi & LibrariesByName

/** Makes `db.functions`. */
export function functionsOver(backend: Backend): Functions
export function functionsOver(backend: Backend): unknown {
  const api = new FunctionsApi(backend)
  return new Proxy(api, {
    get(_target, name) {
      const own: unknown = Reflect.get(api, name)
      if (own !== undefined || typeof name !== 'string' || name === 'then') {
        return typeof own === 'function' ? own.bind(api) : own
      }
      return methodsOf(api, name)
    },
  })
}

function methodsOf(api: FunctionsApi, library: string): object {
  return new Proxy(
    {},
    {
      get: (_target, name) =>
        // A promise asks for `then`; a function of that name is called by `call`.
        typeof name !== 'string' || name === 'then'
          ? undefined
          : (...args: readonly Value[]) => api.call(`${library}.${name}`, { args }),
    },
  )
}

/** The reply inside a string of RESP3. */
function unpacked(reply: Reply): Reply {
  if (typeof reply !== 'string') return reply
  const decoder = new ReplyDecoder()
  decoder.push(toBuffer(reply))
  const found = decoder.next()
  if (found === undefined) throw new TypeError('a function did not answer in RESP3: the server is no Geartrain')
  return found
}

/** What TFUNCTION LIST says of libraries, each a map or RESP2's flat list. */
export function readFacts(reply: Reply): LibraryFacts[]
export function readFacts(reply: Reply): unknown[] {
  if (!isList(reply)) return []
  return reply.map((library) =>
    readObject(library instanceof MapReply ? library.items : isList(library) ? library : []),
  )
}
