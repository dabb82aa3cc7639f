/**
 * The arguments that a command still takes, in grey behind what is typed.
 *
 * The one idea: the syntax line is cut at its top-level parts; each typed argument takes one away while the parts are
 * required ones, for of optional ones nobody knows which was meant.
 */
import { splitWords } from '../../base/split-words.ts'
import { argumentsLine, findCommand } from './lookup.ts'

/** What to show behind a line, with a blank in front where the line has none; '' when there is nothing to say. */
export function hintFor(line: string): string {
  const words = splitWords(line)
  if (words === undefined || words.length === 0) return ''
  const found = findCommand(words)
  if (found === undefined) return ''
  const parts = partsOf(argumentsLine(found.command))
  for (let typed = found.words; typed < words.length && isRequired(parts[0]); typed++) parts.shift()
  if (parts.length === 0) return ''
  return `${line.endsWith(' ') ? '' : ' '}${parts.join(' ')}`
}

const isRequired = (part: string | undefined): boolean => part !== undefined && !part.startsWith('[')

/** Splits at blanks outside brackets. */
function partsOf(syntax: string): string[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const char of syntax) {
    if (char === '[' || char === '<') depth++
    if (char === ']' || char === '>') depth--
    if (char === ' ' && depth === 0) {
      parts.push(part)
      part = ''
    } else {
      part += char
    }
  }
  return part === '' ? parts : [...parts, part]
}
