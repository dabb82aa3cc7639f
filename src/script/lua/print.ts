/**
 * From the tree to Lua 5.1 for a server's EVAL.
 *
 * The one idea: JavaScript's meaning is the law; where Lua differs, the prelude brings a function that does not. The text holds
 * nothing of a call: keys and arguments come in KEYS and ARGV, so one script is one entry of the server's cache.
 */
import { assert } from '../../base/assert.ts'
import { isPlainOnWire } from '../boundary.ts'
import type { ScriptIR } from '../ir.ts'
import { expression, operands, type Printer, scalar } from './expressions.ts'
import { LIBRARY } from './library.ts'
import { needsLines } from './order.ts'
import { Output } from './output.ts'
import { PIECE_NAMES, preludeOf } from './prelude.ts'
import { statements } from './statements.ts'

/** Lua, and for each of its lines the line of the source that it came from: 0 for none. */
export interface PrintedLua {
  readonly lua: string
  readonly lines: readonly number[]
}

/** Prints a tree. Throws a ScriptDefinitionError when it exceeds what Lua takes. */
export function printLua(ir: ScriptIR): PrintedLua {
  const out = new Output(ir, [...PIECE_NAMES, ...Object.keys(LIBRARY)])
  const printer: Printer = {
    out,
    expression: (expr) => {
      const before = out.lines.length
      const code = expression(printer, expr)
      assert(needsLines(expr) || out.lines.length === before, 'lines came where none were announced')
      return code
    },
    operands: (exprs) => operands(printer, exprs),
    scalar: (expr, code) => scalar(printer, expr, code),
    statements: (body, isLast) => statements(printer, body, isLast),
  }
  for (const [i, { name }] of ir.keys.entries()) {
    out.emit(`local ${out.declare(out.name(`key ${name}`, name))} = KEYS[${i + 1}]`)
  }
  for (const [i, { name, form }] of ir.args.entries()) {
    const word = `ARGV[${i + 1}]`
    const plain = form.kind === 'number' ? `tonumber(${word})` : word
    const code = isPlainOnWire(form) ? plain : `${out.piece('arg')}(cjson.decode(${word}))`
    out.emit(`local ${out.declare(out.name(`arg ${name}`, name))} = ${code}`)
  }
  statements(printer, ir.body, true)
  const prelude = preludeOf(out.pieces, LIBRARY)
  const head = [`-- ${ir.name}`, ...prelude]
  const lines = [...head.map(() => 0), ...out.lines.map(({ line }) => line)]
  return { lua: `${[...head, ...out.lines.map(({ text }) => text)].join('\n')}\n`, lines }
}
