/**
 * Methods of handles and of the environment in Lua: the words of a row, then what its reply becomes.
 *
 * The one idea: the table METHODS is the only source; this file knows the kinds of words and replies, and no method by name.
 */
import type { Expr, Item } from '../ir.ts'
import { METHODS, type Method, type ReplyRule } from '../methods.ts'
import type { ShapeForm } from '../shapes.ts'
import type { Printer } from './expressions.ts'
import { WRITTEN } from './order.ts'
import { luaString } from './text.ts'

type MethodExpr = Extract<Expr, { kind: 'method' }>
type EnvExpr = Extract<Expr, { kind: 'env' }>

/** Prints a method call; as a statement it gives nothing and converts nothing. */
export function method(printer: Printer, expr: MethodExpr, isUsed: boolean): string {
  const { out } = printer
  const row = METHODS[expr.keyKind][expr.method]
  if (row === undefined) throw new TypeError(`no method ${expr.method}`)
  if (row.many !== undefined && isList(row, expr)) return spread(printer, expr, row, isUsed)
  const call = `redis.call(${words(printer, expr, row).join(', ')})`
  if (!isUsed || row.reply === 'nothing') {
    out.emit(call)
    return 'nil'
  }
  return converted(printer, row.reply, call)
}

/** Whether the values come as a list whose length is not known here. */
function isList(row: Method, { args }: MethodExpr): boolean {
  if (row.reply === 'named' || args.length > WRITTEN || args.some((arg) => arg.spread)) return true
  const isPairs = row.params.some(({ kind }) => kind === 'pairs')
  return isPairs && writtenPairs(args[0]?.value) === undefined
}

/** The fields of an object literal whose names are all known: they need no table. An empty one is left to the list form. */
function writtenPairs(expr: Expr | undefined): readonly (readonly [string, Expr])[] | undefined {
  if (expr?.kind !== 'object' || expr.entries.length === 0 || expr.entries.length > WRITTEN) return undefined
  const fields = new Map<string, Expr>()
  for (const { name, value } of expr.entries) {
    if (name?.kind !== 'const' || fields.has(String(name.value))) return undefined
    fields.set(String(name.value), value)
  }
  return [...fields]
}

function words(printer: Printer, expr: MethodExpr, row: Method): string[] {
  const pairs = row.params.some(({ kind }) => kind === 'pairs') ? writtenPairs(expr.args[0]?.value) : undefined
  const values = pairs === undefined ? expr.args.map(({ value }) => value) : pairs.map(([, value]) => value)
  const options = Object.entries(expr.options)
  const [key = 'nil', ...codes] = printer.operands([expr.key, ...values, ...options.map(([, value]) => value)])
  const text = (value: Expr | undefined, i: number): string =>
    value === undefined ? 'nil' : printer.scalar(value, codes[i] ?? 'nil')
  const param = (name: string): string => {
    const i = row.params.findIndex((each) => each.name === name)
    return i < values.length ? text(values[i], i) : luaString(String(row.params[i]?.absent ?? ''))
  }
  const list = row.words.flatMap((word): string[] => {
    if (typeof word === 'string') return [luaString(word)]
    switch (word.word) {
      case 'key':
        return [key]
      case 'param':
        return [param(word.name)]
      case 'rest':
        return values.map(text)
      case 'pairs':
        return pairs === undefined
          ? [`#${codes[0] ?? ''}`]
          : pairs.flatMap(([name, value], i) => [luaString(name), text(value, i)])
      case 'mode': {
        const given = values[row.params.findIndex((each) => each.name === word.name)]
        const mode = given?.kind === 'const' ? String(given.value) : 'always'
        return (word.words[mode] ?? []).map(luaString)
      }
      default: {
        const i = options.findIndex(([name]) => name === word.name)
        if (i < 0) return word.absent.map(luaString)
        return word.given.map((each) => (each === '$' ? text(options[i]?.[1], values.length + i) : luaString(each)))
      }
    }
  })
  return pairs === undefined && row.params.some(({ kind }) => kind === 'pairs') ? unpacked(printer, list) : list
}

/** A list of pairs in the middle of a command: Lua unpacks at the end only, and every row has them there. */
function unpacked(printer: Printer, list: readonly string[]): string[] {
  const { out } = printer
  return list.map((word) => {
    if (!word.startsWith('#')) return word
    const flat = out.temp(`${out.piece('flat')}(${word.slice(1)})`)
    return `unpack(${flat}, 1, ${flat}[0])`
  })
}

/** Values in a list, sent in as many commands as they need. */
function spread(printer: Printer, expr: MethodExpr, row: Method, isUsed: boolean): string {
  const { out } = printer
  const isPairs = row.params.some(({ kind }) => kind === 'pairs')
  const key = out.temp(printer.expression(expr.key))
  const values = isPairs
    ? `${out.piece('flat')}(${printer.expression(expr.args[0]?.value ?? expr.key)})`
    : `${out.piece('texts')}(${list(printer, expr.args)})`
  if (row.reply === 'named') return `${out.piece('getMany')}(${key}, ${values})`
  const [command] = row.words
  const none = typeof row.many?.none === 'string' ? luaString(row.many.none) : 'nil'
  const call = `${out.piece('many')}(${row.many?.join === 'sum'}, ${none}, ${luaString(String(command))}, ${key}, ${values})`
  if (isUsed) return call
  out.emit(call)
  return 'nil'
}

