/**
 * What an expression needs in Lua: lines before it, or an order that Lua would not keep.
 *
 * The one idea: Lua has no assignments, conditions or blocks inside expressions. Whatever contains one is printed as lines; then
 * everything evaluated before it must stand in temporaries already.
 */
import type { Expr, Stmt, ValueType } from '../ir.ts'
import { METHODS } from '../methods.ts'

/** As many values are written out in a call: Lua has 250 registers for all of a function. */
export const WRITTEN = 50

/** The expressions directly inside, in order of evaluation. Bodies of functions are not inside. */
export function inside(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'child':
      return [expr.of, ...expr.parts]
    case 'keyName':
      return [expr.of]
    case 'array':
    case 'intrinsic':
    case 'env':
      return (expr.kind === 'array' ? expr.items : expr.args).map(({ value }) => value)
    case 'object':
      return expr.entries.flatMap(({ name, value }) => (name === undefined ? [value] : [name, value]))
    case 'element':
      return [expr.object, expr.index]
    case 'property':
      return [expr.object, expr.name]
    case 'not':
    case 'negate':
    case 'isNull':
      return [expr.value]
    case 'binary':
    case 'and':
    case 'or':
    case 'nullish':
      return [expr.left, expr.right]
    case 'conditional':
      return [expr.test, expr.yes, expr.no]
    case 'concat':
      return expr.parts
    case 'method':
      return [expr.key, ...expr.args.map(({ value }) => value), ...Object.values(expr.options)]
    case 'call':
      return expr.args
    case 'let':
      return [expr.value, expr.body]
    case 'sequence':
      return expr.items
    case 'each':
      return [expr.array]
    default:
      return []
  }
}

/** Whether the type has no value that Lua takes for false. */
export function isTruthy(type: ValueType): boolean {
  if (type.kind === 'union') return type.of.every(isTruthy)
  return !['null', 'boolean', 'opaque', 'never', 'cyclic'].includes(type.kind)
}

/** Whether the type has the value false. */
export function mayBeFalse(type: ValueType): boolean {
  if (type.kind === 'union') return type.of.some(mayBeFalse)
  return ['boolean', 'opaque', 'never', 'cyclic'].includes(type.kind)
}

/** Whether the type has the value null. */
export function mayBeNull(type: ValueType): boolean {
  if (type.kind === 'union') return type.of.some(mayBeNull)
  return ['null', 'opaque', 'never', 'cyclic'].includes(type.kind)
}

const known = new WeakMap<Expr, boolean>()

/** Whether an expression is printed as lines before it. */
export function needsLines(expr: Expr): boolean {
  const answer = known.get(expr)
  if (answer !== undefined) return answer
  const parts = inside(expr)
  // What stands before a part that disturbs it is named first.
  const found = isLines(expr) || parts.some(needsLines) || parts.slice(1).some(disturbs)
  known.set(expr, found)
  return found
}

/** Operations that name an operand. */
const NAMING: ReadonlySet<string> = new Set([
  'array.concat',
  'array.unshift',
  'text.padStart',
  'text.padEnd',
  'number.isFinite',
  'number.isNaN',
  'number.isSafeInteger',
])

function isLines(expr: Expr): boolean {
  switch (expr.kind) {
    case 'assign':
    case 'update':
    case 'let':
    case 'sequence':
    case 'each':
      return true
    case 'conditional':
      return !isTruthy(expr.yes.type)
    case 'nullish':
      return mayBeFalse(expr.left.type)
    case 'array':
      return expr.items.some(({ spread }) => spread)
    case 'object':
      return expr.entries.some(({ name }) => name?.kind !== 'const')
    case 'env':
      return (
        expr.name === 'fail' ||
        expr.name === 'log' ||
        expr.args.length > WRITTEN ||
        expr.args.some(({ spread }) => spread)
      )
    case 'method':
      return METHODS[expr.keyKind][expr.method]?.reply === 'nothing' || takesList(expr)
    case 'intrinsic':
      return (
        expr.args.some(({ spread }) => spread) ||
        NAMING.has(expr.op) ||
        (expr.op === 'array.push' && expr.args.length !== 2)
      )
    default:
      return false
  }
}

/** Whether a method's values come as a list, which is named. */
function takesList({ keyKind, method, args }: Extract<Expr, { kind: 'method' }>): boolean {
  const row = METHODS[keyKind][method]
  const isOfPairs = row?.params.some(({ kind }) => kind === 'pairs') === true
  return row?.reply === 'named' || isOfPairs || args.length > WRITTEN || args.some(({ spread }) => spread)
}

/** Whether evaluating an expression can change what a name held before. */
export function disturbs(expr: Expr): boolean {
  return needsLines(expr) || expr.kind === 'call' || inside(expr).some(disturbs)
}

/** Whether a loop's body can change the length of an array, or calls what may. */
export function changesArrays(body: readonly Stmt[]): boolean {
  const changing = ['array.push', 'array.unshift', 'array.pop', 'array.shift']
  const inExpr = (expr: Expr): boolean => {
    if (expr.kind === 'call') return true
    if (expr.kind === 'intrinsic' && changing.includes(expr.op)) return true
    if (expr.kind === 'assign' || expr.kind === 'update') {
      return (
        expr.target.kind === 'element' ||
        inExpr(expr.kind === 'assign' ? expr.value : expr.by) ||
        targetParts(expr).some(inExpr)
      )
    }
    if (expr.kind === 'each' && inBody(expr.fn.body)) return true
    return inside(expr).some(inExpr)
  }
  const inBody = (statements: readonly Stmt[]): boolean =>
    statements.some((statement) => expressionsOf(statement).some(inExpr) || bodiesOf(statement).some(inBody))
  return inBody(body)
}

/** The expressions that a written place is made of. */
export function targetParts(expr: Extract<Expr, { kind: 'assign' | 'update' }>): readonly Expr[] {
  const { target } = expr
  if (target.kind === 'local') return []
  return target.kind === 'element' ? [target.object, target.index] : [target.object, target.name]
}

/** The expressions directly in a statement. */
function expressionsOf(statement: Stmt): readonly Expr[] {
  switch (statement.kind) {
    case 'declare':
    case 'return':
      return statement.value === undefined ? [] : [statement.value]
    case 'expression':
      return [statement.value]
    case 'if':
      return [statement.test]
    case 'loop':
      return [statement.test, statement.update].filter((expr) => expr !== undefined)
    case 'forOf':
      return [statement.array]
    default:
      return []
  }
}

/** The bodies in a statement. */
function bodiesOf(statement: Stmt): readonly (readonly Stmt[])[] {
  switch (statement.kind) {
    case 'block':
    case 'loop':
    case 'forOf':
      return [statement.body]
    case 'if':
      return [statement.yes, statement.no]
    case 'function':
      return [statement.fn.body]
    default:
      return []
  }
}

/** Which jumps of a loop's body lead to that loop. */
export function jumpsOf(body: readonly Stmt[]): { readonly breaks: boolean; readonly continues: boolean } {
  const found = { breaks: false, continues: false }
  const look = (statements: readonly Stmt[]): void => {
    for (const statement of statements) {
      if (statement.kind === 'break') found.breaks = true
      if (statement.kind === 'continue') found.continues = true
      if (statement.kind === 'if') {
        look(statement.yes)
        look(statement.no)
      }
      if (statement.kind === 'block') look(statement.body)
    }
  }
  look(body)
  return found
}
