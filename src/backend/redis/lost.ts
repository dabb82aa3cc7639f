/**
 * What becomes of commands without a reply.
 *
 * The one idea: two cases that must not be confused. What was never sent may always be sent later; what was on its way may have
 * run, and only what changes nothing may be sent again.
 */
import { BackendError } from '../backend.ts'

/** Nothing was sent: there was no connection. */
export class NotSent extends BackendError {
  constructor(name: string, cause: unknown) {
    super('UNREACHABLE', `${name} can't be reached: ${reasonOf(cause)}`, cause)
  }
}

/** The connection ended while the command was on its way. */
export class Lost extends BackendError {
  constructor(name: string, cause: unknown) {
    const what = `The connection to ${name} was lost while a command was on its way; it may have run`
    super('CONNECTION_LOST', `${what}: ${reasonOf(cause)}`, cause)
  }
}

/** There was no reply in time. */
export const timedOut = (name: string, timeoutMs: number): BackendError =>
  new BackendError(
    'CONNECTION_LOST',
    `${name} has not answered within ${timeoutMs} ms (commandTimeoutMs); the command may have run`,
  )

/** What came is no reply. */
export const garbled = (name: string, cause: unknown): BackendError =>
  new BackendError(
    'UNEXPECTED_REPLY',
    `What ${name} sends is not Redis' protocol (${reasonOf(cause)}): is it a Redis?`,
    cause,
  )

/** The database was closed by its user. */
export const closed = (): BackendError => new BackendError('CLOSED', 'The database is closed.')

/** Errors of sockets may have a code and no message (several addresses were tried). */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const code: unknown = Reflect.get(cause, 'code')
  return cause.message !== '' ? cause.message : String(code ?? cause.name)
}
