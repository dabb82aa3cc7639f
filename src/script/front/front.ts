/**
 * The state of one compilation, shared by the files of this folder: names, types, facts, findings.
 *
 * The one idea: one walk types and lowers at once; it is repeated until no type grows, and only the last walk reports and
 * is kept. Invariant: what a walk leaves behind is types and sites; facts, temporaries and places to return to start anew.
 */
import type { AnyNode, Expression, FunctionDeclaration, Identifier, Node, Pattern, Statement } from 'acorn'
import type { Position } from '../errors.ts'
import type { Expr, ExprForm, Local, Stmt, StmtForm } from '../ir.ts'
import type { EnvName } from '../methods.ts'
import { formOf } from '../shapes.ts'
import type { ScriptSpec } from '../spec.ts'
import type { DiagnosticCode, Reporter } from './diagnostics.ts'
import { type Facts, NOTHING_KNOWN } from './narrowing.ts'
import type { Binding, Names } from './scope.ts'
import type { FunctionTree } from './source.ts'
import {
  ASCII,
  FAILED,
  FAILURE_TYPE,
  Joins,
  NEVER,
  NULLISH,
  NUMBER,
  only,
  snapshot,
  type Type,
  typeOfForm,
  WIDE,
  worded,
} from './types.ts'

/** Names that stand for something that is no value: the three parameters, their members, and inner functions. */
export type Special =
  | { readonly kind: 'keys' | 'args' | 'env' }
  | { readonly kind: 'key' | 'arg'; readonly name: string }
  | { readonly kind: 'envFunction'; readonly name: EnvName }

/** The text of an inner function. */
export type InnerTree = FunctionTree | FunctionDeclaration

/** An inner function, as far as it is known. */
export interface Inner {
  readonly node: InnerTree
  readonly params: Type[]
  returns: Type
}

/** A condition: its tree, and what is known when it holds and when it does not. */
export interface Condition {
  readonly test: Expr
  readonly yes: Facts | undefined
  readonly no: Facts | undefined
}

/** The lowerings that call each other across files. */
export interface Lowerings {
  expression(front: Front, node: Expression): Expr
  condition(front: Front, node: Expression): Condition
  statements(front: Front, nodes: readonly Statement[]): Stmt[]
  bind(front: Front, pattern: Pattern, value: Expr, isDeclared: boolean): Stmt[]
}

/** Where the kinds of jumps of a loop lead: what is known there. */
export interface Exits {
  breaks: Facts | undefined
  readonly isLoop: boolean
}

export class Front {
  readonly joins = new Joins()
  readonly inner = new Map<AnyNode, Inner>()
  readonly functions = new Map<Binding, AnyNode>()
  readonly specials = new Map<Binding, Special>()
  readonly constants = new Map<Binding, Expr>()
  readonly argTypes = new Map<string, Type>()
  isFinal = false
  computesKeys = false
  facts: Facts | undefined = NOTHING_KNOWN
  /** The result type of the function being walked. */
  returns: Type = NEVER
  exits: Exits[] = []
  #temps: Local[] = []
  #tempTypes: Type[] = []
  readonly #types = new WeakMap<Expr, Type>()
  readonly #sites = new Map<Node, Type>()
  readonly names: Names
  readonly reporter: Reporter
  readonly spec: ScriptSpec
  readonly lower: Lowerings

  constructor(names: Names, reporter: Reporter, spec: ScriptSpec, lower: Lowerings) {
    this.names = names
    this.reporter = reporter
    this.spec = spec
    this.lower = lower
    for (const [name, declared] of Object.entries(spec.args ?? {})) {
      this.argTypes.set(name, typeOfForm(formOf(declared), this.joins))
    }
  }

  /** Begins a walk. */
  restart(): void {
    this.joins.grew = false
    this.facts = NOTHING_KNOWN
    this.returns = NEVER
    this.exits = []
    this.#temps = []
    this.#tempTypes = []
  }

  report(node: Pick<Node, 'start'>, code: DiagnosticCode, message: string, hint?: string): void {
    if (this.isFinal) this.reporter.report(node, code, message, hint)
  }

  at(node: Pick<Node, 'start'>): Position {
    return this.reporter.position(node)
  }

