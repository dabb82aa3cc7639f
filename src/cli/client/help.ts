/**
 * `help`, `help <command>`, `help @<group>`: what the grammar says, for people.
 */
import { type Bytes, bytes } from '../../base/bytes.ts'
import { allCommands } from '../../commands/all.ts'
import type { Command } from '../../commands/command.ts'
import type { style } from '../style.ts'
import { packageVersion } from '../version.ts'
import { argumentsLine, findCommand, topCommands } from './lookup.ts'

type Style = ReturnType<typeof style>

/** The groups that commands stand in. */
export const groups: readonly string[] = [...new Set(allCommands.map(({ spec }) => spec.group))].sort()

const GENERAL = (): string => `geartrain cli ${packageVersion()}
      help @<group>       the commands of a group: ${groups.join(', ')}
      help <command>      one command
      help <tab>          what there is help for
      quit                ends; so do exit and Ctrl-D
      connect host port   turns to another server
      clear               clears the screen
      5 PING              says a command five times
      :set hints          shows a command's arguments as you type
      :set nohints        does not
`

/** The text for `help` and the words that follow it. */
export function helpFor(words: readonly string[], paint: Style): Bytes {
  const [topic] = words
  if (topic === undefined) return bytes(GENERAL())
  if (topic.startsWith('@')) return bytes(aboutGroup(topic.slice(1).toLowerCase(), paint))
  const found = findCommand(words)
  if (found === undefined) return bytes(`There is no help for '${words.join(' ')}': see help and help @<group>.\n`)
  const subcommands = [...found.command.subcommands.values()]
  return bytes([found.command, ...subcommands].map((command) => about(command, paint)).join(''))
}

function aboutGroup(group: string, paint: Style): string {
  const members = topCommands.filter(({ spec }) => spec.group === group)
  if (members.length === 0) return `There is no group '${group}'. There are ${groups.join(', ')}.\n`
  return members.map((command) => about(command, paint)).join('')
}

function about(command: Command, { bold, dim }: Style): string {
  const { summary, since, group, complexity, deprecated } = command.spec
  const facts = [
    `summary: ${summary}`,
    `since: ${since}`,
    `group: ${group}`,
    ...(complexity === undefined ? [] : [`complexity: ${complexity}`]),
    ...(deprecated === undefined ? [] : [`deprecated: since ${deprecated.since}, use ${deprecated.use}`]),
  ]
  const title = `${bold(command.name.replace('|', ' '))} ${dim(argumentsLine(command))}`.trimEnd()
  return `\n  ${title}\n${facts.map((fact) => `  ${fact}\n`).join('')}`
}
