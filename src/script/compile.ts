/**
 * The compiler of portable scripts: a function's text in, the tree and its Lua out.
 *
 * The one idea: two steps that know nothing of each other, joined by the tree. Both are pure functions of their input.
 */
import { treeOf } from './front/compile.ts'
import type { ScriptIR } from './ir.ts'
import { printLua } from './lua/print.ts'
import type { ScriptSpec } from './spec.ts'

/** What the compiler makes of a function. `lines` holds, for each line of the Lua, the line of the source, or 0. */
export interface CompiledScript {
  readonly ir: ScriptIR
  readonly lua: string
  readonly lines: readonly number[]
}

/** Compiles the text of a function. Throws a ScriptDefinitionError with every finding. */
export function compileScript(source: string, spec: ScriptSpec): CompiledScript {
  return compileTree(treeOf(source, spec))
}

/** Prints a tree that is there already. */
export function compileTree(ir: ScriptIR): CompiledScript {
  return { ir, ...printLua(ir) }
}

/** Where a line of the Lua came from; undefined for the prelude and for lines that are not there. */
export function sourceLine(lines: readonly number[], luaLine: number): number | undefined {
  const line = lines[luaLine - 1]
  return line === undefined || line === 0 ? undefined : line
}
