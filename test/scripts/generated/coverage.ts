/**
 * What a tree is made of, counted: which kinds of nodes, operators, methods of handles, options and functions of `env`.
 */
import type { ScriptIR } from '../../../src/script/ir.ts'

/** Adds the constructs of a tree to a count. */
export function countConstructs(ir: ScriptIR, counts: Map<string, number>): void {
  walk(ir.body, counts)
}

function walk(value: unknown, counts: Map<string, number>): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, counts)
    return
  }
  if (!isNode(value)) return
  for (const name of namesOf(value)) counts.set(name, (counts.get(name) ?? 0) + 1)
  for (const [name, part] of Object.entries(value)) if (name !== 'at' && name !== 'type' && name !== 'shape') walk(part, counts)
}

function isNode(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function namesOf(node: Readonly<Record<string, unknown>>): string[] {
  const { kind, op, method, keyKind, name, options, spread } = node
  if (spread === true) return ['spread']
  if (typeof kind !== 'string') return []
  const names = [kind]
  if (typeof op === 'string') names.push(kind === 'intrinsic' ? op : `${kind} ${op}`)
  if (kind === 'method') {
    names.push(`${keyKind}.${method}`)
    if (isNode(options)) for (const option of Object.keys(options)) names.push(`${keyKind}.${method} ${option}`)
  }
  if (kind === 'env') names.push(`env.${name}`)
  if (kind === 'child') names.push(`child ${keyKind}`)
  return names
}
