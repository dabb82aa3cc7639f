/**
 * What the operator reads of code that runs too long, in the original's words.
 */

/** How long the store has been locked. */
export const lockedText = (tookMs: number, limitMs: number): string =>
  `Script locks Redis for about ${tookMs}ms which is more then the configured timeout ${limitMs}ms.`

export const ABORTING = 'Aborting script with timeout error.'
export const NOT_ABORTING =
  'Fatal error policy do not allow to abort the script, we will allow the script to continue running, best effort approach.'
