/**
 * The command table: from a line's first words to a command.
 *
 * The one idea: names are looked up as they come (upper and lower case are both in the map) and folded only when that
 * fails, so that the common spellings cost one look-up; the names in use at the time are found by a glance at two chars.
 */
import { type Argv, type Bytes, upper } from '../base/bytes.ts'
import type { Command } from '../commands/command.ts'
import type { CommandTable } from '../commands/context.ts'

/** A power of two. */
const GLANCES = 256

export class Table implements CommandTable {
  readonly all: readonly Command[]
  readonly #byName = new Map<string, Command>()
  /** Names found lately, and their commands; containers are not among them. */
  readonly #names: string[] = new Array(GLANCES).fill('')
  readonly #found: (Command | undefined)[] = new Array(GLANCES).fill(undefined)

  constructor(commands: readonly Command[]) {
    this.all = commands
    for (const command of commands) {
      this.#byName.set(command.name, command)
      this.#byName.set(command.lowerName, command)
    }
  }

  find(argv: Argv): Command | undefined {
    const name = argv[0]!
    const at = (name.charCodeAt(0) ^ (name.charCodeAt(1) << 3) ^ name.length) & (GLANCES - 1)
    if (name === this.#names[at]) return this.#found[at]
    const command = this.#top(name)
    if (command === undefined) return undefined
    if (command.subcommands.size === 0) {
      this.#names[at] = name
      this.#found[at] = command
      return command
    }
    // A container without a subcommand word is the container itself: its arity error, or its bare form.
    return argv.length === 1 ? command : command.subcommands.get(upper(argv[1]!))
  }

  named(name: Bytes): Command | undefined {
    const bar = name.indexOf('|')
    if (bar < 0) return this.#top(name)
    return this.#top(name.slice(0, bar) as Bytes)?.subcommands.get(upper(name.slice(bar + 1) as Bytes))
  }

  /** The container a line's first word names, when it is one. */
  container(argv: Argv): Command | undefined {
    const command = this.#top(argv[0]!)
    return command !== undefined && command.subcommands.size > 0 ? command : undefined
  }

  #top(name: Bytes): Command | undefined {
    return this.#byName.get(name) ?? this.#byName.get(upper(name))
  }
}
