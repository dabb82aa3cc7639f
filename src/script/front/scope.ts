/**
 * Names: which declaration each identifier means, and which names the function takes from outside.
 *
 * The one idea: one walk over the function resolves every identifier before anything is typed. It also finds what narrowing
 * has to know: the names that are written after their declaration, and those that inner functions write.
 */
import type { AnyNode, Identifier, Pattern, VariableDeclaration } from 'acorn'
import type { FunctionTree } from './source.ts'
import { children, isFunctionNode, namesIn } from './tree.ts'
import { NEVER, type Type } from './types.ts'

/** A declared name. */
export interface Binding {
  readonly id: number
  readonly name: string
  readonly kind: 'let' | 'const' | 'var' | 'param' | 'function'
  /** References before this offset come too early. */
  readonly readyAt: number
  /** The function it is declared in. */
  readonly owner: AnyNode
  isReassigned: boolean
  /** Written by a function other than its owner. */
  isShared: boolean
  type: Type
}

/** The names of a function. */
export interface Names {
  readonly bindings: readonly Binding[]
  /** The declaration that an identifier means, references and declarations alike. */
  of(node: Identifier): Binding | undefined
  /** Whether an inner function writes elements or properties. */
  readonly innerWritesMembers: boolean
}

type Scope = Map<string, Binding>

/** Resolves every identifier of a function. */
export function resolveNames(fn: FunctionTree): Names {
  const resolver = new Resolver(fn)
  resolver.visitFunction(fn, [])
  return resolver
}

class Resolver implements Names {
  readonly bindings: Binding[] = []
  innerWritesMembers = false
  readonly #meanings = new Map<Identifier, Binding>()
  readonly #root: FunctionTree
  #owner: AnyNode

  constructor(root: FunctionTree) {
    this.#root = root
    this.#owner = root
  }

  of(node: Identifier): Binding | undefined {
    return this.#meanings.get(node)
  }

  visitFunction(fn: AnyNode, scopes: readonly Scope[]): void {
    if (fn.type !== 'ArrowFunctionExpression' && fn.type !== 'FunctionExpression' && fn.type !== 'FunctionDeclaration')
      return
    const outer = this.#owner
    this.#owner = fn
    const scope: Scope = new Map()
    const inside = [...scopes, scope]
    for (const param of fn.params) this.#declare(scope, param, 'param', fn.start)
    this.#hoistVars(fn.body, scope)
    for (const param of fn.params) this.#visit(param, inside)
    if (fn.body.type === 'BlockStatement') this.#visitBlock(fn.body.body, inside)
    else this.#visit(fn.body, inside)
    this.#owner = outer
  }

  #declare(scope: Scope, pattern: Pattern, kind: Binding['kind'], readyAt: number): void {
    for (const name of namesIn(pattern)) {
      const known = kind === 'var' ? scope.get(name.name) : undefined
      const binding = known ?? {
        id: this.bindings.length,
        name: name.name,
        kind,
        readyAt,
        owner: this.#owner,
        isReassigned: kind === 'var',
        isShared: false,
        type: NEVER,
      }
      if (known === undefined) this.bindings.push(binding)
      scope.set(name.name, binding)
      this.#meanings.set(name, binding)
    }
  }

  /** `var` belongs to the function, wherever it stands. */
  #hoistVars(node: AnyNode, scope: Scope): void {
    if (isFunctionNode(node)) return
    if (node.type === 'VariableDeclaration' && node.kind === 'var') {
      for (const { id } of node.declarations) this.#declare(scope, id, 'var', 0)
    }
    for (const child of children(node)) this.#hoistVars(child, scope)
  }

  #visitBlock(statements: readonly AnyNode[], scopes: readonly Scope[]): void {
    const scope: Scope = new Map()
    for (const statement of statements) {
      if (statement.type === 'VariableDeclaration') this.#declareAll(scope, statement)
      if (statement.type === 'FunctionDeclaration' && statement.id)
        this.#declare(scope, statement.id, 'function', statement.end)
    }
    for (const statement of statements) this.#visit(statement, [...scopes, scope])
  }

  #declareAll(scope: Scope, declaration: VariableDeclaration, readyAt?: number): void {
    const kind = declaration.kind === 'let' ? 'let' : 'const'
    if (declaration.kind === 'var') return
    for (const { id, end } of declaration.declarations) this.#declare(scope, id, kind, readyAt ?? end)
  }

  #visit(node: AnyNode, scopes: readonly Scope[]): void {
    switch (node.type) {
      case 'Identifier':
        this.#refer(node, scopes)
        break
      case 'BlockStatement':
        this.#visitBlock(node.body, scopes)
        break
      case 'SwitchStatement':
        this.#visit(node.discriminant, scopes)
        for (const { test } of node.cases) if (test) this.#visit(test, scopes)
        this.#visitBlock(
          node.cases.flatMap(({ consequent }) => consequent),
          scopes,
        )
        break
      case 'ForStatement':
      case 'ForOfStatement':
      case 'ForInStatement': {
        const scope: Scope = new Map()
        const head = node.type === 'ForStatement' ? node.init : node.left
        // What a for…of declares is ready in its body; the array is evaluated outside.
        if (head?.type === 'VariableDeclaration') this.#declareAll(scope, head, head.end)
        else if (head && node.type !== 'ForStatement') this.#write(head, scopes)
        this.#visitChildren(node, [...scopes, scope])
        break
      }
      case 'AssignmentExpression':
        this.#write(node.left, scopes)
        this.#visitChildren(node, scopes)
        break
      case 'UpdateExpression':
        this.#write(node.argument, scopes)
        this.#visitChildren(node, scopes)
        break
      case 'UnaryExpression':
        if (node.operator === 'delete') this.#write(node.argument, scopes)
        this.#visitChildren(node, scopes)
        break
      case 'MemberExpression':
        this.#visit(node.object, scopes)
        if (node.computed) this.#visit(node.property, scopes)
        break
      case 'Property':
        if (node.computed) this.#visit(node.key, scopes)
        this.#visit(node.value, scopes)
        break
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
        this.visitFunction(node, scopes)
        break
      case 'FunctionDeclaration':
        this.visitFunction(node, scopes)
        break
      case 'LabeledStatement':
        this.#visit(node.body, scopes)
        break
      case 'BreakStatement':
      case 'ContinueStatement':
        break
      default:
        this.#visitChildren(node, scopes)
    }
  }

  #visitChildren(node: AnyNode, scopes: readonly Scope[]): void {
    for (const child of children(node)) this.#visit(child, scopes)
  }

  #find(name: string, scopes: readonly Scope[]): Binding | undefined {
    return scopes.findLast((scope) => scope.has(name))?.get(name)
  }

  #refer(node: Identifier, scopes: readonly Scope[]): void {
    const binding = this.#find(node.name, scopes)
    if (binding !== undefined && !this.#meanings.has(node)) this.#meanings.set(node, binding)
  }

  #write(target: AnyNode, scopes: readonly Scope[]): void {
    const isInner = this.#owner !== this.#root
    if (target.type === 'MemberExpression' || target.type === 'ChainExpression') {
      this.innerWritesMembers ||= isInner
      return
    }
    const isPattern = target.type === 'Identifier' || target.type === 'ObjectPattern' || target.type === 'ArrayPattern'
    if (!isPattern) return
    for (const name of namesIn(target)) {
      const binding = this.#find(name.name, scopes)
      if (binding === undefined) continue
      binding.isReassigned = true
      if (binding.owner !== this.#owner) binding.isShared = true
    }
  }
}
