/**
 * Statements: declarations, branches, loops, switch, jumps.
 *
 * The one idea: a statement changes what is known. Where ways part and meet, facts are split and met; what a loop writes is
 * unknown at its head; after a jump nothing is reached.
 */
import type {
  AnyNode,
  DoWhileStatement,
  Expression,
  ForOfStatement,
  ForStatement,
  FunctionDeclaration,
  Pattern,
  Statement,
  SwitchStatement,
  VariableDeclaration,
  VariableDeclarator,
  WhileStatement,
} from 'acorn'
import type { Expr, Stmt } from '../ir.ts'
import { bindSpecial } from './assignments.ts'
import { innerOf, lowerFunction } from './calls.ts'
import type { Exits, Front } from './front.ts'
import { atLoopHead, type Facts, meet } from './narrowing.ts'
import { globalName, propertyName, specialOf } from './references.ts'
import { namedFunction } from './source.ts'
import { ARRAY, arraySite, BOOLEAN, FUNCTION, NEVER, NULLISH, NUMBER, of, PRIMITIVE, UNDEFINED } from './types.ts'

/** Lowers the statements of a block. */
export function statements(front: Front, nodes: readonly Statement[]): Stmt[] {
  return nodes.flatMap((node) => statement(front, node))
}

function statement(front: Front, node: Statement): Stmt[] {
  switch (node.type) {
    case 'EmptyStatement':
    case 'DebuggerStatement':
      return []
    case 'BlockStatement':
      return [front.statement(node, { kind: 'block', body: statements(front, node.body) })]
    case 'ExpressionStatement':
      return 'directive' in node && typeof node.directive === 'string' ? [] : effect(front, node.expression)
    case 'VariableDeclaration':
      return declaration(front, node)
    case 'FunctionDeclaration':
      return functionDeclaration(front, node)
    case 'ReturnStatement':
      return returned(front, node, node.argument ?? undefined)
    case 'IfStatement':
      return branch(front, node, node.test, node.consequent, node.alternate ?? undefined)
    case 'WhileStatement':
      return whileLoop(front, node)
    case 'DoWhileStatement':
      return doLoop(front, node)
    case 'ForStatement':
      return forLoop(front, node)
    case 'ForOfStatement':
      return forOf(front, node)
    case 'SwitchStatement':
      return switched(front, node)
    case 'BreakStatement':
    case 'ContinueStatement':
      return jump(front, node, node.type === 'BreakStatement', node.label !== null && node.label !== undefined)
    default:
      front.report(node, 'unsupported-syntax', ...refusal(node))
      return []
  }
}

function refusal(node: Statement): [string, string] {
  if (node.type === 'ThrowStatement') return ['throw', 'use env.fail(code, message)']
  if (node.type === 'TryStatement') return ['try', 'a script that fails ends; look before']
  if (node.type === 'ForInStatement') return ['for…in', 'use for (const name of Object.keys(o))']
  if (node.type === 'LabeledStatement') return ['a label', 'use a function and return, or a flag']
  return [node.type, 'leave it out']
}

/** An expression for its effect. Minifiers write branches as `a && b()` and `a ? b() : c()`. */
function effect(front: Front, node: Expression): Stmt[] {
  if (node.type === 'SequenceExpression') return node.expressions.flatMap((each) => effect(front, each))
  if (node.type === 'LogicalExpression' && node.operator !== '??') {
    const { test, yes, no } = front.lower.condition(front, node.left)
    front.facts = node.operator === '&&' ? yes : no
    const done = effect(front, node.right)
    front.facts = meet(front.facts, node.operator === '&&' ? no : yes)
    const [then, otherwise] = node.operator === '&&' ? [done, []] : [[], done]
    return [front.statement(node, { kind: 'if', test, yes: then, no: otherwise })]
  }
  if (node.type === 'ConditionalExpression') {
    return split(
      front,
      node,
      node.test,
      () => effect(front, node.consequent),
      () => effect(front, node.alternate),
    )
  }
  const wrapped = namedFunction(node)
  // esbuild names function declarations after the fact: __name(f, "f").
  if (wrapped !== undefined && wrapped.type === 'Identifier') return []
  if (node.type === 'UnaryExpression' && node.operator === 'void') return effect(front, node.argument)
  const value = front.lower.expression(front, node)
  return [front.statement(node, { kind: 'expression', value })]
}

