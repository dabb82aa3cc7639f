/**
 * World: what a running script needs of a store in this process, and nothing more.
 *
 * The one idea: a script is synchronous, so a store is a function from words to a reply. Whoever offers a world sees to it
 * that nothing else happens between two calls.
 */
import type { Argv } from '../../base/bytes.ts'
import { text } from '../../base/bytes.ts'
import type { Reply, ReplyError } from '../../base/reply.ts'
import { ScriptError } from '../errors.ts'
import type { LogLevel } from '../handles.ts'

export interface World {
  /** Runs one command. An error reply is a value. */
  call(argv: Argv): Reply
  /** The instant of the unit, in milliseconds since 1970. */
  nowMs(): number
  log(level: LogLevel, message: string): void
}

/** The error of a command, as a script ends with it: the first word is the code, the rest the message. */
export function failureOf(error: ReplyError, line?: number): ScriptError {
  const { code } = error
  return new ScriptError(text(error.message.slice(0, code.length) as typeof error.message), messageOf(error), line)
}

function messageOf({ message, code }: ReplyError): string {
  return text(message).slice(code.length + 1)
}
