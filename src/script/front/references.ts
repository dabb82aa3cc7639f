/**
 * References: what an identifier or a path of properties stands for.
 *
 * The one idea: `keys.left`, `args.limit` and `env.fail`, spelled out or destructured, are the same thing under several names;
 * and a path that can be spelled has a key under which facts about it are kept.
 */
import type { AnyNode, Expression, Identifier, MemberExpression } from 'acorn'
import type { Expr } from '../ir.ts'
import { ENV_NAMES } from '../methods.ts'
import type { Front, Special } from './front.ts'
import { calleeOf } from './tree.ts'
import { FUNCTION, KEY, only, type Type } from './types.ts'

/** The name of a property that is written down: `a.b`, `a['b']`, `a[0]`. */
export function propertyName(node: MemberExpression): string | undefined {
  const { property } = node
  if (!node.computed) return property.type === 'Identifier' ? property.name : undefined
  if (property.type !== 'Literal') return undefined
  return typeof property.value === 'string' || typeof property.value === 'number' ? String(property.value) : undefined
}

/** What a node stands for when it is no value of its own. */
export function specialOf(front: Front, node: AnyNode): Special | undefined {
  if (node.type === 'Identifier') {
    const binding = front.names.of(node)
    return binding && front.specials.get(binding)
  }
  if (node.type !== 'MemberExpression') return undefined
  const base = specialOf(front, node.object)
  const name = propertyName(node)
  return base && name !== undefined ? memberOf(base, name) : undefined
}

/** The member of a parameter. */
export function memberOf(base: Special, name: string): Special | undefined {
  if (base.kind === 'keys') return { kind: 'key', name }
  if (base.kind === 'args') return { kind: 'arg', name }
  const known = ENV_NAMES.find((each) => each === name)
  return base.kind === 'env' && known !== undefined ? { kind: 'envFunction', name: known } : undefined
}

/** Under what facts about a node are kept. */
export function referenceOf(front: Front, node: AnyNode): string | undefined {
  const special = specialOf(front, node)
  if (special?.kind === 'arg') return `args.${special.name}`
  if (special !== undefined) return undefined
  if (node.type === 'Identifier') {
    const binding = front.names.of(node)
    return binding && `#${binding.id}`
  }
  if (node.type === 'AssignmentExpression') return referenceOf(front, node.left)
  if (node.type === 'ChainExpression') return referenceOf(front, node.expression)
  if (node.type !== 'MemberExpression' || node.object.type === 'Super') return undefined
  const [base, name] = [referenceOf(front, node.object), propertyName(node)]
  return base !== undefined && name !== undefined ? `${base}.${name}` : undefined
}

/** A type as far as the facts here have narrowed it. */
export function narrowed(front: Front, node: AnyNode, type: Type): Type {
  const reference = referenceOf(front, node)
  const bits = reference === undefined ? undefined : front.facts?.get(reference)
  return bits === undefined ? type : only(type, bits)
}

/** The value of a special, or a finding: only keys and arguments are values. */
export function specialValue(front: Front, node: Expression, special: Special): Expr {
  switch (special.kind) {
    case 'key': {
      const kind = Object.hasOwn(front.spec.keys, special.name) ? front.spec.keys[special.name] : undefined
      if (kind === undefined) return unknownName(front, node, 'key', special.name, front.spec.keys)
      return front.make(node, { bits: KEY, key: kind }, { kind: 'key', name: special.name })
    }
    case 'arg': {
      const type = front.argTypes.get(special.name)
      if (type === undefined) return unknownName(front, node, 'argument', special.name, front.spec.args ?? {})
      return front.make(node, narrowed(front, node, type), { kind: 'arg', name: special.name })
    }
    case 'envFunction':
      return front.fail(node, 'escaping-function', `env.${special.name} is used as a value`, 'call it')
    default:
      return front.fail(
        node,
        'unsupported-syntax',
        `${special.kind} is used as a whole`,
        `name one: ${special.kind}.name`,
      )
  }
}

function unknownName(front: Front, node: Expression, what: string, name: string, declared: object): Expr {
  const names = Object.keys(declared)
  const hint = names.length === 0 ? `the specification declares none` : `declared: ${names.join(', ')}`
  return front.fail(node, 'unknown-key', `no ${what} ${name} is declared`, hint)
}

/** The value of a name. */
export function identifier(front: Front, node: Identifier): Expr | undefined {
  const special = specialOf(front, node)
  if (special !== undefined) return specialValue(front, node, special)
  const binding = front.binding(node)
  if (binding === undefined) return undefined
  const constant = front.constants.get(binding)
  if (constant?.kind === 'const') return front.constant(node, constant.value, front.typeOf(constant))
  if (front.functions.has(binding)) {
    const hint = 'call it, or give it to map, filter, some, every, find or forEach'
    front.report(node, 'escaping-function', `the function ${node.name} is used as a value`, hint)
    return front.make(node, { bits: FUNCTION }, { kind: 'local', id: binding.id })
  }
  return front.make(node, narrowed(front, node, binding.type), { kind: 'local', id: binding.id })
}

/** The global that a callee or an object names: `Math`, `Object` … */
export function globalName(front: Front, node: AnyNode): string | undefined {
  const inner = node.type === 'SequenceExpression' ? calleeOf(node) : node
  return inner.type === 'Identifier' && front.names.of(inner) === undefined ? inner.name : undefined
}
