/**
 * Registering triggers: the arguments of `registerKeySpaceTrigger` and `registerStreamTrigger`.
 *
 * The one idea: what is wrong is thrown as a string, with the original's text, its slips included ("fifth argument"). The
 * options that the original does not have read by the same rules.
 */
import type { Bytes } from '../base/bytes.ts'
import { conversion, optionsAt, present, stringAt, textOption } from './arguments.ts'
import { type Callback, isCallback } from './intrinsics.ts'
import { bytesOf, encode, isArrayBuffer, isAsyncFunction, isStringObject } from './natives.ts'
import type { KeySpaceTriggerRegistration, StreamTriggerRegistration } from './registrations.ts'

const KEY_WHAT = "Third argument to 'registerKeySpaceTrigger' must be a function"
const KEY_PREFIX =
  "Second argument to 'registerKeySpaceTrigger' must be a string or ArrayBuffer representing the prefix"
const FIRED_WHAT = "'onTriggerFired' argument to 'registerKeySpaceTrigger' must be a function"
const STREAM_WHAT = "The fifth argument to 'registerStreamTrigger' must be a function"
const STREAM_PREFIX =
  "Second argument to 'registerStreamTrigger' must be a String or ArrayBuffer representing the prefix"
const NO_WINDOW = 'window argument must be a positive number'
const NO_ATTEMPTS = 'attempts of retry must be a positive number'
const NO_BACKOFF = 'backoffMs of retry must not be negative'

const KEY_OPTIONS = ['description', 'onTriggerFired', 'events', 'includeLibraryWrites', 'oldValue']
const STREAM_OPTIONS = ['description', 'window', 'isStreamTrimmed', 'retry', 'deadLetter']
const RETRY_OPTIONS = ['attempts', 'backoffMs']
/** How long a failed entry waits for its second attempt, unless told; each further one waits twice as long. */
const USUAL_BACKOFF_MS = 100

type Option = ((name: string) => unknown) | undefined

/** Reads the arguments of `registerKeySpaceTrigger`. */
export function keySpaceTrigger(args: readonly unknown[]): KeySpaceTriggerRegistration<Callback> {
  const name = stringAt(args, 0)
  const prefix = prefixAt(args, KEY_PREFIX)
  const callback = callbackAt(args, KEY_WHAT)
  const option = optionsAt(args, 3, KEY_OPTIONS)
  const onTriggerFired = option?.('onTriggerFired')
  if (onTriggerFired !== undefined && (!isCallback(onTriggerFired) || isAsyncFunction(onTriggerFired))) throw FIRED_WHAT
  return {
    name,
    prefix,
    description: textOption(option, 'description'),
    events: eventsOf(option?.('events')),
    includeLibraryWrites: flagOption(option, 'includeLibraryWrites'),
    oldValue: flagOption(option, 'oldValue'),
    callback,
    onTriggerFired,
  }
}

/** Reads the arguments of `registerStreamTrigger`. */
export function streamTrigger(args: readonly unknown[]): StreamTriggerRegistration<Callback> {
  const name = stringAt(args, 0)
  const prefix = prefixAt(args, STREAM_PREFIX)
  const callback = callbackAt(args, STREAM_WHAT)
  const option = optionsAt(args, 3, STREAM_OPTIONS)
  const window = integerOption(option, 'window') ?? 1
  if (window < 1) throw NO_WINDOW
  const deadLetter = option?.('deadLetter')
  const deadLetterKey = deadLetter === undefined ? undefined : keyFrom(deadLetter)
  if (deadLetter !== undefined && deadLetterKey === undefined) throw wrongField('deadLetter', 'string')
  return {
    name,
    prefix,
    description: textOption(option, 'description'),
    window,
    isStreamTrimmed: flagOption(option, 'isStreamTrimmed'),
    retry: retryOf(option?.('retry')),
    deadLetter: deadLetterKey,
    callback,
  }
}

const wrongField = (name: string, kind: string): string => `Failed getting field ${name}, Value is not ${kind}`

function callbackAt(args: readonly unknown[], text: string): Callback {
  const value = present(args, 2, 'function')
  if (!isCallback(value)) throw text
  return value
}

function prefixAt(args: readonly unknown[], text: string): Bytes {
  const prefix = keyFrom(present(args, 1, 'string'))
  if (prefix === undefined) throw text
  return prefix
}

/** A name of keys: text, or its bytes. */
function keyFrom(value: unknown): Bytes | undefined {
  if (typeof value === 'string') return encode(value)
  if (isArrayBuffer(value) || ArrayBuffer.isView(value)) return bytesOf(value)
  return isStringObject(value) ? encode(String(value)) : undefined
}

function flagOption(option: Option, name: string): boolean {
  const value = option?.(name) ?? false
  if (typeof value !== 'boolean') throw wrongField(name, 'a boolean')
  return value
}

function integerOption(option: Option, name: string): number | undefined {
  const value = option?.(name)
  if (value === undefined) return undefined
  const number = typeof value === 'bigint' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw wrongField(name, 'long')
  return number
}

function eventsOf(given: unknown): readonly string[] | undefined {
  if (given === undefined) return undefined
  if (!Array.isArray(given)) throw wrongField('events', 'an array')
  return given.map((name: unknown) => {
    if (typeof name !== 'string' && !isStringObject(name)) throw 'Failed parsing events, wrong type of string value'
    return String(name)
  })
}

function retryOf(given: unknown): StreamTriggerRegistration<Callback>['retry'] {
  if (given === undefined) return undefined
  if (typeof given !== 'object') throw conversion(3, 'object', 'Given argument must be an object')
  const option = optionsAt([given], 0, RETRY_OPTIONS)
  const attempts = integerOption(option, 'attempts') ?? 1
  if (attempts < 1) throw NO_ATTEMPTS
  const backoffMs = integerOption(option, 'backoffMs') ?? USUAL_BACKOFF_MS
  if (backoffMs < 0) throw NO_BACKOFF
  return { attempts, backoffMs }
}
