/**
 * Conditions: booleans, and what their outcome says about names.
 *
 * The one idea: JavaScript's and Lua's ideas of truth differ, so nothing but a boolean decides. A condition gives two sets of facts.
 */
import type { AnyNode, BinaryExpression, Expression, LogicalExpression } from 'acorn'
import type { Expr } from '../ir.ts'
import type { Condition, Front } from './front.ts'
import { type Facts, knowing, meet } from './narrowing.ts'
import { globalName, referenceOf } from './references.ts'
import {
  ARRAY,
  ASCII,
  BOOLEAN,
  FAILED,
  NULL,
  NULLISH,
  NUMBER,
  OBJECT,
  OPAQUE,
  of,
  PRIMITIVE,
  TEXT,
  type Type,
  UNDEFINED,
  worded,
} from './types.ts'

/** Lowers a condition and splits what is known. */
export function condition(front: Front, node: Expression): Condition {
  if (node.type === 'UnaryExpression' && node.operator === '!') return negation(front, node)
  if (node.type === 'LogicalExpression' && node.operator !== '??') {
    const isAnd = node.operator === '&&'
    const whole = wholeNullTest(front, node, isAnd)
    if (whole !== undefined) return whole
    const left = condition(front, node.left)
    front.facts = isAnd ? left.yes : left.no
    const right = condition(front, node.right)
    const test = front.make(node, of(BOOLEAN), { kind: isAnd ? 'and' : 'or', left: left.test, right: right.test })
    return isAnd
      ? { test, yes: right.yes, no: meet(left.no, right.no) }
      : { test, yes: meet(left.yes, right.yes), no: right.no }
  }
  const test = front.lower.expression(front, node)
  mustBeBoolean(front, node, test)
  if (test.kind === 'const' && typeof test.value === 'boolean') {
    return { test, yes: test.value ? front.facts : undefined, no: test.value ? undefined : front.facts }
  }
  return { test, ...split(front, node) }
}

function negation(front: Front, node: Expression & { readonly argument: Expression }): Condition {
  const { argument } = node
  // Minifiers write true as !0 and false as !1.
  if (argument.type === 'Literal' && (argument.value === 0 || argument.value === 1)) {
    const isTrue = argument.value === 0
    const test = front.constant(node, isTrue, of(BOOLEAN))
    return { test, yes: isTrue ? front.facts : undefined, no: isTrue ? undefined : front.facts }
  }
  const inner = condition(front, node.argument)
  const isKnown = inner.test.kind === 'const' && typeof inner.test.value === 'boolean'
  const test = isKnown
    ? front.constant(node, !inner.test.value, of(BOOLEAN))
    : front.make(node, of(BOOLEAN), { kind: 'not', value: inner.test })
  return { test, yes: inner.no, no: inner.yes }
}

/** `x !== null && x !== void 0` and its opposite: what `?.` and `??` are compiled to for old targets. */
function wholeNullTest(front: Front, node: LogicalExpression, isAnd: boolean): Condition | undefined {
  const operator = isAnd ? '!==' : '==='
  const { left, right } = node
  if (left.type !== 'BinaryExpression' || right.type !== 'BinaryExpression') return undefined
  if (left.operator !== operator || right.operator !== operator) return undefined
  const [first, second] = [nullTest(left), nullTest(right)]
  if (first === undefined || second === undefined || first.bits + second.bits !== NULLISH) return undefined
  const reference = referenceOf(front, first.value)
  if (reference === undefined || reference !== referenceOf(front, second.value)) return undefined
  const value = front.lower.expression(front, first.value)
  const isNull = front.make(node, of(BOOLEAN), { kind: 'isNull', value })
  const [nothing, something] = [knowing(front.facts, reference, NULLISH), knowing(front.facts, reference, ~NULLISH)]
  if (!isAnd) return { test: isNull, yes: nothing, no: something }
  return { test: front.make(node, of(BOOLEAN), { kind: 'not', value: isNull }), yes: something, no: nothing }
}

function mustBeBoolean(front: Front, node: AnyNode, test: Expr): void {
  const type = front.typeOf(test)
  if (type.bits & FAILED || (type.bits & ~BOOLEAN) === 0) return
  front.report(node, 'not-boolean', `a boolean is needed, this is ${worded(type)}`, comparisonFor(type))
}

function comparisonFor(type: Type): string {
  if (type.bits & NULLISH) return 'compare: !== null'
  return type.bits & NUMBER
    ? 'compare: > 0 or !== 0'
    : type.bits & TEXT
      ? "compare: !== ''"
      : 'compare it with something'
}

/** What a comparison says about the reference in it. */
function split(front: Front, node: Expression): { readonly yes: Facts | undefined; readonly no: Facts | undefined } {
  const facts = front.facts
  const plain = { yes: facts, no: facts }
  if (node.type === 'CallExpression') return { ...plain, yes: knowing(facts, arrayTested(front, node), ARRAY) }
  if (node.type !== 'BinaryExpression') return plain
  const isEqual = node.operator === '===' || node.operator === '=='
  if (!isEqual && node.operator !== '!==' && node.operator !== '!=') return plain
  const tested = nullTest(node) ?? typeTest(node)
  if (tested === undefined) return plain
  const reference = referenceOf(front, tested.value)
  const [inside, outside] = [knowing(facts, reference, tested.bits), knowing(facts, reference, ~tested.bits)]
  return isEqual ? { yes: inside, no: outside } : { yes: outside, no: inside }
}

