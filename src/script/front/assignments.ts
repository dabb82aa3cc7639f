/**
 * Writes: assignments, updates, delete, and patterns that take values apart.
 *
 * The one idea: every write tells the types what the place can hold now, and the facts what it holds here.
 */
import type {
  AssignmentExpression,
  AssignmentOperator,
  Expression,
  Identifier,
  MemberExpression,
  Node,
  Pattern,
  UnaryExpression,
  UpdateExpression,
} from 'acorn'
import type { BinaryOp, Expr, ExprForm, Stmt, Target } from '../ir.ts'
import type { Front, Special } from './front.ts'
import { afterPropertyWrite, afterWrite } from './narrowing.ts'
import { memberOf, propertyName, referenceOf, specialOf, specialValue } from './references.ts'
import {
  ARRAY,
  arraySite,
  BOOLEAN,
  bitsOf,
  FAILED,
  FUNCTION,
  KEY,
  NEVER,
  NULL,
  NULLISH,
  NUMBER,
  OBJECT,
  objectSite,
  of,
  only,
  SCALAR,
  type Type,
  UNDEFINED,
} from './types.ts'
import { addition, asName, isInherited } from './values.ts'

/** A place, what it held, and how it is remembered. */
interface Place {
  readonly target: Target
  readonly old: Type
  /** Tells types and facts that a value of this type is there now. */
  hold(type: Type): void
}

/** Lowers `=`, `+=` and its kin. */
export function assignment(front: Front, node: AssignmentExpression): Expr {
  const { left, right } = node
  if (left.type === 'ObjectPattern' || left.type === 'ArrayPattern') {
    return front.fail(node, 'unsupported-syntax', 'a pattern is assigned', 'declare the names: const { a } = …')
  }
  const place = left.type === 'Identifier' || left.type === 'MemberExpression' ? placeOf(front, left) : undefined
  if (place === undefined) return front.fail(node, 'unsupported-syntax', 'nothing that can be written')
  if (node.operator === '=') {
    const value = front.lower.expression(front, right)
    place.hold(front.typeOf(value))
    return front.make(node, front.typeOf(value), { kind: 'assign', target: place.target, value })
  }
  if (node.operator === '??=') return assignIfNull(front, node, place)
  const by = front.lower.expression(front, right)
  return updated(front, node, place, operatorOf(node.operator), by, 'new')
}

const UPDATES: Readonly<Record<string, BinaryOp>> = { '+=': 'add', '-=': 'sub', '*=': 'mul', '/=': 'div', '%=': 'mod' }

function operatorOf(operator: AssignmentOperator): BinaryOp | undefined {
  return UPDATES[operator]
}

/** `x ??= y` on a name: the value is evaluated and written only when it is needed. */
function assignIfNull(front: Front, node: AssignmentExpression, place: Place): Expr {
  if (place.target.kind !== 'local') {
    return front.fail(node, 'unsupported-syntax', '??= on a property', 'write a.b = a.b ?? c')
  }
  const left = front.make(node, place.old, { kind: 'local', id: place.target.id })
  const value = front.lower.expression(front, node.right)
  const type = front.joins.join(only(place.old, ~NULLISH), front.typeOf(value))
  place.hold(type)
  const right = front.make(node, front.typeOf(value), { kind: 'assign', target: place.target, value })
  return front.make(node, type, { kind: 'nullish', left, right })
}

/** Lowers `++` and `--`. */
export function update(front: Front, node: UpdateExpression): Expr {
  const { argument } = node
  const place =
    argument.type === 'Identifier' || argument.type === 'MemberExpression' ? placeOf(front, argument) : undefined
  if (place === undefined) return front.fail(node, 'unsupported-syntax', 'nothing that can be written')
  const by = front.constant(node, 1, of(NUMBER))
  return updated(front, node, place, node.operator === '++' ? 'add' : 'sub', by, node.prefix ? 'new' : 'old')
}

