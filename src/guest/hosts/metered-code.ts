/**
 * Metered code: a library's text with a count in every loop, at every function entry, and in every catch and finally.
 *
 * The one idea: the text is changed by insertion only, so that lines keep their numbers and everything else its meaning.
 * What counts cannot see is time inside one builtin (a huge `indexOf`, a regular expression that backtracks): the realm
 * host is for trusted code.
 */
import { type AnyNode, type Function as FunctionNode, parse } from 'acorn'
import MagicString from 'magic-string'

/** What compiled code calls its meter. A library cannot use this name for itself. */
export const METER = '$geartrainMeter'

const COUNT = `--${METER}.left<0&&${METER}.spent()`
const NEWEST = 'latest'

/** Puts the counts in. Throws the parser's SyntaxError. */
export function metered(source: string): string {
  return withCounts(source).toString()
}

/** The source map, as JSON, from the text with counts to the one without. */
export function meteredMap(source: string): string {
  return withCounts(source).generateMap({ hires: true }).toString()
}

function withCounts(source: string): MagicString {
  if (source.includes(METER)) throw new SyntaxError(`${METER} is a reserved name`)
  const program = parse(source, { ecmaVersion: NEWEST, sourceType: 'script', allowHashBang: true })
  const text = new MagicString(source)
  insertInto(text, program)
  return text
}

/** Children first: where insertions meet at one place, the inner one must close before the outer. */
function insertInto(text: MagicString, node: AnyNode): void {
  for (const child of childrenOf(node)) insertInto(text, child)
  switch (node.type) {
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      countIn(text, node.body)
      break
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      countEntry(text, node)
      break
    case 'CatchClause':
      countIn(text, node.body)
      break
    case 'TryStatement':
      if (node.finalizer) countIn(text, node.finalizer)
      break
  }
}

function countIn(text: MagicString, body: AnyNode): void {
  if (body.type === 'BlockStatement') {
    text.appendLeft(body.start + 1, `${COUNT};`)
  } else {
    text.prependRight(body.start, `{${COUNT};`)
    text.appendLeft(body.end, '}')
  }
}

function countEntry(text: MagicString, { body }: FunctionNode): void {
  if (body.type !== 'BlockStatement') {
    text.prependRight(body.start, `(${COUNT},`)
    text.appendLeft(body.end, ')')
    return
  }
  // 'use strict' is one only where it comes first.
  const directives = body.body.filter((statement) => 'directive' in statement)
  const last = directives.at(-1)
  if (last === undefined) text.appendLeft(body.start + 1, `${COUNT};`)
  else text.appendLeft(last.end, `;${COUNT};`)
}

/** The nodes right below one. */
export function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node).flatMap((value: unknown) => (Array.isArray(value) ? value : [value]).filter(isNode))
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}