  make(node: Pick<Node, 'start'>, type: Type, form: ExprForm): Expr {
    const shown = this.isFinal ? snapshot(type, this.joins) : ({ kind: 'never' } as const)
    const expr: Expr = Object.freeze({ ...form, at: this.at(node), type: shown })
    this.#types.set(expr, type)
    return expr
  }

  statement(node: Pick<Node, 'start'>, form: StmtForm): Stmt {
    return Object.freeze({ ...form, at: this.at(node) })
  }

  typeOf(expr: Expr): Type {
    return this.#types.get(expr) ?? FAILURE_TYPE
  }

  /** Reports, and gives an expression that fits everywhere. */
  fail(node: Pick<Node, 'start'>, code: DiagnosticCode, message: string, hint?: string): Expr {
    this.report(node, code, message, hint)
    // In earlier walks a part may have no type yet: what fails then need not fail in the end.
    return this.make(node, this.isFinal ? FAILURE_TYPE : NEVER, { kind: 'const', value: null })
  }

  constant(node: Pick<Node, 'start'>, value: null | boolean | number | string, type: Type): Expr {
    return this.make(node, type, { kind: 'const', value })
  }

  /** The type that belongs to a place of the source: made once, so that its sites last. */
  lasting(node: Node, make: () => Type): Type {
    const known = this.#sites.get(node)
    if (known !== undefined) return known
    const made = make()
    this.#sites.set(node, made)
    return made
  }

  /** A local that the source does not name. */
  temp(name: string, type: Type, isReassigned = false): number {
    const id = this.names.bindings.length + this.#temps.length
    const shown = this.isFinal ? snapshot(type, this.joins) : ({ kind: 'never' } as const)
    this.#tempTypes.push(type)
    this.#temps.push({ id, name, type: shown, isReassigned })
    return id
  }

  /** The type of a temporary. */
  temporary(id: number): Type {
    return this.#tempTypes[id - this.names.bindings.length] ?? NEVER
  }

  /** All locals, in the order of their ids. */
  locals(): readonly Local[] {
    const declared = this.names.bindings.map(({ id, name, type, isReassigned }) => {
      return Object.freeze({ id, name, type: snapshot(type, this.joins), isReassigned })
    })
    return [...declared, ...this.#temps]
  }

  grow(binding: Binding, type: Type): void {
    binding.type = this.joins.grow(binding.type, type)
  }

  /** The declaration of a reference, unless it comes too early. */
  binding(node: Identifier): Binding | undefined {
    const binding = this.names.of(node)
    if (binding === undefined || node.start >= binding.readyAt) return binding
    const fn = this.functions.get(binding)
    if (fn !== undefined && node.start >= fn.start && node.end <= fn.end) {
      this.report(node, 'recursive-function', `${node.name} calls itself`, 'use a loop')
    } else {
      this.report(node, 'declared-later', `${node.name} is declared further down`, 'move the declaration up')
    }
    return binding
  }

  /** Reports unless all kinds of the value are among these. Gives whether they are. */
  expect(node: Pick<Node, 'start'>, expr: Expr, bits: number, what: string): boolean {
    const type = this.typeOf(expr)
    if (type.bits & FAILED || (type.bits & ~bits) === 0) return true
    const isOnlyNull = (type.bits & ~bits & ~NULLISH) === 0
    if (isOnlyNull) {
      const hint = `say what happens then: ${what === 'key handle' ? 'if (x !== null)' : '?? or if (x !== null)'}`
      this.report(node, 'maybe-null', `this may be ${worded(only(type, NULLISH))}, ${what} is needed`, hint)
    } else if (bits & ASCII && !(bits & WIDE) && (type.bits & ~bits) === WIDE) {
      const hint = 'use env.ascii(text), or the shape t.ascii'
      this.report(node, 'needs-ascii', 'positions in text are the same everywhere only if it is ASCII', hint)
    } else {
      const hint = bits === NUMBER && type.bits & WIDE ? 'use env.toNumber' : undefined
      this.report(node, 'wrong-type', `${what} is needed, this is ${worded(type)}`, hint)
    }
    return false
  }

  isFailed(expr: Expr): boolean {
    return (this.typeOf(expr).bits & FAILED) !== 0
  }
}