function updated(
  front: Front,
  node: Expression,
  place: Place,
  op: BinaryOp | undefined,
  by: Expr,
  gives: 'old' | 'new',
): Expr {
  if (op === undefined)
    return front.fail(node, 'unsupported-syntax', 'this kind of assignment', 'write it out: a = a … b')
  const old = front.make(node, place.old, { kind: 'const', value: null })
  if (op === 'add') {
    const sum = addition(front, node, old, by)
    const type = front.typeOf(sum)
    place.hold(type)
    const form: ExprForm = {
      kind: 'update',
      target: place.target,
      op: sum.kind === 'concat' ? 'concat' : 'add',
      by,
      gives,
    }
    return front.make(node, gives === 'old' ? place.old : type, form)
  }
  front.expect(node, old, NUMBER, 'a number')
  front.expect(node, by, NUMBER, 'a number')
  place.hold(of(NUMBER))
  return front.make(node, of(NUMBER), { kind: 'update', target: place.target, op, by, gives })
}

function placeOf(front: Front, node: Identifier | MemberExpression): Place | undefined {
  return node.type === 'Identifier' ? localPlace(front, node) : memberPlace(front, node)
}

function localPlace(front: Front, node: Identifier): Place | undefined {
  const special = specialOf(front, node)
  const binding = front.binding(node)
  if (binding === undefined || special !== undefined || front.functions.has(binding)) {
    const isOutside = binding === undefined
    front.report(
      node,
      isOutside ? 'free-name' : 'constant-write',
      `${node.name} cannot be written`,
      'declare a name of its own',
    )
    return undefined
  }
  if (binding.kind === 'const') front.report(node, 'constant-write', `${node.name} is a const`, 'declare it with let')
  const bits = front.facts?.get(`#${binding.id}`)
  return {
    target: { kind: 'local', id: binding.id },
    old: bits === undefined ? binding.type : only(binding.type, bits),
    hold: (type) => write(front, node, type),
  }
}

/** A name gets a value. */
function write(front: Front, node: Identifier, type: Type): void {
  const binding = front.names.of(node)
  if (binding === undefined) return
  if (type.bits & FUNCTION)
    front.report(node, 'escaping-function', 'a function is stored', 'declare it: const f = (…) => …')
  front.grow(binding, type)
  front.facts = afterWrite(front.facts, `#${binding.id}`, type.bits)
}

function memberPlace(front: Front, node: MemberExpression): Place | undefined {
  if (specialOf(front, node) !== undefined) {
    front.report(
      node,
      'constant-write',
      'keys, arguments and the environment cannot be written',
      'use a name of your own',
    )
    return undefined
  }
  if (node.object.type === 'Super' || node.property.type === 'PrivateIdentifier') return undefined
  const object = front.lower.expression(front, node.object)
  const type = front.typeOf(object)
  if (type.bits & ARRAY && !(type.bits & ~ARRAY)) return elementPlace(front, node, object, node.property)
  if (!front.expect(node.object, object, OBJECT, 'an object')) return undefined
  return propertyPlace(front, node, object)
}

function elementPlace(front: Front, node: MemberExpression, object: Expr, property: Expression): Place | undefined {
  if (!node.computed) {
    front.report(node, 'constant-write', 'the length of an array is not written', 'use pop, slice or a new array')
    return undefined
  }
  const index = front.lower.expression(front, property)
  front.expect(property, index, NUMBER, 'an index')
  const site = arraySite(front.typeOf(object))
  return {
    target: { kind: 'element', object, index },
    old: site === undefined ? NEVER : front.joins.join(front.joins.itemOf(site), of(UNDEFINED)),
    hold: (type) => {
      if (site !== undefined) front.joins.put(site, type)
      front.facts = afterPropertyWrite(front.facts, propertyName(node))
    },
  }
}

