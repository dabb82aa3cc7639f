/**
 * Hostile bytes: valid text of a protocol, spoilt at random places; replayed by a seed.
 */

/** Mulberry32: numbers below a bound, the same in every run. */
export function numbersFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

/** What RESP gives meaning to. */
const HINTS = '*$%~>|=!#,_(+-:0123456789\r\n\r\n"\' \0\xff'

/** Changes up to four places of a text: bytes put in, doubled, taken out or replaced. */
export function spoilt(text: string, next: (below: number) => number): string {
  let out = text
  for (let i = next(5); i > 0; i--) {
    const at = next(out.length + 1)
    const piece = next(3) === 0 ? String.fromCharCode(next(256)) : HINTS.charAt(next(HINTS.length))
    out = out.slice(0, at) + piece.repeat(next(3)) + out.slice(at + next(3))
  }
  return out
}

/** Bytes that are hardly ever valid. */
export function noise(next: (below: number) => number): string {
  return Array.from({ length: next(60) }, () => HINTS.charAt(next(HINTS.length))).join('')
}
