/**
 * Expressions of the tree, made into closures.
 *
 * The one idea: one function per kind of node, chosen by a table; what is known beforehand (operators, rows of the table of
 * methods) is looked up once, when the closure is made. Operands are evaluated from left to right, once.
 */
import type { BinaryOp, Entry, Expr, Item } from '../../ir.ts'
import { booleanIn, type Eval, type Frame, known, located, numberIn, textIn } from './frame.ts'
import { eachCall, type Functions, functionCall } from './functions.ts'
import { elementOf, fieldOf, INTRINSICS } from './intrinsics.ts'
import { childOf, envCall, keyNameIn, keyOf, methodCall } from './store.ts'
import { assign, update } from './targets.ts'

type Of<Kind extends Expr['kind']> = Expr & { readonly kind: Kind }

type Compilers = { readonly [Kind in Expr['kind']]: (node: Of<Kind>, functions: Functions) => Eval }

const COMPILERS: Compilers = {
  const:
    ({ value }) =>
    () =>
      value,
  local:
    ({ id }) =>
    (frame) =>
      frame.slots[id],
  arg:
    ({ name }) =>
    (frame) =>
      fieldOf(frame.args, name),
  key: ({ name, type }) => keyOf(name, type),
  child: (node, functions) =>
    childOf(
      compile(node.of, functions),
      node.keyKind,
      node.parts.map((part) => compile(part, functions)),
      node.at,
    ),
  keyName: (node, functions) => keyNameIn(compile(node.of, functions), node.at),
  array: ({ items }, functions) => list(items, functions),
  object: ({ entries }, functions) => objectOf(entries, functions),
  element: elementRead,
  property: propertyRead,
  not: (node, functions) => {
    const value = compile(node.value, functions)
    return (frame) => !booleanIn(value(frame), node.at)
  },
  negate: (node, functions) => {
    const value = compile(node.value, functions)
    return (frame) => -numberIn(value(frame), node.at)
  },
  isNull: (node, functions) => {
    const value = compile(node.value, functions)
    return (frame) => value(frame) === null
  },
  binary,
  and: (node, functions) => {
    const [left, right] = [compile(node.left, functions), compile(node.right, functions)]
    return (frame) => (booleanIn(left(frame), node.at) ? right(frame) : false)
  },
  or: (node, functions) => {
    const [left, right] = [compile(node.left, functions), compile(node.right, functions)]
    return (frame) => (booleanIn(left(frame), node.at) ? true : right(frame))
  },
  nullish: (node, functions) => {
    const [left, right] = [compile(node.left, functions), compile(node.right, functions)]
    return (frame) => left(frame) ?? right(frame)
  },
  conditional: (node, functions) => {
    const test = compile(node.test, functions)
    const [then, otherwise] = [compile(node.yes, functions), compile(node.no, functions)]
    return (frame) => (booleanIn(test(frame), node.at) ? then(frame) : otherwise(frame))
  },
  concat: (node, functions) => {
    const parts = node.parts.map((part) => compile(part, functions))
    return (frame) => parts.map((part) => joined(part(frame), node)).join('')
  },
  let: (node, functions) => {
    const [value, body] = [compile(node.value, functions), compile(node.body, functions)]
    return (frame) => {
      frame.slots[node.id] = value(frame)
      return body(frame)
    }
  },
  sequence: ({ items }, functions) => {
    const values = items.map((item) => compile(item, functions))
    return (frame) => values.reduce<unknown>((_, value) => value(frame), null)
  },
  assign: (node, functions) =>
    assign(node.target, compile(node.value, functions), node.at, (part) => compile(part, functions)),
  update: (node, functions) => {
    const by = compile(node.by, functions)
    const change = node.op === 'concat' ? joinedPair(node) : operation(node.op, node)
    return update(node, by, change, (part) => compile(part, functions))
  },
  method: (node, functions) =>
    methodCall(
      node,
      compile(node.key, functions),
      list(node.args, functions),
      Object.entries(node.options).map(([name, option]) => [name, compile(option, functions)] as const),
    ),
  env: (node, functions) => envCall(node, list(node.args, functions)),
  intrinsic: ({ op, args, at }, functions) => {
    const run = INTRINSICS[op]
    const values = list(args, functions)
    return located(at, (frame) => known(run(values(frame), at)))
  },
  each: (node, functions) => eachCall(node, compile(node.array, functions), functions),
  call: (node, functions) =>
    functionCall(
      node,
      node.args.map((arg) => compile(arg, functions)),
      functions,
    ),
}

/** Makes an expression ready to run. */
export function compile(node: Expr, functions: Functions): Eval {
  const make = COMPILERS[node.kind] as (node: Expr, functions: Functions) => Eval
  return make(node, functions)
}

/** The values of a list of items, spreads included. */
export function list(items: readonly Item[], functions: Functions): (frame: Frame) => unknown[] {
  const parts = items.map(({ spread, value }) => ({ spread, value: compile(value, functions) }))
  return (frame) => {
    const values: unknown[] = []
    for (const { spread, value } of parts) {
      const given = value(frame)
      if (spread && Array.isArray(given)) for (const item of given) values.push(known(item))
      else values.push(given)
    }
    return values
  }
}

function objectOf(entries: readonly Entry[], functions: Functions): Eval {
  const parts = entries.map(({ name, value }) => ({
    name: name && compile(name, functions),
    value: compile(value, functions),
  }))
  return (frame) => {
    const object: Record<string, unknown> = Object.create(null)
    for (const { name, value } of parts) {
      if (name === undefined) Object.assign(object, value(frame))
      else object[String(name(frame))] = value(frame)
    }
    return object
  }
}

function elementRead(node: Of<'element'>, functions: Functions): Eval {
  const [object, index] = [compile(node.object, functions), compile(node.index, functions)]
  return (frame) => {
    const array = object(frame)
    const at = index(frame)
    return Array.isArray(array) ? elementOf(array, numberIn(at, node.at)) : fieldOf(array, String(at))
  }
}

function propertyRead(node: Of<'property'>, functions: Functions): Eval {
  const [object, name] = [compile(node.object, functions), compile(node.name, functions)]
  return (frame) => fieldOf(object(frame), String(name(frame)))
}

const OPERATIONS: Readonly<Record<Exclude<BinaryOp, 'eq' | 'ne'>, (a: number, b: number) => unknown>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  mod: (a, b) => a % b,

  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
}

/** An operator on values, checked. */
function operation(op: BinaryOp, { at }: Pick<Expr, 'at'>): (a: unknown, b: unknown) => unknown {
  if (op === 'eq') return (a, b) => a === b
  if (op === 'ne') return (a, b) => a !== b
  const run = OPERATIONS[op]
  return (a, b) => run(numberIn(a, at), numberIn(b, at))
}

function binary(node: Of<'binary'>, functions: Functions): Eval {
  const [left, right] = [compile(node.left, functions), compile(node.right, functions)]
  const run = operation(node.op, node)
  return (frame) => run(left(frame), right(frame))
}

function joined(value: unknown, { at }: Pick<Expr, 'at'>): string {
  return typeof value === 'number' ? String(value) : textIn(value, at)
}

function joinedPair(node: Pick<Expr, 'at'>): (a: unknown, b: unknown) => unknown {
  return (a, b) => joined(a, node) + joined(b, node)
}