interface Tested {
  readonly value: Expression
  readonly bits: number
}

/** The value that a comparison with null or undefined looks at, and the kinds that it stands for. */
export function nullTest(node: BinaryExpression): Tested | undefined {
  const isLoose = node.operator === '==' || node.operator === '!='
  for (const [side, other] of [
    [node.right, node.left],
    [node.left, node.right],
  ] as const) {
    const bits = nullBits(side)
    if (bits !== undefined && other.type !== 'PrivateIdentifier')
      return { value: other, bits: isLoose ? NULLISH : bits }
  }
  return undefined
}

/** Which null a node spells: `null`, `undefined` or `void 0`. */
export function nullBits(node: AnyNode): number | undefined {
  if (node.type === 'Literal' && node.value === null && node.raw === 'null') return NULL
  if (node.type === 'Identifier' && node.name === 'undefined') return UNDEFINED
  return node.type === 'UnaryExpression' && node.operator === 'void' && node.argument.type === 'Literal'
    ? UNDEFINED
    : undefined
}

const TYPEOF: Readonly<Record<string, number>> = { string: TEXT, number: NUMBER, boolean: BOOLEAN }

/** `typeof x === 'string'`. */
function typeTest(node: BinaryExpression): Tested | undefined {
  for (const [side, other] of [
    [node.left, node.right],
    [node.right, node.left],
  ] as const) {
    if (side.type !== 'UnaryExpression' || side.operator !== 'typeof') continue
    const bits = other.type === 'Literal' && typeof other.value === 'string' ? TYPEOF[other.value] : undefined
    if (bits !== undefined) return { value: side.argument, bits }
  }
  return undefined
}

/** The name of a value's type: only where it is compared with one. */
function typeName(front: Front, node: Expression): Expr | undefined {
  if (node.type !== 'UnaryExpression' || node.operator !== 'typeof') return undefined
  const value = front.lower.expression(front, node.argument)
  return front.make(node, of(ASCII), { kind: 'intrinsic', op: 'typeof', args: [{ spread: false, value }] })
}

function arrayTested(front: Front, node: Expression): string | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined
  const [argument] = node.arguments
  const isTest = globalName(front, node.callee.object) === 'Array' && argument !== undefined
  return isTest ? referenceOf(front, argument) : undefined
}

/** Lowers `===`, `!==` and the comparisons with null. */
export function equality(front: Front, node: BinaryExpression): Expr {
  const tested = nullTest(node)
  const isNegated = node.operator === '!==' || node.operator === '!='
  if (tested !== undefined) return nullComparison(front, node, tested, isNegated)
  if (node.operator === '==' || node.operator === '!=') {
    return front.fail(node, 'loose-equality', `${node.operator} converts its operands`, `use ${node.operator}=`)
  }
  if (node.left.type === 'PrivateIdentifier') return front.fail(node, 'unsupported-syntax', 'a private name')
  const isTypeTest = typeTest(node) !== undefined
  const lowered = (side: Expression) => (isTypeTest && typeName(front, side)) || front.lower.expression(front, side)
  const [left, right] = [lowered(node.left), lowered(node.right)]
  for (const [side, expr] of [
    [node.left, left],
    [node.right, right],
  ] as const) {
    const { bits } = front.typeOf(expr)
    if (!(bits & FAILED) && bits & ~(PRIMITIVE | NULLISH)) {
      const hint = bits & (ARRAY | OBJECT | OPAQUE) ? 'compare what is in it, or env.toJson of both' : 'compare names'
      front.report(side, 'wrong-type', `=== compares scalars, this is ${worded(front.typeOf(expr))}`, hint)
    }
  }
  const [a, b] = [front.typeOf(left).bits & NULLISH, front.typeOf(right).bits & NULLISH]
  if (a !== 0 && b !== 0 && (a !== b || a === NULLISH)) {
    front.report(
      node,
      'null-kind',
      'null and undefined are one value in a store, and two in JavaScript',
      'compare with null first',
    )
  }
  return front.make(node, of(BOOLEAN), { kind: 'binary', op: isNegated ? 'ne' : 'eq', left, right })
}

function nullComparison(front: Front, node: BinaryExpression, tested: Tested, isNegated: boolean): Expr {
  const value = front.lower.expression(front, tested.value)
  const { bits } = front.typeOf(value)
  if (!(bits & FAILED) && bits & NULLISH & ~tested.bits) {
    const other = tested.bits === NULL ? 'undefined' : 'null'
    const message = `this may be ${other}, which the comparison leaves out in JavaScript only`
    front.report(node, 'null-kind', message, `use ${isNegated ? '!=' : '=='} null, or compare with ${other}`)
  }
  const test = front.make(node, of(BOOLEAN), { kind: 'isNull', value })
  return isNegated ? front.make(node, of(BOOLEAN), { kind: 'not', value: test }) : test
}
