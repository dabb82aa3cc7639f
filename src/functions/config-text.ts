/**
 * CONFIG of TFUNCTION LOAD: a JSON object, kept as its text.
 */
import { type Bytes, bytes } from '../base/bytes.ts'
import { ReplyError } from '../base/reply.ts'
import { oneLine } from '../guest/to-reply.ts'
import { strictText } from '../guest/utf8.ts'

const NOT_TEXT = new ReplyError('given configuration value is not a valid string')
const NO_OBJECT = new ReplyError('configuration must be a valid json object')

/** The text, once it is known to be an object's; throws `ReplyError`. */
export function configText(word: Bytes): string {
  const text = strictText(word)
  if (text === undefined) throw NOT_TEXT
  const value = parsed(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw NO_OBJECT
  return text
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new ReplyError(oneLine(bytes(`configuration must be a valid json, '${text}', ${why}.`)))
  }
}
