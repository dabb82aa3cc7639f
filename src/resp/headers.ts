/**
 * The lines that announce bulks and aggregates: `$5\r\n`, `*3\r\n`.
 *
 * The one idea: small lengths are nearly all there is, so their lines are made once.
 */
const KEPT = 1024

/** The end of every line. */
export const CRLF = '\r\n'

const BULKS = lines('$')
const ARRAYS = lines('*')
const INTEGERS = lines(':')

function lines(type: string): string[] {
  return Array.from({ length: KEPT }, (_, n) => `${type}${n}${CRLF}`)
}

/** `$<length>\r\n`. */
export function bulkHeader(length: number): string {
  return length < KEPT ? BULKS[length]! : `$${length}${CRLF}`
}

/** `*<count>\r\n`. */
export function arrayHeader(count: number): string {
  return count < KEPT ? ARRAYS[count]! : `*${count}${CRLF}`
}

/** `:<value>\r\n`. */
export function integerLine(value: number): string {
  // `>= 0` first: it also keeps NaN and negative numbers from the array.
  return value >= 0 && value < KEPT ? (INTEGERS[value] ?? `:${value}${CRLF}`) : `:${value}${CRLF}`
}
