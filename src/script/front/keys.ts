/**
 * Methods of key handles, checked against their rows of METHODS.
 *
 * The one idea: nothing is known of a method here but its row. Options and modes are written as literals, so that the command
 * line is known when the script is defined.
 */
import type { CallExpression, Expression, SpreadElement } from 'acorn'
import type { KeyKind } from '../handles.ts'
import type { Expr, Item } from '../ir.ts'
import { METHODS, type Method, type Param, type ReplyRule } from '../methods.ts'
import type { Front } from './front.ts'
import { argumentsOf, itemType } from './library.ts'
import {
  ARRAY,
  ArraySite,
  BOOLEAN,
  FAILED,
  KEY,
  NULL,
  NULLISH,
  NUMBER,
  OBJECT,
  ObjectSite,
  objectSite,
  of,
  SCALAR,
  TEXT,
  type Type,
  UNDEFINED,
  WIDE,
  worded,
} from './types.ts'

const KINDS: readonly KeyKind[] = ['string', 'list', 'hash', 'set', 'zset', 'stream', 'any']

/** A call of a handle's method. */
export function handleMethod(front: Front, node: CallExpression, name: string, key: Expr): Expr {
  const keyKind = front.typeOf(key).key ?? 'any'
  if (name === 'child') return child(front, node, key)
  const method = METHODS[keyKind][name]
  if (method === undefined) {
    const known = [...Object.keys(METHODS[keyKind]), 'child'].join(', ')
    return front.fail(node, 'unknown-member', `a key of kind ${keyKind} has no method ${name}`, `there are ${known}`)
  }
  if (method.writes && front.spec.readOnly === true) {
    front.report(node, 'read-only', `${name} writes, and the script says readOnly`, 'leave readOnly out')
  }
  const hasOptions = method.params.some(({ kind }) => kind === 'options')
  const positional = method.params.filter(({ kind }) => kind !== 'options')
  const nodes = hasOptions ? node.arguments.slice(0, positional.length) : node.arguments
  const args = argumentsOf(front, nodes)
  checkArity(front, node, method, name, positional)
  for (const [i, arg] of args.entries())
    checkArgument(front, nodes[i] ?? node, arg, positional[Math.min(i, positional.length - 1)])
  const options = hasOptions ? optionsOf(front, method, node.arguments[positional.length]) : {}
  const type = front.lasting(node, () => typeOfReply(front, method.reply, args))
  return front.make(node, type, { kind: 'method', key, keyKind, method: name, args, options })
}

function checkArity(
  front: Front,
  node: CallExpression,
  method: Method,
  name: string,
  positional: readonly Param[],
): void {
  const given = node.arguments.length
  const required = positional.filter(({ absent, kind }) => absent === undefined && kind !== 'mode').length
  const most = positional.some(({ rest }) => rest) ? Number.POSITIVE_INFINITY : method.params.length
  if (given >= required && given <= most) return
  front.report(node, 'arity', `${name} takes ${positional.map((param) => param.name).join(', ') || 'nothing'}`)
}

function checkArgument(front: Front, node: Expression | SpreadElement, arg: Item, param: Param | undefined): void {
  if (param === undefined) return
  const type = itemType(front, arg)
  if (type.bits & FAILED) return
  if (arg.spread && param.rest !== true)
    front.report(node, 'arity', `a spread for ${param.name}`, 'write the values out')
  if (param.kind === 'mode') {
    const isKnown =
      arg.value.kind === 'const' &&
      ['always', 'ifPersistent', 'ifExpiring', 'ifLater', 'ifEarlier'].some(
        (mode) => arg.value.kind === 'const' && mode === arg.value.value,
      )
    if (!isKnown)
      front.report(
        node,
        'bad-option',
        'the mode is a literal',
        "'always', 'ifPersistent', 'ifExpiring', 'ifLater' or 'ifEarlier'",
      )
    return
  }
  if (param.kind === 'pairs') {
    if (!front.expect(node, arg.value, OBJECT, 'an object')) return
    const site = objectSite(type)
    if (site) scalarOnly(front, node, front.joins.anyField(site), SCALAR, 'a value')
    return
  }
  scalarOnly(front, node, type, param.kind === 'number' ? NUMBER : param.kind === 'text' ? TEXT : SCALAR, param.name)
}

function scalarOnly(front: Front, node: Expression | SpreadElement, type: Type, bits: number, what: string): void {
  if (type.bits & FAILED || (type.bits & ~bits) === 0) return
  if (type.bits & (BOOLEAN | NULLISH) && !(type.bits & ~(bits | BOOLEAN | NULLISH))) {
    const hint = type.bits & BOOLEAN ? "say it in text: x ? '1' : '0'" : '?? or if (x !== null) first'
    front.report(node, 'not-a-scalar', `${what} is ${worded(type)}, which no command takes`, hint)
    return
  }
  const needed = worded(of(bits))
  front.report(
    node,
    type.bits & ~SCALAR ? 'not-a-scalar' : 'wrong-type',
    `${what} should be ${needed}, this is ${worded(type)}`,
  )
}

