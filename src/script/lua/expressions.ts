/**
 * Expressions in Lua.
 *
 * The one idea: printing gives a Lua expression and may emit lines before it; operands are printed in order, and those that a
 * later one's lines could disturb are put into temporaries first.
 */
import type { BinaryOp, Expr, FunctionNode, Stmt, Target } from '../ir.ts'
import { intrinsic } from './intrinsics.ts'
import { environment, method } from './methods.ts'
import { disturbs, isTruthy, mayBeFalse, mayBeNull, needsLines } from './order.ts'
import type { Output } from './output.ts'
import { isLuaName, luaNumber, luaString } from './text.ts'

/** The printer's parts, which call each other across files. */
export interface Printer {
  readonly out: Output
  expression(expr: Expr): string
  /** Prints operands in order, so that each still holds what it held when all are used. */
  operands(exprs: readonly Expr[]): string[]
  /** A number as text, text as it is. */
  scalar(expr: Expr, code: string): string
  statements(body: readonly Stmt[], isLast: boolean): void
}

/** Deeper nesting than this is beyond what Lua's parser is sure to take. */
const DEEPEST = 120

/** Prints an expression whose value is used. */
export function expression(printer: Printer, expr: Expr): string {
  const { out } = printer
  out.depth++
  if (out.depth > DEEPEST) out.tooLarge('an expression is nested too deeply')
  const code = printed(printer, expr)
  out.depth--
  return code
}

function printed(printer: Printer, expr: Expr): string {
  const { out } = printer
  switch (expr.kind) {
    case 'const':
      return constant(expr.value)
    case 'local':
      return out.use(expr.id)
    case 'arg':
      return out.use(`arg ${expr.name}`)
    case 'key':
      return out.use(`key ${expr.name}`)
    case 'keyName':
      return expression(printer, expr.of)
    case 'child':
      return childName(printer, expr)
    case 'array':
      return arrayLiteral(printer, expr)
    case 'object':
      return objectLiteral(printer, expr)
    case 'element':
      return element(printer, expr)
    case 'property':
      return property(printer, expr)
    case 'not':
      return expr.value.kind === 'isNull'
        ? `(${expression(printer, expr.value.value)} ~= nil)`
        : `(not ${expression(printer, expr.value)})`
    case 'negate':
      return `(-${expression(printer, expr.value)})`
    case 'isNull':
      return `(${expression(printer, expr.value)} == nil)`
    case 'binary':
      return binary(printer, expr.op, printer.operands([expr.left, expr.right]))
    case 'concat':
      return concat(printer, expr.parts)
    case 'and':
    case 'or':
    case 'nullish':
    case 'conditional':
      return choice(printer, expr)
    case 'let':
      out.emit(`local ${out.declare(out.name(expr.id, 'link'))} = ${expression(printer, expr.value)}`)
      return expression(printer, expr.body)
    case 'sequence':
      return expr.items.reduce((code, item, i) => {
        if (i < expr.items.length - 1) return effect(printer, item) ?? code
        return expression(printer, item)
      }, 'nil')
    case 'assign':
      return assign(printer, expr.target, expr.value, true)
    case 'update':
      return update(printer, expr, true)
    case 'method':
      return method(printer, expr, true)
    case 'env':
      return environment(printer, expr, true)
    case 'intrinsic':
      return intrinsic(printer, expr)
    case 'each':
      return each(printer, expr.op, expr.array, expr.fn)
    case 'call':
      return `${out.use(expr.id)}(${printer.operands(expr.args).join(', ')})`
  }
}