function declaration(front: Front, node: VariableDeclaration): Stmt[] {
  return node.declarations.flatMap((each) => declarator(front, each, node.kind === 'var'))
}

function declarator(front: Front, node: VariableDeclarator, isVar: boolean): Stmt[] {
  const init = node.init ?? undefined
  if (init !== undefined) {
    const special = specialOf(front, init)
    // An argument is a value: a name for it is a local like any other.
    if (special !== undefined && special.kind !== 'arg') return bindSpecial(front, node.id, special)
    const wrapped = namedFunction(init) ?? init
    const isFunction = wrapped.type === 'ArrowFunctionExpression' || wrapped.type === 'FunctionExpression'
    const binding = node.id.type === 'Identifier' ? front.names.of(node.id) : undefined
    if (isFunction && binding !== undefined) {
      if (binding.isReassigned && !isVar)
        front.report(node, 'escaping-function', 'a function is kept in a variable', 'declare it with const')
      front.functions.set(binding, wrapped)
      innerOf(front, wrapped)
      return [front.statement(node, { kind: 'function', id: binding.id, fn: lowerFunction(front, wrapped) })]
    }
  } else if (isVar) return []
  const value = init === undefined ? front.constant(node, null, of(UNDEFINED)) : front.lower.expression(front, init)
  return front.lower.bind(front, node.id, value, true)
}

function functionDeclaration(front: Front, node: FunctionDeclaration): Stmt[] {
  const binding = front.names.of(node.id)
  if (binding === undefined) return []
  front.functions.set(binding, node)
  innerOf(front, node)
  return [front.statement(node, { kind: 'function', id: binding.id, fn: lowerFunction(front, node) })]
}

function returned(front: Front, node: AnyNode, argument: Expression | undefined): Stmt[] {
  const value = argument === undefined ? undefined : front.lower.expression(front, argument)
  const type = value === undefined ? of(UNDEFINED) : front.typeOf(value)
  if (type.bits & FUNCTION && argument) front.report(argument, 'escaping-function', 'a function is returned', 'call it')
  front.returns = front.joins.join(front.returns, type)
  front.facts = undefined
  return [front.statement(node, { kind: 'return', value })]
}

function branch(
  front: Front,
  node: AnyNode,
  test: Expression,
  then: Statement,
  otherwise: Statement | undefined,
): Stmt[] {
  return split(
    front,
    node,
    test,
    () => inside(front, then),
    () => (otherwise === undefined ? [] : inside(front, otherwise)),
  )
}

function split(
  front: Front,
  node: AnyNode,
  condition: Expression,
  then: () => Stmt[],
  otherwise: () => Stmt[],
): Stmt[] {
  const { test, yes, no } = front.lower.condition(front, condition)
  front.facts = yes
  const first = then()
  const after = front.facts
  front.facts = no
  const second = otherwise()
  front.facts = meet(after, front.facts)
  return [front.statement(node, { kind: 'if', test, yes: first, no: second })]
}

/** The statements of a body, without a block of its own. */
function inside(front: Front, node: Statement): Stmt[] {
  return node.type === 'BlockStatement' ? statements(front, node.body) : statement(front, node)
}

/** Lowers the body of a loop; gives it and what is known after its breaks. */
function looped(front: Front, body: Statement): { readonly body: Stmt[]; readonly breaks: Facts | undefined } {
  const exits: Exits = { breaks: undefined, isLoop: true }
  front.exits.push(exits)
  const lowered = inside(front, body)
  front.exits.pop()
  return { body: lowered, breaks: exits.breaks }
}

