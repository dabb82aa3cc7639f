/**
 * The interpreter of scripts' trees: for stores that a function cannot travel to, for scripts that were built rather than
 * written, and to check the function and the tree against each other.
 *
 * The one idea: a tree is made into closures once, and run many times. It uses nothing of the host: what it can reach is
 * the world that it is given.
 */
import type { KeyKind } from '../../handles.ts'
import type { ScriptIR } from '../../ir.ts'
import type { World } from '../world.ts'
import { Frame } from './frame.ts'
import type { Functions } from './functions.ts'
import { sequence } from './statements.ts'

/** Runs a script on real keys, in the order of the declaration, and arguments that were checked. */
export type Interpretation = (world: World, keys: readonly string[], args: Readonly<Record<string, unknown>>) => unknown

const made = new WeakMap<ScriptIR, Interpretation>()

/** The interpretation of a tree. */
export function interpretationOf(ir: ScriptIR): Interpretation {
  const known = made.get(ir)
  if (known !== undefined) return known
  const run = interpretation(ir)
  made.set(ir, run)
  return run
}

function interpretation(ir: ScriptIR): Interpretation {
  const functions: Functions = {
    byId: new Map(),
    make: (fn) => ({ params: fn.params, run: sequence(fn.body, functions) }),
  }
  const body = sequence(ir.body, functions)
  const names = ir.keys.map(({ name }) => name)
  return (world, keys, args) => {
    const reach = { world, scriptName: ir.name, derivedKeys: ir.derivedKeys }
    const frame = new Frame(reach, ir.locals.length, Object.fromEntries(names.map((name, i) => [name, keys[i]!])), args)
    body(frame)
    return frame.result
  }
}

/** The kinds of a tree's keys, by name. */
export function keyKinds(ir: ScriptIR): Readonly<Record<string, KeyKind>> {
  return Object.fromEntries(ir.keys.map(({ name, kind }) => [name, kind]))
}
