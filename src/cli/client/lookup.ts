/**
 * Commands by the words that somebody typed.
 *
 * The one idea: a container (CONFIG) holds subcommands, so a command is one word or two; case does not matter.
 */
import { allCommands } from '../../commands/all.ts'
import type { Node } from '../../commands/args/nodes.ts'
import { syntaxOf } from '../../commands/args/syntax.ts'
import type { Command } from '../../commands/command.ts'

const byName: ReadonlyMap<string, Command> = new Map(allCommands.map((command) => [command.name, command]))

/** Every command that is no subcommand, in order of name. */
export const topCommands: readonly Command[] = allCommands
  .filter(({ parent }) => parent === undefined)
  .toSorted((a, b) => (a.name < b.name ? -1 : 1))

/** A command that was found, and how many words name it. */
export interface Found {
  readonly command: Command
  readonly words: number
}

/** The command that these words begin with: a subcommand where they name one. */
export function findCommand(words: readonly string[]): Found | undefined {
  const [first = '', second] = words
  const command = byName.get(first.toUpperCase())
  if (command === undefined) return undefined
  const sub = second === undefined ? undefined : command.subcommands.get(second.toUpperCase())
  return sub === undefined ? { command, words: 1 } : { command: sub, words: 2 }
}

/** The arguments of a command, as its syntax line gives them. */
export function argumentsLine(command: Command): string {
  if (command.subcommands.size > 0) return `<${[...command.subcommands.keys()].join(' | ')}>`
  return syntaxOf(command).slice(command.name.length + 1)
}

/** The words that are written as they are in a command's arguments: options, flags and choices. */
export function tokensOf(command: Command): readonly string[] {
  const found = new Set<string>()
  const collect = (node: Node): void => {
    if (node.token !== undefined) found.add(node.token)
    for (const choice of node.choices ?? []) found.add(choice)
    for (const inner of node.inner ?? []) collect(inner)
  }
  for (const node of command.spec.args) collect(node)
  return [...found]
}
