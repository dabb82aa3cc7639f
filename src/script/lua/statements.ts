/**
 * Statements in Lua.
 *
 * The one idea: Lua 5.1 has no continue and lets break and return stand last in a block only: they stand in blocks of their own,
 * and a body with continue stands in `repeat … until true`.
 */
import type { Expr, Stmt } from '../ir.ts'
import { effect, functionLines, into, isStable, type Printer } from './expressions.ts'
import { changesArrays, jumpsOf, needsLines } from './order.ts'

/** Prints the statements of a body; `isLast` says that nothing follows in the Lua block. */
export function statements(printer: Printer, body: readonly Stmt[], isLast: boolean): void {
  for (const [i, each] of body.entries()) {
    printer.out.at = each.at.line
    statement(printer, each, isLast && i === body.length - 1)
  }
}

function statement(printer: Printer, node: Stmt, isLast: boolean): void {
  const { out } = printer
  switch (node.kind) {
    case 'declare':
      declare(printer, node)
      break
    case 'function': {
      const name = out.declare(out.name(node.id, out.ir.locals[node.id]?.name ?? 'f'))
      functionLines(printer, name, node.fn)
      break
    }
    case 'expression':
      out.scope(() => effect(printer, node.value))
      break
    case 'block':
      inBlock(printer, 'do', () => statements(printer, node.body, true))
      break
    case 'if':
      out.scope(() => branch(printer, node, 'if'))
      break
    case 'loop':
      out.scope(() => loop(printer, node))
      break
    case 'forOf':
      out.scope(() => forOf(printer, node))
      break
    case 'break':
      jump(printer, true, isLast)
      break
    case 'continue':
      jump(printer, false, isLast)
      break
    case 'return':
      returned(printer, node.value, isLast)
      break
  }
}

function inBlock(printer: Printer, head: string, print: () => void): void {
  printer.out.emit(head)
  printer.out.block(print)
  printer.out.emit('end')
}

function declare(printer: Printer, node: Extract<Stmt, { kind: 'declare' }>): void {
  const { out } = printer
  const wanted = out.ir.locals[node.id]?.name ?? 'v'
  const { value } = node
  if (value === undefined || (value.kind === 'const' && value.value === null)) {
    out.emit(`local ${out.declare(out.name(node.id, wanted))}`)
    return
  }
  if (!needsLines(value)) {
    // The name is taken after its value is printed: the value may use another local of that name.
    const code = printer.expression(value)
    out.emit(`local ${out.declare(out.name(node.id, wanted))} = ${code}`)
    return
  }
  const name = out.declare(out.name(node.id, wanted))
  out.emit(`local ${name}`)
  inBlock(printer, 'do', () => into(printer, name, value))
}

function branch(printer: Printer, node: Extract<Stmt, { kind: 'if' }>, word: 'if' | 'elseif'): void {
  const { out } = printer
  out.emit(`${word} ${printer.expression(node.test)} then`)
  out.block(() => statements(printer, node.yes, true))
  const [only] = node.no
  if (node.no.length === 1 && only?.kind === 'if' && !needsLines(only.test)) {
    out.at = only.at.line
    branch(printer, only, 'elseif')
    return
  }
  if (node.no.length > 0) {
    out.emit('else')
    out.block(() => statements(printer, node.no, true))
  }
  out.emit('end')
}

/** The body of a loop; `isLast` says that nothing follows it in its Lua block. */
function loopBody(printer: Printer, body: readonly Stmt[], isLast: boolean): void {
  const { out } = printer
  const jumps = jumpsOf(body)
  const flag = jumps.continues && jumps.breaks ? out.declare(out.name(undefined, 'left')) : undefined
  if (flag !== undefined) out.emit(`local ${flag} = false`)
  out.loops.push({ isWrapped: jumps.continues, flag })
  if (jumps.continues) {
    out.emit('repeat')
    out.block(() => statements(printer, body, true))
    out.emit('until true')
  } else statements(printer, body, isLast)
  out.loops.pop()
  if (flag !== undefined) out.emit(`if ${flag} then break end`)
}

function loop(printer: Printer, node: Extract<Stmt, { kind: 'loop' }>): void {
  const { out } = printer
  const { test, update } = node
  const at = out.at
  const round = (isLast: boolean) => {
    loopBody(printer, node.body, isLast && update === undefined)
    out.at = at
    if (update !== undefined) out.scope(() => effect(printer, update))
  }
  if (node.testFirst && (test === undefined || !needsLines(test))) {
    inBlock(printer, `while ${test === undefined ? 'true' : printer.expression(test)} do`, () => round(true))
    return
  }
  inBlock(printer, 'while true do', () => {
    if (node.testFirst && test !== undefined) out.emit(`if not ${printer.expression(test)} then break end`)
    round(node.testFirst)
    if (!node.testFirst && test !== undefined) out.emit(`if not ${printer.expression(test)} then break end`)
  })
}

function forOf(printer: Printer, node: Extract<Stmt, { kind: 'forOf' }>): void {
  const { out } = printer
  const array = printer.expression(node.array)
  const list = isStable(printer, node.array) ? array : out.temp(array)
  const place = out.name(undefined, 'i')
  const body = () => {
    out.emit(`local ${out.declare(out.name(node.id, 'item'))} = ${list}[${place}]`)
    if (node.index !== undefined) out.emit(`local ${out.declare(out.name(node.index, 'index'))} = ${place} - 1`)
    loopBody(printer, node.body, true)
  }
  if (!changesArrays(node.body)) {
    out.declare(place)
    inBlock(printer, `for ${place} = 1, ${list}[0] do`, body)
    return
  }
  out.emit(`local ${out.declare(place)} = 0`)
  inBlock(printer, `while ${place} < ${list}[0] do`, () => {
    out.emit(`${place} = ${place} + 1`)
    body()
  })
}

function jump(printer: Printer, isBreak: boolean, isLast: boolean): void {
  const { out } = printer
  const current = out.loops.at(-1)
  if (isBreak && current?.flag !== undefined) out.emit(`${current.flag} = true`)
  out.emit(isLast ? 'break' : 'do break end')
}

function returned(printer: Printer, value: Expr | undefined, isLast: boolean): void {
  const { out } = printer
  const isNothing = value === undefined || value.type.kind === 'null' || value.type.kind === 'never'
  const isMain = out.isMain
  const print = (last: boolean) => {
    const code = value === undefined ? 'nil' : returnCode(printer, value)
    const text = isMain ? (isNothing ? 'return' : `return (${out.piece('json')}(${code}))`) : `return ${code}`
    out.emit(last ? text : `do ${text} end`)
  }
  if (isMain && isNothing && value !== undefined) {
    closed(printer, !isLast, () => {
      if (value.kind !== 'const' && value.kind !== 'local') effect(printer, value)
      out.emit('return')
    })
    return
  }
  if (value !== undefined && needsLines(value)) closed(printer, !isLast, () => print(true))
  else print(isLast)
}

/** A block of its own where something follows: return stands last in its block. */
function closed(printer: Printer, isNeeded: boolean, print: () => void): void {
  if (isNeeded) inBlock(printer, 'do', print)
  else print()
}

/** A call in parentheses is no tail call, which would lose the line in errors. */
function returnCode(printer: Printer, value: Expr): string {
  const code = printer.expression(value)
  return /^[\w.]+\(/.test(code) ? `(${code})` : code
}
