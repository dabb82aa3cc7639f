/** Typed methods of the server commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Text } from '../../commands/args/nodes.ts'

/** The server commands as methods. */
export interface ServerMethods {
  /** `COMMAND COUNT`: Counts the commands. */
  command_count(): Promise<number>
  /** `COMMAND DOCS [command-name [command-name ...]]`: Describes commands and their arguments; unknown ones are left out. */
  command_docs(commandNames: readonly Text[]): Promise<Map<string, unknown>>
  /** `COMMAND GETKEYS command [arg [arg ...]]`: Finds the keys in a command line. */
  command_getkeys(command: Text, arg: readonly Text[]): Promise<string[]>
  /** `COMMAND GETKEYSANDFLAGS command [arg [arg ...]]`: Finds the keys in a command line and tells what the command does to them. */
  command_getkeysandflags(command: Text, arg: readonly Text[]): Promise<unknown[]>
  /** `COMMAND HELP`: Describes the subcommands. */
  command_help(): Promise<string[]>
  /** `COMMAND INFO [command-name [command-name ...]]`: Tells arity, flags, keys and categories of commands, or of all of them. */
  command_info(commandNames: readonly Text[]): Promise<unknown[]>
  /** `COMMAND LIST [FILTERBY <MODULE | ACLCAT | PATTERN> value]`: Lists the names of commands and subcommands. */
  command_list(options?: { filterby?: readonly ['MODULE' | 'ACLCAT' | 'PATTERN', Text] }): Promise<string[]>
  /** `CONFIG GET parameter [parameter ...]`: Tells the values of the directives whose names match any of the patterns. */
  config_get(parameters: readonly Text[]): Promise<Map<string, string>>
  /** `CONFIG HELP`: Describes the subcommands. */
  config_help(): Promise<string[]>
  /** `CONFIG RESETSTAT`: Sets the counters that INFO shows back to zero. */
  config_resetstat(): Promise<'OK'>
  /** `CONFIG SET parameter value [parameter value ...]`: Sets directives, all or none of them. */
  config_set(parameters: readonly Text[]): Promise<'OK'>
  /** `DBSIZE`: Counts the keys of the selected database, expired ones that are not yet removed included. */
  dbsize(): Promise<number>
  /** `DEBUG subcommand [arg [arg ...]]`: Does what tests need: sleeps, stops expiry, looks into a value. */
  debug(subcommand: Text, arg: readonly Text[]): Promise<unknown>
  /** `FLUSHALL [ASYNC | SYNC]`: Removes every key of every database. */
  flushall(options?: { async?: boolean; sync?: boolean }): Promise<'OK'>
  /** `FLUSHDB [ASYNC | SYNC]`: Removes every key of the selected database. */
  flushdb(options?: { async?: boolean; sync?: boolean }): Promise<'OK'>
  /** `INFO [section [section ...]]`: Prints the state of the server, section by section. */
  info(sections: readonly Text[]): Promise<string>
  /** `MEMORY DOCTOR`: Looks for what is wrong with the use of memory. */
  memory_doctor(): Promise<string>
  /** `MEMORY HELP`: Lists the subcommands of MEMORY. */
  memory_help(): Promise<string[]>
  /** `MEMORY MALLOC-STATS`: Prints the spaces of V8's heap. */
  memory_malloc_stats(): Promise<string>
  /** `MEMORY PURGE`: Collects garbage now; everybody waits for it. */
  memory_purge(): Promise<'OK'>
  /** `MEMORY STATS`: Tells how much memory is used, and for what. */
  memory_stats(): Promise<unknown>
  /** `MEMORY USAGE key [SAMPLES count]`: Estimates the memory that a key and its value take; nothing is sampled, so SAMPLES changes nothing. */
  memory_usage(key: Text, options?: { count?: number }): Promise<number | null>
  /** `SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE] [ABORT]`: Saves the data as configured, or as told, and ends the process. */
  shutdown(options?: {
    nosave?: boolean
    save?: boolean
    now?: boolean
    force?: boolean
    abort?: boolean
  }): Promise<'OK'>
  /** `SWAPDB index1 index2`: Exchanges the keys of two databases. */
  swapdb(index1: number, index2: number): Promise<'OK'>
  /** `TIME`: Tells the time: seconds since 1970, and microseconds of the current second. */
  time(): Promise<string[]>
}