/** Prints an expression for its effect only. */
export function effect(printer: Printer, expr: Expr): undefined {
  const { out } = printer
  switch (expr.kind) {
    case 'assign':
      assign(printer, expr.target, expr.value, false)
      return
    case 'update':
      update(printer, expr, false)
      return
    case 'method':
      method(printer, expr, false)
      return
    case 'env':
      environment(printer, expr, false)
      return
    case 'sequence':
      for (const item of expr.items) effect(printer, item)
      return
    case 'conditional':
      out.emit(`if ${expression(printer, expr.test)} then`)
      out.block(() => effect(printer, expr.yes))
      out.emit('else')
      out.block(() => effect(printer, expr.no))
      out.emit('end')
      return
    case 'let':
      out.emit(`local ${out.declare(out.name(expr.id, 'link'))} = ${expression(printer, expr.value)}`)
      effect(printer, expr.body)
      return
    case 'const':
    case 'local':
      return
    default: {
      const code = expression(printer, expr)
      // Only a call can stand alone in Lua.
      const isCall = /^[\w.]+\(.*\)$/.test(code) && ['call', 'intrinsic', 'each'].includes(expr.kind)
      out.emit(isCall ? code : `do local _ = ${code} end`)
    }
  }
}

function constant(value: null | boolean | number | string): string {
  if (value === null) return 'nil'
  if (typeof value === 'string') return luaString(value)
  return typeof value === 'number' ? luaNumber(value) : String(value)
}

/** Whether an operand's Lua expression means the same later. */
export function isStable(printer: Printer, expr: Expr): boolean {
  if (expr.kind === 'const' || expr.kind === 'arg' || expr.kind === 'key') return true
  if (expr.kind === 'keyName') return isStable(printer, expr.of)
  return expr.kind === 'local' && printer.out.ir.locals[expr.id]?.isReassigned === false
}

/** Prints operands in order. */
export function operands(printer: Printer, exprs: readonly Expr[]): string[] {
  const last = exprs.findLastIndex(disturbs)
  return exprs.map((expr, i) => {
    const code = expression(printer, expr)
    return i < last && !isStable(printer, expr) ? printer.out.temp(code) : code
  })
}

/** A scalar as a command or a text takes it. */
export function scalar(printer: Printer, expr: Expr, code: string): string {
  if (expr.kind === 'const' && typeof expr.value === 'number') return luaString(String(expr.value))
  const kinds = expr.type.kind === 'union' ? expr.type.of.map(({ kind }) => kind) : [expr.type.kind]
  if (kinds.every((kind) => kind === 'number')) return `${printer.out.piece('num')}(${code})`
  return kinds.every((kind) => kind === 'text' || kind === 'ascii') ? code : `${printer.out.piece('str')}(${code})`
}

const OPERATORS: Readonly<Record<Exclude<BinaryOp, 'mod'>, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  eq: '==',
  ne: '~=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
}

/** Two operands joined by an operator. Sums of sums stand without parentheses, so that long ones are not deep. */
export function binary(
  printer: Printer,
  op: BinaryOp | 'concat',
  [left = 'nil', right = 'nil']: readonly string[],
): string {
  void printer
  if (op === 'mod') return `math.fmod(${left}, ${right})`
  return op === 'concat' ? `(${left} .. ${right})` : `(${left} ${OPERATORS[op]} ${right})`
}

function concat(printer: Printer, parts: readonly Expr[]): string {
  const codes = printer.operands(parts).map((code, i) => {
    const part = parts[i]
    return part === undefined ? code : scalar(printer, part, code)
  })
  if (codes.length === 0) return '""'
  if (codes.length === 1) return codes[0] ?? '""'
  return codes.length > DEEPEST ? `table.concat({${codes.join(', ')}})` : `(${codes.join(' .. ')})`
}

function childName(printer: Printer, expr: Extract<Expr, { kind: 'child' }>): string {
  const [of = 'nil', ...parts] = printer.operands([expr.of, ...expr.parts])
  const named = parts.map((code, i) => {
    const part = expr.parts[i]
    return ` .. ":" .. ${part === undefined ? code : scalar(printer, part, code)}`
  })
  return named.length === 0 ? of : `(${of}${named.join('')})`
}

function arrayLiteral(printer: Printer, { items }: Extract<Expr, { kind: 'array' }>): string {
  const { out } = printer
  if (!items.some(({ spread }) => spread)) {
    const codes = printer.operands(items.map(({ value }) => value))
    // A call at the end of a constructor would give all its results.
    const last = items.at(-1)?.value.kind === 'call' ? `(${codes.pop()})` : codes.pop()
    return `{[0] = ${items.length}${[...codes, ...(last === undefined ? [] : [last])].map((code) => `, ${code}`).join('')}}`
  }
  const list = out.temp('{[0] = 0}')
  for (const { spread, value } of items) {
    out.emit(`${out.piece(spread ? 'append' : 'push')}(${list}, ${expression(printer, value)})`)
  }
  return list
}

