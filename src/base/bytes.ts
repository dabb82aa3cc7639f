/**
 * Bytes: a binary-safe string, held as a JavaScript string with one char per byte (latin1).
 *
 * The one idea: comparison is memcmp, values cannot be aliased, and V8 stores one byte per char. The brand makes
 * mixing bytes with text a type error. Invariant: every char code is 0..255, and nothing that is *stored* is a rope
 * or a slice of a bigger string (decode with `buffer.latin1Slice`, never with `substring` of a chunk).
 */
declare const byteString: unique symbol

/** A binary-safe string: one char per byte, every char code in 0..255. */
export type Bytes = string & { readonly [byteString]: true }

/** A command as it travels: the name and its words. */
export type Argv = readonly Bytes[]

/** Looking for one that is not is 5 ns faster than saying what all are. */
const NOT_ASCII = /[\x80-\uffff]/
/** Up to here a loop is faster: a regular expression takes 10 ns to enter, a char 1.5 ns to read. */
const SHORT = 8

/** Whether every char is below 128. */
export function isAscii(value: string): boolean {
  if (value.length > SHORT) return !NOT_ASCII.test(value)
  for (let i = 0; i < value.length; i++) if (value.charCodeAt(i) > 127) return false
  return true
}

/** The empty byte string. */
export const EMPTY = '' as Bytes

/** Encodes text as UTF-8 bytes. ASCII text is already its own encoding. */
export function bytes(text: string): Bytes {
  return (isAscii(text) ? text : Buffer.from(text, 'utf8').latin1Slice()) as Bytes
}

/** Decodes UTF-8 bytes into text; malformed sequences become U+FFFD. */
export function text(value: Bytes): string {
  return isAscii(value) ? value : Buffer.from(value, 'latin1').utf8Slice()
}

/** Takes a string whose chars are known to be bytes already (ASCII literals, latin1 decodes). */
export function raw(value: string): Bytes {
  return value as Bytes
}

/** The bytes of a buffer or typed array, copied. */
export function fromBuffer(buffer: Uint8Array): Bytes {
  return Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength).latin1Slice() as Bytes
}

/** A fresh buffer holding these bytes. */
export function toBuffer(value: Bytes): Buffer {
  return Buffer.from(value, 'latin1')
}

/**
 * Folds ASCII letters to upper case and leaves every other byte alone.
 * Never `toUpperCase`: that maps 0xB5 and 0xFF outside latin1 and 0xE4 to another byte.
 */
export function upper(word: Bytes): Bytes {
  for (let i = 0; i < word.length; i++) {
    const code = word.charCodeAt(i)
    if (code >= 97 && code <= 122) return fold(word, i)
  }
  return word
}

function fold(word: Bytes, from: number): Bytes {
  let out = word.slice(0, from)
  for (let i = from; i < word.length; i++) {
    const code = word.charCodeAt(i)
    out += code >= 97 && code <= 122 ? String.fromCharCode(code - 32) : word[i]
  }
  return out as Bytes
}

/** Folds ASCII letters to lower case and leaves every other byte alone. */
export function lower(word: Bytes): Bytes {
  let out = ''
  for (let i = 0; i < word.length; i++) {
    const code = word.charCodeAt(i)
    out += code >= 65 && code <= 90 ? String.fromCharCode(code + 32) : word[i]
  }
  return out as Bytes
}

/** The part before the first zero byte: what C prints of a string. */
export function upToNul(value: Bytes): Bytes {
  const zero = value.indexOf('\0')
  return zero < 0 ? value : (value.slice(0, zero) as Bytes)
}
