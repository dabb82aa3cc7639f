/**
 * Portable scripts: an ordinary TypeScript function that runs where the data is, as one unit, on every store.
 *
 * The one idea: one definition, run as it is where the store is in this thread, as Lua on a server, as a tree in another
 * thread; keys, arguments and result are typed, and checked at the boundary alike. What a failed script wrote stays, on
 * every store.
 */
import type { Runner } from '../../backend/backend.ts'
import type { Reply } from '../../base/reply.ts'
import { type Builder, build as buildScript } from '../../script/builder.ts'
import { ScriptError } from '../../script/errors.ts'
import type { ScriptIR } from '../../script/ir.ts'
import type { ArgInputs, ArgSpec, KeyNames, KeySpec, ScriptBody, ScriptSpec } from '../../script/spec.ts'
import type { RedisError } from '../errors.ts'
import type { Queue } from '../queue.ts'
import { callOf, load, send } from './calls.ts'
import { ScriptDefinition, type Written } from './definition.ts'
import { explained } from './explain.ts'
import { entryNamed, type ScriptManifest } from './manifest.ts'
import { note } from './register.ts'

/** What a script runs on: a database, or the `tx` of a transaction. */
export interface ScriptTarget {
  readonly runner: Runner
}

type ArgsOf<A extends ArgSpec> =
  Record<never, never> extends ArgInputs<A> ? [args?: ArgInputs<A>] : [args: ArgInputs<A>]

/** A script: call it with a database, the real keys and the arguments. */
export interface Script<K extends KeySpec = KeySpec, A extends ArgSpec = ArgSpec, R = unknown> {
  readonly name: string
  /** What servers run. Throws a ScriptDefinitionError, as `sha1` and `ir` do. */
  readonly lua: string
  readonly sha1: string
  readonly ir: ScriptIR
  /**
   * Runs it. Rejects with a `ShapeError` before anything is sent when a key or argument is not what was declared, and with a
   * `ScriptError` when the script failed: what it wrote until then stays.
   */
  (db: ScriptTarget, keys: KeyNames<K>, ...args: ArgsOf<A>): Promise<R>
  /** Queues it in a pipeline or transaction; its item is the result or the error. */
  queue<Q extends readonly unknown[], S>(
    queue: Queue<Q, S>,
    keys: KeyNames<K>,
    ...args: ArgsOf<A>
  ): Queue<readonly [...Q, R | ScriptError], S>
  /** Compiles it now. Throws a ScriptDefinitionError. */
  check(): this
  /** Its source, tree and Lua side by side, for people. */
  explain(): string
}

export interface ScriptOptions {
  /** Compile when it is defined rather than when it is first needed. By default where NODE_ENV is not `production`. */
  readonly check?: boolean
}

const definitions = new WeakMap<object, ScriptDefinition>()

/** Defines a script by its function. Throws a ScriptDefinitionError if it is checked at once. */
export function script<const K extends KeySpec, const A extends ArgSpec = Record<never, never>, R = unknown>(
  spec: ScriptSpec<K, A, R>,
  body: ScriptBody<K, A, R>,
  options?: ScriptOptions,
): Script<K, A, R> {
  return defined(spec, { kind: 'function', body }, options)
}

/** A script made by method calls, for programs that generate scripts or whose toolchain rewrites functions. */
export function build<const K extends KeySpec, const A extends ArgSpec = Record<never, never>, R = unknown>(
  spec: ScriptSpec<K, A, R>,
  make: (builder: Builder<K, A>) => unknown,
): Script<K, A, R> {
  const { source, ...compiled } = buildScript(spec, make)
  return defined(spec, { kind: 'built', source, compiled }, { check: false })
}

/**
 * The last resort: a script written in Lua. Keys and arguments have the names of the declaration, an array its length at
 * index 0, and the result is returned by `return encode(value)`. Only servers run it.
 */
export function rawLua<const K extends KeySpec, const A extends ArgSpec = Record<never, never>, R = unknown>(
  spec: ScriptSpec<K, A, R>,
  lua: string,
): Script<K, A, R> {
  return defined(spec, { kind: 'lua', lua }, { check: false })
}

/** The same script, with Lua from a manifest where that was made of this very source. */
export function withManifest<K extends KeySpec, A extends ArgSpec, R>(
  made: Script<K, A, R>,
  manifest: ScriptManifest,
): Script<K, A, R> {
  const definition = definitionOf(made)
  return callable(definition.with(entryNamed(manifest, definition.name)))
}

/** What stands behind a script. Throws a TypeError for anything else. */
export function definitionOf(made: object): ScriptDefinition {
  const definition = definitions.get(made)
  if (definition === undefined) throw new TypeError('this is no script: make one by script(…), build(…) or rawLua(…)')
  return definition
}

function defined<K extends KeySpec, A extends ArgSpec, R>(
  spec: ScriptSpec<K, A, R>,
  written: Written,
  { check = process.env.NODE_ENV !== 'production' }: ScriptOptions = {},
): Script<K, A, R> {
  const made = callable<K, A, R>(new ScriptDefinition(spec, written))
  note(definitionOf(made))
  return check ? made.check() : made
}

function callable<K extends KeySpec, A extends ArgSpec, R>(definition: ScriptDefinition): Script<K, A, R> {
  const run = async (db: ScriptTarget, keys: KeyNames<K>, args?: ArgInputs<A>): Promise<unknown> =>
    send(db.runner, callOf(db.runner, definition, keys, args))
  const members = {
    queue: (queue: Queue<readonly unknown[], unknown>, keys: KeyNames<K>, args?: ArgInputs<A>) => {
      const call = callOf(queue.runner, definition, keys, args)
      const { load: loading } = call
      return queue.line(call.line, itemOf(call.read), loading && (() => load(queue.runner, loading)))
    },
    check: () => {
      if (definition.written.kind !== 'lua') definition.ir
      return made
    },
    explain: () => explained(definition),
  }
  // Everything that the interface says is put on the function here: its results are checked by the shape that types them.
  const made = Object.defineProperties(run, {
    ...descriptors(members),
    name: { value: definition.name, configurable: true },
    lua: { get: () => definition.wire.lua },
    sha1: { get: () => definition.wire.sha1 },
    ir: { get: () => definition.ir },
  }) as unknown as Script<K, A, R>
  definitions.set(made, definition)
  return made
}

function descriptors(members: Readonly<Record<string, unknown>>): PropertyDescriptorMap {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, { value }]))
}

/** In a queue an error is an item. */
function itemOf(read: (reply: Reply) => unknown): (reply: Reply) => unknown {
  return (reply) => {
    try {
      return read(reply)
    } catch (error) {
      if (error instanceof ScriptError || isRedisError(error)) return error
      throw error
    }
  }
}

function isRedisError(error: unknown): error is RedisError {
  return error instanceof Error && error.name === 'RedisError'
}
