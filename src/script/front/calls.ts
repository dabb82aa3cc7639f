/**
 * Calls: inner functions, the library, methods of handles and of the environment.
 *
 * The one idea: what is called is known before it is called; there are no function values. Inner functions are lowered where
 * they stand, with the types that their calls give them.
 */
import type { CallExpression, Expression, Identifier, MemberExpression } from 'acorn'
import type { EachOp, Expr, FunctionNode, Stmt } from '../ir.ts'
import { bind, withDefault } from './assignments.ts'
import { constantNamed } from './constants.ts'
import { environmentCall } from './environment.ts'
import type { Front, Inner, InnerTree } from './front.ts'
import { handleMethod } from './keys.ts'
import {
  argumentsOf,
  arrayMethod,
  copied,
  isArray,
  mathFunction,
  numberFunction,
  numberText,
  objectFunction,
  textMethod,
} from './library.ts'
import { afterCall, meet } from './narrowing.ts'
import { globalName, propertyName, specialOf } from './references.ts'
import { namedFunction } from './source.ts'
import { calleeOf } from './tree.ts'
import {
  ARRAY,
  arraySite,
  BOOLEAN,
  FAILED,
  KEY,
  NEVER,
  NULLISH,
  NUMBER,
  of,
  only,
  SCALAR,
  TEXT,
  type Type,
  UNDEFINED,
  worded,
} from './types.ts'

/** A call of a name, or of a member of a global or of the environment. */
export function call(front: Front, node: CallExpression): Expr {
  const callee = calleeOf(node.callee)
  const special = specialOf(front, callee)
  if (special?.kind === 'envFunction') return environmentCall(front, node, special.name)
  if (callee.type === 'Identifier') return named(front, node, callee)
  if (callee.type === 'MemberExpression') {
    const [object, name] = [globalName(front, callee.object), propertyName(callee)]
    if (object !== undefined && name !== undefined) return globalCall(front, node, object, name, callee)
  }
  if (callee.type === 'ArrowFunctionExpression' || callee.type === 'FunctionExpression') {
    return front.fail(node, 'escaping-function', 'a function is called where it stands', 'write its body here')
  }
  return front.fail(node, 'unsupported-syntax', 'this is called', 'call a function by its name')
}

function globalCall(front: Front, node: CallExpression, object: string, name: string, callee: MemberExpression): Expr {
  if (object === 'Math') return mathFunction(front, node, name)
  if (object === 'Number') return numberFunction(front, node, name)
  if (object === 'Object') return objectFunction(front, node, name)
  if (object === 'Array' && name === 'isArray') return isArray(front, node)
  if (callee.object.type === 'Super') return front.fail(node, 'unsupported-syntax', 'super')
  const value = front.lower.expression(front, callee.object)
  return front.isFailed(value) ? value : callOn(front, node, callee, value)
}

function named(front: Front, node: CallExpression, callee: Identifier): Expr {
  const binding = front.binding(callee)
  if (binding === undefined) {
    const [value] = node.arguments
    if (callee.name === 'String' && node.arguments.length === 1 && value && value.type !== 'SpreadElement') {
      return numberText(front, node, front.lower.expression(front, value))
    }
    return constantNamed(front, callee, callee.name)
  }
  const fn = front.functions.get(binding)
  const inner = fn && front.inner.get(fn)
  const args = argumentsOf(front, node.arguments)
  if (inner === undefined) {
    const isSpecial = front.specials.has(binding)
    return front.fail(
      node,
      'unsupported-syntax',
      `${callee.name} is ${isSpecial ? 'no function' : 'not known to be a function here'}`,
    )
  }
  if (args.some(({ spread }) => spread))
    return front.fail(node, 'unsupported-syntax', 'a spread into a function', 'write the arguments out')
  if (args.length > inner.params.length)
    return front.fail(node, 'arity', `${callee.name} takes ${inner.params.length} arguments`)
  for (const [i, known] of inner.params.entries()) {
    const given = args[i]
    inner.params[i] = front.joins.grow(known, given === undefined ? of(UNDEFINED) : front.typeOf(given.value))
  }
  front.facts = afterCall(front.facts, front.names)
  return front.make(node, inner.returns, { kind: 'call', id: binding.id, args: args.map(({ value }) => value) })
}

const EACH: Readonly<Record<string, EachOp>> = {
  map: 'map',
  filter: 'filter',
  some: 'some',
  every: 'every',
  find: 'find',
  findIndex: 'findIndex',
  forEach: 'forEach',
}

/** A call of a method of a value. */
export function callOn(front: Front, node: CallExpression, callee: MemberExpression, receiver: Expr): Expr {
  const type = front.typeOf(receiver)
  if (type.bits & FAILED) return receiver
  const name = propertyName(callee)
  if (name === undefined) return front.fail(node, 'unsupported-syntax', 'a computed method name', 'write the name')
  if (type.bits & NULLISH) {
    return front.fail(
      callee,
      'maybe-null',
      `this may be ${worded(only(type, NULLISH))}`,
      'use ?. or compare with null first',
    )
  }
  if (type.bits & KEY) return handleMethod(front, node, name, receiver)
  if (type.bits === 0) return front.make(node, NEVER, { kind: 'const', value: null })
  if ((type.bits & ~TEXT) === 0) return textMethod(front, node, name, receiver)
  if ((type.bits & ~SCALAR) === 0 && name === 'toString' && node.arguments.length === 0)
    return numberText(front, node, receiver)
  if (type.bits & ~ARRAY) return front.fail(node, 'unknown-member', `${worded(type)} has no method ${name}`)
  const op = Object.hasOwn(EACH, name) ? EACH[name] : undefined
  return op === undefined ? arrayMethod(front, node, name, receiver) : each(front, node, op, receiver)
}