/** What an object holds for a value: NULL for null. */
function held(printer: Printer, expr: Expr, code: string): string {
  if (expr.kind === 'const') return expr.value === null ? printer.out.piece('NULL') : code
  return mayBeNull(expr.type) ? `${printer.out.piece('opt')}(${code})` : code
}

function objectLiteral(printer: Printer, { entries }: Extract<Expr, { kind: 'object' }>): string {
  const { out } = printer
  if (entries.every(({ name }) => name?.kind === 'const')) {
    const codes = printer.operands(entries.map(({ value }) => value))
    const fields = entries.map(({ name, value }, i) => {
      const text = name?.kind === 'const' ? String(name.value) : ''
      return `${isLuaName(text) ? text : `[${luaString(text)}]`} = ${held(printer, value, codes[i] ?? 'nil')}`
    })
    return `{${fields.join(', ')}}`
  }
  const object = out.temp('{}')
  for (const { name, value } of entries) {
    if (name === undefined) {
      out.emit(`${out.piece('spread')}(${object}, ${expression(printer, value)})`)
      continue
    }
    const [key = 'nil', code = 'nil'] = printer.operands([name, value])
    out.emit(`${object}[${key}] = ${held(printer, value, code)}`)
  }
  return object
}

/** An expression that can be indexed: Lua wants parentheses around what is no name. */
function prefix(code: string): string {
  return /^[\w.]+$/.test(code) || code.startsWith('(') ? code : `(${code})`
}

function element(printer: Printer, expr: Extract<Expr, { kind: 'element' }>): string {
  const [list = 'nil', index = 'nil'] = printer.operands([expr.object, expr.index])
  return elementAt(printer, expr.index, list, index)
}

function elementAt(printer: Printer, expr: Expr, list: string, index: string): string {
  const known = expr.kind === 'const' && typeof expr.value === 'number' ? expr.value : undefined
  if (known !== undefined && Number.isInteger(known) && known >= 0) return `${prefix(list)}[${known + 1}]`
  return `${printer.out.piece('elem')}(${list}, ${index})`
}

function property(printer: Printer, expr: Extract<Expr, { kind: 'property' }>): string {
  const [object = 'nil', name = 'nil'] = printer.operands([expr.object, expr.name])
  return mayBeNull(expr.type) ? `${printer.out.piece('get')}(${object}, ${name})` : fieldOf(object, expr.name, name)
}

function fieldOf(object: string, expr: Expr, name: string): string {
  const isName = expr.kind === 'const' && typeof expr.value === 'string' && isLuaName(expr.value)
  return isName ? `${prefix(object)}.${expr.value}` : `${prefix(object)}[${name}]`
}

/** and, or, ??, and the conditional: Lua's own where they mean the same, else lines into a temporary. */
function choice(printer: Printer, expr: Extract<Expr, { kind: 'and' | 'or' | 'nullish' | 'conditional' }>): string {
  if (expr.kind === 'conditional') {
    const isPlain = isTruthy(expr.yes.type) && !needsLines(expr.yes) && !needsLines(expr.no)
    if (!isPlain) return chosen(printer, expr)
    return `(${expression(printer, expr.test)} and ${expression(printer, expr.yes)} or ${expression(printer, expr.no)})`
  }
  const isPlain = !needsLines(expr.right) && (expr.kind !== 'nullish' || !mayBeFalse(expr.left.type))
  if (!isPlain) return chosen(printer, expr)
  const word = expr.kind === 'and' ? 'and' : 'or'
  return `(${expression(printer, expr.left)} ${word} ${expression(printer, expr.right)})`
}

function chosen(printer: Printer, expr: Expr): string {
  const name = printer.out.temp()
  into(printer, name, expr)
  return name
}