function propertyPlace(front: Front, node: MemberExpression, object: Expr): Place | undefined {
  if (node.property.type === 'PrivateIdentifier') return undefined
  const site = objectSite(front.typeOf(object))
  const known = propertyName(node)
  if (known === '__proto__') front.report(node, 'unknown-member', '__proto__ sets the prototype', 'use another name')
  if (known !== undefined) {
    const reference = referenceOf(front, node)
    const bits = reference === undefined ? undefined : front.facts?.get(reference)
    const type = site === undefined ? NEVER : front.joins.field(site, known)
    return {
      target: { kind: 'property', object, name: front.constant(node.property, known, of(bitsOf(known))) },
      old: bits === undefined ? type : only(type, bits),
      hold: (held) => {
        // Until it is written for the first time, the field is absent.
        const isNew = site !== undefined && !site.fields.has(known)
        if (site) front.joins.setField(site, known, isNew ? front.joins.join(held, of(UNDEFINED)) : held)
        front.facts = afterPropertyWrite(front.facts, known)
        if (reference !== undefined) front.facts = afterWrite(front.facts, reference, held.bits)
      },
    }
  }
  const name = front.lower.expression(front, node.property)
  front.expect(node.property, name, SCALAR, 'a name')
  return {
    target: { kind: 'property', object, name: asName(front, node.property, name) },
    old: site === undefined ? NEVER : front.joins.join(front.joins.anyField(site), of(UNDEFINED)),
    hold: (held) => {
      if (site) front.joins.setRest(site, held)
      front.facts = afterPropertyWrite(front.facts, undefined)
    },
  }
}

/** `delete o.k`: from then on the field may be absent. */
export function deletion(front: Front, node: UnaryExpression): Expr {
  const { argument } = node
  if (argument.type !== 'MemberExpression' || argument.object.type === 'Super') {
    return front.fail(node, 'unsupported-syntax', 'delete of what is no property')
  }
  const object = front.lower.expression(front, argument.object)
  if (front.typeOf(object).bits & KEY)
    return front.fail(node, 'unknown-member', 'delete of a key handle', 'call its delete()')
  if (!front.expect(argument.object, object, OBJECT, 'an object')) return object
  const place = propertyPlace(front, argument, object)
  if (place?.target.kind !== 'property') return front.fail(node, 'unsupported-syntax', 'delete of what is no property')
  place.hold(of(UNDEFINED))
  const args = [object, place.target.name].map((value) => ({ spread: false, value }))
  return front.make(node, of(BOOLEAN), { kind: 'intrinsic', op: 'object.delete', args })
}

/** Takes a value apart: `value` can be evaluated more than once. */
export function bind(front: Front, pattern: Pattern, value: Expr, isDeclared: boolean): Stmt[] {
  switch (pattern.type) {
    case 'Identifier':
      return bindName(front, pattern, value, isDeclared)
    case 'AssignmentPattern':
      return bind(front, pattern.left, withDefault(front, pattern, value, pattern.right), isDeclared)
    case 'ObjectPattern':
      return once(front, pattern, value, (source) => objectPattern(front, pattern.properties, source, isDeclared))
    case 'ArrayPattern':
      return once(front, pattern, value, (source) => arrayPattern(front, pattern.elements, source, isDeclared))
    default:
      front.report(pattern, 'unsupported-syntax', 'this pattern', 'name what is needed')
      return []
  }
}

function bindName(front: Front, node: Identifier, value: Expr, isDeclared: boolean): Stmt[] {
  const binding = front.names.of(node)
  if (binding === undefined) return []
  const isConstant = value.kind === 'const' && !binding.isReassigned && isDeclared
  if (isConstant) front.constants.set(binding, value)
  write(front, node, front.typeOf(value))
  if (binding.kind !== 'var' && isDeclared) return [front.statement(node, { kind: 'declare', id: binding.id, value })]
  const assign = front.make(node, front.typeOf(value), {
    kind: 'assign',
    target: { kind: 'local', id: binding.id },
    value,
  })
  return [front.statement(node, { kind: 'expression', value: assign })]
}

/** A default stands for undefined; null keeps its place in JavaScript, so what may be null has no default. */
export function withDefault(front: Front, node: Node, value: Expr, otherwise: Expression): Expr {
  const type = front.typeOf(value)
  if (type.bits & NULL && !(type.bits & FAILED)) {
    front.report(node, 'default-on-null', 'the value may be null, which takes no default in JavaScript', 'use ??')
  }
  const right = front.lower.expression(front, otherwise)
  const joined = front.joins.join(only(type, ~UNDEFINED), front.typeOf(right))
  return front.make(node, joined, { kind: 'nullish', left: value, right })
}

/** Names a value that is used more than once, unless it has a name. */
function once(front: Front, node: Node, value: Expr, use: (source: Expr) => Stmt[]): Stmt[] {
  if (value.kind === 'local' || value.kind === 'arg') return use(value)
  const type = front.typeOf(value)
  const id = front.temp('parts', type)
  const declared = front.statement(node, { kind: 'declare', id, value })
  return [declared, ...use(front.make(node, type, { kind: 'local', id }))]
}

