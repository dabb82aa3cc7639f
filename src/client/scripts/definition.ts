/**
 * ScriptDefinition: one script with everything that can be made of it, each made when it is first needed.
 *
 * The one idea: a definition is what was written (a function, a tree, Lua) and a specification; stores ask for the form that
 * they can run. Invariant: it never changes, so what was made is kept.
 */
import { createHash } from 'node:crypto'
import { argumentForms } from '../../script/boundary.ts'
import { ScriptDefinitionError } from '../../script/errors.ts'
import type { ScriptIR } from '../../script/ir.ts'
import type { LocalScript } from '../../script/run/local.ts'
import { treeId, treeText } from '../../script/run/tree-text.ts'
import { formOf, type ShapeForm } from '../../script/shapes.ts'
import type { ScriptSpec } from '../../script/spec.ts'
import type { ManifestEntry } from './manifest.ts'

/** What a script was written as. */
export type Written =
  | { readonly kind: 'function'; readonly body: (keys: never, args: never, env: never) => unknown }
  | { readonly kind: 'tree'; readonly ir: ScriptIR }
  | { readonly kind: 'lua'; readonly lua: string }

/** Lua. `lines[n - 1]` is the line of the source that line n of the Lua came from. */
export interface Printed {
  readonly lua: string
  readonly lines: readonly number[]
}

/** Makes trees of sources, and Lua of trees. */
export interface Compiler {
  tree(source: string, spec: ScriptSpec): ScriptIR
  print(ir: ScriptIR): Printed
}

/** What a server is given. */
export interface Wire extends Printed {
  readonly sha1: string
}

export class ScriptDefinition {
  readonly name: string
  readonly spec: ScriptSpec
  readonly written: Written
  readonly #compiler: Compiler
  readonly #entry: ManifestEntry | undefined
  #tree: ScriptIR | undefined
  #wire: Wire | undefined
  #local: LocalScript | undefined
  #travelling: { readonly text: string; readonly id: string } | undefined

  constructor(spec: ScriptSpec, written: Written, compiler: Compiler, entry?: ManifestEntry) {
    this.name = spec.name ?? (written.kind === 'function' && written.body.name !== '' ? written.body.name : 'script')
    this.spec = spec
    this.written = written
    this.#compiler = compiler
    this.#entry = entry
  }

  /** The same script with what a manifest has for it, when that was made of the same source. */
  with(entry: ManifestEntry | undefined): ScriptDefinition {
    const isSame = entry !== undefined && entry.hash === this.hash
    return isSame ? new ScriptDefinition(this.spec, this.written, this.#compiler, entry) : this
  }

  /** The text that was written: the function's own, or the Lua; a tree has none. */
  get source(): string {
    const { written } = this
    if (written.kind === 'function') return Function.prototype.toString.call(written.body)
    return written.kind === 'lua' ? written.lua : ''
  }

  /** Of the source and everything else that the Lua depends on. */
  get hash(): string {
    const { keys, args = {}, returns, derivedKeys = false, readOnly = false, constants = {} } = this.spec
    const shapes = Object.entries(args).map(([name, declared]) => [name, plain(formOf(declared))])
    const rest = [keys, shapes, returns && plain(returns.form), derivedKeys, readOnly, constants]
    return sha1(`${this.source}\n${JSON.stringify(rest)}`)
  }

  /** The tree. Throws a ScriptDefinitionError: of Lua there is none. */
  get ir(): ScriptIR {
    this.#tree ??= this.#makeTree()
    return this.#tree
  }

  /** What a server is given. Throws a ScriptDefinitionError. */
  get wire(): Wire {
    this.#wire ??= this.#makeWire()
    return this.#wire
  }

  /** What a store of another thread is given. Throws a ScriptDefinitionError. */
  get travelling(): { readonly text: string; readonly id: string } {
    if (this.#travelling === undefined) {
      const text = treeText(this.ir)
      this.#travelling = { text, id: treeId(text) }
    }
    return this.#travelling
  }

  /** The script for a store of this process. */
  get local(): LocalScript {
    this.#local ??= this.#makeLocal()
    return this.#local
  }

  #makeWire(): Wire {
    if (this.#entry !== undefined) return this.#entry
    const { written } = this
    if (written.kind === 'lua') return { lua: written.lua, sha1: sha1(written.lua), lines: [] }
    const printed = this.#compiler.print(this.ir)
    return { ...printed, sha1: sha1(printed.lua) }
  }

  #makeTree(): ScriptIR {
    const { written } = this
    if (written.kind === 'tree') return written.ir
    if (written.kind === 'function') return this.#compiler.tree(this.source, { ...this.spec, name: this.name })
    const message = 'a script of raw Lua has no tree: only a server can run it'
    throw new ScriptDefinitionError(this.name, [{ code: 'raw-lua', message, line: 1, column: 1 }])
  }

  #makeLocal(): LocalScript {
    const { written, spec } = this
    return {
      name: this.name,
      keys: spec.keys,
      forms: argumentForms(spec.args),
      readOnly: spec.readOnly === true,
      derivedKeys: spec.derivedKeys === true,
      // Its parameters are what the specification says: the types of `script` see to that.
      body: written.kind === 'function' ? (written.body as NonNullable<LocalScript['body']>) : undefined,
      tree: () => this.ir,
    }
  }
}

/** A form without the functions of schemas. */
function plain(form: ShapeForm): unknown {
  return JSON.parse(JSON.stringify(form))
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