function whileLoop(front: Front, node: WhileStatement): Stmt[] {
  front.facts = atLoopHead(front.facts, node, front.names)
  const { test, yes, no } = front.lower.condition(front, node.test)
  front.facts = yes
  const { body, breaks } = looped(front, node.body)
  front.facts = meet(no, breaks)
  return [front.statement(node, { kind: 'loop', test, testFirst: true, update: undefined, body })]
}

function doLoop(front: Front, node: DoWhileStatement): Stmt[] {
  const head = atLoopHead(front.facts, node, front.names)
  front.facts = head
  const { body, breaks } = looped(front, node.body)
  // A continue leads to the test too, with no more than what held at the head.
  front.facts = meet(front.facts, head)
  const { test, no } = front.lower.condition(front, node.test)
  front.facts = meet(no, breaks)
  return [front.statement(node, { kind: 'loop', test, testFirst: false, update: undefined, body })]
}

function forLoop(front: Front, node: ForStatement): Stmt[] {
  const init = node.init ?? undefined
  const before =
    init === undefined ? [] : init.type === 'VariableDeclaration' ? declaration(front, init) : effect(front, init)
  front.facts = atLoopHead(front.facts, node, front.names)
  const condition = node.test ? front.lower.condition(front, node.test) : undefined
  if (condition) front.facts = condition.yes
  const head = front.facts
  const { body, breaks } = looped(front, node.body)
  front.facts = atLoopHead(head, node, front.names)
  const update = node.update ? front.lower.expression(front, node.update) : undefined
  front.facts = meet(condition?.no, breaks)
  const loop = front.statement(node, { kind: 'loop', test: condition?.test, testFirst: true, update, body })
  return [front.statement(node, { kind: 'block', body: [...before, loop] })]
}

function forOf(front: Front, node: ForOfStatement): Stmt[] {
  if (node.await) front.report(node, 'async-function', 'for await', 'handles answer at once')
  const entries = entriesOf(front, node.right)
  const array = front.lower.expression(front, entries ?? node.right)
  front.expect(node.right, array, ARRAY, 'an array')
  const before = atLoopHead(front.facts, node, front.names)
  front.facts = before
  const site = arraySite(front.typeOf(array))
  const element = site === undefined ? NEVER : front.joins.itemOf(site)
  const id = front.temp('item', element)
  const index = entries === undefined ? undefined : front.temp('index', of(NUMBER))
  const bound = loopNames(front, node, id, index)
  const { body, breaks } = looped(front, node.body)
  front.facts = meet(before, breaks)
  return [front.statement(node, { kind: 'forOf', id, index, array, body: [...bound, ...body] })]
}

/** `xs.entries()` in the head of a loop gives positions and elements. */
function entriesOf(front: Front, node: Expression): Expression | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || node.arguments.length > 0)
    return undefined
  const { object } = node.callee
  const isOnes =
    propertyName(node.callee) === 'entries' && object.type !== 'Super' && globalName(front, object) === undefined
  return isOnes ? object : undefined
}

function loopNames(front: Front, node: ForOfStatement, id: number, index: number | undefined): Stmt[] {
  const isDeclared = node.left.type === 'VariableDeclaration'
  const pattern: Pattern | undefined =
    node.left.type === 'VariableDeclaration' ? node.left.declarations[0]?.id : node.left
  if (pattern === undefined) return []
  const local = (each: number): Expr => front.make(node, front.temporary(each), { kind: 'local', id: each })
  if (index === undefined) return front.lower.bind(front, pattern, local(id), isDeclared)
  if (pattern.type !== 'ArrayPattern') {
    front.report(pattern, 'unsupported-syntax', 'entries() in one name', 'write for (const [i, x] of xs.entries())')
    return []
  }
  return pattern.elements.flatMap((part, i) =>
    part === null || i > 1 ? [] : front.lower.bind(front, part, local(i === 0 ? index : id), isDeclared),
  )
}

