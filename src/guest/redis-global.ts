/**
 * The `redis` object of a library, and what the library registers through it.
 *
 * The one idea: registering is open while the library's text runs and closed for ever after. Wrong arguments are thrown
 * as strings, with the original's texts.
 */
import type { RedisGlobal } from './api.ts'
import { callbackAt, optionsAt, stringAt, textOption } from './arguments.ts'
import type { Callback, Intrinsics } from './intrinsics.ts'
import { nameFault } from './names.ts'
import { isAsyncFunction, isStringObject, v8Version } from './natives.ts'
import {
  type ClusterFunctionRegistration,
  type CronRegistration,
  FLAGS,
  type FunctionFlag,
  type FunctionRegistration,
  type KeySpaceTriggerRegistration,
  type Registered,
  type StreamTriggerRegistration,
} from './registrations.ts'
import { keySpaceTrigger, streamTrigger } from './trigger-registrations.ts'

/** The version that libraries of every 1.x are given. */
export const API_VERSION = '1.1'

const WHERE = "Called 'register_function' out of context"
const KEY_WHERE = "Called 'registerKeySpaceTrigger' out of context"
// The original's slip.
const STREAM_WHERE = "Called 'registerFunction' out of context"
const CLUSTER_WHERE = "Called 'registerClusterFunction' out of context"
const CRON_WHERE = "Called 'registerCron' out of context"
const WHAT = "Second argument to 'registerFunction' must be a function"
const CLUSTER_WHAT = "Second argument to 'registerClusterFunction' must be a function"
const CRON_WHAT = "Third argument to 'registerCron' must be a function"
const NO_ASYNC = "'registerFunction' can not be used with async function, use 'registerAsyncFunction' instead."
const FLAG_TYPE = 'Failed parsing function flags, wrong type of string value'
const FUNCTION_OPTIONS = ['description', 'flags']

/** What a library is told. */
export interface LibraryFacts {
  /** The JSON text of CONFIG, known to be an object. */
  readonly config: string | undefined
  readonly log: (text: string) => void
  /** Whether it is part of this program: it may also be scheduled. */
  readonly isLinked: boolean
}

export class Registrations implements Registered<Callback> {
  readonly functions: FunctionRegistration<Callback>[] = []
  readonly keySpaceTriggers: KeySpaceTriggerRegistration<Callback>[] = []
  readonly streamTriggers: StreamTriggerRegistration<Callback>[] = []
  readonly clusterFunctions: ClusterFunctionRegistration<Callback>[] = []
  readonly crons: CronRegistration<Callback>[] = []
  /** Whether the library's text still runs. */
  isOpen = true

  /** No more may be registered. */
  close(): void {
    this.isOpen = false
  }

  /** Makes the `redis` object. */
  redisFor(intrinsics: Intrinsics, { config, log, isLinked }: LibraryFacts): RedisGlobal {
    return {
      registerFunction: (...args: readonly unknown[]) => this.#function(args, false),
      registerAsyncFunction: (...args: readonly unknown[]) => this.#function(args, true),
      registerKeySpaceTrigger: (...args: readonly unknown[]) => this.#keySpaceTrigger(args),
      registerStreamTrigger: (...args: readonly unknown[]) => this.#streamTrigger(args),
      registerClusterFunction: (...args: readonly unknown[]) => this.#clusterFunction(args),
      ...(isLinked ? { registerCron: (...args: readonly unknown[]) => this.#cron(args) } : {}),
      functionFlags: Object.freeze({ NO_WRITES: FLAGS[0], ALLOW_OOM: FLAGS[1], RAW_ARGUMENTS: FLAGS[2] }),
      config: config === undefined ? new intrinsics.Object() : intrinsics.JSON.parse(config),
      log: (...args: readonly unknown[]) => log(logLine(stringAt(args, 0))),
      apiVersion: () => API_VERSION,
      v8Version,
    }
  }

  #function(args: readonly unknown[], isAsync: boolean): void {
    if (!this.isOpen) throw WHERE
    const name = stringAt(args, 0)
    const callback = callbackAt(args, 1, WHAT)
    const option = optionsAt(args, 2, FUNCTION_OPTIONS)
    const description = textOption(option, 'description')
    const flags = flagsOf(option?.('flags') ?? [])
    if (!isAsync && isAsyncFunction(callback)) throw NO_ASYNC
    check('function', name)
    if (isTaken(this.functions, name)) throw `Function ${name} already exists`
    this.functions.push({ name, isAsync, callback, description, flags })
  }

  #keySpaceTrigger(args: readonly unknown[]): void {
    if (!this.isOpen) throw KEY_WHERE
    const registration = keySpaceTrigger(args)
    check('key space trigger', registration.name)
    if (isTaken(this.keySpaceTriggers, registration.name)) throw 'Notification consumer already exists'
    this.keySpaceTriggers.push(registration)
  }

  #streamTrigger(args: readonly unknown[]): void {
    if (!this.isOpen) throw STREAM_WHERE
    const registration = streamTrigger(args)
    check('stream trigger', registration.name)
    if (isTaken(this.streamTriggers, registration.name)) throw 'Stream registration already exists'
    this.streamTriggers.push(registration)
  }

  #clusterFunction(args: readonly unknown[]): void {
    if (!this.isOpen) throw CLUSTER_WHERE
    const name = stringAt(args, 0)
    const callback = callbackAt(args, 1, CLUSTER_WHAT)
    if (!isAsyncFunction(callback)) throw 'Remote function must be async'
    check('cluster function', name)
    if (isTaken(this.clusterFunctions, name)) throw `Remote function ${name} already exists`
    this.clusterFunctions.push({ name, callback })
  }

  #cron(args: readonly unknown[]): void {
    if (!this.isOpen) throw CRON_WHERE
    const name = stringAt(args, 0)
    const schedule = stringAt(args, 1)
    const callback = callbackAt(args, 2, CRON_WHAT)
    check('cron', name)
    if (isTaken(this.crons, name)) throw `Cron ${name} already exists`
    this.crons.push({ name, schedule, callback })
  }
}

/** Whether one of this name is there. */
export function isTaken(entries: readonly { readonly name: string }[], wanted: string): boolean {
  return entries.some(({ name }) => name === wanted)
}

/** Throws what is wrong with the name of a `kind`. */
export function check(kind: string, name: string): void {
  const fault = nameFault(name)
  if (fault !== undefined) throw `Unallowed ${kind} name '${name}', ${fault}.`
}

function flagsOf(given: unknown): readonly FunctionFlag[] {
  if (!Array.isArray(given)) throw 'Failed getting field flags, Value is not an array'
  const flags = new Set<FunctionFlag>()
  for (const word of given) {
    if (typeof word !== 'string' && !isStringObject(word)) throw FLAG_TYPE
    const text = String(word)
    const flag = FLAGS.find((known) => known === text)
    if (flag === undefined) throw `Failed parsing function flags, Unknow flag '${text}' was given`
    flags.add(flag)
  }
  return [...flags]
}

/** A log line that cannot forge another: control and non-ASCII characters and quotes are escaped. */
function logLine(text: string): string {
  return text.replace(/[^\x20-\x7e]|["'\\]/gu, (char) => {
    const code = char.codePointAt(0)!
    return code > 0x1f && code < 0x7f ? `\\${char}` : `\\u{${code.toString(16)}}`
  })
}
