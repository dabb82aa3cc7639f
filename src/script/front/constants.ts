/**
 * Free names: constants of the specification are written into the tree; everything else is refused with its reason.
 *
 * The one idea: a function's closure does not travel. What it needs from outside is declared, or given as an argument.
 */
import type { Node } from 'acorn'
import type { Entry, Expr, Item } from '../ir.ts'
import type { Json, Shape } from '../shapes.ts'
import type { Front } from './front.ts'
import { ARRAY, ArraySite, bitsOf, OBJECT, ObjectSite, of, type Type, UNDEFINED } from './types.ts'

const FORBIDDEN: Readonly<Record<string, string>> = {
  Date: 'use env.nowMs()',
  Promise: 'scripts are synchronous',
  RegExp: 'use includes, startsWith, split',
  console: 'use env.log(level, message)',
  Map: 'use an object',
  Set: 'use an object, or a set key',
  Number: 'use env.toNumber(text)',
  String: 'call it: String(number)',
  Symbol: 'use text',
  BigInt: 'use numbers',
  parseInt: 'use env.toNumber(text), then Math.trunc',
  parseFloat: 'use env.toNumber(text)',
  isNaN: 'use Number.isNaN',
  isFinite: 'use Number.isFinite',
  Error: 'use env.fail(code, message)',
  JSON: 'use env.toJson and env.parseJson',
  process: 'give what is needed as an argument',
  globalThis: 'give what is needed as an argument',
  setTimeout: 'scripts are synchronous',
  fetch: 'a store reaches nothing but its data',
  require: 'give what is needed in constants',
  arguments: 'name the parameters',
  eval: 'write the code',
  Reflect: 'use objects directly',
  Proxy: 'use objects directly',
  crypto: 'give what is needed as an argument',
  structuredClone: 'use env.parseJson(env.toJson(x))',
}

/** Whether a constant is a shape. */
export function isShape(value: Json | Shape<unknown> | undefined): value is Shape<unknown> {
  return typeof value === 'object' && value !== null && 'form' in value && typeof value.form === 'object'
}

/** What a name that the function does not declare stands for. */
export function constantNamed(front: Front, node: Node, name: string): Expr {
  if (name === 'undefined') return front.constant(node, null, of(UNDEFINED))
  if (name === 'NaN' || name === 'Infinity')
    return front.fail(node, 'not-finite', `${name} has no text that a store agrees on`)
  const constants = front.spec.constants ?? {}
  const value = Object.hasOwn(constants, name) ? constants[name] : undefined
  if (isShape(value)) return front.fail(node, 'wrong-type', `${name} is a shape`, 'shapes are given to env.parseJson')
  if (value !== undefined) return written(front, node, value)
  const hint = Object.hasOwn(FORBIDDEN, name) ? FORBIDDEN[name] : undefined
  if (hint !== undefined) return front.fail(node, 'forbidden-global', `${name} does not exist in a store`, hint)
  const advice = 'give it in the constants of the specification, or as an argument'
  return front.fail(node, 'free-name', `${name} is declared outside the function`, advice)
}

/** A constant's value as a literal. The type is made once per place, so that its sites last. */
function written(front: Front, node: Node, value: Json): Expr {
  const type = front.lasting(node, () => typeOfValue(front, value))
  return literalOf(front, node, value, type)
}

function literalOf(front: Front, node: Node, value: Json, type: Type): Expr {
  if (typeof value === 'number' && !Number.isFinite(value))
    return front.fail(node, 'not-finite', 'a constant is not finite')
  if (value === null || typeof value !== 'object') return front.constant(node, value, type)
  const inner = (each: Json) => literalOf(front, node, each, typeOfValue(front, each))
  if (isList(value)) {
    const items = value.map((each): Item => ({ spread: false, value: inner(each) }))
    return front.make(node, type, { kind: 'array', items })
  }
  const entries = Object.entries(value).map(([name, each]): Entry => {
    return { name: front.constant(node, name, of(bitsOf(name))), value: inner(each) }
  })
  return front.make(node, type, { kind: 'object', entries })
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value)
}

function typeOfValue(front: Front, value: Json): Type {
  if (value === null || typeof value !== 'object') return of(bitsOf(value))
  if (isList(value)) {
    const site = new ArraySite()
    site.tuple = value.map((each) => typeOfValue(front, each))
    return { bits: ARRAY, array: site }
  }
  const site = new ObjectSite()
  for (const [name, each] of Object.entries(value)) site.fields.set(name, typeOfValue(front, each))
  return { bits: OBJECT, object: site }
}
