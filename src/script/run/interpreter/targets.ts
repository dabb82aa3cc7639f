/**
 * Places that are written: locals, elements, fields.
 *
 * The one idea: a target is taken apart before the value is evaluated, and then written. An array has no holes: a write
 * beyond its end, or at what is no index, fails.
 */
import type { Position } from '../../errors.ts'
import { FAILURE, ScriptError } from '../../errors.ts'
import type { Expr, Target } from '../../ir.ts'
import { type Eval, type Frame, located, numberIn, objectIn } from './frame.ts'
import { elementOf, fieldOf } from './intrinsics.ts'

/** A place, taken apart. */
interface Place {
  read(): unknown
  write(value: unknown): void
}

type Compile = (part: Expr) => Eval

function placeOf(target: Target, at: Position, compile: Compile): (frame: Frame) => Place {
  if (target.kind === 'local') {
    const { id } = target
    return (frame) => ({
      read: () => frame.slots[id],
      write: (value) => {
        frame.slots[id] = value
      },
    })
  }
  const object = compile(target.object)
  const inside = compile(target.kind === 'element' ? target.index : target.name)
  return (frame) => {
    const holder = object(frame)
    const where = inside(frame)
    return Array.isArray(holder) ? element(holder, numberIn(where, at)) : field(objectIn(holder, at), String(where))
  }
}

function element(array: unknown[], index: number): Place {
  return {
    read: () => elementOf(array, index),
    write: (value) => {
      if (!Number.isInteger(index) || index < 0 || index > array.length) {
        throw new ScriptError(FAILURE.index, `there is no element ${index} in an array of ${array.length}`)
      }
      array[index] = value
    },
  }
}

function field(object: Record<string, unknown>, name: string): Place {
  return {
    read: () => fieldOf(object, name),
    write: (value) => {
      object[name] = value
    },
  }
}

/** `target = value`. */
export function assign(target: Target, value: Eval, at: Position, compile: Compile): Eval {
  const place = placeOf(target, at, compile)
  return located(at, (frame) => {
    const found = place(frame)
    const given = value(frame)
    found.write(given)
    return given
  })
}

/** `target op= by`, `target++`. */
export function update(
  node: Extract<Expr, { kind: 'update' }>,
  by: Eval,
  change: (old: unknown, by: unknown) => unknown,
  compile: Compile,
): Eval {
  const place = placeOf(node.target, node.at, compile)
  return located(node.at, (frame) => {
    const found = place(frame)
    const old = found.read()
    const made = change(old, by(frame))
    found.write(made)
    return node.gives === 'old' ? old : made
  })
}
