/**
 * Intrinsics: the constructors of the place where guest code runs, so that what it is given passes its own `instanceof`.
 */

/** What the runtime makes values with. */
export interface Intrinsics {
  readonly Array: ArrayConstructor
  readonly Object: ObjectConstructor
  readonly Set: SetConstructor
  readonly String: StringConstructor
  readonly ArrayBuffer: ArrayBufferConstructor
  readonly Promise: PromiseConstructor
  readonly JSON: JSON
}

/** Those of this program, for linked libraries. */
export const ownIntrinsics: Intrinsics = { Array, Object, Set, String, ArrayBuffer, Promise, JSON }

/** Any function, as the guest runtime calls it. */
export type Callback = (...args: readonly unknown[]) => unknown

export function isCallback(value: unknown): value is Callback {
  return typeof value === 'function'
}
