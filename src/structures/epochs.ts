/**
 * Epochs: which snapshot a value that changes in place belongs to no more.
 *
 * The one idea: each snapshot takes the next number, and a value remembers one. A value made since the snapshot began, or
 * saved by it already, remembers that number or a later one and may change freely; with an earlier number it may still be
 * needed as it is, and must be frozen before it changes. One count serves every engine of the process: numbers only grow.
 */

/** The latest snapshot's number. */
export const epochs = { current: 0 }

/** Takes the next number. */
export function nextEpoch(): number {
  epochs.current++
  return epochs.current
}
