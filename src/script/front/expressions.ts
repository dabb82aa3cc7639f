/**
 * Expressions but for calls and writes: literals, names, operators, objects, arrays, members.
 *
 * The one idea: what JavaScript decides by looking at its operands is decided here by their types, once; what cannot be
 * decided is refused.
 */
import type {
  ArrayExpression,
  BinaryExpression,
  Expression,
  Literal,
  MemberExpression,
  ObjectExpression,
  TemplateLiteral,
  UnaryExpression,
} from 'acorn'
import type { BinaryOp, Entry, Expr, Item } from '../ir.ts'
import { assignment, deletion, update } from './assignments.ts'
import { call, callOn } from './calls.ts'
import { condition, equality } from './conditions.ts'
import { constantNamed } from './constants.ts'
import type { Front } from './front.ts'
import { knowing, meet } from './narrowing.ts'
import { globalName, identifier, narrowed, propertyName, referenceOf, specialOf, specialValue } from './references.ts'
import { namedFunction } from './source.ts'
import {
  ARRAY,
  ArraySite,
  ASCII,
  arraySite,
  BOOLEAN,
  bitsOf,
  FAILED,
  KEY,
  NEVER,
  NULLISH,
  NUMBER,
  OBJECT,
  ObjectSite,
  objectSite,
  of,
  only,
  SCALAR,
  TEXT,
  type Type,
  UNDEFINED,
  WIDE,
  worded,
} from './types.ts'
import { addition, asName, concat, isInherited, isText, item } from './values.ts'

/** Lowers an expression. */
export function expression(front: Front, node: Expression): Expr {
  switch (node.type) {
    case 'Literal':
      return literal(front, node)
    case 'TemplateLiteral':
      return template(front, node)
    case 'Identifier':
      return identifier(front, node) ?? constantNamed(front, node, node.name)
    case 'MemberExpression':
    case 'ChainExpression':
    case 'CallExpression':
      return chain(front, node, (whole) => whole)
    case 'UnaryExpression':
      return unary(front, node)
    case 'BinaryExpression':
      return binary(front, node)
    case 'LogicalExpression':
      return node.operator === '??' ? nullish(front, node) : decided(front, node)
    case 'ConditionalExpression':
      return conditional(front, node)
    case 'AssignmentExpression':
      return assignment(front, node)
    case 'UpdateExpression':
      return update(front, node)
    case 'SequenceExpression': {
      const items = node.expressions.map((item) => expression(front, item))
      const last = items.at(-1)
      return front.make(node, last === undefined ? NEVER : front.typeOf(last), { kind: 'sequence', items })
    }
    case 'ArrayExpression':
      return arrayLiteral(front, node)
    case 'ObjectExpression':
      return objectLiteral(front, node)
    case 'ParenthesizedExpression':
      return expression(front, node.expression)
    default:
      return refused(front, node)
  }
}

const REASONS: Readonly<Record<string, readonly [string, string]>> = {
  ThisExpression: ['this', 'use the parameters: keys, args, env'],
  NewExpression: ['new', 'use literals: [] and {}'],
  AwaitExpression: ['await', 'handles answer at once: leave await out'],
  YieldExpression: ['yield', 'scripts are ordinary functions'],
  ClassExpression: ['a class', 'use functions and objects'],
  TaggedTemplateExpression: ['a tagged template', 'use an ordinary template'],
  ImportExpression: ['import()', 'give values in constants or arguments'],
  MetaProperty: ['a meta property', 'leave it out'],
}

function refused(front: Front, node: Expression): Expr {
  const isFunction = node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression'
  if (isFunction) {
    const hint = 'functions are called by name, or given to map, filter, some, every, find or forEach'
    return front.fail(node, 'escaping-function', 'a function is used as a value', hint)
  }
  const [what, hint] = REASONS[node.type] ?? [node.type, undefined]
  const isAsync = node.type === 'AwaitExpression' || node.type === 'YieldExpression'
  return front.fail(node, isAsync ? 'async-function' : 'unsupported-syntax', `${what} cannot run in a store`, hint)
}