/** All items in one array. */
export function list(printer: Printer, items: readonly Item[]): string {
  const { out } = printer
  const [only] = items
  if (items.length === 1 && only?.spread) return printer.expression(only.value)
  const name = out.temp('{[0] = 0}')
  for (const { spread: isSpread, value } of items) {
    out.emit(`${out.piece(isSpread ? 'append' : 'push')}(${name}, ${printer.expression(value)})`)
  }
  return name
}

/** What a reply becomes. */
function converted(printer: Printer, reply: ReplyRule, call: string): string {
  const { out } = printer
  switch (reply) {
    case 'text?':
      return `(${call} or nil)`
    case 'texts':
      return `${out.piece('counted')}(${call})`
    case 'flag':
      return `(${call} == 1)`
    case 'done':
      return `(${call} ~= false)`
    case 'double':
      return `tonumber(${call})`
    case 'double?':
      return `tonumber(${call} or nil)`
    case 'scored':
      return `${out.piece('scored')}(${call})`
    case 'record':
      return `${out.piece('record')}(${call})`
    case 'kind':
      return `${out.piece('kind')}(${call})`
    case 'ttl':
      return `${out.piece('ttl')}(${call})`
    case 'entries':
      return `${out.piece('streamed')}(${call})`
    default:
      return call
  }
}

/** Prints a call of the environment. */
export function environment(printer: Printer, expr: EnvExpr, isUsed: boolean): string {
  const { out } = printer
  const [first, second] = expr.args
  switch (expr.name) {
    case 'fail': {
      const [, message = '""'] = printer.operands(expr.args.map(({ value }) => value))
      const code = first?.value.kind === 'const' ? String(first.value.value) : ''
      out.emit(`${out.piece('failure')}(${luaString(code)}, ${message}, 1)`)
      return 'nil'
    }
    case 'log': {
      const level = first?.value.kind === 'const' ? String(first.value.value) : 'notice'
      const message = second === undefined ? '""' : printer.expression(second.value)
      out.emit(`redis.log(redis.LOG_${level.toUpperCase()}, ${message})`)
      return 'nil'
    }
    case 'nowMs':
      return `${out.piece('nowMs')}()`
    case 'parseJson': {
      const code = `${out.piece('parse')}(${printer.expression(first?.value ?? expr)})`
      return expr.shape === undefined || expr.shape.kind === 'json'
        ? code
        : `${out.piece('check')}(${code}, ${luaShape(expr.shape)})`
    }
    case 'call':
      return anyCommand(printer, expr, isUsed)
    default: {
      const piece = expr.name === 'toJson' ? 'json' : expr.name
      return `${out.piece(piece)}(${printer.expression(first?.value ?? expr)})`
    }
  }
}

function anyCommand(printer: Printer, expr: EnvExpr, isUsed: boolean): string {
  const { out } = printer
  let call: string
  if (expr.args.length > WRITTEN || expr.args.some((arg) => arg.spread)) {
    const all = out.temp(`${out.piece('texts')}(${list(printer, expr.args)})`)
    call = `redis.call(unpack(${all}, 1, ${all}[0]))`
  } else {
    const codes = printer.operands(expr.args.map(({ value }) => value))
    const scalars = expr.args.map(({ value }, i) => printer.scalar(value, codes[i] ?? 'nil'))
    call = `redis.call(${scalars.join(', ')})`
  }
  if (isUsed) return `${out.piece('reply')}(${call})`
  out.emit(call)
  return 'nil'
}

/** A shape as a Lua table, for the piece `check`. */
export function luaShape(form: ShapeForm): string {
  const kind = luaString(form.kind)
  switch (form.kind) {
    case 'checked':
      return luaShape(form.of)
    case 'optional':
      return `{${kind}, ${luaShape(form.of)}, ${takesNull(form.of)}, absent = true}`
    case 'nullable':
      return `{${kind}, ${luaShape(form.of)}${isAbsent(form.of) ? ', absent = true' : ''}}`
    case 'array':
    case 'record':
      return `{${kind}, ${luaShape(form.of)}}`
    case 'tuple':
      return `{${[kind, form.items.length, ...form.items.map(luaShape)].join(', ')}}`
    case 'object': {
      const fields = Object.entries(form.fields).map(([name, field]) => `[${luaString(name)}] = ${luaShape(field)}`)
      return `{${kind}, {${fields.join(', ')}}}`
    }
    case 'literal':
      return `{${[kind, ...form.values.map((value) => (typeof value === 'string' ? luaString(value) : String(value)))].join(', ')}}`
    default:
      return `{${kind}}`
  }
}

function takesNull(form: ShapeForm): boolean {
  if (form.kind === 'checked' || form.kind === 'optional') return takesNull(form.of)
  return form.kind === 'nullable' || form.kind === 'nil' || form.kind === 'json'
}

function isAbsent(form: ShapeForm): boolean {
  return form.kind === 'optional' || ((form.kind === 'nullable' || form.kind === 'checked') && isAbsent(form.of))
}
