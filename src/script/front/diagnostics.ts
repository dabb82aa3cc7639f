/**
 * The findings of the compiler: their stable codes, and the reporter that collects them.
 *
 * The one idea: a construct is refused for a reason and with a way out, never lowered to something that nearly does the same.
 */
import type { Node } from 'acorn'
import type { Diagnostic, Position } from '../errors.ts'

/** Every code, and what it stands for. */
export const DIAGNOSTICS = {
  syntax: 'the text is no JavaScript function',
  'not-a-function': 'the function has no source (native, bound)',
  'async-function': 'scripts are synchronous: async, await, promises and generators',
  instrumented: 'a coverage tool has rewritten the function',
  'unsupported-syntax': 'a construct outside the subset',
  'free-name': 'a name that the function does not declare',
  'forbidden-global': 'a global that a store does not have',
  'unknown-member': 'a property or method that the value does not have',
  'unknown-key': 'a key or argument that the specification does not declare',
  'loose-equality': '== or != other than with null',
  'not-boolean': 'a condition, or an operand of && || !, that is not a boolean',
  'maybe-null': 'a value that may be null or undefined where it may not',
  'null-kind': 'a comparison with null of what may be undefined, or the reverse',
  'wrong-type': 'an operand or argument of another type',
  'mixed-addition': '+ on operands that are not both numbers or both text',
  'text-order': 'text compared by order',
  'not-finite': 'NaN or Infinity',
  'array-hole': 'an array with holes',
  'needs-ascii': 'a position in text that may not be ASCII',
  'not-a-scalar': 'something given to a command that is neither text nor number',
  arity: 'too few or too many arguments',
  'bad-option': 'an option that is unknown or not a literal',
  'dynamic-name': 'a command, error code or log level that is not a literal',
  'derived-keys': 'a computed key without derivedKeys',
  'read-only': 'a write in a script that says readOnly',
  'recursive-function': 'a function that calls itself',
  'escaping-function': 'a function used as a value',
  'declared-later': 'a name used before its declaration',
  'default-on-null': 'a default for what may be null',
  'plain-switch': 'a switch that falls through or breaks from inside',
  'constant-write': 'a write to a constant, a key or the environment',
  'return-type': 'a result that the declared shape cannot have',
  'too-large': 'more locals or deeper nesting than Lua takes',
  'bad-spec': 'a specification that is wrong in itself',
} as const

export type DiagnosticCode = keyof typeof DIAGNOSTICS

/** Collects findings; each place is reported once. */
export class Reporter {
  readonly found: Diagnostic[] = []
  readonly #lineStarts: readonly number[]
  readonly #shift: number
  readonly #seen = new Set<string>()

  /** `shift` chars were put before the function's own text to parse it. */
  constructor(source: string, shift: number) {
    this.#shift = shift
    this.#lineStarts = [
      0,
      ...[...source.matchAll(/\r\n|[\n\r\u2028\u2029]/g)].map((match) => match.index + match[0].length),
    ]
  }

  position(node: Pick<Node, 'start'>): Position {
    const at = Math.max(0, node.start - this.#shift)
    let line = 0
    while (line + 1 < this.#lineStarts.length && (this.#lineStarts[line + 1] ?? 0) <= at) line++
    return { line: line + 1, column: at - (this.#lineStarts[line] ?? 0) + 1 }
  }

  report(node: Pick<Node, 'start'>, code: DiagnosticCode, message: string, hint?: string): void {
    const place = this.position(node)
    const key = `${place.line}:${place.column}:${code}`
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    this.found.push({ code, message, ...place, ...(hint === undefined ? {} : { hint }) })
  }
}
