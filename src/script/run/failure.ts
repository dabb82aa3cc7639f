/**
 * A failed run as a reply: what a store in this process answers, and what a server's error text says.
 *
 * The one idea: an error of a script travels as an error reply. In this thread the reply carries the error itself; over a
 * wire its text ends like a server's, with the line, so that one reader understands both.
 */
import { type Bytes, bytes, raw, text } from '../../base/bytes.ts'
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

/** The form in which the Lua of a script raises failures: the code, and a message without chars that a reply cannot hold. */
function replyText(error: unknown, name: string): Bytes {
  const { code, message, line } = partsOf(error)
  const place = line === undefined ? '' : ` script: ${name}, on @user_script:${line}.`
  const escaped = Array.from(bytes(message), escapedChar).join('')
  return raw(`ERR GEARTRAIN ${code} ${escaped}${bytes(place)}`)
}

function escapedChar(char: string): string {
  const code = char.charCodeAt(0)
  const isPlain = code >= 32 && code !== 127 && char !== '\\'
  return isPlain ? char : `\\x${code.toString(16).padStart(2, '0')}`
}

function partsOf(error: unknown) {
  if (error instanceof ScriptError) return { code: error.code, message: error.message, line: error.at?.line }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'ERR', message, line: undefined }
}

/** ` script: <sha or name>, on @user_script:<line>.` at the end of an error of a server's. */
const PLACE = / script: [^,\s]+, on @?user_script:(\d+)\.?$/
/** Where Lua itself puts the line of an error that is no command's. */
const LUA_PLACE = /^(?:@?user_script:(\d+): )?/
/** What the Lua of a script raises. */
const RAISED = /^GEARTRAIN ([A-Z][A-Z0-9_]*) /

/** The error of a script from its reply. `lineOf` maps a line of what ran to a line of the source; undefined where there is none. */
export function scriptErrorOf(reply: ReplyError, lineOf: (line: number) => number | undefined): unknown {
  if (reply instanceof ScriptFailure) return reply.error
  const { code } = reply
  const place = PLACE.exec(reply.message)
  const said = reply.message.slice(code.length + 1, place === null ? undefined : place.index)
  const inner = LUA_PLACE.exec(said)
  const message = said.slice(inner?.[0].length ?? 0)
  const at = inner?.[1] ?? place?.[1]
  const line = at === undefined ? undefined : lineOf(Number(at))
  const raised = RAISED.exec(message)
  if (raised?.[1] === undefined) return new ScriptError(code, text(raw(message)), line)
  const unescaped = message
    .slice(raised[0].length)
    .replace(/\\x([0-9a-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
  return new ScriptError(raised[1], text(raw(unescaped)), line)
}
