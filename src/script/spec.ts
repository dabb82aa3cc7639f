/**
 * What a script declares about itself: its keys by kind, its arguments and its result by shape, the constants it uses.
 *
 * The one idea: everything that the compiler cannot see in the function's text stands here, as data. Invariant: a
 * specification does not change after a script was made of it.
 */
import type { KeyHandles, KeyKind, ScriptEnv } from './handles.ts'
import type { Json, Shape, ShapeOf, StandardSchema } from './shapes.ts'

export { type Json, type Shape, type ShapeOf, type StandardSchema, t } from './shapes.ts'

/** The keys of a script: a name in the body, and the kind of value the key holds. Their order is the order of KEYS. */
export type KeySpec = Readonly<Record<string, KeyKind>>

/** The arguments of a script. Their order is the order of ARGV. */
export type ArgSpec = Readonly<Record<string, Shape<unknown> | StandardSchema>>

/** What the body may refer to though it is declared outside: JSON values (frozen in meaning) and shapes for `parseJson`. */
export type ConstantSpec = Readonly<Record<string, Json | Shape<unknown>>>

/** The declaration of a script. */
export interface ScriptSpec<K extends KeySpec = KeySpec, A extends ArgSpec = ArgSpec, R = unknown> {
  /** For messages and manifests: letters, digits, `.`, `_`, `-`, `:` and `/`. */
  readonly name?: string
  readonly keys: K
  readonly args?: A
  /** The result's shape. Recommended: it is checked on every backend alike. */
  readonly returns?: Shape<R>
  /** The script may compute keys from declared ones: `child()`, and names in `env.call`. Refused on a cluster without hash tags. */
  readonly derivedKeys?: boolean
  /** The script writes nothing: replicas may run it. A write is a definition error. */
  readonly readOnly?: boolean
  /** Values of the free names that the body uses. */
  readonly constants?: ConstantSpec
}

type OutputOf<S> = S extends Shape<infer T> ? T : S extends StandardSchema<unknown, infer O> ? O : unknown
type InputOf<S> = S extends Shape<infer T> ? T : S extends StandardSchema<infer I, unknown> ? I : unknown
type OptionalArgs<A extends ArgSpec> = { [N in keyof A]: undefined extends InputOf<A[N]> ? N : never }[keyof A]
type Flat<T> = { [P in keyof T]: T[P] }

/** The arguments as the body sees them. */
export type ArgValues<A extends ArgSpec> = Flat<
  { readonly [N in Exclude<keyof A, OptionalArgs<A>>]: OutputOf<A[N]> } & {
    readonly [N in OptionalArgs<A>]?: OutputOf<A[N]>
  }
>

/** The arguments as a caller gives them. */
export type ArgInputs<A extends ArgSpec> = Flat<
  { readonly [N in Exclude<keyof A, OptionalArgs<A>>]: InputOf<A[N]> } & {
    readonly [N in OptionalArgs<A>]?: InputOf<A[N]>
  }
>

/** The names of the real keys, by the names that the script uses. */
export type KeyNames<K extends KeySpec> = { readonly [N in keyof K]: string }

/** The body of a script: an ordinary synchronous function. */
export type ScriptBody<K extends KeySpec, A extends ArgSpec, R> = (
  keys: KeyHandles<K>,
  args: ArgValues<A>,
  env: ScriptEnv,
) => R

/** The result type of a specification with a result shape. */
export type ResultOf<S> = S extends { readonly returns: Shape<unknown> } ? ShapeOf<S['returns']> : unknown
