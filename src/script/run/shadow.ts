/**
 * Shadow mode: a function and its tree are run on the same replies, and must do the same.
 *
 * The one idea: two executions of one definition check each other; what they disagree on is a fault of the compiler or a
 * construct that it should have refused.
 */
import { ScriptDefinitionError, ScriptError } from '../errors.ts'

/** A function and its tree disagree. */
export class ShadowError extends Error {
  readonly code = 'SCRIPT_SHADOW'
  constructor(name: string, what: string, cause?: unknown) {
    super(`script ${name}: the function and its tree disagree: ${what}`, cause === undefined ? undefined : { cause })
    this.name = 'ShadowError'
  }
}

/** Throws a ShadowError unless the tree ends as the function did: with this text, or this error. */
export function agree(outcome: unknown, tree: () => unknown, name: string): void {
  const other = outcomeOf(tree)
  if (other instanceof ScriptDefinitionError) throw other
  if (outcome instanceof ScriptError) {
    const isSame = other instanceof ScriptError && (other.code === outcome.code || outcome.code === 'ERR')
    if (!isSame) throw new ShadowError(name, `${outcome.code} ${outcome.message} against ${described(other)}`, other)
    return
  }
  if (!isRun(other)) throw new ShadowError(name, `${outcome} against ${described(other)}`, other)
  if (other.text !== outcome) throw new ShadowError(name, `${outcome} against ${other.text}`)
  if (other.rest > 0) throw new ShadowError(name, `the tree sends ${other.rest} commands less`)
}

function isRun(value: unknown): value is { readonly text: string; readonly rest: number } {
  return typeof value === 'object' && value !== null && 'text' in value && 'rest' in value
}

/** What a run gives, or the error that it ends with. */
export function outcomeOf(tree: () => unknown): unknown {
  try {
    return tree()
  } catch (error) {
    return error
  }
}

function described(value: unknown): string {
  if (value instanceof Error) return `${value.name} ${value.message}`
  return isRun(value) ? value.text : String(value)
}
