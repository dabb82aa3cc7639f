/**
 * The boundary between a caller and a script: arguments in, results out, the same for every backend.
 *
 * The one idea: values are checked and copied on our side of the wire, so that a function that runs in process and Lua that
 * runs on a server see the same arguments, and a caller the same results. On the wire an argument of text or number shape is its
 * own text; any other is JSON in which every array is led by its length, for Lua cannot tell `[]` from `{}`. A result is
 * plain JSON; no reply at all is null.
 */
import { bytes } from '../base/bytes.ts'
import { FAILURE, ScriptError, ShapeError } from './errors.ts'
import type { Scalar } from './handles.ts'
import { copyOf, formOf, type ShapeForm, wellFormed } from './shapes.ts'
import type { ArgSpec, KeySpec, ScriptSpec } from './spec.ts'

/** The declared arguments in the order of ARGV. */
export function argumentForms(args: ArgSpec = {}): readonly { readonly name: string; readonly form: ShapeForm }[] {
  return Object.entries(args).map(([name, declared]) => ({ name, form: formOf(declared) }))
}

/** The real keys in the order of KEYS. Throws a ShapeError for names that are missing, unknown or no text. */
export function orderedKeys(declared: KeySpec, names: Readonly<Record<string, unknown>>): readonly string[] {
  refuseUnknown(declared, names, 'keys')
  return Object.keys(declared).map((name) => {
    const key = Object.hasOwn(names, name) ? names[name] : undefined
    if (typeof key !== 'string') throw new ShapeError(`keys.${name}`, 'the name of a key', typeof key)
    return wellFormed(key)
  })
}

/** A checked copy of the arguments, as the body sees them. Throws a ShapeError that names the path. */
export function checkArguments(
  declared: ArgSpec = {},
  values: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  refuseUnknown(declared, values, 'args')
  const checked: Record<string, unknown> = {}
  for (const { name, form } of argumentForms(declared)) {
    const value = copyOf(form, Object.hasOwn(values, name) ? values[name] : undefined, `args.${name}`)
    if (value !== undefined) checked[name] = value
  }
  return checked
}

/** ARGV for checked arguments. */
export function encodeArguments(declared: ArgSpec = {}, checked: Readonly<Record<string, unknown>>): readonly string[] {
  return argumentForms(declared).map(({ name, form }) => {
    const value = checked[name] ?? null
    return isPlainOnWire(form) ? String(value) : JSON.stringify(counted(value))
  })
}

/** Whether an argument of this form travels as its own text rather than as JSON. */
export function isPlainOnWire(form: ShapeForm): boolean {
  return form.kind === 'string' || form.kind === 'ascii' || form.kind === 'number'
}

/** A checked copy of what a body returned. */
export function checkResult(spec: Pick<ScriptSpec, 'returns'>, value: unknown): unknown {
  return copyOf(spec.returns?.form ?? { kind: 'json' }, value, 'result')
}

/** The result that Lua's reply holds: JSON, or nothing. */
export function decodeResult(spec: Pick<ScriptSpec, 'returns'>, reply: string | null): unknown {
  return checkResult(spec, reply === null ? null : JSON.parse(reply))
}

/** What a command gets for a value: text as it is, numbers as JavaScript writes them. */
export function scalarText(value: Scalar): string {
  return typeof value === 'string' ? wellFormed(value) : String(value)
}

/** `env.toJson`: like JSON.stringify, with names in byte order, undefined as null, and an error for NaN and infinities. */
export function jsonText(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'number' && !Number.isFinite(value)) throw notFinite(value)
  if (typeof value === 'string') return JSON.stringify(wellFormed(value))
  if (typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${Array.from<unknown>(value).map(jsonText).join(',')}]`
  const fields = Object.entries(value).toSorted(([a], [b]) => byBytes(a, b))
  return `{${fields.map(([name, field]) => `${jsonText(name)}:${jsonText(field)}`).join(',')}}`
}

/** `env.parseJson`. */
export function parsedJson(text: string, form: ShapeForm = { kind: 'json' }): unknown {
  try {
    return copyOf(form, JSON.parse(text), 'json')
  } catch (error) {
    throw new ScriptError(FAILURE.json, error instanceof ShapeError ? error.message : 'the text is no JSON')
  }
}

/** The order of names by their UTF-8 bytes. */
export function byBytes(a: string, b: string): number {
  const [left, right] = [bytes(a), bytes(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/** `env.toNumber`: decimal texts of finite numbers; no blanks, no hexadecimal, no names of infinities. */
export function numberOfText(text: string | null | undefined): number | null {
  if (text === null || text === undefined || !DECIMAL.test(text)) return null
  const value = Number(text)
  return Number.isFinite(value) ? value : null
}

function notFinite(value: number): ScriptError {
  return new ScriptError(FAILURE.number, `${value} has no JSON`)
}

function refuseUnknown(declared: object, given: object, path: string): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(declared, name))
  if (unknown !== undefined) throw new ShapeError(`${path}.${unknown}`, 'left out', 'a name that is not declared')
}

function counted(value: unknown): unknown {
  if (Array.isArray(value)) return [value.length, ...value.map(counted)]
  if (typeof value !== 'object' || value === null) return value
  const copy: Record<string, unknown> = Object.create(null)
  for (const [name, field] of Object.entries(value)) copy[name] = counted(field)
  return copy
}
