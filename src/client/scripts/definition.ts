/**
 * ScriptDefinition: one script with everything that can be made of it, each made when it is first needed.
 *
 * The one idea: a definition is what was written (a function, a tree, Lua) and a specification; stores ask for the form that
 * they can run. Invariant: it never changes, so what was made is kept.
 */
import { argumentForms } from '../../script/boundary.ts'
import { type CompiledScript, compileScript } from '../../script/compile.ts'
import { ScriptDefinitionError } from '../../script/errors.ts'
import type { ScriptIR } from '../../script/ir.ts'
import { entryOf, isCurrent, luaSha1, type ManifestEntry } from '../../script/manifest.ts'
import { rawLua } from '../../script/raw-lua.ts'
import type { LocalScript } from '../../script/run/local.ts'
import { treeId, treeText } from '../../script/run/tree-text.ts'
import type { ScriptSpec } from '../../script/spec.ts'

/** What a script was written as. */
export type Written =
  | { readonly kind: 'function'; readonly body: (keys: never, args: never, env: never) => unknown }
  | { readonly kind: 'built'; readonly source: string; readonly compiled: CompiledScript }
  | { readonly kind: 'lua'; readonly lua: string }

/** What a server is given. */
export interface Wire {
  readonly lua: string
  /** For each line of the Lua the line of the source, or 0. */
  readonly lines: readonly number[]
  readonly sha1: string
}

export class ScriptDefinition {
  readonly name: string
  readonly spec: ScriptSpec
  readonly written: Written
  readonly #entry: ManifestEntry | undefined
  #compiled: CompiledScript | undefined
  #wire: Wire | undefined
  #local: LocalScript | undefined
  #travelling: { readonly text: string; readonly id: string } | undefined

  constructor(spec: ScriptSpec, written: Written, entry?: ManifestEntry) {
    this.name = spec.name ?? (written.kind === 'function' && written.body.name !== '' ? written.body.name : 'script')
    this.spec = spec
    this.written = written
    this.#entry = entry
  }

  /** The same script with what a manifest has for it, when that was made of this very source. */
  with(entry: ManifestEntry | undefined): ScriptDefinition {
    if (entry === undefined || this.written.kind === 'lua') return this
    return isCurrent(entry, this.source, this.namedSpec) ? new ScriptDefinition(this.spec, this.written, entry) : this
  }

  /** The entry for a manifest. Throws a ScriptDefinitionError. */
  get entry(): ManifestEntry {
    return entryOf(this.source, this.namedSpec, this.#compile())
  }

  /** The specification with the script's name in it, however that was given. */
  get namedSpec(): ScriptSpec {
    return { ...this.spec, name: this.name }
  }

  /** The text that was written: the function's own, what the builder wrote, or the Lua. */
  get source(): string {
    const { written } = this
    if (written.kind === 'function') return Function.prototype.toString.call(written.body)
    return written.kind === 'lua' ? written.lua : written.source
  }

  /** The tree. Throws a ScriptDefinitionError: of Lua there is none. */
  get ir(): ScriptIR {
    return this.#compile().ir
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
    const { written } = this
    const { lua, lines } =
      this.#entry ?? (written.kind === 'lua' ? rawLua(this.namedSpec, written.lua) : this.#compile())
    return { lua, lines, sha1: luaSha1(lua) }
  }

  #compile(): CompiledScript {
    const { written } = this
    if (written.kind === 'built') return written.compiled
    if (written.kind === 'lua') {
      const message = 'a script of raw Lua has no tree: only a server can run it'
      throw new ScriptDefinitionError(this.name, [{ code: 'raw-lua', message, line: 1, column: 1 }])
    }
    this.#compiled ??= compileScript(this.source, this.namedSpec)
    return this.#compiled
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
