/**
 * What a library registered, as the inside of its isolate tells it.
 *
 * The one idea: the inside shares its heap with the library, so every field is looked at; what is not as it should be
 * fails the load, before anything has been taken in.
 */
import { type Bytes, raw } from '../../../base/bytes.ts'
import { nameFault } from '../../names.ts'
import { FLAGS, type Registered } from '../../registrations.ts'

/** A callback: its number, and whether it is an async function. */
export interface CallbackMark {
  readonly index: number
  readonly isAsync: boolean
}

const FORGED = 'Failed reading what the library registered'

/** Reads the JSON of `Inward.registered`. Throws a string. */
export function readRegistered(json: unknown): Registered<CallbackMark> {
  if (typeof json !== 'string') throw FORGED
  const all = fieldsOf(JSON.parse(json))
  return {
    functions: all.list('functions', (entry) => ({
      name: entry.name(),
      isAsync: entry.flag('isAsync'),
      description: entry.optional('description', text),
      flags: entry.array('flags', (flag) => FLAGS.find((known) => known === flag) ?? forged()),
      callback: entry.read('callback', mark),
    })),
    keySpaceTriggers: all.list('keySpaceTriggers', (entry) => ({
      name: entry.name(),
      prefix: entry.read('prefix', bytes),
      description: entry.optional('description', text),
      events: entry.optional('events', (value) => listOf(value, text)),
      includeLibraryWrites: entry.flag('includeLibraryWrites'),
      oldValue: entry.flag('oldValue'),
      callback: entry.read('callback', mark),
      onTriggerFired: entry.optional('onTriggerFired', mark),
    })),
    streamTriggers: all.list('streamTriggers', (entry) => ({
      name: entry.name(),
      prefix: entry.read('prefix', bytes),
      description: entry.optional('description', text),
      window: entry.read('window', count),
      isStreamTrimmed: entry.flag('isStreamTrimmed'),
      retry: entry.optional('retry', (value) => {
        const retry = fieldsOf(value)
        return { attempts: retry.read('attempts', count), backoffMs: retry.read('backoffMs', count) }
      }),
      deadLetter: entry.optional('deadLetter', bytes),
      callback: entry.read('callback', mark),
    })),
    clusterFunctions: all.list('clusterFunctions', (entry) => ({
      name: entry.name(),
      callback: entry.read('callback', mark),
    })),
    crons: [],
  }
}

function forged(): never {
  throw FORGED
}

type Read<T> = (value: unknown) => T

const text: Read<string> = (value) => (typeof value === 'string' ? value : forged())
const bytes: Read<Bytes> = (value) => (/^[\0-\xff]*$/.test(text(value)) ? raw(text(value)) : forged())
const count: Read<number> = (value) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : forged()

/** A callback crosses as `[index, isAsync]`. */
const mark: Read<CallbackMark> = (value) => {
  const [index, isAsync] = listOf(value, (part: unknown) => part)
  return typeof isAsync === 'boolean' ? { index: count(index), isAsync } : forged()
}

function listOf<T>(value: unknown, read: Read<T>): T[] {
  return Array.isArray(value) ? value.map((item: unknown) => read(item)) : forged()
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? new Fields(value) : forged()
}

class Fields {
  readonly #of: object

  constructor(of: object) {
    this.#of = of
  }

  read<T>(name: string, read: Read<T>): T {
    return read(Reflect.get(this.#of, name))
  }

  optional<T>(name: string, read: Read<T>): T | undefined {
    const value: unknown = Reflect.get(this.#of, name)
    return value === undefined || value === null ? undefined : read(value)
  }

  flag(name: string): boolean {
    return this.read(name, (value) => (typeof value === 'boolean' ? value : forged()))
  }

  name(): string {
    const name = this.read('name', text)
    return nameFault(name) === undefined ? name : forged()
  }

  array<T>(name: string, read: Read<T>): T[] {
    return this.read(name, (value) => listOf(value, read))
  }

  list<T>(name: string, read: (entry: Fields) => T): T[] {
    return this.array(name, (value) => read(fieldsOf(value)))
  }
}
