/**
 * What reaches out of a script: keys, their methods, and `env`.
 *
 * The one idea: a handle inside the interpreter is a kind and a name; its methods are the same rows, performed by the same
 * code, as those of handles in process.
 */

import { parsedJson } from '../../boundary.ts'
import type { Position } from '../../errors.ts'
import type { KeyKind } from '../../handles.ts'
import type { Expr, ValueType } from '../../ir.ts'
import { METHODS } from '../../methods.ts'
import { envOf } from '../env.ts'
import { childName, derivedKeysMissing } from '../handles.ts'
import { perform } from '../operations.ts'
import { broken, type Eval, type Frame, known, located, textIn } from './frame.ts'

/** A handle of the interpreter. */
class KeyHandle {
  readonly kind: KeyKind
  readonly name: string
  constructor(kind: KeyKind, name: string) {
    this.kind = kind
    this.name = name
  }
}

function handleIn(value: unknown, at: Position): KeyHandle {
  return value instanceof KeyHandle ? value : broken(`${typeof value} in place of a key`, at)
}

/** A declared key. */
export function keyOf(name: string, type: ValueType): Eval {
  const kind = type.kind === 'key' ? type.of : 'any'
  return (frame) => new KeyHandle(kind, frame.keys[name]!)
}

/** `key.child(kind, …parts)`. */
export function childOf(of: Eval, kind: KeyKind, parts: readonly Eval[], at: Position): Eval {
  return (frame) => {
    const parent = handleIn(of(frame), at)
    const { derivedKeys, scriptName } = frame.reach
    if (!derivedKeys) throw derivedKeysMissing(scriptName)
    return new KeyHandle(
      kind,
      childName(
        parent.name,
        parts.map((part) => part(frame)),
      ),
    )
  }
}

/** `key.name`. */
export function keyNameIn(of: Eval, at: Position): Eval {
  return (frame) => handleIn(of(frame), at).name
}

/** A method of a handle. */
export function methodCall(
  node: Extract<Expr, { kind: 'method' }>,
  key: Eval,
  args: (frame: Frame) => unknown[],
  options: readonly (readonly [string, Eval])[],
): Eval {
  const method = METHODS[node.keyKind][node.method] ?? broken(`no method ${node.keyKind}.${node.method}`, node.at)
  const path = `${node.keyKind}.${node.method}`
  const optionsAt = method.params.findIndex(({ kind }) => kind === 'options')
  return located(node.at, (frame) => {
    const { name } = handleIn(key(frame), node.at)
    const given = args(frame)
    if (optionsAt >= 0) given[optionsAt] = Object.fromEntries(options.map(([option, value]) => [option, value(frame)]))
    return known(perform(frame.reach.world, path, method, name, given))
  })
}

/** A function of `env`. */
export function envCall(node: Extract<Expr, { kind: 'env' }>, args: (frame: Frame) => unknown[]): Eval {
  const { name, shape, at } = node
  if (name === 'parseJson') return located(at, (frame) => known(parsedJson(textIn(args(frame)[0], at), shape)))
  return located(at, (frame) => {
    const run: unknown = Reflect.get(envOf(frame.reach.world), name)
    return typeof run === 'function' ? known(run(...args(frame))) : broken(`no env.${name}`, at)
  })
}
