/**
 * The catalogue: commands and subcommands as rules name them, one by one and by category.
 *
 * The one idea: a container's category reaches its subcommands too, so a category is a list of commands to walk and
 * never a set that could be looked at alone.
 */
import { type Bytes, lower, raw } from '../../base/bytes.ts'
import { CATEGORIES, categoriesOf } from '../../commands/args/traits.ts'
import type { Command } from '../../commands/command.ts'
import type { CommandTable } from '../../commands/context.ts'

/** A category and the commands and subcommands in it. */
export interface Category {
  readonly name: string
  readonly commands: readonly Command[]
}

export class Catalogue {
  /** Containers before their subcommands. */
  readonly commands: readonly Command[]
  /** In Redis' order. */
  readonly categories: readonly Category[]
  /** One more than the highest `Command.index`. */
  readonly size: number
  readonly #table: CommandTable

  constructor(table: CommandTable) {
    this.#table = table
    this.commands = table.all.flatMap((command) => [command, ...command.subcommands.values()])
    this.size = this.commands.reduce((size, { index }) => Math.max(size, index + 1), 0)
    const members = new Map<string, Command[]>(CATEGORIES.map((name) => [name, []]))
    for (const command of this.commands) for (const name of categoriesOf(command)) members.get(name)!.push(command)
    this.categories = [...members].map(([name, commands]) => ({ name, commands }))
  }

  /** A category by its name in any case. */
  category(name: Bytes): Category | undefined {
    const wanted: string = lower(name)
    return this.categories.find((category) => category.name === wanted)
  }

  /** A command, or a subcommand as `config|get`. */
  named(name: Bytes): Command | undefined {
    return this.#table.named(name)
  }

  /** The command that a line runs. */
  find(argv: readonly Bytes[]): Command | undefined {
    return this.#table.find(argv)
  }
}

/** A command's name as rules write it. */
export const ruleName = (command: Command): Bytes => raw(command.lowerName)
