/**
 * From a function's text to its syntax tree: what `Function.prototype.toString` gives for arrows, functions and methods.
 *
 * The one idea: the text is parsed as an expression; a method's text is none, so it is tried inside an object literal. What
 * has no source, or was rewritten by a coverage tool, is refused here with the reason.
 */
import { type ArrowFunctionExpression, type Expression, type FunctionExpression, type Program, parse } from 'acorn'
import { ScriptDefinitionError } from '../errors.ts'
import { type DiagnosticCode, Reporter } from './diagnostics.ts'

export type FunctionTree = ArrowFunctionExpression | FunctionExpression

/** The function and a reporter whose positions count from the function's own first char. */
export function functionTree(source: string, name: string): { readonly fn: FunctionTree; readonly reporter: Reporter } {
  const fail = (code: DiagnosticCode, message: string, hint: string, at = 0): never => {
    const reporter = new Reporter(source, 0)
    reporter.report({ start: at }, code, message, hint)
    throw new ScriptDefinitionError(name, reporter.found)
  }
  if (/\[native code\]\s*\}$/.test(source)) {
    fail(
      'not-a-function',
      'the function has no source',
      'give an unbound function that is written in JavaScript, or use build()',
    )
  }
  const coverage = /\b(cov_[0-9a-z]+\s*\(\)|__coverage__|__cov_\w+|_\$jscoverage|stryMutAct_\w+)/.exec(source)
  if (coverage !== null) {
    const hint = 'exclude the file from instrumentation (V8 coverage rewrites nothing), or ship compiled scripts'
    fail('instrumented', 'a coverage tool has put counters into the function', hint, coverage.index)
  }
  const tries = [
    ['(', ')'],
    ['({', '})'],
  ] as const
  let failure: unknown
  for (const [before, after] of tries) {
    try {
      const tree = parse(before + source + after, { ecmaVersion: 'latest', sourceType: 'module', locations: false })
      const fn = functionOf(tree)
      if (fn !== undefined) return { fn, reporter: new Reporter(source, before.length) }
    } catch (error) {
      failure ??= error
    }
  }
  const at = typeof failure === 'object' && failure !== null && 'pos' in failure ? Number(failure.pos) - 1 : 0
  const message =
    failure instanceof SyntaxError ? failure.message.replace(/ \(\d+:\d+\)$/, '') : 'the text is no function'
  return fail('syntax', message, 'give the text of one function', Math.max(0, at))
}

function functionOf(tree: Program): FunctionTree | undefined {
  const [statement] = tree.body
  if (tree.body.length !== 1 || statement?.type !== 'ExpressionStatement') return undefined
  return unwrapped(statement.expression)
}

/** The function inside what toolchains wrap around it: `__name(f, "n")`, parentheses, an object with one method. */
function unwrapped(node: Expression): FunctionTree | undefined {
  if (node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression') return node
  if (node.type === 'ObjectExpression') {
    const [property] = node.properties
    const isOne = node.properties.length === 1 && property?.type === 'Property' && property.kind === 'init'
    return isOne && property.value.type === 'FunctionExpression' ? property.value : undefined
  }
  const inner = namedFunction(node)
  return inner === undefined ? undefined : unwrapped(inner)
}

/** What esbuild's keep-names wraps: the function of `__name(function, "name")`. */
export function namedFunction(node: Expression): Expression | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return undefined
  if (!/^_*__name\d*$/.test(node.callee.name) || node.arguments.length !== 2) return undefined
  const [inner, label] = node.arguments
  if (inner === undefined || inner.type === 'SpreadElement') return undefined
  return label?.type === 'Literal' ? inner : undefined
}
