/**
 * Trees as text: how a script travels to another thread.
 *
 * The one idea: JSON, but for the numbers that JSON has no words for, and for schemas, which are functions: what they check
 * is checked before anything travels, so the shape behind each takes its place.
 */
import { createHash } from 'node:crypto'
import type { ScriptIR } from '../ir.ts'

const NUMBERS: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
])

/** A tree as text. */
export function treeText(ir: ScriptIR): string {
  return JSON.stringify(ir, (_name, value: unknown) => {
    if (typeof value === 'number') return wordOf(value)
    return isChecked(value) ? value.of : value
  })
}

/** The number itself, or an object with its name where JSON has no word for it. */
function wordOf(value: number): number | { readonly $number: string } {
  const name = Object.is(value, -0) ? '-0' : String(value)
  return NUMBERS.has(name) ? { $number: name } : value
}

function isChecked(value: unknown): value is { readonly of: unknown } {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'checked' && 'of' in value
}

/** The tree that `treeText` gave a text for. */
export function treeOf(text: string): ScriptIR {
  return JSON.parse(text, (_name, value: unknown) => {
    return isNumberWord(value) ? NUMBERS.get(value.$number) : value
  })
}

function isNumberWord(value: unknown): value is { readonly $number: string } {
  return typeof value === 'object' && value !== null && '$number' in value && typeof value.$number === 'string'
}

/** What a tree goes by. */
export function treeId(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
