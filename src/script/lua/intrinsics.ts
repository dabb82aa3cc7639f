/** The library's operations in Lua: Lua's own where they are the same, else pieces of the prelude. */
import type { Expr, Intrinsic } from '../ir.ts'
import type { Printer } from './expressions.ts'
import { list } from './methods.ts'

type IntrinsicExpr = Extract<Expr, { kind: 'intrinsic' }>

/** Operations that are one call of a piece, by its name. */
const PIECES: Partial<Readonly<Record<Intrinsic, string>>> = {
  'math.trunc': 'trunc',
  'math.round': 'round',
  'math.sign': 'sign',
  'number.toText': 'num',
  'number.isInteger': 'isInteger',
  'text.slice': 'textSlice',
  'text.substring': 'substring',
  'text.at': 'textAt',
  'text.charAt': 'charAt',
  'text.startsWith': 'startsWith',
  'text.endsWith': 'endsWith',
  'text.split': 'split',
  'text.trim': 'trim',
  'array.pop': 'pop',
  'array.shift': 'shift',
  'array.at': 'at',
  'array.slice': 'slice',
  'array.reverse': 'reverse',
  'array.includes': 'includes',
  'array.indexOf': 'indexOf',
  'object.keys': 'keys',
  'object.values': 'values',
  'object.entries': 'entries',
  'object.delete': 'remove',
  typeof: 'typeOf',
}

/** Operations that are an expression of Lua's, `$1`, `$2` being the operands. */
const INLINE: Partial<Readonly<Record<Intrinsic, string>>> = {
  'math.floor': 'math.floor($1)',
  'math.ceil': 'math.ceil($1)',
  'math.abs': 'math.abs($1)',
  'math.sqrt': 'math.sqrt($1)',
  'number.isFinite': '($1 - $1 == 0)',
  'number.isNaN': '($1 ~= $1)',
  'text.length': '#$1',
  'text.includes': '(string.find($1, $2, 1, true) ~= nil)',
  'text.toUpperCase': 'string.upper($1)',
  'text.toLowerCase': 'string.lower($1)',
  'array.length': '$1[0]',
  'object.has': '($1[$2] ~= nil)',
}

/** Prints an operation of the library. */
export function intrinsic(printer: Printer, expr: IntrinsicExpr): string {
  const { out } = printer
  const { op, args } = expr
  if (op === 'math.min' || op === 'math.max') return extreme(printer, expr)
  if (op === 'array.push' || op === 'array.unshift') return added(printer, expr)
  if (op === 'array.concat') {
    // All of them are there before the first is copied: one may change another.
    const codes = printer.operands(args.map(({ value }) => value))
    const arrays = codes.map((code, i) => (i < codes.length - 1 || isName(code) ? code : out.temp(code)))
    const all = out.temp('{[0] = 0}')
    for (const array of arrays) out.emit(`${out.piece('append')}(${all}, ${array})`)
    return all
  }
  const codes = printer.operands(args.map(({ value }) => value))
  const [a = 'nil', b = 'nil', c] = codes
  if (op === 'number.isSafeInteger') {
    const number = isName(a) ? a : out.temp(a)
    return `(${out.piece('isInteger')}(${number}) and math.abs(${number}) <= 9007199254740991)`
  }
  if (op === 'array.join') return `${out.piece('join')}(${a}, ${args.length > 1 ? b : '","'})`
  if (op === 'text.indexOf') return `${out.piece('textIndexOf')}(${a}, ${b}, ${c ?? '0'})`
  if (op === 'text.padStart' || op === 'text.padEnd') {
    const text = isName(a) ? a : out.temp(a)
    const pad = `${out.piece('pad')}(${text}, ${b}, ${c ?? '" "'})`
    return op === 'text.padStart' ? `(${pad} .. ${text})` : `(${text} .. ${pad})`
  }
  if (op === 'array.isArray') return `(type(${a}) == "table" and ${isName(a) ? a : `(${a})`}[0] ~= nil)`
  const inline = INLINE[op]
  if (inline !== undefined) return filled(printer, inline, codes)
  const piece = PIECES[op]
  if (piece === undefined) throw new TypeError(`no Lua for ${op}`)
  return `${out.piece(piece)}(${codes.join(', ')})`
}

function isName(code: string): boolean {
  return /^[A-Za-z_]\w*$/.test(code)
}

/** An operand that stands twice, or is indexed, is named first. */
function filled(printer: Printer, template: string, codes: readonly string[]): string {
  return codes.reduce((text, code, i) => {
    const mark = `$${i + 1}`
    const isTwice = text.split(mark).length > 2
    const isIndexed = text.includes(`${mark}[`)
    const needed =
      isTwice && !isName(code) ? printer.out.temp(code) : isIndexed && !/^[\w.]+$/.test(code) ? `(${code})` : code
    return text.replaceAll(mark, () => needed)
  }, template)
}

/** Without arguments an infinity; two numbers compare at once; NaN wins, as in JavaScript. */
function extreme(printer: Printer, { op, args }: IntrinsicExpr): string {
  const piece = printer.out.piece(op === 'math.min' ? 'least' : 'most')
  if (args.some(({ spread }) => spread)) return `${piece}(${list(printer, args)})`
  const codes = printer.operands(args.map(({ value }) => value))
  return `${piece}({[0] = ${codes.length}${codes.map((code) => `, ${code}`).join('')}})`
}

function added(printer: Printer, { op, args }: IntrinsicExpr): string {
  const { out } = printer
  const [array, ...items] = args
  if (array === undefined) return 'nil'
  const [only] = items
  if (op === 'array.push' && items.length === 1 && only !== undefined && !only.spread) {
    const [owner = 'nil', value = 'nil'] = printer.operands([array.value, only.value])
    return `${out.piece('push')}(${owner}, ${value})`
  }
  const owner = out.temp(printer.expression(array.value))
  const more = list(printer, items)
  // An array that is spread into itself is read before it grows.
  return `${out.piece(op === 'array.push' ? 'append' : 'prepend')}(${owner}, ${more})`
}