function each(front: Front, node: CallExpression, op: EachOp, array: Expr): Expr {
  const [given] = node.arguments
  const fn = given?.type === 'SpreadElement' || given === undefined ? undefined : functionGiven(front, given)
  if (fn === undefined || node.arguments.length !== 1) {
    return front.fail(node, 'escaping-function', `${op} takes one function`, 'write it in place: x => …')
  }
  const site = arraySite(front.typeOf(array))
  const element = site === undefined ? NEVER : front.joins.itemOf(site)
  const inner = innerOf(front, fn)
  const types = [element, of(NUMBER)]
  if (inner.params.length > types.length) return front.fail(fn, 'arity', `${op} gives an element and its index`)
  for (const [i, known] of inner.params.entries()) inner.params[i] = front.joins.grow(known, types[i] ?? NEVER)
  const isInline =
    given === fn || (given !== undefined && given.type !== 'SpreadElement' && namedFunction(given) === fn)
  const body = isInline ? lowerFunction(front, fn) : forwarded(front, node, given, inner)
  front.facts = afterCall(front.facts, front.names)
  const isTest = op !== 'map' && op !== 'forEach'
  if (isTest && inner.returns.bits & ~(BOOLEAN | FAILED)) {
    front.report(
      fn,
      'not-boolean',
      `${op} needs a boolean, this gives ${worded(inner.returns)}`,
      'compare it with something',
    )
  }
  const type: Readonly<Record<EachOp, () => Type>> = {
    map: () => copied(front, node, inner.returns),
    filter: () => copied(front, node, element),
    some: () => of(BOOLEAN),
    every: () => of(BOOLEAN),
    find: () => front.joins.join(element, of(UNDEFINED)),
    findIndex: () => of(NUMBER),
    forEach: () => of(UNDEFINED),
  }
  return front.make(node, type[op](), { kind: 'each', op, array, fn: body })
}

/** The function that an argument is: written in place, or the name of an inner one. */
function functionGiven(front: Front, node: Expression): InnerTree | undefined {
  if (node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression') return node
  const wrapped = namedFunction(node)
  if (wrapped !== undefined) return functionGiven(front, wrapped)
  if (node.type !== 'Identifier') return undefined
  const binding = front.binding(node)
  const fn = binding && front.functions.get(binding)
  return fn && front.inner.get(fn)?.node
}

/** A function given by name: one in place that calls it. */
function forwarded(
  front: Front,
  node: CallExpression,
  given: CallExpression['arguments'][number] | undefined,
  inner: Inner,
): FunctionNode {
  const binding = given?.type === 'Identifier' ? front.names.of(given) : undefined
  const params = inner.params.map((type, i) => front.temp(`p${i}`, type))
  const args = params.map((id, i) => front.make(node, inner.params[i] ?? NEVER, { kind: 'local', id }))
  const value = front.make(node, inner.returns, { kind: 'call', id: binding?.id ?? 0, args })
  return { params, body: [front.statement(node, { kind: 'return', value })] }
}

/** What is known of an inner function. */
export function innerOf(front: Front, node: InnerTree): Inner {
  const known = front.inner.get(node)
  if (known !== undefined) return known
  const made: Inner = { node, params: node.params.map(() => NEVER), returns: NEVER }
  front.inner.set(node, made)
  return made
}

/** Lowers an inner function where it stands. Facts about what is written later do not hold inside. */
export function lowerFunction(front: Front, node: InnerTree): FunctionNode {
  const inner = innerOf(front, node)
  if (node.async || node.generator) {
    front.report(node, 'async-function', 'an inner function is async or a generator', 'handles answer at once')
  }
  const outer = { facts: front.facts, returns: front.returns, exits: front.exits }
  const written = new Set(front.names.bindings.filter(({ isReassigned }) => isReassigned).map(({ id }) => `#${id}`))
  front.facts = new Map([...(outer.facts ?? [])].filter(([known]) => !known.includes('.') && !written.has(known)))
  front.returns = NEVER
  front.exits = []
  const [params, body] = parameters(front, node, inner)
  if (node.body.type === 'BlockStatement') body.push(...front.lower.statements(front, node.body.body))
  else {
    const value = front.lower.expression(front, node.body)
    front.returns = front.joins.join(front.returns, front.typeOf(value))
    body.push(front.statement(node.body, { kind: 'return', value }))
    front.facts = undefined
  }
  if (front.facts !== undefined) front.returns = front.joins.join(front.returns, of(UNDEFINED))
  inner.returns = front.joins.grow(inner.returns, front.returns)
  front.facts = meet(outer.facts, outer.facts)
  front.returns = outer.returns
  front.exits = outer.exits
  return { params, body }
}

function parameters(front: Front, node: InnerTree, inner: Inner): [number[], Stmt[]] {
  const body: Stmt[] = []
  const params = node.params.map((pattern, i) => {
    const type = inner.params[i] ?? NEVER
    const binding = pattern.type === 'Identifier' ? front.names.of(pattern) : undefined
    if (binding !== undefined) {
      front.grow(binding, type)
      return binding.id
    }
    const id = front.temp(`p${i}`, type)
    const value = front.make(pattern, type, { kind: 'local', id })
    if (pattern.type === 'RestElement') front.report(pattern, 'unsupported-syntax', 'a rest parameter', 'take an array')
    else if (pattern.type === 'AssignmentPattern') {
      body.push(...bind(front, pattern.left, withDefault(front, pattern, value, pattern.right), true))
    } else body.push(...bind(front, pattern, value, true))
    return id
  })
  return [params, body]
}