function literal(front: Front, node: Literal): Expr {
  const { value } = node
  if (node.regex) {
    return front.fail(
      node,
      'unsupported-syntax',
      'regular expressions differ between languages',
      'use includes, startsWith, split',
    )
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean')
    return front.constant(node, value, of(bitsOf(value)))
  if (typeof value !== 'number') return front.fail(node, 'unsupported-syntax', 'a bigint', 'use numbers, or text')
  if (!Number.isFinite(value)) return front.fail(node, 'not-finite', 'the number is too large')
  return front.constant(node, value, of(NUMBER))
}

function template(front: Front, node: TemplateLiteral): Expr {
  const parts: Expr[] = []
  for (const [i, { value }] of node.quasis.entries()) {
    const text = value.cooked ?? ''
    if (text !== '') parts.push(front.constant(node.quasis[i] ?? node, text, of(bitsOf(text))))
    const inner = node.expressions[i]
    if (inner === undefined) continue
    const part = expression(front, inner)
    front.expect(inner, part, SCALAR, 'text or a number')
    parts.push(part)
  }
  return concat(front, node, parts)
}

function unary(front: Front, node: UnaryExpression): Expr {
  switch (node.operator) {
    case '!':
      return decided(front, node)
    case '-': {
      const value = expression(front, node.argument)
      front.expect(node.argument, value, NUMBER, 'a number')
      if (value.kind === 'const' && typeof value.value === 'number')
        return front.constant(node, -value.value, of(NUMBER))
      return front.make(node, of(NUMBER), { kind: 'negate', value })
    }
    case 'void':
      if (node.argument.type === 'Literal') return front.constant(node, null, of(UNDEFINED))
      break
    case 'typeof': {
      const hint = "compare it: typeof x === 'string', 'number' or 'boolean'"
      return front.fail(node, 'unsupported-syntax', 'typeof as a value', hint)
    }
    case 'delete':
      return deletion(front, node)
    case '+':
      return front.fail(node, 'unsupported-syntax', 'unary + converts', 'use env.toNumber(text)')
  }
  return front.fail(node, 'unsupported-syntax', `the operator ${node.operator}`)
}

const ARITHMETIC: Readonly<Record<string, BinaryOp>> = { '-': 'sub', '*': 'mul', '/': 'div', '%': 'mod' }
const ORDER: Readonly<Record<string, BinaryOp>> = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' }

function binary(front: Front, node: BinaryExpression): Expr {
  const { operator } = node
  if (['===', '!==', '==', '!='].includes(operator)) return equality(front, node)
  if (node.left.type === 'PrivateIdentifier') return front.fail(node, 'unsupported-syntax', 'a private name')
  if (operator === 'in') return membership(front, node, node.left)
  const op = ARITHMETIC[operator] ?? ORDER[operator]
  if (op === undefined && operator !== '+') {
    return front.fail(node, 'unsupported-syntax', `the operator ${operator}`, 'numbers have + - * / and %')
  }
  const [left, right] = [expression(front, node.left), expression(front, node.right)]
  if (op === undefined) return addition(front, node, left, right)
  if (op in ORDER_OPS && isText(front, left) && isText(front, right)) {
    const hint = 'a store orders text by bytes, JavaScript by UTF-16 units'
    return front.fail(node, 'text-order', `${operator} on text`, hint)
  }
  front.expect(node.left, left, NUMBER, 'a number')
  front.expect(node.right, right, NUMBER, 'a number')
  return front.make(node, of(ARITHMETIC[operator] ? NUMBER : BOOLEAN), { kind: 'binary', op, left, right })
}

const ORDER_OPS = { lt: true, le: true, gt: true, ge: true }

function membership(front: Front, node: BinaryExpression, left: Expression): Expr {
  const [name, object] = [expression(front, left), expression(front, node.right)]
  front.expect(left, name, SCALAR, 'a name')
  front.expect(node.right, object, OBJECT, 'an object')
  const value = asName(front, left, name)
  const has = (shown: Expr) =>
    front.make(node, of(BOOLEAN), { kind: 'intrinsic', op: 'object.has', args: [item(object), item(shown)] })
  if (value.kind === 'const' || object.kind === 'local' || object.kind === 'arg') return has(value)
  // The name stands first, and is evaluated first.
  const type = front.typeOf(value)
  const id = front.temp('name', type)
  return front.make(node, of(BOOLEAN), {
    kind: 'let',
    id,
    value,
    body: has(front.make(node, type, { kind: 'local', id })),
  })
}

/** `a ?? b`. */
function nullish(front: Front, node: Expression & { readonly left: Expression; readonly right: Expression }): Expr {
  const left = expression(front, node.left)
  const type = front.typeOf(left)
  const present = knowing(front.facts, referenceOf(front, node.left), ~NULLISH)
  front.facts = knowing(front.facts, referenceOf(front, node.left), NULLISH)
  const right = expression(front, node.right)
  front.facts = meet(present, front.facts)
  const result = front.joins.join(only(type, ~NULLISH), front.typeOf(right))
  return front.make(node, result, { kind: 'nullish', left, right })
}

/** `&&`, `||` and `!` as values. */
function decided(front: Front, node: Expression): Expr {
  const { test, yes, no } = condition(front, node)
  front.facts = meet(yes, no)
  return test
}

function conditional(
  front: Front,
  node: Expression & { readonly test: Expression; readonly consequent: Expression; readonly alternate: Expression },
): Expr {
  const { test, yes, no } = condition(front, node.test)
  front.facts = yes
  const then = expression(front, node.consequent)
  const afterThen = front.facts
  front.facts = no
  const otherwise = expression(front, node.alternate)
  front.facts = meet(afterThen, front.facts)
  const type = front.joins.join(front.typeOf(then), front.typeOf(otherwise))
  return front.make(node, type, { kind: 'conditional', test, yes: then, no: otherwise })
}

function arrayLiteral(front: Front, node: ArrayExpression): Expr {
  const type = front.lasting(node, () => {
    const site = new ArraySite()
    site.tuple = []
    return { bits: ARRAY, array: site }
  })
  const site = arraySite(type)
  const items = node.elements.map((element, i): Item => {
    if (element === null) return item(front.fail(node, 'array-hole', 'an array with a hole', 'write null'))
    const isSpread = element.type === 'SpreadElement'
    const source = isSpread ? element.argument : element
    const value = expression(front, source)
    if (site === undefined) return item(value)
    if (!isSpread) {
      front.joins.place(site, i, front.typeOf(value))
      return item(value)
    }
    front.expect(source, value, ARRAY, 'an array')
    const inner = arraySite(front.typeOf(value))
    front.joins.put(site, inner === undefined ? NEVER : front.joins.itemOf(inner))
    return { spread: true, value }
  })
  return front.make(node, type, { kind: 'array', items })
}

function objectLiteral(front: Front, node: ObjectExpression): Expr {
  const type = front.lasting(node, () => ({ bits: OBJECT, object: new ObjectSite() }))
  const entries = node.properties.map((property): Entry => {
    const site = objectSite(type)
    if (property.type === 'SpreadElement') {
      const value = expression(front, property.argument)
      front.expect(property.argument, value, OBJECT, 'an object')
      const source = objectSite(front.typeOf(value))
      if (site && source) {
        for (const [name, field] of source.fields) front.joins.setField(site, name, field)
        if (source.rest) front.joins.setRest(site, source.rest)
      }
      return { name: undefined, value }
    }
    if (property.kind !== 'init' || property.method) {
      return { name: undefined, value: front.fail(property, 'unsupported-syntax', 'a getter, setter or method') }
    }
    const value = expression(front, property.value)
    const { key } = property
    const known = property.computed
      ? undefined
      : key.type === 'Identifier'
        ? key.name
        : key.type === 'Literal'
          ? String(key.value)
          : undefined
    if (known === '__proto__')
      front.report(property, 'unknown-member', '__proto__ sets the prototype', 'use another name')
    if (known !== undefined) {
      if (site) front.joins.setField(site, known, front.typeOf(value))
      return { name: front.constant(key, known, of(bitsOf(known))), value }
    }
    const name = expression(front, key)
    front.expect(key, name, SCALAR, 'a name')
    if (site) front.joins.setRest(site, front.typeOf(value))
    return { name: asName(front, key, name), value }
  })
  return front.make(node, type, { kind: 'object', entries })
}

/**
 * Members, calls and optional chains. `rest` makes what stands around the node, so that all of it is left out when an
 * optional link meets null.
 */
function chain(front: Front, node: Expression, rest: (value: Expr) => Expr): Expr {
  if (node.type === 'ChainExpression') return rest(chain(front, node.expression, (whole) => whole))
  if (node.type === 'MemberExpression') {
    const special = specialOf(front, node)
    if (special !== undefined) return rest(specialValue(front, node, special))
    const global = globalMember(front, node)
    if (global !== undefined) return rest(global)
    if (node.object.type === 'Super') return front.fail(node, 'unsupported-syntax', 'super')
    const { object } = node
    return chain(front, object, (value) => {
      return optional(front, node, node.optional, object, value, (present) => rest(member(front, node, present)))
    })
  }
  if (node.type !== 'CallExpression') return rest(expression(front, node))
  const wrapped = namedFunction(node)
  if (wrapped !== undefined) return rest(expression(front, wrapped))
  const { callee } = node
  const isMethod = callee.type === 'MemberExpression' && specialOf(front, callee)?.kind !== 'envFunction'
  if (isMethod && callee.object.type !== 'Super' && globalName(front, callee.object) === undefined) {
    const { object } = callee
    return chain(front, object, (value) => {
      return optional(front, callee, callee.optional, object, value, (present) =>
        rest(callOn(front, node, callee, present)),
      )
    })
  }
  return rest(call(front, node))
}

/** One link: with `?.` on what may be null, the rest is done only when it is not. */
function optional(
  front: Front,
  node: MemberExpression,
  isOptional: boolean,
  object: Expression,
  value: Expr,
  rest: (present: Expr) => Expr,
): Expr {
  const type = front.typeOf(value)
  if (!isOptional || !(type.bits & NULLISH)) return rest(value)
  const before = front.facts
  const present = only(type, ~NULLISH)
  const id = front.temp('link', present)
  front.facts = knowing(before, referenceOf(front, object), ~NULLISH)
  const local = front.make(node, present, { kind: 'local', id })
  const done = rest(local)
  front.facts = meet(before, front.facts)
  const result = front.joins.join(front.typeOf(done), of(UNDEFINED))
  const test = front.make(node, of(BOOLEAN), { kind: 'isNull', value: front.make(node, type, { kind: 'local', id }) })
  const nothing = front.constant(node, null, of(UNDEFINED))
  const body = front.make(node, result, { kind: 'conditional', test, yes: nothing, no: done })
  return front.make(node, result, { kind: 'let', id, value, body })
}

/** `Number.MAX_SAFE_INTEGER`, and constants that a toolchain has put behind an import. */
function globalMember(front: Front, node: MemberExpression): Expr | undefined {
  const object = globalName(front, node.object)
  const name = propertyName(node)
  if (object === undefined || name === undefined) return undefined
  const constants: Readonly<Record<string, number>> = {
    MAX_SAFE_INTEGER: Number.MAX_SAFE_INTEGER,
    MIN_SAFE_INTEGER: Number.MIN_SAFE_INTEGER,
    EPSILON: Number.EPSILON,
    PI: Math.PI,
    E: Math.E,
  }
  const isGlobal = object === 'Number' || object === 'Math'
  const value = isGlobal && Object.hasOwn(constants, name) ? constants[name] : undefined
  if (value !== undefined) return front.constant(node, value, of(NUMBER))
  const isOurs = Object.hasOwn(front.spec.constants ?? {}, name) && !Object.hasOwn(front.spec.constants ?? {}, object)
  return isOurs && !isGlobal ? constantNamed(front, node, name) : undefined
}

/** A property or an element of a value. */
function member(front: Front, node: MemberExpression, object: Expr): Expr {
  const type = front.typeOf(object)
  if (type.bits & FAILED) return object
  if (node.property.type === 'PrivateIdentifier') return front.fail(node, 'unsupported-syntax', 'a private name')
  const name = propertyName(node)
  if (type.bits & NULLISH) {
    return front.fail(
      node.object,
      'maybe-null',
      `this may be ${worded(only(type, NULLISH))}`,
      'use ?. or compare with null first',
    )
  }
  if (type.bits & KEY) return keyMember(front, node, object, name)
  if ((type.bits & ~TEXT) === 0 && type.bits !== 0) return textMember(front, node, object, name)
  if ((type.bits & ~ARRAY) === 0 && type.bits !== 0) return elementOf(front, node, object, name)
  if (type.bits & ~OBJECT)
    return front.fail(node, 'unknown-member', `${worded(type)} has no property ${name ?? 'of that name'}`)
  return fieldOf(front, node, object, name)
}

function keyMember(front: Front, node: MemberExpression, key: Expr, name: string | undefined): Expr {
  if (name === 'name') return front.make(node, of(WIDE), { kind: 'keyName', of: key })
  return front.fail(
    node,
    'unknown-member',
    `a key handle has no property ${name}`,
    'call its methods; its name is .name',
  )
}

function textMember(front: Front, node: MemberExpression, text: Expr, name: string | undefined): Expr {
  if (name !== 'length')
    return front.fail(node, 'unknown-member', 'text has no such property', 'use charAt, slice or length')
  front.expect(node, text, ASCII, 'ASCII text')
  return front.make(node, of(NUMBER), { kind: 'intrinsic', op: 'text.length', args: [item(text)] })
}

function elementOf(front: Front, node: MemberExpression, array: Expr, name: string | undefined): Expr {
  if (name === 'length') {
    return front.make(node, of(NUMBER), { kind: 'intrinsic', op: 'array.length', args: [item(array)] })
  }
  if (!node.computed || node.property.type === 'PrivateIdentifier') {
    return front.fail(node, 'unknown-member', `an array has no property ${name}`)
  }
  const index = expression(front, node.property)
  front.expect(node.property, index, NUMBER, 'an index')
  const site = arraySite(front.typeOf(array))
  if (site === undefined) return front.make(node, NEVER, { kind: 'element', object: array, index })
  const exact = index.kind === 'const' && typeof index.value === 'number' ? site.tuple?.[index.value] : undefined
  const type = exact ?? front.joins.join(front.joins.itemOf(site), of(UNDEFINED))
  return front.make(node, narrowed(front, node, type), { kind: 'element', object: array, index })
}

function fieldOf(front: Front, node: MemberExpression, object: Expr, name: string | undefined): Expr {
  const site = objectSite(front.typeOf(object))
  if (node.property.type === 'PrivateIdentifier') return front.fail(node, 'unsupported-syntax', 'a private name')
  if (name !== undefined) {
    if (isInherited(name) && !site?.fields.has(name)) {
      return front.fail(node, 'unknown-member', `${name} is inherited in JavaScript`, 'use another name')
    }
    const type: Type = site === undefined ? NEVER : front.joins.field(site, name)
    const key = front.constant(node.property, name, of(bitsOf(name)))
    return front.make(node, narrowed(front, node, type), { kind: 'property', object, name: key })
  }
  const key = expression(front, node.property)
  front.expect(node.property, key, SCALAR, 'a name')
  const type = site === undefined ? NEVER : front.joins.join(front.joins.anyField(site), of(UNDEFINED))
  return front.make(node, type, { kind: 'property', object, name: asName(front, node.property, key) })
}