type ObjectParts = Extract<Pattern, { type: 'ObjectPattern' }>['properties']

function objectPattern(front: Front, parts: ObjectParts, source: Expr, isDeclared: boolean): Stmt[] {
  return parts.flatMap((part) => {
    if (part.type === 'RestElement' || part.computed) {
      front.report(
        part,
        'unsupported-syntax',
        'the rest of an object, or a computed name in a pattern',
        'name the fields',
      )
      return []
    }
    const name =
      part.key.type === 'Identifier' ? part.key.name : part.key.type === 'Literal' ? String(part.key.value) : ''
    if (!front.expect(part, source, OBJECT, 'an object')) return []
    if (isInherited(name))
      front.report(part, 'unknown-member', `${name} is inherited in JavaScript`, 'use another name')
    const site = objectSite(front.typeOf(source))
    const type = site === undefined ? NEVER : front.joins.field(site, name)
    const key = front.constant(part, name, of(bitsOf(name)))
    const field = front.make(part, type, { kind: 'property', object: source, name: key })
    return bind(front, part.value, field, isDeclared)
  })
}

type ArrayParts = Extract<Pattern, { type: 'ArrayPattern' }>['elements']

function arrayPattern(front: Front, parts: ArrayParts, source: Expr, isDeclared: boolean): Stmt[] {
  return parts.flatMap((part, i) => {
    if (part === null || !front.expect(part, source, ARRAY, 'an array')) return []
    const site = arraySite(front.typeOf(source))
    const index = front.constant(part, i, of(NUMBER))
    if (part.type === 'RestElement') {
      const args = [source, index].map((value) => ({ spread: false, value }))
      const rest = front.lasting(part, () => ({
        bits: ARRAY,
        array: arraySite(front.joins.join(NEVER, front.typeOf(source))),
      }))
      return bind(
        front,
        part.argument,
        front.make(part, rest, { kind: 'intrinsic', op: 'array.slice', args }),
        isDeclared,
      )
    }
    const open = site === undefined ? NEVER : front.joins.join(front.joins.itemOf(site), of(UNDEFINED))
    const element = front.make(part, site?.tuple?.[i] ?? open, { kind: 'element', object: source, index })
    return bind(front, part, element, isDeclared)
  })
}

/** Names for the members of a parameter: `({ left, right }, { limit }, { fail }) => …`. */
export function bindSpecial(front: Front, pattern: Pattern, special: Special): Stmt[] {
  if (pattern.type === 'Identifier') {
    const binding = front.names.of(pattern)
    if (binding === undefined) return []
    if (special.kind === 'arg' && binding.isReassigned) {
      const value = specialValue(front, pattern, special)
      return bindName(front, pattern, value, true)
    }
    if (binding.isReassigned)
      front.report(pattern, 'constant-write', `${pattern.name} is written`, 'use a name of its own')
    front.specials.set(binding, special)
    return []
  }
  if (pattern.type === 'AssignmentPattern' && special.kind === 'arg') {
    return bind(
      front,
      pattern.left,
      withDefault(front, pattern, specialValue(front, pattern.right, special), pattern.right),
      true,
    )
  }
  if (special.kind === 'arg') return bind(front, pattern, specialValue(front, nameless(pattern), special), true)
  if (pattern.type !== 'ObjectPattern') {
    front.report(pattern, 'unsupported-syntax', 'this pattern for a parameter', 'name the members: { a, b }')
    return []
  }
  return pattern.properties.flatMap((part) => {
    const name =
      part.type === 'Property' && !part.computed && part.key.type === 'Identifier' ? part.key.name : undefined
    const inner = name === undefined ? undefined : memberOf(special, name)
    if (part.type !== 'Property' || inner === undefined) {
      front.report(part, 'unknown-member', `${special.kind} has no ${name ?? 'such member'}`)
      return []
    }
    return bindSpecial(front, part.value, inner)
  })
}

/** A node for positions only: a pattern is no expression. */
function nameless(pattern: Pattern): Identifier {
  return { type: 'Identifier', name: '', start: pattern.start, end: pattern.end }
}
