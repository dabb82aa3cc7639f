/**
 * Handles in process: what the function of a script gets for its keys.
 *
 * The one idea: a handle is a name and a world; its methods are the rows of the table, put on one class per kind of key.
 * Invariant: a handle of a derived key exists only where the script said that it derives keys.
 */
import { ScriptDefinitionError } from '../errors.ts'
import type { HandleOf, KeyKind } from '../handles.ts'
import { METHODS } from '../methods.ts'
import { perform, wordOf } from './operations.ts'
import type { World } from './world.ts'

/** What handles of one run share. */
export interface Reach {
  readonly world: World
  readonly scriptName: string
  readonly derivedKeys: boolean
}

class Handle {
  readonly name: string
  readonly #reach: Reach

  constructor(reach: Reach, name: string) {
    this.name = name
    this.#reach = reach
  }

  child(kind: KeyKind, ...parts: readonly unknown[]): Handle {
    if (!this.#reach.derivedKeys) throw derivedKeysMissing(this.#reach.scriptName)
    return handleOf(this.#reach, kind, childName(this.name, parts))
  }

  /** Part of every method. */
  static world(handle: Handle): World {
    return handle.#reach.world
  }
}

/** The name of a key derived from another. */
export function childName(name: string, parts: readonly unknown[]): string {
  return [name, ...parts.map((part) => wordOf(part, 'child(part)'))].join(':')
}

/** The error for a key that is computed though the script did not say that it would. */
export function derivedKeysMissing(script: string): ScriptDefinitionError {
  const message = 'the script derives keys, and its specification does not say so'
  return new ScriptDefinitionError(script, [
    { code: 'derived-keys', message, line: 1, column: 1, hint: 'add derivedKeys: true' },
  ])
}

type HandleClass = new (reach: Reach, name: string) => Handle

function classOf(kind: KeyKind): HandleClass {
  const made = class extends Handle {}
  for (const [name, method] of Object.entries(METHODS[kind])) {
    const path = `${kind}.${name}`
    const value = function (this: Handle, ...given: readonly unknown[]): unknown {
      return perform(Handle.world(this), path, method, this.name, given)
    }
    Object.defineProperty(made.prototype, name, { value })
  }
  return made
}

const CLASSES: Readonly<Record<KeyKind, HandleClass>> = {
  any: classOf('any'),
  string: classOf('string'),
  list: classOf('list'),
  hash: classOf('hash'),
  set: classOf('set'),
  zset: classOf('zset'),
  stream: classOf('stream'),
}

/** The handle of a key. */
export function handleOf(reach: Reach, kind: KeyKind, name: string): Handle {
  return new CLASSES[kind](reach, name)
}

/** The handles of a script's declared keys; `names` are the real keys in the order of the declaration. */
export function handlesOf(
  reach: Reach,
  keys: Readonly<Record<string, KeyKind>>,
  names: readonly string[],
): Readonly<Record<string, Handle>> {
  const handles: Record<string, Handle> = {}
  Object.entries(keys).forEach(([declared, kind], i) => {
    handles[declared] = handleOf(reach, kind, names[i]!)
  })
  return handles
}

/** A handle as the typed interface describes it. */
export type AnyHandle = HandleOf[KeyKind]
