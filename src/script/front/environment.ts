/**
 * Calls of the environment: log, conversions, JSON, fail, time, and any other command.
 *
 * The one idea: what decides about meaning (the command's name, an error's code, a log level, a shape) is written as a literal or
 * named in the specification; only values are computed.
 */
import type { CallExpression } from 'acorn'
import type { Expr, Item } from '../ir.ts'
import type { EnvName } from '../methods.ts'
import type { ShapeForm } from '../shapes.ts'
import { checkCommand } from './commands.ts'
import { isShape } from './constants.ts'
import type { Front } from './front.ts'
import { argumentsOf } from './library.ts'
import { propertyName } from './references.ts'
import {
  ASCII,
  FUNCTION,
  JSON_BITS,
  KEY,
  NEVER,
  NULL,
  NULLISH,
  NUMBER,
  of,
  TEXT,
  type Type,
  typeOfForm,
  UNDEFINED,
  WIDE,
} from './types.ts'

const ARITY: Readonly<Record<EnvName, readonly [number, number]>> = {
  log: [2, 2],
  toNumber: [1, 1],
  parseJson: [1, 2],
  toJson: [1, 1],
  ascii: [1, 1],
  fail: [2, 2],
  nowMs: [0, 0],
  call: [1, Number.POSITIVE_INFINITY],
}

const LEVELS = ['debug', 'verbose', 'notice', 'warning']

/** A call of a member of the environment. */
export function environmentCall(front: Front, node: CallExpression, name: EnvName): Expr {
  const [least, most] = ARITY[name]
  const given = node.arguments.length
  if (given < least || given > most)
    return front.fail(node, 'arity', `env.${name} takes ${least} argument${least === 1 ? '' : 's'}`)
  const args = argumentsOf(front, name === 'parseJson' ? node.arguments.slice(0, 1) : node.arguments)
  const first = args[0]
  const place = node.arguments[0] ?? node
  switch (name) {
    case 'log':
      if (!isOneOf(first, LEVELS)) front.report(place, 'dynamic-name', 'the log level is a literal', LEVELS.join(', '))
      if (args[1]) front.expect(node.arguments[1] ?? node, args[1].value, TEXT, 'text')
      return made(front, node, name, args, of(UNDEFINED))
    case 'toNumber':
      if (first) front.expect(place, first.value, TEXT | NULLISH, 'text or null')
      return made(front, node, name, args, of(NUMBER | NULL))
    case 'ascii':
      if (first) front.expect(place, first.value, TEXT, 'text')
      return made(front, node, name, args, of(ASCII))
    case 'toJson':
      if (first && front.typeOf(first.value).bits & (KEY | FUNCTION))
        front.report(place, 'wrong-type', 'handles and functions have no JSON')
      return made(front, node, name, args, of(WIDE))
    case 'nowMs':
      return made(front, node, name, args, of(NUMBER))
    case 'parseJson':
      return parseJson(front, node, args)
    case 'fail':
      return fail(front, node, args)
    case 'call':
      checkCommand(front, node, args)
      return made(front, node, name, args, of(JSON_BITS & ~ASCII))
  }
}

function made(
  front: Front,
  node: CallExpression,
  name: EnvName,
  args: readonly Item[],
  type: Type,
  shape?: ShapeForm,
): Expr {
  return front.make(node, type, { kind: 'env', name, args, ...(shape === undefined ? {} : { shape }) })
}

function isOneOf(item: Item | undefined, words: readonly string[]): boolean {
  return item?.value.kind === 'const' && words.some((word) => item.value.kind === 'const' && word === item.value.value)
}

function fail(front: Front, node: CallExpression, args: readonly Item[]): Expr {
  const [code, message] = args
  const isCode =
    code?.value.kind === 'const' && typeof code.value.value === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code.value.value)
  if (!isCode)
    front.report(
      node.arguments[0] ?? node,
      'dynamic-name',
      'the code is a literal of capitals, digits and underscores',
      "env.fail('EBUSY', message)",
    )
  if (message) front.expect(node.arguments[1] ?? node, message.value, TEXT, 'text')
  const failed = made(front, node, 'fail', args, NEVER)
  front.facts = undefined
  return failed
}

function parseJson(front: Front, node: CallExpression, args: readonly Item[]): Expr {
  const [text] = args
  if (text) front.expect(node.arguments[0] ?? node, text.value, TEXT, 'text')
  const shape = node.arguments[1]
  if (shape === undefined) return made(front, node, 'parseJson', args, of(JSON_BITS & ~ASCII))
  const name =
    shape.type === 'Identifier' ? shape.name : shape.type === 'MemberExpression' ? propertyName(shape) : undefined
  const constants = front.spec.constants ?? {}
  const declared = name !== undefined && Object.hasOwn(constants, name) ? constants[name] : undefined
  if (!isShape(declared)) {
    return front.fail(
      shape,
      'free-name',
      'the shape is not known here',
      'give it in the constants of the specification, by the name used here',
    )
  }
  const type = front.lasting(node, () => typeOfForm(declared.form, front.joins))
  return made(front, node, 'parseJson', args, type, declared.form)
}
