/**
 * What text, arrays, objects and numbers can do: JavaScript's own methods, as far as every backend does them alike.
 *
 * The one idea: a row says what a method takes and what it needs; one function lowers them all. `ascii` rows work with
 * positions or letters, so they take ASCII text only.
 */
import type { CallExpression, Expression, SpreadElement } from 'acorn'
import type { Expr, Intrinsic, Item } from '../ir.ts'
import type { Front } from './front.ts'
import {
  ARRAY,
  ArraySite,
  ASCII,
  arraySite,
  BOOLEAN,
  FAILED,
  NEVER,
  NULLISH,
  NUMBER,
  OBJECT,
  ObjectSite,
  OPAQUE,
  objectSite,
  of,
  PRIMITIVE,
  SCALAR,
  TEXT,
  type Type,
  UNDEFINED,
  WIDE,
  worded,
} from './types.ts'
import { concat, item } from './values.ts'

interface Row {
  readonly op: Intrinsic
  /** The kinds of each argument; those from `required` on may be left out. */
  readonly takes: readonly number[]
  readonly required: number
  readonly gives: number
  readonly ascii?: boolean
  /** Any number of arguments of the first kind. */
  readonly rest?: boolean
}

const row = (op: Intrinsic, gives: number, takes: readonly number[] = [], required = takes.length): Row => ({
  op,
  takes,
  required,
  gives,
})
const ascii = (of: Row): Row => ({ ...of, ascii: true })

const TEXT_METHODS: Readonly<Record<string, Row>> = {
  slice: ascii(row('text.slice', ASCII, [NUMBER, NUMBER], 0)),
  substring: ascii(row('text.substring', ASCII, [NUMBER, NUMBER], 1)),
  at: ascii(row('text.at', ASCII | UNDEFINED, [NUMBER])),
  charAt: ascii(row('text.charAt', ASCII, [NUMBER])),
  indexOf: ascii(row('text.indexOf', NUMBER, [TEXT, NUMBER], 1)),
  includes: row('text.includes', BOOLEAN, [TEXT]),
  startsWith: row('text.startsWith', BOOLEAN, [TEXT]),
  endsWith: row('text.endsWith', BOOLEAN, [TEXT]),
  toUpperCase: ascii(row('text.toUpperCase', ASCII)),
  toLowerCase: ascii(row('text.toLowerCase', ASCII)),
  trim: ascii(row('text.trim', ASCII)),
  padStart: ascii(row('text.padStart', ASCII, [NUMBER, ASCII], 1)),
  padEnd: ascii(row('text.padEnd', ASCII, [NUMBER, ASCII], 1)),
}

const MATH: Readonly<Record<string, Row>> = {
  floor: row('math.floor', NUMBER, [NUMBER]),
  ceil: row('math.ceil', NUMBER, [NUMBER]),
  trunc: row('math.trunc', NUMBER, [NUMBER]),
  round: row('math.round', NUMBER, [NUMBER]),
  abs: row('math.abs', NUMBER, [NUMBER]),
  sign: row('math.sign', NUMBER, [NUMBER]),
  sqrt: row('math.sqrt', NUMBER, [NUMBER]),
  min: { ...row('math.min', NUMBER, [NUMBER]), rest: true },
  max: { ...row('math.max', NUMBER, [NUMBER]), rest: true },
}

const NUMBERS: Readonly<Record<string, Row>> = {
  isInteger: row('number.isInteger', BOOLEAN, [NUMBER]),
  isSafeInteger: row('number.isSafeInteger', BOOLEAN, [NUMBER]),
  isFinite: row('number.isFinite', BOOLEAN, [NUMBER]),
  isNaN: row('number.isNaN', BOOLEAN, [NUMBER]),
}

const ANYTHING = PRIMITIVE | NULLISH | ARRAY | OBJECT | OPAQUE

const ARRAY_METHODS: Readonly<Record<string, Row>> = {
  push: { ...row('array.push', NUMBER, [ANYTHING]), rest: true },
  unshift: { ...row('array.unshift', NUMBER, [ANYTHING]), rest: true },
  pop: row('array.pop', 0),
  shift: row('array.shift', 0),
  at: row('array.at', 0, [NUMBER]),
  slice: row('array.slice', ARRAY, [NUMBER, NUMBER], 0),
  concat: { ...row('array.concat', ARRAY, [ARRAY]), rest: true },
  reverse: row('array.reverse', ARRAY),
  includes: row('array.includes', BOOLEAN, [PRIMITIVE]),
  indexOf: row('array.indexOf', NUMBER, [PRIMITIVE]),
  join: row('array.join', WIDE, [TEXT], 0),
}

