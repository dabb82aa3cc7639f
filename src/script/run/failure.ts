/**
 * A failed run as a reply: what a store in this process answers, and what a server's error text says.
 *
 * The one idea: an error of a script travels as an error reply. In this thread the reply carries the error itself; over a
 * wire its text ends like a server's, with the line, so that one reader understands both.
 */
import { type Bytes, bytes, text } from '../../base/bytes.ts'
import { ReplyError } from '../../base/reply.ts'
import { ScriptError } from '../errors.ts'

/** The error reply of a failed script. */
export class ScriptFailure extends ReplyError {
  readonly error: unknown
  constructor(error: unknown, name: string) {
    super(replyText(error, name))
    this.error = error
  }
}

function replyText(error: unknown, name: string): Bytes {
  const { code, message, line } = partsOf(error)
  const place = line === undefined ? '' : ` script: ${name}, on @user_script:${line}.`
  return bytes(`${code} ${message}${place}`.replace(/[\r\n]/g, ' '))
}

function partsOf(error: unknown) {
  if (error instanceof ScriptError) return { code: error.code, message: error.message, line: error.at?.line }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'ERR', message, line: undefined }
}

/** ` script: <sha or name>, on @user_script:<line>.` at the end of an error of a server's. */
const PLACE = / script: [^,\s]+, on @?user_script:(\d+)\.?$/

/** The error of a script from its reply. `lineOf` maps a line of what ran to a line of the source; undefined where there is none. */
export function scriptErrorOf(reply: ReplyError, lineOf: (line: number) => number | undefined): unknown {
  if (reply instanceof ScriptFailure) return reply.error
  const whole = text(reply.message)
  const place = PLACE.exec(whole)
  const said = place === null ? whole : whole.slice(0, place.index)
  const { code } = reply
  const line = place === null ? undefined : lineOf(Number(place[1]))
  return new ScriptError(text(bytes(code)), said.slice(code.length + 1), line)
}
