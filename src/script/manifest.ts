/**
 * Manifests: scripts compiled ahead, found again by the hash of their source.
 *
 * The one idea: an entry is right exactly when the function's text and the declaration are the ones it was made of. Then its Lua stands
 * in for the compiler's; toolchains that rewrite the function change the hash, and nothing stale is ever run.
 */
import { createHash } from 'node:crypto'
import { argumentForms } from './boundary.ts'
import { type CompiledScript, compileScript } from './compile.ts'
import type { ShapeForm } from './shapes.ts'
import type { ScriptSpec } from './spec.ts'

/** A script as `geartrain scripts build` writes it. Plain JSON. */
export interface ManifestEntry {
  readonly name: string
  /** Of the function's text and the specification: see sourceHash. */
  readonly sourceHash: string
  readonly lua: string
  /** What EVALSHA takes. */
  readonly sha1: string
  /** For each line of the Lua, the line of the source, or 0. */
  readonly lines: readonly number[]
}

/** The SHA-1 under which a server keeps this Lua, in hexadecimal. */
export function luaSha1(lua: string): string {
  return createHash('sha1').update(lua, 'utf8').digest('hex')
}

/** The hash of everything that the compiler reads: the text, and the specification as data. */
export function sourceHash(source: string, spec: ScriptSpec): string {
  const { name, keys, returns, derivedKeys = false, readOnly = false, constants = {} } = spec
  const args = argumentForms(spec.args).map((arg) => [arg.name, plain(arg.form)])
  const declared = [name, Object.entries(keys), args, returns && plain(returns.form), derivedKeys, readOnly, constants]
  return createHash('sha256')
    .update(JSON.stringify([source, declared]))
    .digest('hex')
}

/** Compiles a function into an entry. Throws a ScriptDefinitionError. */
export function manifestEntry(source: string, spec: ScriptSpec): ManifestEntry {
  return entryOf(source, spec, compileScript(source, spec))
}

/** The entry of a function that is compiled already. */
export function entryOf(source: string, spec: ScriptSpec, { ir, lua, lines }: CompiledScript): ManifestEntry {
  return { name: ir.name, sourceHash: sourceHash(source, spec), lua, sha1: luaSha1(lua), lines }
}

/** Whether an entry was made of this function and this specification, and has not been changed since. */
export function isCurrent(entry: ManifestEntry, source: string, spec: ScriptSpec): boolean {
  return entry.sourceHash === sourceHash(source, spec) && entry.sha1 === luaSha1(entry.lua)
}

/** A form without the schemas in it, which are code: what they give is in the form. */
function plain(form: ShapeForm): unknown {
  switch (form.kind) {
    case 'checked':
      return ['checked', plain(form.of)]
    case 'array':
    case 'record':
    case 'optional':
    case 'nullable':
      return [form.kind, plain(form.of)]
    case 'tuple':
      return [form.kind, ...form.items.map(plain)]
    case 'object':
      return [form.kind, Object.entries(form.fields).map(([name, field]) => [name, plain(field)])]
    case 'literal':
      return [form.kind, ...form.values]
    default:
      return form.kind
  }
}
