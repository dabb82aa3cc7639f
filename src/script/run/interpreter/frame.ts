/**
 * Frame: the state of one run of the interpreter.
 *
 * The one idea: locals have unique ids within a script and functions neither escape nor recurse, so one array of slots
 * serves the whole run, inner functions included.
 */
import type { Position } from '../../errors.ts'
import { ScriptError } from '../../errors.ts'
import type { Reach } from '../handles.ts'

export class Frame {
  readonly slots: unknown[]
  readonly reach: Reach
  readonly keys: Readonly<Record<string, string>>
  readonly args: Readonly<Record<string, unknown>>
  /** What the last `return` gave. */
  result: unknown = null

  constructor(
    reach: Reach,
    locals: number,
    keys: Readonly<Record<string, string>>,
    args: Readonly<Record<string, unknown>>,
  ) {
    this.reach = reach
    this.slots = new Array(locals).fill(null)
    this.keys = keys
    this.args = args
  }
}

/** An expression, ready to run. A value is never undefined: that is null. */
export type Eval = (frame: Frame) => unknown

/** How a statement ended. */
export type Ending = undefined | 'break' | 'continue' | 'return'

/** A statement, ready to run. */
export type Exec = (frame: Frame) => Ending

/** The tree does not keep its promises: a fault of the front end, never of a script. */
export function broken(what: string, at: Position): never {
  throw new TypeError(`a script's tree is broken at ${at.line}:${at.column}: ${what}`)
}

/** Runs something that may fail at this place: its error says the line. */
export function located(at: Position, run: Eval): Eval {
  return (frame) => {
    try {
      return run(frame)
    } catch (error) {
      if (!(error instanceof ScriptError) || error.at !== undefined) throw error
      throw new ScriptError(error.code, error.message, at.line, { cause: error })
    }
  }
}

/** Null for undefined: in a script they are one value. */
export function known(value: unknown): unknown {
  return value === undefined ? null : value
}

export function numberIn(value: unknown, at: Position): number {
  return typeof value === 'number' ? value : broken(`${typeof value} in place of a number`, at)
}

export function textIn(value: unknown, at: Position): string {
  return typeof value === 'string' ? value : broken(`${typeof value} in place of a text`, at)
}

export function booleanIn(value: unknown, at: Position): boolean {
  return typeof value === 'boolean' ? value : broken(`${typeof value} in place of a boolean`, at)
}

export function arrayIn(value: unknown, at: Position): unknown[] {
  return Array.isArray(value) ? value : broken(`${typeof value} in place of an array`, at)
}

export function objectIn(value: unknown, at: Position): Record<string, unknown> {
  return isObject(value) ? value : broken(`${typeof value} in place of an object`, at)
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
