/**
 * Commands onto the wire: an array of bulks, as every client sends them.
 *
 * The one idea: the result is latin1 text for one `socket.write(text, 'latin1')`.
 */
import type { Argv } from '../base/bytes.ts'
import { arrayHeader, bulkHeader, CRLF } from './headers.ts'

/** One command as latin1 text. Together its words must stay below V8's longest string, 512 MB. */
export function encodeCommand(argv: Argv): string {
  let text = arrayHeader(argv.length)
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!
    text += bulkHeader(word.length) + word + CRLF
  }
  return text
}
