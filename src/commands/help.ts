/**
 * HELP of a container: its subcommands and what they do, a status for each line, as redis-cli prints them.
 *
 * The one idea: a container gives syntax lines and what each is for; the frame around them is the same everywhere.
 */
import { Status } from '../base/reply.ts'
import { type Command, type CommandSpec, command, type Group } from './command.ts'
import { arrayOf, status } from './shape.ts'

/** What a HELP subcommand needs beyond its text. */
interface Frame {
  readonly group: Group
  readonly since: string
  readonly acl?: readonly string[]
  readonly override?: NonNullable<CommandSpec['override']>
}

/** A syntax line, and lines about it. */
export type Entry = readonly [syntax: string, ...about: readonly string[]]

/** The lines of a container's HELP. */
export function helpLines(container: string, entries: readonly Entry[]): readonly Status[] {
  const lines = entries.flatMap(([syntax, ...about]) => [syntax, ...about.map((line) => `    ${line}`)])
  const frame = `${container} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`
  return [frame, ...lines, 'HELP', '    Prints this help.'].map((line) => new Status(line))
}

/** The HELP subcommand of a container. */
export function helpOf(container: string, frame: Frame, entries: readonly Entry[]): Command {
  const lines = helpLines(container, entries)
  return command({
    ...frame,
    name: `${container}|HELP`,
    summary: 'Describes the subcommands.',
    complexity: 'O(1)',
    flags: ['loading', 'stale'],
    args: [],
    reply: arrayOf(status()),
    run: () => lines,
  })
}