function jump(front: Front, node: Statement, isBreak: boolean, isLabelled: boolean): Stmt[] {
  if (isLabelled) front.report(node, 'unsupported-syntax', 'a labelled jump', 'use a function and return, or a flag')
  const innermost = front.exits.at(-1)
  const target = isBreak ? innermost : front.exits.findLast(({ isLoop }) => isLoop)
  if (isBreak && innermost && !innermost.isLoop) {
    front.report(
      node,
      'plain-switch',
      'a break from inside a case',
      'end each case with one break, and nest ifs without it',
    )
  }
  if (target && isBreak) target.breaks = meet(target.breaks, front.facts)
  front.facts = undefined
  return [front.statement(node, { kind: isBreak ? 'break' : 'continue' })]
}

/** A switch without falling through: each case ends with a break or leaves. It becomes a chain of ifs. */
function switched(front: Front, node: SwitchStatement): Stmt[] {
  const subject = front.lower.expression(front, node.discriminant)
  const type = front.typeOf(subject)
  front.expect(node.discriminant, subject, PRIMITIVE | NULLISH, 'a scalar')
  const id = front.temp('subject', type)
  const declared = front.statement(node, { kind: 'declare', id, value: subject })
  const before = front.facts
  let after: Facts | undefined
  front.exits.push({ breaks: undefined, isLoop: false })
  let tests: Expr[] = []
  const arms: { readonly test: Expr | undefined; readonly body: Stmt[] }[] = []
  for (const [i, { test, consequent }] of node.cases.entries()) {
    const isLast = i === node.cases.length - 1
    if (test) tests.push(caseTest(front, test, id))
    else if (!isLast) front.report(node, 'plain-switch', 'default is not the last case', 'put it last')
    // Labels without statements share the next one's.
    if (consequent.length === 0 && !isLast && test) continue
    front.facts = before
    const body = caseBody(front, consequent, isLast)
    after = meet(after, front.facts)
    arms.push({ test: test ? anyOf(front, test, tests) : undefined, body })
    tests = []
  }
  front.exits.pop()
  const hasDefault = arms.at(-1)?.test === undefined && arms.length > 0
  front.facts = hasDefault ? after : meet(after, before)
  const chain = arms.reduceRight<Stmt[]>((otherwise, { test, body }) => {
    return test === undefined ? body : [front.statement(node, { kind: 'if', test, yes: body, no: otherwise })]
  }, [])
  return [front.statement(node, { kind: 'block', body: [declared, ...chain] })]
}

function caseTest(front: Front, node: Expression, id: number): Expr {
  const left = front.make(node, front.temporary(id), { kind: 'local', id })
  const right = front.lower.expression(front, node)
  front.expect(node, right, PRIMITIVE | NULLISH, 'a scalar')
  return front.make(node, of(BOOLEAN), { kind: 'binary', op: 'eq', left, right })
}

function anyOf(front: Front, node: AnyNode, tests: readonly Expr[]): Expr {
  const [first, ...others] = tests
  if (first === undefined) throw new TypeError('a case has a test')
  return others.reduce((left, right) => {
    return front.make(node, of(BOOLEAN), { kind: 'or', left, right })
  }, first)
}

function caseBody(front: Front, nodes: readonly Statement[], isLast: boolean): Stmt[] {
  const [only] = nodes
  const flat = nodes.length === 1 && only?.type === 'BlockStatement' ? only.body : nodes
  const last = flat.at(-1)
  const endsWithBreak = last?.type === 'BreakStatement' && !last.label
  const lowered = statements(front, endsWithBreak ? flat.slice(0, -1) : flat)
  if (!endsWithBreak && !isLast && front.facts !== undefined && last) {
    front.report(last, 'plain-switch', 'a case falls through', 'end it with break or return')
  }
  return lowered
}