/** Lowers the arguments of a call, spreads included. */
export function argumentsOf(front: Front, nodes: readonly (Expression | SpreadElement)[]): readonly Item[] {
  return nodes.map((node) => {
    if (node.type !== 'SpreadElement') return item(front.lower.expression(front, node))
    const value = front.lower.expression(front, node.argument)
    front.expect(node.argument, value, ARRAY, 'an array')
    return { spread: true, value }
  })
}

/** What an item is, or what each of its elements is. */
export function itemType(front: Front, { spread, value }: Item): Type {
  if (!spread) return front.typeOf(value)
  const site = arraySite(front.typeOf(value))
  return site === undefined ? NEVER : front.joins.itemOf(site)
}

/** A method of text. */
export function textMethod(front: Front, node: CallExpression, name: string, text: Expr): Expr {
  if (name === 'split') return split(front, node, text)
  if (name === 'toString') return text
  const found = Object.hasOwn(TEXT_METHODS, name) ? TEXT_METHODS[name] : undefined
  if (found === undefined) return unknown(front, node, name, 'text', Object.keys(TEXT_METHODS).concat('split'))
  if (found.ascii) front.expect(node.callee, text, ASCII, 'ASCII text')
  return applied(front, node, found, [item(text)], of(found.gives))
}

/** `split`: by a separator that is written down and not empty. */
function split(front: Front, node: CallExpression, text: Expr): Expr {
  const args = argumentsOf(front, node.arguments)
  const separator = args[0]?.value
  const isWritten = separator?.kind === 'const' && typeof separator.value === 'string' && separator.value !== ''
  if (args.length !== 1 || !isWritten) {
    return front.fail(node, 'wrong-type', 'split takes one separator, a literal that is not empty')
  }
  const type = front.lasting(node, () => ({ bits: ARRAY, array: new ArraySite() }))
  const site = arraySite(type)
  if (site) front.joins.put(site, of(front.typeOf(text).bits & TEXT))
  return front.make(node, type, { kind: 'intrinsic', op: 'text.split', args: [item(text), ...args] })
}

/** `Math.floor(x)` and its kin. */
export function mathFunction(front: Front, node: CallExpression, name: string): Expr {
  const found = Object.hasOwn(MATH, name) ? MATH[name] : undefined
  if (name === 'random')
    return front.fail(node, 'forbidden-global', 'Math.random differs on every run', 'give the number as an argument')
  if (found === undefined) return unknown(front, node, name, 'Math', Object.keys(MATH))
  return applied(front, node, found, [], of(NUMBER))
}

/** `Number.isInteger(x)` and its kin. */
export function numberFunction(front: Front, node: CallExpression, name: string): Expr {
  const found = Object.hasOwn(NUMBERS, name) ? NUMBERS[name] : undefined
  if (found === undefined) return unknown(front, node, name, 'Number', Object.keys(NUMBERS))
  return applied(front, node, found, [], of(BOOLEAN))
}

/** `String(x)`, `x.toString()`. */
export function numberText(front: Front, node: CallExpression, value: Expr): Expr {
  front.expect(node, value, SCALAR, 'text or a number')
  return concat(front, node, [value])
}

/** `Array.isArray(x)`. */
export function isArray(front: Front, node: CallExpression): Expr {
  return front.make(node, of(BOOLEAN), {
    kind: 'intrinsic',
    op: 'array.isArray',
    args: argumentsOf(front, node.arguments),
  })
}

/** `Object.create(null)`: an object of which JavaScript, too, says that it has its own names only. */
function bareObject(front: Front, node: CallExpression): Expr {
  const [prototype] = node.arguments
  if (node.arguments.length !== 1 || prototype?.type !== 'Literal' || prototype.value !== null)
    return front.fail(node, 'arity', 'Object.create takes null')
  const type = front.lasting(node, () => ({ bits: OBJECT, object: new ObjectSite() }))
  return front.make(node, type, { kind: 'object', entries: [] })
}

