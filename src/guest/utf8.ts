/**
 * UTF-8 without mercy: bytes that are no text are told, not replaced.
 */
import { type Bytes, toBuffer } from '../base/bytes.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
// biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range begins with control characters
const ASCII = /^[\x00-\x7f]*$/

/** The text that these bytes are; undefined when they are none. */
export function strictText(value: Bytes): string | undefined {
  if (ASCII.test(value)) return value
  try {
    return decoder.decode(toBuffer(value))
  } catch {
    return undefined
  }
}
