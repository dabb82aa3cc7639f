/** Small makers of trees that several lowerings share: joined text, sums, names of properties. */
import type { Node } from 'acorn'
import type { Expr, Item } from '../ir.ts'
import type { Front } from './front.ts'
import { ASCII, FAILED, NUMBER, of, TEXT, WIDE, worded } from './types.ts'

/** Text of texts and numbers; ASCII when all of it is. */
export function concat(front: Front, node: Node, parts: readonly Expr[]): Expr {
  const flat = parts.flatMap((part) => (part.kind === 'concat' ? part.parts : [part]))
  const isWide = flat.some((part) => front.typeOf(part).bits & ~(ASCII | NUMBER))
  return front.make(node, of(isWide ? WIDE : ASCII), { kind: 'concat', parts: flat })
}

/** Whether a value is text and nothing else. */
export function isText(front: Front, expr: Expr): boolean {
  const { bits } = front.typeOf(expr)
  return (bits & TEXT) !== 0 && (bits & ~TEXT) === 0
}

/** `+`: numbers are added, text is joined, anything else is refused. */
export function addition(front: Front, node: Node, left: Expr, right: Expr): Expr {
  const [a, b] = [front.typeOf(left), front.typeOf(right)]
  if (a.bits & FAILED || b.bits & FAILED)
    return front.make(node, of(FAILED), { kind: 'binary', op: 'add', left, right })
  if (isText(front, left) && isText(front, right)) return concat(front, node, [left, right])
  if (((a.bits | b.bits) & ~NUMBER) === 0)
    return front.make(node, of(NUMBER), { kind: 'binary', op: 'add', left, right })
  const hint = 'numbers: env.toNumber(text) ?? 0; text: a template; null: ?? first'
  return front.fail(node, 'mixed-addition', `${worded(a)} + ${worded(b)}`, hint)
}

/** An argument or element that is no spread. */
export const item = (value: Expr): Item => ({ spread: false, value })

/** A property's name as text: numbers are written as JavaScript writes them. */
export function asName(front: Front, node: Node, name: Expr): Expr {
  return front.typeOf(name).bits & NUMBER ? concat(front, node, [name]) : name
}

/** What every object inherits in JavaScript: names that a store's objects do not have. */
export function isInherited(name: string): boolean {
  return name in Object.prototype
}
