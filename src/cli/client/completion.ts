/**
 * What Tab offers: names of commands, subcommands, the tokens of a command's options, and topics of help.
 *
 * The one idea: only the last word is completed, and what is offered takes the case of what is typed.
 */
import { groups } from './help.ts'
import { findCommand, tokensOf, topCommands } from './lookup.ts'

const OWN = ['HELP', 'QUIT', 'EXIT', 'CLEAR', 'CONNECT']

/** In readline's form: what the last word may become, and that word. */
export function complete(line: string): [string[], string] {
  const words = line.trimStart().split(/\s+/)
  const last = words.at(-1) ?? ''
  // Inside quotes stands a value, of which nothing is known.
  if (/["']/.test(line)) return [[], last]
  const offers = candidates(words.slice(0, -1)).filter((word) => word.toUpperCase().startsWith(last.toUpperCase()))
  return [offers.map((word) => `${inCaseOf(last, word)} `), last]
}

function candidates(before: readonly string[]): readonly string[] {
  if (before.length === 0) return [...new Set([...topCommands.map(({ name }) => name), ...OWN])]
  if (before[0]!.toLowerCase() === 'help') return helpTopics(before.slice(1))
  const found = findCommand(before)
  if (found === undefined) return []
  const { command } = found
  if (command.subcommands.size === 0) return tokensOf(command)
  return before.length === 1 ? [...command.subcommands.keys()] : []
}

function helpTopics(before: readonly string[]): readonly string[] {
  if (before.length > 0) return [...(findCommand(before)?.command.subcommands.keys() ?? [])]
  return [...groups.map((group) => `@${group}`), ...topCommands.map(({ name }) => name)]
}

function inCaseOf(typed: string, word: string): string {
  return /[a-z]/.test(typed) ? word.toLowerCase() : word
}