function optionsOf(
  front: Front,
  method: Method,
  node: Expression | SpreadElement | undefined,
): Readonly<Record<string, Expr>> {
  if (node === undefined) return {}
  const rows = method.words.filter((word) => typeof word !== 'string').filter((word) => word.word === 'option')
  const known = rows.map(({ name }) => name).join(', ')
  const given: Record<string, Expr> = {}
  if (node.type !== 'ObjectExpression') {
    front.report(node, 'bad-option', 'options are written in place', `{ ${known} }`)
    return given
  }
  for (const property of node.properties) {
    const name =
      property.type === 'Property' && !property.computed && property.key.type === 'Identifier'
        ? property.key.name
        : undefined
    const row = rows.find((each) => each.name === name)
    if (property.type !== 'Property' || name === undefined || row === undefined) {
      front.report(property, 'bad-option', `there is no option ${name ?? 'of that form'}`, `there are ${known}`)
      continue
    }
    const value = front.lower.expression(front, property.value)
    if (row.given.includes('$')) {
      scalarOnly(front, property.value, front.typeOf(value), name === 'id' ? TEXT : NUMBER, name)
      given[name] = value
    } else if (value.kind !== 'const' || typeof value.value !== 'boolean') {
      front.report(property, 'bad-option', `${name} is a flag: true or false`, 'write two calls')
    } else if (value.value) given[name] = value
  }
  return given
}

/** `key.child(kind, ...parts)`. */
function child(front: Front, node: CallExpression, key: Expr): Expr {
  if (front.spec.derivedKeys !== true) {
    front.report(node, 'derived-keys', 'the script computes a key', 'say derivedKeys: true, or declare the key')
  }
  front.computesKeys = true
  const [kind, ...parts] = argumentsOf(front, node.arguments)
  const named = kind?.value.kind === 'const' ? kind.value.value : undefined
  const keyKind = KINDS.find((each) => each === named)
  if (keyKind === undefined) return front.fail(node, 'bad-option', 'the kind of a child is a literal', KINDS.join(', '))
  for (const [i, part] of parts.entries()) {
    if (part.spread) front.report(node, 'arity', 'a spread in the parts of a key', 'write them out')
    scalarOnly(front, node.arguments[i + 1] ?? node, front.typeOf(part.value), SCALAR, 'a part')
  }
  return front.make(
    node,
    { bits: KEY, key: keyKind },
    { kind: 'child', of: key, keyKind, parts: parts.map(({ value }) => value) },
  )
}

function listOf(item: Type): Type {
  const site = new ArraySite()
  site.item = item
  return { bits: ARRAY, array: site }
}

function recordOf(item: Type): Type {
  const site = new ObjectSite()
  site.rest = item
  return { bits: OBJECT, object: site }
}

/** What a reply becomes, as a type. */
function typeOfReply(front: Front, reply: ReplyRule, args: readonly Item[]): Type {
  const text = of(WIDE)
  switch (reply) {
    case 'text?':
    case 'kind':
      return of(WIDE | NULL)
    case 'text':
      return text
    case 'texts':
      return listOf(text)
    case 'number':
    case 'double':
      return of(NUMBER)
    case 'double?':
    case 'ttl':
      return of(NUMBER | NULL)
    case 'flag':
    case 'done':
      return of(BOOLEAN)
    case 'nothing':
      return of(UNDEFINED)
    case 'record':
      return recordOf(text)
    case 'named':
      return fieldsAsked(front, args)
    case 'scored': {
      const pair = new ArraySite()
      pair.tuple = [text, of(NUMBER)]
      return listOf({ bits: ARRAY, array: pair })
    }
    case 'entries': {
      const entry = new ObjectSite()
      entry.fields.set('id', text)
      entry.fields.set('fields', recordOf(text))
      return listOf({ bits: OBJECT, object: entry })
    }
  }
}

/** getMany gives an object of the fields that were asked for, as far as they are literals. */
function fieldsAsked(front: Front, args: readonly Item[]): Type {
  const names = args.map(({ spread, value }) => (!spread && value.kind === 'const' ? value.value : undefined))
  const type = of(WIDE | NULL)
  if (!names.every((name) => typeof name === 'string')) return recordOf(type)
  const site = new ObjectSite()
  for (const name of names) front.joins.setField(site, name, type)
  return { bits: OBJECT, object: site }
}
