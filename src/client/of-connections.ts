/**
 * Commands that change what a connection is (its user, database, protocol) or give it a life of its own.
 *
 * The one idea: a database is not a connection: its calls go over whichever is free. So it has another way for each of
 * these, or none, and says which.
 */
import { BackendError } from '../backend/backend.ts'
import type { Command } from '../commands/command.ts'

const AT_OPEN = 'give it to `open`, in the URL or the options'
const BY_QUEUE = 'use db.multi(), or db.transaction() for WATCH'
const BY_SUBSCRIPTION = 'use db.subscribe(), db.psubscribe() or db.ssubscribe()'
const NOTHING_LIKE_IT = 'connections of a database have no state of their own'

const INSTEAD: ReadonlyMap<string, string> = new Map([
  ...['AUTH', 'HELLO', 'SELECT'].map((name) => [name, AT_OPEN] as const),
  ...['MULTI', 'EXEC', 'DISCARD', 'WATCH', 'UNWATCH'].map((name) => [name, BY_QUEUE] as const),
  ...['SUBSCRIBE', 'PSUBSCRIBE', 'SSUBSCRIBE', 'UNSUBSCRIBE', 'PUNSUBSCRIBE', 'SUNSUBSCRIBE'].map(
    (name) => [name, BY_SUBSCRIPTION] as const,
  ),
  ...['RESET', 'QUIT', 'MONITOR', 'CLIENT|REPLY', 'CLIENT|TRACKING', 'CLIENT|CACHING'].map(
    (name) => [name, NOTHING_LIKE_IT] as const,
  ),
  ...['ASKING', 'READONLY', 'READWRITE'].map((name) => [name, NOTHING_LIKE_IT] as const),
])

/** Whether a command is about the connection that it comes by. */
export const isOfConnections = (name: string): boolean => INSTEAD.has(name)

/** Refuses such a command, with the way that a database has for it. */
export function refuseOfConnections(command: Command | undefined): void {
  const instead = command === undefined ? undefined : INSTEAD.get(command.name)
  if (instead === undefined) return
  throw new BackendError('UNSUPPORTED', `${command!.name} is about one connection: ${instead}.`)
}
