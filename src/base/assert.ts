/** Broken invariants. An assertion is never caught: it means that this program is wrong, not its input. */
export function assert(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${sentence}`)
}
