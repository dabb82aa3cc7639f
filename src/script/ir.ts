/**
 * The tree of a script: what the front ends make, and what the Lua printer and the interpreter read.
 *
 * The one idea: small, immutable, explicit. Every implicit thing of JavaScript is gone: `+` is `add` or `concat`, names are
 * numbered locals, `?.` and switch are spelled out, methods are rows of the table. Meaning is JavaScript's: operands are
 * evaluated from left to right, once. Invariants: frozen throughout; null and undefined are one value, null; conditions
 * are booleans; locals have unique ids within the script; a local is declared before it is used.
 */
import type { Position } from './errors.ts'
import type { KeyKind } from './handles.ts'
import type { EnvName } from './methods.ts'
import type { ShapeForm } from './shapes.ts'

/**
 * The inferred type of an expression. `null` says that it may be null. `text` that is known to be `ascii` has positions.
 * `opaque` is a JSON value that nothing is known of; `never` has no value. Several kinds at once make a `union`.
 */
export type ValueType =
  | { readonly kind: 'null' | 'boolean' | 'number' | 'text' | 'ascii' | 'opaque' | 'never' | 'function' }
  | { readonly kind: 'array' | 'record'; readonly of: ValueType }
  | { readonly kind: 'tuple'; readonly items: readonly ValueType[] }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, ValueType>> }
  | { readonly kind: 'key'; readonly of: KeyKind }
  | { readonly kind: 'union'; readonly of: readonly ValueType[] }
  /** A type that contains itself, cut off. */
  | { readonly kind: 'cyclic' }

/** A local variable, parameter or function. `isReassigned`: it is written after its declaration. */
export interface Local {
  readonly id: number
  readonly name: string
  readonly type: ValueType
  readonly isReassigned: boolean
}

/** The operators of two operands. Comparisons of order, and arithmetic, take numbers; `eq` and `ne` take scalars. */
export type BinaryOp = 'add' | 'sub' | 'mul' | 'div' | 'mod' | 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge'

/**
 * Operations that every backend brings. The first argument is the receiver. Positions count from 0 and are cut to the
 * value as JavaScript does; on text they are applied to ASCII only.
 */
export type Intrinsic =
  | `math.${'floor' | 'ceil' | 'trunc' | 'round' | 'abs' | 'min' | 'max' | 'sign' | 'sqrt'}`
  | `number.${'isInteger' | 'isSafeInteger' | 'isFinite' | 'isNaN' | 'toText'}`
  | `text.${'length' | 'slice' | 'substring' | 'at' | 'charAt' | 'indexOf' | 'includes' | 'startsWith' | 'endsWith' | 'split' | 'toUpperCase' | 'toLowerCase' | 'trim' | 'padStart' | 'padEnd'}`
  | `array.${'length' | 'push' | 'pop' | 'shift' | 'unshift' | 'at' | 'slice' | 'includes' | 'indexOf' | 'join' | 'concat' | 'reverse' | 'isArray'}`
  | `object.${'keys' | 'values' | 'entries' | 'has' | 'delete'}`
  | 'typeof'

/** Array methods that call an inner function with (element, index). */
export type EachOp = 'map' | 'filter' | 'some' | 'every' | 'find' | 'findIndex' | 'forEach'

/** A place that can be written. `property` writes an object's field, `name` is an expression of text. */
export type Target =
  | { readonly kind: 'local'; readonly id: number }
  | { readonly kind: 'element'; readonly object: Expr; readonly index: Expr }
  | { readonly kind: 'property'; readonly object: Expr; readonly name: Expr }

interface At {
  readonly at: Position
  readonly type: ValueType
}

/** An item of an array literal or an argument list: with `spread`, all elements of an array. */
export interface Item {
  readonly spread: boolean
  readonly value: Expr
}

/** An entry of an object literal; without a name, the fields of an object are copied. */
export interface Entry {
  readonly name: Expr | undefined
  readonly value: Expr
}

/** An inner function. Its parameters are locals; missing arguments are null; an expression body is one `return`. */
export interface FunctionNode {
  readonly params: readonly number[]
  readonly body: readonly Stmt[]
}

