/**
 * Whether a callback can see `key_raw` of the key event that it is told.
 *
 * The one idea: to make that buffer takes longer than the SET that fires the trigger, and most callbacks read `data.key`
 * and no more. Their text proves it: where the parameter stands in no other place than before `.event` and `.key`, nothing
 * can tell whether there is more. What is not understood counts as a yes.
 */
import { type AnyNode, type Pattern, parseExpressionAt } from 'acorn'
import type { Callback } from '../intrinsics.ts'
import { childrenOf } from './metered-code.ts'

const NEWEST = 'latest'
/** What the data has beside `key_raw`. */
const NAMES: ReadonlySet<string> = new Set(['event', 'key'])
/** Names by which a function may reach its parameters unseen. */
const ELSEWHERE: ReadonlySet<string> = new Set(['arguments', 'eval'])
const { toString: textOf } = Function.prototype

/** False when the callback's text shows that it reads nothing of its second argument but `event` and `key`. */
export function seesKeyRaw(callback: Callback): boolean {
  const node = functionIn(callback)
  if (node?.type !== 'ArrowFunctionExpression' && node?.type !== 'FunctionExpression') return true
  if (mentions(node, ELSEWHERE)) return true
  const [client, data] = node.params
  if (client?.type === 'RestElement') return true
  if (data === undefined) return false
  if (node.params.length > 2) return true
  if (data.type !== 'Identifier') return !takesNamesOnly(data)
  return client?.type !== 'Identifier' || client.name === data.name || escapes(node.body, data.name)
}

function functionIn(callback: Callback): AnyNode | undefined {
  try {
    const text: string = Reflect.apply(textOf, callback, [])
    // That of a method, or of a function that is bound, is no expression.
    return parseExpressionAt(`(${text})`, 0, { ecmaVersion: NEWEST })
  } catch {
    return undefined
  }
}

/** `{ key, event: what }` */
function takesNamesOnly(pattern: Pattern): boolean {
  return (
    pattern.type === 'ObjectPattern' &&
    pattern.properties.every(
      (property) =>
        property.type === 'Property' &&
        !property.computed &&
        property.key.type === 'Identifier' &&
        NAMES.has(property.key.name),
    )
  )
}

/** Whether a variable of this name, of whatever scope, is used but to read `.event` and `.key` of it. */
function escapes(node: AnyNode, name: string): boolean {
  if (node.type === 'Identifier') return node.name === name
  // What is called gets the object as `this`.
  if (node.type === 'CallExpression' && isMemberOf(node.callee, name)) return true
  if (node.type === 'TaggedTemplateExpression' && isMemberOf(node.tag, name)) return true
  if (node.type !== 'MemberExpression') return childrenOf(node).some((child) => escapes(child, name))
  const { object, property, computed } = node
  if (computed) return escapes(object, name) || escapes(property, name)
  if (object.type !== 'Identifier' || object.name !== name) return escapes(object, name)
  return property.type !== 'Identifier' || !NAMES.has(property.name)
}

const isMemberOf = (node: AnyNode, name: string): boolean =>
  node.type === 'MemberExpression' && node.object.type === 'Identifier' && node.object.name === name

function mentions(node: AnyNode, names: ReadonlySet<string>): boolean {
  return node.type === 'Identifier' ? names.has(node.name) : childrenOf(node).some((child) => mentions(child, names))
}
