/** Typed methods of the server commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Entries, Text, Value } from '../../commands/args/nodes.ts'
import type { Returned } from '../returned.ts'

/** The server commands as methods. */
export interface ServerMethods<M, S> {
  /** `ACL CAT [categoryname]`: Lists the categories, or the commands in one. */
  acl_cat(options?: { categoryname?: Value }): Returned<M, S[]>
  /** `ACL DELUSER username [username ...]`: Removes users and closes their connections. */
  acl_deluser(usernames: Value | readonly Value[]): Returned<M, number>
  /** `ACL DRYRUN username command [arg [arg ...]]`: Tells whether a user may run a line, without running it. */
  acl_dryrun(username: Value, command: Value, arg?: readonly Value[]): Returned<M, S>
  /** `ACL GENPASS [bits]`: Makes a password that nobody guesses: random hexadecimal digits. */
  acl_genpass(options?: { bits?: number }): Returned<M, S>
  /** `ACL GETUSER username`: Tells the rules of a user. */
  acl_getuser(username: Value): Returned<
    M,
    {
      flags: Set<S>
      passwords: S[]
      commands: S
      keys: S
      channels: S
      selectors: { commands: S; keys: S; channels: S }[]
    } | null
  >
  /** `ACL HELP`: Describes the subcommands. */
  acl_help(): Returned<M, string[]>
  /** `ACL LIST`: Lists the users as lines of an ACL file. */
  acl_list(): Returned<M, S[]>
  /** `ACL LOAD`: Reads the users from the ACL file again and closes the connections of all but the default one. */
  acl_load(): Returned<M, 'OK'>
  /** `ACL LOG [count | RESET]`: Shows what users were refused, newest first, or forgets it. */
  acl_log(options: { count?: number; reset: true }): Returned<M, 'OK'>
  acl_log(options?: {
    count?: number
    reset?: boolean
  }): Returned<
    M,
    { count: number; reason: S; context: S; object: S; username: S; 'age-seconds': number; 'client-info': S }[]
  >
  /** `ACL SAVE`: Writes the users to the ACL file. */
  acl_save(): Returned<M, 'OK'>
  /** `ACL SETUSER username [rule [rule ...]]`: Makes a user, or changes its rules: all of those given or, when one is wrong, none. */
  acl_setuser(username: Value, rules?: Value | readonly Value[]): Returned<M, 'OK'>
  /** `ACL USERS`: Lists the names of the users. */
  acl_users(): Returned<M, S[]>
  /** `ACL WHOAMI`: Tells the name of the connection's user. */
  acl_whoami(): Returned<M, S>
  /** `BGREWRITEAOF`: Writes the append-only log anew, as short as the data allows, while everyone is served. */
  bgrewriteaof(): Returned<
    M,
    'Background append only file rewriting started' | 'Background append only file rewriting scheduled'
  >
  /** `BGSAVE [SCHEDULE]`: Writes all data, as it is now, to the RDB file while everyone is served. */
  bgsave(options?: { schedule?: boolean }): Returned<M, 'Background saving started' | 'Background saving scheduled'>
  /** `COMMAND COUNT`: Counts the commands. */
  command_count(): Returned<M, number>
  /** `COMMAND DOCS [command-name [command-name ...]]`: Describes commands and their arguments; unknown ones are left out. */
  command_docs(commandNames?: Value | readonly Value[]): Returned<M, Map<S, unknown>>
  /** `COMMAND GETKEYS command [arg [arg ...]]`: Finds the keys in a command line. */
  command_getkeys(command: Value, arg?: readonly Value[]): Returned<M, S[]>
  /** `COMMAND GETKEYSANDFLAGS command [arg [arg ...]]`: Finds the keys in a command line and tells what the command does to them. */
  command_getkeysandflags(command: Value, arg?: readonly Value[]): Returned<M, unknown[]>
  /** `COMMAND HELP`: Describes the subcommands. */
  command_help(): Returned<M, string[]>
  /** `COMMAND INFO [command-name [command-name ...]]`: Tells arity, flags, keys and categories of commands, or of all of them. */
  command_info(commandNames?: Value | readonly Value[]): Returned<M, unknown[]>
  /** `COMMAND LIST [FILTERBY <MODULE | ACLCAT | PATTERN> value]`: Lists the names of commands and subcommands. */
  command_list(options?: { filterby?: readonly ['MODULE' | 'ACLCAT' | 'PATTERN', Value] }): Returned<M, S[]>
  /** `CONFIG GET parameter [parameter ...]`: Tells the values of the directives whose names match any of the patterns. */
  config_get(parameters: Value | readonly Value[]): Returned<M, Map<S, S>>
  /** `CONFIG HELP`: Describes the subcommands. */
  config_help(): Returned<M, string[]>
  /** `CONFIG RESETSTAT`: Sets the counters that INFO shows back to zero. */
  config_resetstat(): Returned<M, 'OK'>
  /** `CONFIG REWRITE`: Makes the configuration file say what is in force. */
  config_rewrite(): Returned<M, 'OK'>
  /** `CONFIG SET parameter value [parameter value ...]`: Sets directives, all or none of them. */
  config_set(parameters: Entries): Returned<M, 'OK'>
  /** `DBSIZE`: Counts the keys of the selected database, expired ones that are not yet removed included. */
  dbsize(): Returned<M, number>
  /** `DEBUG subcommand [arg [arg ...]]`: Does what tests need: sleeps, stops expiry, looks into a value. */
  debug(subcommand: Value, arg?: readonly Value[]): Returned<M, unknown>
  /** `FLUSHALL [ASYNC | SYNC]`: Removes every key of every database. */
  flushall(options?: { async?: boolean; sync?: boolean }): Returned<M, 'OK'>
  /** `FLUSHDB [ASYNC | SYNC]`: Removes every key of the selected database. */
  flushdb(options?: { async?: boolean; sync?: boolean }): Returned<M, 'OK'>
  /** `INFO [section [section ...]]`: Prints the state of the server, section by section. */
  info(sections?: Value | readonly Value[]): Returned<M, S>
  /** `LASTSAVE`: Tells when the RDB file was last written, in seconds since 1970. */
  lastsave(): Returned<M, number>
  /** `LATENCY DOCTOR`: Tells in words what was slow and what to look at. */
  latency_doctor(): Returned<M, S>
  /** `LATENCY GRAPH event`: Draws the samples of a kind of event. */
  latency_graph(event: Value): Returned<M, S>
  /** `LATENCY HELP`: Describes the subcommands. */
  latency_help(): Returned<M, string[]>
  /** `LATENCY HISTOGRAM [command [command ...]]`: Tells how many runs of commands took how long. */
  latency_histogram(commands?: Value | readonly Value[]): Returned<M, Map<S, unknown>>
  /** `LATENCY HISTORY event`: Lists the samples of a kind of event: time in seconds, milliseconds. */
  latency_history(event: Value): Returned<M, [number, number][]>
  /** `LATENCY LATEST`: Lists for every kind of event its last sample, and the worst ever. */
  latency_latest(): Returned<M, [S, number, number, number][]>
  /** `LATENCY RESET [event [event ...]]`: Forgets the samples of some kinds of events, or all. */
  latency_reset(events?: Value | readonly Value[]): Returned<M, number>
  /** `LOLWUT [VERSION version] [arg [arg ...]]`: Draws gears and prints the version. */
  lolwut(arg?: readonly Value[], options?: { version?: number }): Returned<M, S>
  /** `MEMORY DOCTOR`: Looks for what is wrong with the use of memory. */
  memory_doctor(): Returned<M, S>
  /** `MEMORY HELP`: Describes the subcommands. */
  memory_help(): Returned<M, string[]>
  /** `MEMORY MALLOC-STATS`: Prints the spaces of V8's heap. */
  memory_malloc_stats(): Returned<M, S>
  /** `MEMORY PURGE`: Collects garbage now; everybody waits for it. */
  memory_purge(): Returned<M, 'OK'>
  /** `MEMORY STATS`: Tells how much memory is used, and for what. */
  memory_stats(): Returned<M, unknown>
  /** `MEMORY USAGE key [SAMPLES count]`: Estimates the memory that a key and its value take; nothing is sampled, so SAMPLES changes nothing. */
  memory_usage(key: Text, options?: { samples?: number }): Returned<M, number | null>
  /** `RESTORE-ASKING key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds | FREQ frequency]`: RESTORE as nodes of a cluster send it to each other while slots move. */
  restore_asking(
    key: Text,
    ttl: Value,
    serializedValue: Value,
    options?: { replace?: boolean; absttl?: boolean; idletime?: number; freq?: number },
  ): Returned<M, 'OK'>
  /** `ROLE`: Tells whether the server is a master, and who follows it; or whom it follows. */
  role(): Returned<M, unknown[]>
  /** `SAVE`: Writes all data to the RDB file and answers when it is on the disk; nobody is served meanwhile. */
  save(): Returned<M, 'OK'>
  /** `SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE] [ABORT]`: Saves the data as configured, or as told, and ends the process. */
  shutdown(options?: {
    nosave?: boolean
    save?: boolean
    now?: boolean
    force?: boolean
    abort?: boolean
  }): Returned<M, 'OK'>
  /** `SLOWLOG GET [count]`: Shows the newest slow commands: number, time, microseconds, words, client. */
  slowlog_get(options?: { count?: number }): Returned<M, [number, number, number, S[], S, S][]>
  /** `SLOWLOG HELP`: Describes the subcommands. */
  slowlog_help(): Returned<M, string[]>
  /** `SLOWLOG LEN`: Counts the slow commands that are kept. */
  slowlog_len(): Returned<M, number>
  /** `SLOWLOG RESET`: Forgets the slow commands. */
  slowlog_reset(): Returned<M, 'OK'>
  /** `SWAPDB index1 index2`: Exchanges the keys of two databases. */
  swapdb(index1: number, index2: number): Returned<M, 'OK'>
  /** `TIME`: Tells the time: seconds since 1970, and microseconds of the current second. */
  time(): Returned<M, [number, number]>
}