/** An expression without its place and type. */
export type ExprForm =
  | { readonly kind: 'const'; readonly value: null | boolean | number | string }
  | { readonly kind: 'local'; readonly id: number }
  | { readonly kind: 'arg'; readonly name: string }
  /** A handle: a declared key. */
  | { readonly kind: 'key'; readonly name: string }
  /** A handle: the key named by a handle's name and the parts, joined by colons. */
  | { readonly kind: 'child'; readonly of: Expr; readonly keyKind: KeyKind; readonly parts: readonly Expr[] }
  /** The name of a handle's key, text. */
  | { readonly kind: 'keyName'; readonly of: Expr }
  | { readonly kind: 'array'; readonly items: readonly Item[] }
  | { readonly kind: 'object'; readonly entries: readonly Entry[] }
  /** An array's element, null when there is none. */
  | { readonly kind: 'element'; readonly object: Expr; readonly index: Expr }
  /** An object's field, null when there is none. */
  | { readonly kind: 'property'; readonly object: Expr; readonly name: Expr }
  | { readonly kind: 'not' | 'negate'; readonly value: Expr }
  /** Whether a value is null (or undefined). */
  | { readonly kind: 'isNull'; readonly value: Expr }
  | { readonly kind: 'binary'; readonly op: BinaryOp; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'and' | 'or' | 'nullish'; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'conditional'; readonly test: Expr; readonly yes: Expr; readonly no: Expr }
  /** Texts and numbers joined into one text; numbers as JavaScript writes them. */
  | { readonly kind: 'concat'; readonly parts: readonly Expr[] }
  /** Evaluates `value` once, names it, and gives `body`. */
  | { readonly kind: 'let'; readonly id: number; readonly value: Expr; readonly body: Expr }
  /** Evaluates all, gives the last. */
  | { readonly kind: 'sequence'; readonly items: readonly Expr[] }
  /** Writes and gives what was written. The target's parts are evaluated before the value. */
  | { readonly kind: 'assign'; readonly target: Target; readonly value: Expr }
  /** Replaces a place by `number op by`; gives the old value when `gives` is 'old'. The target is evaluated once. */
  | {
      readonly kind: 'update'
      readonly target: Target
      readonly op: BinaryOp | 'concat'
      readonly by: Expr
      readonly gives: 'old' | 'new'
    }
  /** A row of METHODS. `options` holds the given options by name; a mode is a const argument. */
  | {
      readonly kind: 'method'
      readonly key: Expr
      readonly keyKind: KeyKind
      readonly method: string
      readonly args: readonly Item[]
      readonly options: Readonly<Record<string, Expr>>
    }
  | {
      readonly kind: 'env'
      readonly name: EnvName
      readonly args: readonly Item[]
      /** The shape given to parseJson. */
      readonly shape?: ShapeForm
    }
  | { readonly kind: 'intrinsic'; readonly op: Intrinsic; readonly args: readonly Item[] }
  | { readonly kind: 'each'; readonly op: EachOp; readonly array: Expr; readonly fn: FunctionNode }
  /** Calls an inner function. */
  | { readonly kind: 'call'; readonly id: number; readonly args: readonly Expr[] }

/** An expression. */
export type Expr = At & ExprForm

/** A statement without its place. */
export type StmtForm =
  | { readonly kind: 'declare'; readonly id: number; readonly value: Expr | undefined }
  | { readonly kind: 'function'; readonly id: number; readonly fn: FunctionNode }
  | { readonly kind: 'expression'; readonly value: Expr }
  | { readonly kind: 'block'; readonly body: readonly Stmt[] }
  | { readonly kind: 'if'; readonly test: Expr; readonly yes: readonly Stmt[]; readonly no: readonly Stmt[] }
  /** `update` runs after each round, `continue` included. `testFirst` is false for do … while. */
  | {
      readonly kind: 'loop'
      readonly test: Expr | undefined
      readonly testFirst: boolean
      readonly update: Expr | undefined
      readonly body: readonly Stmt[]
    }
  /** Elements that are appended while the loop runs are visited too. `index` is a local that counts from 0. */
  | {
      readonly kind: 'forOf'
      readonly id: number
      readonly index: number | undefined
      readonly array: Expr
      readonly body: readonly Stmt[]
    }
  | { readonly kind: 'break' | 'continue' }
  | { readonly kind: 'return'; readonly value: Expr | undefined }

/** A statement. */
export type Stmt = { readonly at: Position } & StmtForm

/** A whole script. `locals` is indexed by id. */
export interface ScriptIR {
  readonly name: string
  readonly keys: readonly { readonly name: string; readonly kind: KeyKind }[]
  readonly args: readonly { readonly name: string; readonly form: ShapeForm }[]
  readonly locals: readonly Local[]
  readonly body: readonly Stmt[]
  readonly readOnly: boolean
  readonly derivedKeys: boolean
  /** Whether the body computes key names (child, or env.call with a computed name). */
  readonly computesKeys: boolean
}
