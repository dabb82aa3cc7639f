/**
 * Types of libraries as callers see them: what goes into a function, and what its value has become when it arrives.
 *
 * The one idea: a library's type is carried by the library itself (`methods`, which exists for the compiler only), so that
 * `db.functions.of(lib)` needs no more, and `db.functions.lib` only that the program says which libraries there are.
 */
import type { Value } from '../../commands/args/nodes.ts'

/** A library whose functions are known. */
export interface TypedLibrary<F> {
  readonly name: string
  /** Never there: it carries the type. */
  readonly methods?: F
}

/**
 * The libraries that a program knows, by name; its modules add theirs, and `db.functions.<name>` has their methods:
 * `declare module 'geartrain' { interface Libraries { stats: typeof stats } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: programs fill it
export interface Libraries {}

/** What a function's value is when it has been a reply. */
export type Received<R> =
  R extends Promise<infer P>
    ? Received<P>
    : R extends void
      ? 'undefined'
      : R extends bigint
        ? number | bigint
        : R extends string | number | boolean | null
          ? R
          : R extends ArrayBuffer
            ? string
            : R extends ReadonlySet<infer E>
              ? Set<Received<E>>
              : R extends object
                ? { [K in keyof R]: Received<R[K]> }
                : unknown

/** A function as a method: everything behind its client, by promise. Words travel as text. */
export type MethodOf<F> = F extends (client: never, ...args: infer A) => infer R
  ? (...args: { [I in keyof A]: Value }) => Promise<unknown extends R ? unknown : Received<R>>
  : F extends { readonly run: infer G }
    ? MethodOf<G>
    : never

/** The functions of a library as methods. */
export type MethodsOf<L> = L extends { readonly methods?: infer F }
  ? { readonly [K in keyof F as K extends string ? K : never]: MethodOf<NonNullable<F>[K & keyof F]> }
  : never

/** The known libraries by name. */
export type LibrariesByName = { readonly [K in keyof Libraries]: MethodsOf<Libraries[K]> }
