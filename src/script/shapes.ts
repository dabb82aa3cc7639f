/**
 * Shapes: what the values at a script's boundary look like (arguments, results, JSON), as data with a TypeScript type.
 *
 * The one idea: a shape is declared once and read three times: by the type system, by `copyOf` at run time, and by the
 * compiler's type inference. Invariants: a copy shares nothing with what it was made of; numbers are finite; -0 becomes 0
 * and text becomes well-formed (a lone surrogate turns into U+FFFD), because neither survives every backend.
 */
import { ShapeError } from './errors.ts'

/** A JSON value. Inside a script, `undefined` is one more spelling of null. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** A shape as data. `ascii` is text of chars below 128; `checked` runs a Standard Schema first, then `of`. */
export type ShapeForm =
  | { readonly kind: 'string' | 'ascii' | 'number' | 'boolean' | 'nil' | 'json' }
  | { readonly kind: 'array' | 'record' | 'optional' | 'nullable'; readonly of: ShapeForm }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, ShapeForm>> }
  | { readonly kind: 'tuple'; readonly items: readonly ShapeForm[] }
  | { readonly kind: 'literal'; readonly values: readonly (string | number | boolean)[] }
  | { readonly kind: 'checked'; readonly schema: StandardSchema; readonly of: ShapeForm }

/** The part of the Standard Schema interface (version 1) that is read: zod, valibot, arktype and others have it. */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => unknown
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

/** A shape of `T`. `form` is the shape as data; `types` exists in the type system only. */
export interface Shape<T> {
  readonly kind: ShapeForm['kind']
  readonly form: ShapeForm
  readonly types?: T
  /** The value may be left out; null and undefined count as left out. */
  optional(): Shape<T | undefined>
  /** The value may be null; undefined becomes null. */
  nullable(): Shape<T | null>
}

/** The TypeScript type of a shape. */
export type ShapeOf<S> = S extends Shape<infer T> ? T : never

type Fields = Readonly<Record<string, Shape<unknown>>>
type OptionalNames<S extends Fields> = { [P in keyof S]: undefined extends ShapeOf<S[P]> ? P : never }[keyof S]
type Flat<T> = { [P in keyof T]: T[P] }
/** The TypeScript type of an object shape's fields: those that may be undefined may be absent. */
export type FieldsOf<S extends Fields> = Flat<
  { [P in Exclude<keyof S, OptionalNames<S>>]: ShapeOf<S[P]> } & { [P in OptionalNames<S>]?: ShapeOf<S[P]> }
>

function shape<T>(form: ShapeForm): Shape<T> {
  return {
    kind: form.kind,
    form,
    optional: () => shape({ kind: 'optional', of: form }),
    nullable: () => shape({ kind: 'nullable', of: form }),
  }
}

/** The makers of shapes. */
export const t = {
  string: shape<string>({ kind: 'string' }),
  /** Text of chars below 128, checked: the only text whose positions are the same in JavaScript and in Lua. */
  ascii: shape<string>({ kind: 'ascii' }),
  /** A finite number. */
  number: shape<number>({ kind: 'number' }),
  boolean: shape<boolean>({ kind: 'boolean' }),
  nil: shape<null>({ kind: 'nil' }),
  /** Any JSON value. A script can pass it on, and read it after `typeof` has said what it is. */
  json: shape<Json>({ kind: 'json' }),
  array: <T>(item: Shape<T>) => shape<T[]>({ kind: 'array', of: item.form }),
  /** An object with names that are not known beforehand. */
  record: <T>(item: Shape<T>) => shape<Record<string, T>>({ kind: 'record', of: item.form }),
  /** An object of exactly these fields. */
  object: <S extends Fields>(fields: S) =>
    shape<FieldsOf<S>>({
      kind: 'object',
      fields: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.form])),
    }),
  tuple: <const S extends readonly Shape<unknown>[]>(...items: S) =>
    shape<{ -readonly [I in keyof S]: ShapeOf<S[I]> }>({ kind: 'tuple', items: items.map((item) => item.form) }),
  literal: <const V extends readonly (string | number | boolean)[]>(...values: V) =>
    shape<V[number]>({ kind: 'literal', values }),
  /** A value that a Standard Schema validates (synchronously) and whose outcome has this shape. */
  checked: <T>(schema: StandardSchema, of: Shape<T>) => shape<T>({ kind: 'checked', schema, of: of.form }),
}

/** Whether a value is a Standard Schema rather than a shape. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  return (typeof value === 'object' || typeof value === 'function') && value !== null && '~standard' in value
}

/** The form of a declared argument: a shape's own; a bare Standard Schema gives JSON that it has checked. */
export function formOf(declared: Shape<unknown> | StandardSchema): ShapeForm {
  return isStandardSchema(declared) ? { kind: 'checked', schema: declared, of: { kind: 'json' } } : declared.form
}

/** Whether a value of this form may be left out. */
export function isOptional(form: ShapeForm): boolean {
  return form.kind === 'optional' || ((form.kind === 'nullable' || form.kind === 'checked') && isOptional(form.of))
}

