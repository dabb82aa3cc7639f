/**
 * Payloads: from the fields of an entry to typed data and back.
 *
 * The one idea: fields are the truth, data is a view of them. What can't be read as it should be is no error of the reading: the
 * entry comes all the same, with its fields, and with its `problem` in place of data, so that whoever handles it decides.
 */
import type { Checked, PayloadSchema, SchemaIssue } from './schema.ts'

/** One field of an entry. */
export type Field = readonly [name: string, value: string]

/** What a field may hold when it is added. */
export type FieldValue = string | number | bigint | boolean | Date | Uint8Array

/** What is added without a codec: fields by name, or as pairs where a name comes twice or the order counts. */
export type Fields =
  | Readonly<Record<string, FieldValue>>
  | ReadonlyMap<string, FieldValue>
  | readonly (readonly [name: string, value: FieldValue])[]

/** Data to fields and back. `decode` throws at what it can't read. */
export interface Codec<Out, In = Out> {
  encode(data: In): Fields
  decode(fields: readonly Field[]): Out
}

/** What is wrong with a payload, and where. */
export interface PayloadIssue {
  readonly path: string
  readonly message: string
}

/** Data that its schema refuses, or fields that its codec can't read. */
export class PayloadError extends Error {
  readonly code = 'PAYLOAD'
  readonly issues: readonly PayloadIssue[]
  constructor(message: string, issues: readonly PayloadIssue[], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'PayloadError'
    this.issues = issues
  }
}

/** The data of one entry; reading `data` throws the `problem`, where there is one. */
export interface Content<T> {
  readonly data: T
  readonly problem: PayloadError | undefined
}

/** How a stream's entries are written and read. */
export interface Payload<Out, In> {
  fieldsOf(data: In): Words | Promise<Words>
  contentOf(fields: readonly Field[]): Content<Out> | Promise<Content<Out>>
}

/** Fields in the words of XADD. */
export type Words = readonly (readonly [name: string, value: string | number | bigint | Uint8Array])[]

/** Entries as records of text; of a field that comes twice, the last value. */
export const FLAT: Payload<Record<string, string>, Fields> = {
  fieldsOf: wordsOf,
  contentOf: (fields) => new Flat(fields),
}

/** A codec that keeps data as JSON in one field. */
export function json(field = 'json'): Codec<unknown> {
  return {
    encode: (data) => {
      const text = JSON.stringify(data)
      if (text === undefined) throw new TypeError(`${typeof data} is nothing that JSON has`)
      return [[field, text]]
    },
    decode: (fields) => {
      const found = fields.find(([name]) => name === field)
      if (found === undefined) throw new TypeError(`the field ${JSON.stringify(field)} is missing`)
      return JSON.parse(found[1])
    },
  }
}

/** The codec that records of text are written and read with when there is only a schema. */
const FLAT_CODEC: Codec<unknown> = {
  encode: (data) => {
    if (data instanceof Map || Array.isArray(data)) return data
    if (typeof data !== 'object' || data === null)
      throw new TypeError('fields are an object: see json() for other data')
    return { ...data }
  },
  decode: (fields) => Object.fromEntries(fields),
}

/** A payload that a codec alone makes. */
export function codecPayload<Out, In>(codec: Codec<Out, In>): Payload<Out, In> {
  return {
    fieldsOf: (data) => encoded(codec, data),
    contentOf: (fields) => decoded(codec, fields),
  }
}

/** A payload that a schema checks, both when it is written and when it is read; what is written is what was given. */
export function schemaPayload<Out, In>(
  schema: PayloadSchema<In, Out>,
  codec: Codec<unknown, In> = FLAT_CODEC,
): Payload<Out, In> {
  return {
    fieldsOf: async (data) => {
      const found = await schema['~standard'].validate(data)
      if (found.issues !== undefined) throw refused(found.issues, 'The data does not fit its schema')
      return encoded(codec, data)
    },
    contentOf: (fields) => {
      const read = decoded(codec, fields)
      if (read.problem !== undefined) return new Spoiled(read.problem)
      const found = within(() => schema['~standard'].validate(read.data))
      if (found instanceof PayloadError) return new Spoiled(found)
      return found instanceof Promise ? found.then(checked<Out>, spoiled) : checked(found)
    },
  }
}

function checked<T>(found: Checked<T>): Content<T> {
  if (found.issues !== undefined) return new Spoiled(refused(found.issues, 'The entry does not fit its schema'))
  return { data: found.value, problem: undefined }
}

const spoiled = (cause: unknown): Spoiled => new Spoiled(unreadable(cause))

function decoded<Out>(codec: Codec<Out, never>, fields: readonly Field[]): Content<Out> {
  try {
    return { data: codec.decode(fields), problem: undefined }
  } catch (cause) {
    return spoiled(cause)
  }
}

function encoded<In>(codec: Codec<unknown, In>, data: In): Words {
  let fields: Fields
  try {
    fields = codec.encode(data)
  } catch (cause) {
    throw new PayloadError(`The data can't be written: ${textOf(cause)}`, [], cause)
  }
  return wordsOf(fields)
}

function within<T>(run: () => T): T | PayloadError {
  try {
    return run()
  } catch (cause) {
    return unreadable(cause)
  }
}

const unreadable = (cause: unknown): PayloadError =>
  new PayloadError(`The entry can't be read: ${textOf(cause)}`, [], cause)

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

function refused(issues: readonly SchemaIssue[], what: string): PayloadError {
  const found = issues.map(({ message, path = [] }) => ({
    message,
    path: path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.'),
  }))
  const told = found.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')
  return new PayloadError(`${what}: ${told}`, found)
}

/** Fields in words; throws a PayloadError where there are none or a value is nothing that a field holds. */
function wordsOf(fields: Fields): Words {
  const pairs = Array.isArray(fields) || fields instanceof Map ? [...fields] : Object.entries(fields)
  if (pairs.length === 0) throw new PayloadError('An entry has one field at least', [])
  return pairs.map(([name, value]) => [name, wordOf(name, value)])
}

function wordOf(name: string, value: unknown): string | number | bigint | Uint8Array {
  switch (typeof value) {
    case 'string':
    case 'bigint':
      return value
    case 'number':
      if (Number.isNaN(value)) break
      return value
    case 'boolean':
      return String(value)
    default:
      if (value instanceof Uint8Array) return value
      if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()
  }
  const shown = value === null ? 'null' : typeof value === 'object' ? 'an object' : String(value)
  const message = `a field holds text, a number, a boolean, a Date or bytes, not ${shown}`
  throw new PayloadError(`${name}: ${message}`, [{ path: name, message }])
}

/** A record, made when it is looked at. */
class Flat implements Content<Record<string, string>> {
  readonly problem = undefined
  readonly #fields: readonly Field[]
  #data: Record<string, string> | undefined

  constructor(fields: readonly Field[]) {
    this.#fields = fields
  }

  get data(): Record<string, string> {
    this.#data ??= Object.fromEntries(this.#fields)
    return this.#data
  }
}

/** What can't be read. */
class Spoiled implements Content<never> {
  readonly problem: PayloadError

  constructor(problem: PayloadError) {
    this.problem = problem
  }

  get data(): never {
    throw this.problem
  }
}
