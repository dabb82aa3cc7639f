/**
 * The errors of portable scripts: what is wrong with a definition, with a value at the boundary, and with a run.
 *
 * The one idea: an error says where. A definition error carries every finding of one compilation, with lines and columns
 * counted from the first character of the function's text (both from 1); a run's error carries the line it came from.
 */

/** A place in a script's source, both counted from 1; line 1 is the first line of the function's own text. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** One finding of the compiler. `code` is stable: DIAGNOSTICS in `front/diagnostics.ts` lists them all. */
export interface Diagnostic extends Position {
  readonly code: string
  readonly message: string
  /** What to write instead, where there is something. */
  readonly hint?: string
}

/** A script cannot be defined: its source leaves the language subset, or its specification is wrong. */
export class ScriptDefinitionError extends Error {
  readonly code = 'SCRIPT_DEFINITION'
  readonly diagnostics: readonly Diagnostic[]
  constructor(name: string, diagnostics: readonly Diagnostic[]) {
    const lines = diagnostics.map(({ line, column, code, message, hint }) => {
      return `  ${line}:${column} ${code}: ${message}${hint === undefined ? '' : ` (${hint})`}`
    })
    super(`script ${name} cannot be defined:\n${lines.join('\n')}`)
    this.name = 'ScriptDefinitionError'
    this.diagnostics = diagnostics
  }
}

/** A value at the boundary (an argument, a result, decoded JSON) is not of the declared shape. `path` names it: `args.a[2].b`. */
export class ShapeError extends TypeError {
  readonly code = 'SHAPE'
  readonly path: string
  constructor(path: string, expected: string, found: string) {
    super(`${path} should be ${expected}, found ${found}`)
    this.name = 'ShapeError'
    this.path = path
  }
}

/**
 * A run of a script failed. What it wrote before stays written, on every backend.
 *
 * `code` is the code given to `env.fail`, the first word of a Redis error (`WRONGTYPE`, `ERR` …), or one of FAILURE.
 */
export class ScriptError extends Error {
  readonly code: string
  /** The line of the script's source, counted from 1, where it is known. */
  readonly at: { readonly line: number } | undefined
  constructor(code: string, message: string, line?: number, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ScriptError'
    this.code = code
    this.at = line === undefined ? undefined : { line }
  }
}

/** Codes of failures that the script's own operations raise, the same on every backend. */
export const FAILURE = {
  /** `env.ascii` met text that is not ASCII. */
  ascii: 'NOT_ASCII',
  /** `env.parseJson` met text that is no JSON, or JSON of another shape. */
  json: 'BAD_JSON',
  /** An element was written beyond the end of an array, or before its start. */
  index: 'BAD_INDEX',
  /** NaN or an infinity reached a result or JSON. */
  number: 'NOT_FINITE',
} as const
