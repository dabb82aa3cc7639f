/**
 * Narrowing: what is known, at a point of the function, about names and paths beyond their types.
 *
 * The one idea: a fact says which kinds a reference can still have here; reading intersects the type with it. References are
 * names and paths of properties (`#3`, `args.limit`, `#3.next`). Facts are immutable; where ways join, only what both know
 * stays; `undefined` instead of facts means that the point is not reached.
 */
import type { AnyNode } from 'acorn'
import type { Names } from './scope.ts'
import { children, namesIn } from './tree.ts'

export type Facts = ReadonlyMap<string, number>

export const NOTHING_KNOWN: Facts = new Map()

/** What is known where two ways meet. */
export function meet(a: Facts | undefined, b: Facts | undefined): Facts | undefined {
  if (a === undefined || b === undefined) return a ?? b
  const both = new Map<string, number>()
  for (const [reference, bits] of a) {
    const other = b.get(reference)
    if (other !== undefined) both.set(reference, bits | other)
  }
  return both
}

/** Facts and one more: the reference has one of these kinds. */
export function knowing(facts: Facts | undefined, reference: string | undefined, bits: number): Facts | undefined {
  if (facts === undefined || reference === undefined) return facts
  return new Map(facts).set(reference, (facts.get(reference) ?? -1) & bits)
}

/** Facts after a reference got a value of these kinds: what was known of it and of what is under it is gone. */
export function afterWrite(facts: Facts | undefined, reference: string, bits: number): Facts | undefined {
  if (facts === undefined) return undefined
  const kept = [...facts].filter(([known]) => known !== reference && !known.startsWith(`${reference}.`))
  return new Map(kept).set(reference, bits)
}

/** Facts after something under a property of this name was written; without a name, under any. */
export function afterPropertyWrite(facts: Facts | undefined, name: string | undefined): Facts | undefined {
  if (facts === undefined) return undefined
  return new Map(
    [...facts].filter(([known]) =>
      name === undefined ? !known.includes('.') : !known.split('.').slice(1).includes(name),
    ),
  )
}

/** Facts after a call of an inner function, which may write what it shares with its owner. */
export function afterCall(facts: Facts | undefined, names: Names): Facts | undefined {
  if (facts === undefined) return undefined
  const shared = new Set(names.bindings.filter((binding) => binding.isShared).map(({ id }) => `#${id}`))
  return new Map(
    [...facts].filter(
      ([known]) => !shared.has(known.split('.')[0] ?? '') && !(names.innerWritesMembers && known.includes('.')),
    ),
  )
}

/** Facts that hold at the head of every round of a loop: nothing about what the loop writes. */
export function atLoopHead(facts: Facts | undefined, loop: AnyNode, names: Names): Facts | undefined {
  if (facts === undefined) return undefined
  const written = new Set<string>()
  let writesMembers = false
  const look = (node: AnyNode): void => {
    const target =
      node.type === 'AssignmentExpression' || node.type === 'ForOfStatement'
        ? node.left
        : node.type === 'UpdateExpression' || (node.type === 'UnaryExpression' && node.operator === 'delete')
          ? node.argument
          : undefined
    if (target?.type === 'MemberExpression') writesMembers = true
    else if (target?.type === 'Identifier' || target?.type === 'ObjectPattern' || target?.type === 'ArrayPattern') {
      for (const name of namesIn(target)) written.add(`#${names.of(name)?.id}`)
    }
    for (const child of children(node)) look(child)
  }
  look(loop)
  const kept = [...facts].filter(
    ([known]) => !written.has(known.split('.')[0] ?? '') && !(writesMembers && known.includes('.')),
  )
  return afterCall(new Map(kept), names)
}
