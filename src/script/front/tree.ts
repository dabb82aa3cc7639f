/** Reading acorn's syntax trees: children, names in patterns, and the reference that a chain of properties spells. */
import type { AnyNode, Expression, Identifier, Pattern, Super } from 'acorn'

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** The nodes directly under a node, in source order of their properties. */
export function children(node: AnyNode): readonly AnyNode[] {
  return Object.values(node).flatMap((value: unknown) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  )
}

/** Whether a node is a function of any form. */
export function isFunctionNode(node: AnyNode): boolean {
  return ['ArrowFunctionExpression', 'FunctionExpression', 'FunctionDeclaration'].includes(node.type)
}

/** The identifiers that a pattern binds or writes. */
export function namesIn(pattern: Pattern): readonly Identifier[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern]
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        namesIn(property.type === 'RestElement' ? property.argument : property.value),
      )
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : namesIn(element)))
    case 'AssignmentPattern':
      return namesIn(pattern.left)
    case 'RestElement':
      return namesIn(pattern.argument)
    case 'MemberExpression':
      return []
  }
}

/** What a call calls once `(0, f)` and parentheses are gone. */
export function calleeOf(node: Expression | Super): Expression | Super {
  if (node.type !== 'SequenceExpression' || node.expressions.length !== 2) return node
  const [zero, last] = node.expressions
  return zero?.type === 'Literal' && zero.value === 0 && last !== undefined ? last : node
}
