/**
 * AclPort: users and their rules, as commands see them.
 */
import type { Argv, Bytes } from '../../base/bytes.ts'
import type { Client } from '../client.ts'
import type { Command } from '../command.ts'

/** A selector as rules: `~a* %R~b`, `&news.*`, `-@all +get`. */
export interface SelectorView {
  readonly keys: Bytes
  readonly channels: Bytes
  readonly commands: Bytes
}

/** A user as ACL GETUSER tells it. */
export interface UserView {
  /** `on` or `off`, then what else holds. */
  readonly flags: readonly Bytes[]
  /** Hexadecimal SHA-256. */
  readonly passwords: readonly Bytes[]
  readonly own: SelectorView
  /** Those in parentheses. */
  readonly others: readonly SelectorView[]
}

/** What was refused, as ACL LOG tells it. Equal entries that follow each other within a minute are one. */
export interface AclLogEntry {
  readonly count: number
  readonly reason: 'command' | 'key' | 'channel' | 'auth'
  readonly context: AclContext
  readonly object: Bytes
  readonly username: Bytes
  /** Milliseconds since the latest of them. */
  readonly ageMs: number
  /** The client's line of CLIENT LIST at that time. */
  readonly clientInfo: Bytes
}

/** Where a command was refused. */
export type AclContext = 'toplevel' | 'multi' | 'lua' | 'module'

/** What a line would be refused for, and the place of the word that it is about. */
export interface Refusal {
  readonly reason: 'command' | 'key' | 'channel'
  readonly at: number
}

export interface AclPort {
  /** In the order of their bytes. */
  readonly userNames: readonly Bytes[]
  /** Each user as a line of an ACL file, in the same order. */
  readonly lines: readonly Bytes[]
  /** A user; undefined when there is none. */
  view(name: Bytes): UserView | undefined
  /** Changes or makes a user, by all rules or none; throws `ReplyError`. */
  setUser(name: Bytes, rules: readonly Bytes[], caller: Client): void
  /** Removes users and closes their clients; gives how many there were. */
  deleteUsers(names: readonly Bytes[], caller: Client): number
  /** The commands and subcommands in a category, its name in any case; undefined when there is none. */
  commandsIn(category: Bytes): readonly Command[] | undefined
  /** Why the line of a user that there is would be refused; undefined when it would run. */
  rehearse(user: Bytes, command: Command, argv: Argv): Refusal | undefined
  hasUser(name: Bytes): boolean
  /** The latest entries of the log, newest first. */
  logged(count: number): readonly AclLogEntry[]
  resetLog(): void
  /** Reads the ACL file again, all or nothing; throws `ReplyError`. */
  load(caller: Client): void
  /** Writes the ACL file; throws `ReplyError`. */
  save(): void
  /** Signs a client in or throws. `user` is undefined for the one-argument AUTH; `word` is the command as it was sent. */
  authenticate(client: Client, user: Bytes | undefined, password: Bytes, word: Bytes): void
  /** Whether a client has signed in, or came when that was not needed. */
  isAuthenticated(client: Client): boolean
  /** Whether a client's line may read every key, whatever its name. */
  mayReadAllKeys(client: Client, command: Command, argv: Argv): boolean
}
