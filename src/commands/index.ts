/**
 * The door `geartrain/commands`: every command as data, and what describing one takes.
 */
export { allCommands } from './all.ts'
export type { CommandSpec, Flag, Group } from './command.ts'
export { Command, command, container } from './command.ts'
