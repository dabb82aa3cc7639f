/**
 * A glance at a word: a number from its last chars, for tables that remember words lately met.
 *
 * The one idea: last chars differ most, and the low bits of a digit differ as the digits do. It is no hash: whoever finds
 * something by it compares the words, and words made to meet only find nothing.
 */

/** A number that words of one ending and length share; take its low bits. Those of one or two chars are hashed as fast. */
export function glanceAt(word: string): number {
  const end = word.length
  return end < 3
    ? end
    : word.charCodeAt(end - 1) ^ (word.charCodeAt(end - 2) << 4) ^ (word.charCodeAt(end - 3) << 8) ^ (end << 5)
}