/** Prints lines that put a value into a local. */
export function into(printer: Printer, name: string, expr: Expr): void {
  const { out } = printer
  if (expr.kind === 'conditional') {
    out.emit(`if ${expression(printer, expr.test)} then`)
    out.block(() => into(printer, name, expr.yes))
    out.emit('else')
    out.block(() => into(printer, name, expr.no))
    out.emit('end')
  } else if (expr.kind === 'and' || expr.kind === 'or' || expr.kind === 'nullish') {
    into(printer, name, expr.left)
    out.emit(`if ${expr.kind === 'and' ? name : expr.kind === 'or' ? `not ${name}` : `${name} == nil`} then`)
    out.block(() => into(printer, name, expr.right))
    out.emit('end')
  } else {
    const code = expression(printer, expr)
    if (code !== name) out.emit(`${name} = ${code}`)
  }
}

/** Writes a value to a place; gives what was written. */
function assign(printer: Printer, target: Target, value: Expr, isUsed: boolean): string {
  const { out } = printer
  if (target.kind === 'local') {
    const name = out.use(target.id)
    // A choice into the variable itself could be read by its own branches.
    const code = expression(printer, value)
    out.emit(`${name} = ${code}`)
    return name
  }
  const parts = target.kind === 'element' ? [target.object, target.index] : [target.object, target.name]
  const [object = 'nil', place = 'nil', code = 'nil'] = printer.operands([...parts, value])
  const written = isUsed && value.kind !== 'const' ? out.temp(code) : code
  write(printer, target, object, place, value, written)
  return written
}

function write(
  printer: Printer,
  target: Exclude<Target, { kind: 'local' }>,
  object: string,
  place: string,
  value: Expr,
  code: string,
): void {
  const { out } = printer
  if (target.kind === 'element') out.emit(`${out.piece('setElem')}(${object}, ${place}, ${code})`)
  else out.emit(`${fieldOf(object, target.name, place)} = ${held(printer, value, code)}`)
}

function update(printer: Printer, expr: Extract<Expr, { kind: 'update' }>, isUsed: boolean): string {
  const { out } = printer
  const { target, op, by, gives } = expr
  const amount = (code: string) => (op === 'concat' ? scalar(printer, by, code) : code)
  if (target.kind === 'local') {
    const name = out.use(target.id)
    // x += f() reads x first.
    const old = (isUsed && gives === 'old') || disturbs(by) ? out.temp(name) : name
    out.emit(`${name} = ${binary(printer, op, [old, amount(expression(printer, by))])}`)
    return gives === 'old' ? old : name
  }
  const parts = target.kind === 'element' ? [target.object, target.index] : [target.object, target.name]
  const [object = 'nil', place = 'nil'] = printer.operands(parts)
  const [owner, at] = [
    out.temp(object),
    target.kind === 'property' && target.name.kind === 'const' ? place : out.temp(place),
  ]
  const old = out.temp(
    target.kind === 'element' ? elementAt(printer, target.index, owner, at) : fieldOf(owner, target.name, at),
  )
  const fresh = out.temp(binary(printer, op, [old, amount(expression(printer, by))]))
  if (target.kind === 'element') out.emit(`${out.piece('setElem')}(${owner}, ${at}, ${fresh})`)
  else out.emit(`${fieldOf(owner, target.name, at)} = ${fresh}`)
  return gives === 'old' ? old : fresh
}

/** map, filter and their kin: the function as a local, then a call of the piece. */
function each(printer: Printer, op: string, array: Expr, fn: FunctionNode): string {
  const { out } = printer
  const list = expression(printer, array)
  const stable = isStable(printer, array) ? list : out.temp(list)
  const name = out.declare(out.name(undefined, 'f'))
  functionLines(printer, name, fn)
  return `${out.piece(op)}(${stable}, ${name})`
}

/** A local function of its own lines. */
export function functionLines(printer: Printer, name: string, fn: FunctionNode): void {
  const { out } = printer
  const params = fn.params.map((id) => out.name(id, out.ir.locals[id]?.name ?? 'p'))
  out.emit(`local function ${name}(${params.join(', ')})`)
  out.functionBody(params, () => printer.statements(fn.body, true))
  out.emit('end')
}
