/**
 * UTF-8 without mercy: bytes that are no text are told, not replaced.
 */
import { type Bytes, isAscii, toBuffer } from '../base/bytes.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text that these bytes are; undefined when they are none. */
export function strictText(value: Bytes): string | undefined {
  if (isAscii(value)) return value
  try {
    return decoder.decode(toBuffer(value))
  } catch {
    return undefined
  }
}
