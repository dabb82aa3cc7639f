/**
 * From a function's text to its tree.
 *
 * The one idea: walk until nothing grows, then walk once more and keep what comes out. Findings of that last walk, all of
 * them, are the error.
 */
import { ScriptDefinitionError } from '../errors.ts'
import type { ScriptIR, Stmt } from '../ir.ts'
import type { ScriptSpec } from '../spec.ts'
import { bind, bindSpecial } from './assignments.ts'
import { condition } from './conditions.ts'
import { expression } from './expressions.ts'
import { Front, type Special } from './front.ts'
import { resolveNames } from './scope.ts'
import { type FunctionTree, functionTree } from './source.ts'
import { checkSpec, irOf } from './spec-check.ts'
import { statements } from './statements.ts'
import { ARRAY, FAILED, KEY, NULLISH, OBJECT, OPAQUE, of, TEXT, typeOfForm, UNDEFINED, worded } from './types.ts'

/** More walks than any script needs: each one makes some type grow, and types are small. */
const MOST_WALKS = 100

/** The tree of a script. Throws a ScriptDefinitionError with every finding. */
export function treeOf(source: string, spec: ScriptSpec): ScriptIR {
  const name = spec.name ?? 'script'
  checkSpec(spec)
  const { fn, reporter } = functionTree(source, name)
  const front = new Front(resolveNames(fn), reporter, spec, { expression, condition, statements, bind })
  for (let walks = 0; walks < MOST_WALKS; walks++) {
    walk(front, fn)
    if (!front.joins.grew) break
  }
  front.isFinal = true
  const body = walk(front, fn)
  if (reporter.found.length > 0) throw new ScriptDefinitionError(name, reporter.found.toSorted(byPlace))
  return irOf(spec, front.locals(), body, front.computesKeys)
}

function byPlace(a: { line: number; column: number }, b: { line: number; column: number }): number {
  return a.line - b.line || a.column - b.column
}

const PARAMETERS: readonly Special[] = [{ kind: 'keys' }, { kind: 'args' }, { kind: 'env' }]

function walk(front: Front, fn: FunctionTree): readonly Stmt[] {
  front.restart()
  if (fn.async || fn.generator) {
    front.report(
      fn,
      'async-function',
      `the function is ${fn.async ? 'async' : 'a generator'}`,
      'handles answer at once: write an ordinary function',
    )
  }
  const hoisted = front.names.bindings
    .filter(({ kind, owner }) => kind === 'var' && owner === fn)
    .map(({ id }) => front.statement(fn, { kind: 'declare', id, value: undefined }))
  const bound = fn.params.flatMap((param, i) => {
    const special = PARAMETERS[i]
    if (special !== undefined) return bindSpecial(front, param, special)
    front.report(param, 'arity', 'a script has three parameters', '(keys, args, env)')
    return []
  })
  if (fn.body.type === 'BlockStatement') {
    const body = statements(front, fn.body.body)
    if (front.facts !== undefined) front.returns = front.joins.join(front.returns, of(UNDEFINED))
    checkReturn(front, fn)
    return [...hoisted, ...bound, ...body]
  }
  const value = expression(front, fn.body)
  front.returns = front.typeOf(value)
  checkReturn(front, fn)
  return [...hoisted, ...bound, front.statement(fn.body, { kind: 'return', value })]
}

function checkReturn(front: Front, fn: FunctionTree): void {
  const { bits } = front.returns
  if (bits & FAILED || bits === 0) return
  if (bits & KEY) front.report(fn, 'return-type', 'a key handle is returned', 'return its name')
  const declared = front.spec.returns
  if (declared === undefined) return
  const expected = typeOfForm(declared.form, front.joins)
  // ASCII is text, undefined is null, and JSON of unknown shape may be an array or an object.
  const text = expected.bits & TEXT ? TEXT : 0
  const nothing = expected.bits & NULLISH ? NULLISH : 0
  const unknown = expected.bits & (ARRAY | OBJECT) ? OPAQUE : expected.bits & OPAQUE ? ARRAY | OBJECT : 0
  if ((bits & (expected.bits | text | nothing | unknown)) === 0) {
    front.report(fn, 'return-type', `the result is ${worded(front.returns)}, the declared shape is ${worded(expected)}`)
  }
}
