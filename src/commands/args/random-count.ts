/** The count of HRANDFIELD, SRANDMEMBER and ZRANDMEMBER: positive for distinct members, negative with repeats. */
import { OUT_OF_RANGE } from '../../base/errors.ts'
import type { NumberRule } from './nodes.ts'

/** Everything but the lowest int64, which has no positive counterpart. */
export const RANDOM_COUNT: NumberRule = { min: -9223372036854775807n }

/** Redis writes such a reply until memory ends; we refuse what no array could hold. */
const MOST_REPEATS = 2 ** 25

/** How many members a negative count asks for. */
export function repeatsOf(count: number): number {
  if (-count > MOST_REPEATS) throw OUT_OF_RANGE
  return -count
}