/** `Object.keys(o)`, `Object.values(o)`, `Object.entries(o)`, `Object.create(null)`. */
export function objectFunction(front: Front, node: CallExpression, name: string): Expr {
  if (name === 'create') return bareObject(front, node)
  const args = argumentsOf(front, node.arguments)
  const [object] = args
  if (name !== 'keys' && name !== 'values' && name !== 'entries') {
    return unknown(front, node, name, 'Object', ['keys', 'values', 'entries', 'create'])
  }
  if (object === undefined || args.length !== 1 || object.spread)
    return front.fail(node, 'arity', `Object.${name} takes one object`)
  front.expect(node, object.value, OBJECT, 'an object')
  const site = objectSite(front.typeOf(object.value))
  const held = site === undefined ? NEVER : front.joins.anyField(site)
  const type = front.lasting(node, () => {
    const list = new ArraySite()
    const pair = new ArraySite()
    pair.tuple = [of(WIDE), NEVER]
    if (name === 'entries') list.item = { bits: ARRAY, array: pair }
    return { bits: ARRAY, array: list }
  })
  const list = arraySite(type)
  const pair = list && arraySite(list.item)
  if (name === 'entries' && pair) front.joins.place(pair, 1, held)
  else if (list) front.joins.put(list, name === 'keys' ? of(WIDE) : held)
  return front.make(node, type, { kind: 'intrinsic', op: `object.${name}`, args })
}

/** A method of an array that takes no function. */
export function arrayMethod(front: Front, node: CallExpression, name: string, array: Expr): Expr {
  const found = Object.hasOwn(ARRAY_METHODS, name) ? ARRAY_METHODS[name] : undefined
  const each = ['map', 'filter', 'some', 'every', 'find', 'findIndex', 'forEach']
  if (found === undefined) return unknown(front, node, name, 'an array', [...Object.keys(ARRAY_METHODS), ...each])
  const site = arraySite(front.typeOf(array))
  if (site === undefined) return front.make(node, NEVER, { kind: 'const', value: null })
  const isPut = name === 'push' || name === 'unshift'
  if (isPut || name === 'pop' || name === 'shift' || name === 'reverse') {
    // What was a tuple has elements at unknown places from here on.
    front.joins.put(site, NEVER)
  }
  const element = front.joins.itemOf(site)
  if (name === 'join')
    front.expect(node, front.make(node, element, { kind: 'const', value: null }), SCALAR, 'an array of text or numbers')
  if (name === 'includes' || name === 'indexOf') scalars(front, node, element)
  const type =
    name === 'reverse'
      ? front.typeOf(array)
      : found.gives === ARRAY
        ? copied(front, node, element)
        : gives(front, found, element)
  const lowered = applied(front, node, found, [item(array)], type)
  if (lowered.kind !== 'intrinsic') return lowered
  for (const added of isPut ? lowered.args.slice(1) : []) front.joins.put(site, itemType(front, added))
  const joined = found.op === 'array.concat' ? arraySite(type) : undefined
  for (const added of joined ? lowered.args.slice(1) : []) {
    const other = arraySite(front.typeOf(added.value))
    if (joined && other) front.joins.put(joined, front.joins.itemOf(other))
  }
  return lowered
}

/** A new array with elements of this type. */
export function copied(front: Front, node: CallExpression, element: Type): Type {
  const type = front.lasting(node, () => ({ bits: ARRAY, array: new ArraySite() }))
  const site = arraySite(type)
  if (site) front.joins.put(site, element)
  return type
}

function gives(front: Front, { gives: bits, op }: Row, element: Type): Type {
  if (op === 'array.join') return of(element.bits & WIDE ? WIDE : bits)
  return bits === 0 ? front.joins.join(element, of(UNDEFINED)) : of(bits)
}

function scalars(front: Front, node: CallExpression, element: Type): void {
  if (!(element.bits & FAILED) && element.bits & ~(PRIMITIVE | NULLISH)) {
    front.report(
      node,
      'wrong-type',
      `elements are compared as scalars, these are ${worded(element)}`,
      'use some(x => …)',
    )
  }
}

function applied(
  front: Front,
  node: CallExpression,
  { op, takes, required, rest }: Row,
  receiver: readonly Item[],
  type: Type,
): Expr {
  const args = argumentsOf(front, node.arguments)
  const isFew = args.length < required || (rest !== true && args.length > takes.length)
  if (isFew)
    return front.fail(
      node,
      'arity',
      `${op} takes ${required}${takes.length > required ? ` to ${takes.length}` : ''} arguments`,
    )
  for (const [i, arg] of args.entries()) {
    const kind = (rest === true ? takes[0] : takes[i]) ?? ANYTHING
    if (arg.spread && rest !== true)
      front.report(node, 'arity', 'a spread where arguments are counted', 'write them out')
    const place = node.arguments[i] ?? node
    front.expect(place, front.make(place, itemType(front, arg), { kind: 'const', value: null }), kind, worded(of(kind)))
  }
  return front.make(node, type, { kind: 'intrinsic', op, args: [...receiver, ...args] })
}

function unknown(front: Front, node: CallExpression, name: string, what: string, known: readonly string[]): Expr {
  return front.fail(node, 'unknown-member', `${what} has no ${name} here`, `there are ${known.join(', ')}`)
}