/** A checked copy of a value by a form. Throws a ShapeError that names the path. */
export function copyOf(form: ShapeForm, value: unknown, path: string): unknown {
  switch (form.kind) {
    case 'string':
    case 'ascii':
      return textOf(value, path, form.kind === 'ascii')
    case 'number':
      return numberOf(value, path)
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse(path, 'a boolean', value)
    case 'nil':
      return value === null || value === undefined ? null : refuse(path, 'null', value)
    case 'json':
      return jsonOf(value, path)
    case 'optional':
      return value === undefined || (value === null && !takesNull(form.of)) ? undefined : copyOf(form.of, value, path)
    case 'nullable':
      return value === null || value === undefined ? null : copyOf(form.of, value, path)
    case 'literal':
      return form.values.includes(primitive(value)) ? value : refuse(path, literals(form.values), value)
    case 'array':
      return elements(value, path, 'an array').map((item, i) => copyOf(form.of, item, `${path}[${i}]`))
    case 'tuple':
      return tupleOf(form.items, value, path)
    case 'record':
      return recordOf(form.of, value, path)
    case 'object':
      return objectOf(form.fields, value, path)
    case 'checked':
      return copyOf(form.of, validated(form.schema, value, path), path)
  }
}

/** Text as every backend can hold it: lone surrogates become U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD')
}

/** Whether null is a value of this form, not only the absence of one. */
function takesNull(form: ShapeForm): boolean {
  if (form.kind === 'checked' || form.kind === 'optional') return takesNull(form.of)
  return form.kind === 'nullable' || form.kind === 'nil' || form.kind === 'json'
}

function refuse(path: string, expected: string, value: unknown): never {
  throw new ShapeError(path, expected, described(value))
}

function described(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  return typeof value === 'object' ? 'an object' : typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`
}

function literals(values: readonly (string | number | boolean)[]): string {
  return `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`
}

function primitive(value: unknown): string | number | boolean {
  const isOne = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  // NaN is no value of a literal shape, so it stands for everything that is no primitive.
  return isOne ? value : Number.NaN
}

function textOf(value: unknown, path: string, isAscii: boolean): string {
  if (typeof value !== 'string') return refuse(path, 'text', value)
  if (isAscii && /[^\0-\x7f]/.test(value)) throw new ShapeError(path, 'ASCII text', 'other chars')
  return isAscii ? value : wellFormed(value)
}

function numberOf(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return refuse(path, 'a finite number', value)
  return value === 0 ? 0 : value
}

/** Dates, maps, class instances and their kin are no JSON: what would become of them differs from what they were. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** The elements of an array, its holes as undefined. */
function elements(value: unknown, path: string, expected: string): readonly unknown[] {
  return Array.isArray(value) ? Array.from<unknown>(value) : refuse(path, expected, value)
}

function tupleOf(items: readonly ShapeForm[], value: unknown, path: string): unknown[] {
  const expected = `an array of ${items.length}`
  const found = elements(value, path, expected)
  if (found.length > items.length) throw new ShapeError(path, expected, `an array of ${found.length}`)
  return items.map((item, i) => copyOf(item, found[i], `${path}[${i}]`))
}

/** Without a prototype: a name like `constructor` is a name like any other. */
function recordOf(item: ShapeForm, value: unknown, path: string): Record<string, unknown> {
  if (!isPlain(value)) return refuse(path, 'an object', value)
  const copy: Record<string, unknown> = Object.create(null)
  for (const [name, field] of Object.entries(value)) {
    const held = copyOf(item, field, `${path}.${name}`)
    if (held !== undefined) copy[wellFormed(name)] = held
  }
  return copy
}

function objectOf(fields: Readonly<Record<string, ShapeForm>>, value: unknown, path: string): Record<string, unknown> {
  if (!isPlain(value)) return refuse(path, 'an object', value)
  const extra = Object.keys(value).find((name) => !Object.hasOwn(fields, name))
  if (extra !== undefined) throw new ShapeError(`${path}.${extra}`, 'left out', 'a field that the shape does not have')
  const copy: Record<string, unknown> = {}
  for (const [name, form] of Object.entries(fields)) {
    const field = Object.hasOwn(value, name)
      ? copyOf(form, value[name], `${path}.${name}`)
      : absent(form, `${path}.${name}`)
    if (field !== undefined) copy[name] = field
  }
  return copy
}

function absent(form: ShapeForm, path: string): undefined {
  return isOptional(form) ? undefined : refuse(path, 'there', undefined)
}

function jsonOf(value: unknown, path: string): unknown {
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return numberOf(value, path)
  if (typeof value === 'string') return wellFormed(value)
  if (Array.isArray(value)) return Array.from<unknown>(value).map((item, i) => jsonOf(item, `${path}[${i}]`))
  return isPlain(value) ? recordOf({ kind: 'json' }, value, path) : refuse(path, 'a JSON value', value)
}

function validated(schema: StandardSchema, value: unknown, path: string): unknown {
  const outcome = schema['~standard'].validate(value)
  if (typeof outcome !== 'object' || outcome === null || outcome instanceof Promise) {
    throw new ShapeError(path, 'checked by a synchronous schema', 'an asynchronous one')
  }
  if ('issues' in outcome && outcome.issues)
    throw new ShapeError(path, `what its schema takes`, issueOf(outcome.issues))
  return 'value' in outcome ? outcome.value : undefined
}

function issueOf(issues: unknown): string {
  const first: unknown = Array.isArray(issues) ? issues[0] : undefined
  return typeof first === 'object' && first !== null && 'message' in first ? `${first.message}` : 'an issue'
}
