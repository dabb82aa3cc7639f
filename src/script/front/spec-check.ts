/** What a specification must be in itself, before any function is read; and the head of the tree that it gives. */
import { argumentForms } from '../boundary.ts'
import { ScriptDefinitionError } from '../errors.ts'
import type { Local, ScriptIR, Stmt } from '../ir.ts'
import type { ScriptSpec } from '../spec.ts'

const KINDS = ['string', 'list', 'hash', 'set', 'zset', 'stream', 'any']
const NAME = /^[\w.:/-]{1,200}$/

/** Throws a ScriptDefinitionError for names and kinds that are none. */
export function checkSpec(spec: ScriptSpec): void {
  const problems: string[] = []
  if (spec.name !== undefined && !NAME.test(spec.name))
    problems.push('the name has other characters than letters, digits and ._:/-')
  for (const [name, kind] of Object.entries(spec.keys)) {
    if (!KINDS.includes(kind)) problems.push(`the key ${name} has no kind ${String(kind)}`)
  }
  for (const [name, declared] of Object.entries(spec.args ?? {})) {
    const isOne = typeof declared === 'function' || (typeof declared === 'object' && declared !== null)
    if (!isOne || !('form' in declared || '~standard' in declared)) problems.push(`the argument ${name} has no shape`)
  }
  if (problems.length === 0) return
  const diagnostics = problems.map((message) => ({ code: 'bad-spec', message, line: 1, column: 1 }))
  throw new ScriptDefinitionError(spec.name ?? 'script', diagnostics)
}

/** The tree of a specification and a body. */
export function irOf(
  spec: ScriptSpec,
  locals: readonly Local[],
  body: readonly Stmt[],
  computesKeys: boolean,
): ScriptIR {
  return Object.freeze({
    name: spec.name ?? 'script',
    keys: Object.entries(spec.keys).map(([name, kind]) => Object.freeze({ name, kind })),
    args: argumentForms(spec.args),
    locals,
    body,
    readOnly: spec.readOnly ?? false,
    derivedKeys: spec.derivedKeys ?? false,
    computesKeys,
  })
}
