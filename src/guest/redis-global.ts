/**
 * The `redis` object of a library, and what the library registers through it.
 *
 * The one idea: registering is open while the library's text runs and closed for ever after. Wrong arguments are thrown
 * as strings, with the original's texts.
 */
import { types } from 'node:util'
import type { RedisGlobal } from './api.ts'
import type { Intrinsics } from './intrinsics.ts'
import { isCallback } from './intrinsics.ts'
import { FLAGS, type FunctionFlag, type Registration } from './library-function.ts'
import { nameFault } from './names.ts'

/** The version that libraries of every 1.x are given. */
export const API_VERSION = '1.1'

const WHERE = "Called 'register_function' out of context"
const WHAT = "Second argument to 'registerFunction' must be a function"
const NO_ASYNC = "'registerFunction' can not be used with async function, use 'registerAsyncFunction' instead."
const FLAG_TYPE = 'Failed parsing function flags, wrong type of string value'

/** What a library is told. */
export interface LibraryFacts {
  /** The JSON text of CONFIG, known to be an object. */
  readonly config: string | undefined
  readonly log: (text: string) => void
}

export class Registrations {
  readonly functions = new Map<string, Registration>()
  #isOpen = true

  /** No more may be registered. */
  close(): void {
    this.#isOpen = false
  }

  /** Makes the `redis` object. */
  redisFor(intrinsics: Intrinsics, { config, log }: LibraryFacts): RedisGlobal {
    return {
      registerFunction: (...args: readonly unknown[]) => this.#register(args, false),
      registerAsyncFunction: (...args: readonly unknown[]) => this.#register(args, true),
      registerKeySpaceTrigger: () => unavailable('registerKeySpaceTrigger'),
      registerStreamTrigger: () => unavailable('registerStreamTrigger'),
      registerClusterFunction: () => unavailable('registerClusterFunction'),
      functionFlags: Object.freeze({ NO_WRITES: FLAGS[0], ALLOW_OOM: FLAGS[1], RAW_ARGUMENTS: FLAGS[2] }),
      config: config === undefined ? new intrinsics.Object() : intrinsics.JSON.parse(config),
      log: (...args: readonly unknown[]) => log(logLine(stringAt(args, 0))),
      apiVersion: () => API_VERSION,
      v8Version: () => process.versions.v8,
    }
  }

  #register(args: readonly unknown[], isAsync: boolean): void {
    if (!this.#isOpen) throw WHERE
    const name = stringAt(args, 0)
    if (args.length < 2) throw conversion(1, 'function', 'Wrong number of arguments given')
    const callback = args[1]
    const { description, flags } = args.length > 2 ? optionsOf(args[2]) : NO_OPTIONS
    if (!isCallback(callback)) throw WHAT
    if (!isAsync && types.isAsyncFunction(callback)) throw NO_ASYNC
    const fault = nameFault(name)
    if (fault !== undefined) throw `Unallowed function name '${name}', ${fault}.`
    if (this.functions.has(name)) throw `Function ${name} already exists`
    this.functions.set(name, { name, isAsync, callback, description, flags })
  }
}

function unavailable(what: string): never {
  throw `'${what}' is not available yet: this version runs functions, not triggers or cluster functions`
}

const conversion = (position: number, type: string, why: string): string =>
  `Can not convert value at position ${position} into ${type}. ${why}.`

function stringAt(args: readonly unknown[], position: number): string {
  if (args.length <= position) throw conversion(position, 'string', 'Wrong number of arguments given')
  const value = args[position]
  if (typeof value !== 'string' && !types.isStringObject(value)) {
    throw conversion(position, 'string', 'Value is not string')
  }
  return String(value)
}

type Options = Pick<Registration, 'description' | 'flags'>
const NO_OPTIONS: Options = { description: undefined, flags: new Set() }

function optionsOf(options: unknown): Options {
  if (typeof options !== 'object' || options === null) {
    throw conversion(2, 'object', 'Given argument must be an object')
  }
  const unknown = Object.keys(options).filter((name) => name !== 'description' && name !== 'flags')
  if (unknown.length > 0) throw `Unknown properties given: ${unknown.join(',')}`
  const description: unknown = Reflect.get(options, 'description') ?? undefined
  if (description !== undefined && typeof description !== 'string' && !types.isStringObject(description)) {
    throw 'Failed getting field description, Value is not string'
  }
  const flags = flagsOf(Reflect.get(options, 'flags') ?? [])
  return { description: description === undefined ? undefined : String(description), flags }
}

function flagsOf(given: unknown): ReadonlySet<FunctionFlag> {
  if (!Array.isArray(given)) throw 'Failed getting field flags, Value is not an array'
  const flags = new Set<FunctionFlag>()
  for (const word of given) {
    if (typeof word !== 'string' && !types.isStringObject(word)) throw FLAG_TYPE
    const text = String(word)
    const flag = FLAGS.find((known) => known === text)
    if (flag === undefined) throw `Failed parsing function flags, Unknow flag '${text}' was given`
    flags.add(flag)
  }
  return flags
}

/** A log line that cannot forge another: control and non-ASCII characters and quotes are escaped. */
function logLine(text: string): string {
  return text.replace(/[^\x20-\x7e]|["'\\]/gu, (char) => {
    const code = char.codePointAt(0)!
    return code > 0x1f && code < 0x7f ? `\\${char}` : `\\u{${code.toString(16)}}`
  })
}
