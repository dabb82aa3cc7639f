/** ZRANDMEMBER: members by chance. */
import type { Bytes } from '../../base/bytes.ts'
import { OUT_OF_RANGE } from '../../base/errors.ts'
import type { Random } from '../../base/random.ts'
import { Double, Pairs, type Reply } from '../../base/reply.ts'
import { type Reading, ZSET } from '../../keyspace/value.ts'
import type { SortedSet } from '../../structures/sorted-set.ts'
import { flag, int64, key, once, optional } from '../args/nodes.ts'
import { RANDOM_COUNT, repeatsOf } from '../args/random-count.ts'
import { command } from '../command.ts'
import { arrayOf, bulk, dbl, nullable, pairsOf, when } from '../shape.ts'

type Sorted = Reading<SortedSet>

/** With scores a reply has twice as many elements, so Redis halves the range. */
const MOST_PAIRS = 4611686018427387903n

/** ZRANDMEMBER key [count [WITHSCORES]] */
export const zrandmember = command({
  name: 'ZRANDMEMBER',
  group: 'sorted-set',
  since: '6.2.0',
  summary: 'Gives a member by chance; with a count several: distinct ones, or with repeats when it is negative.',
  complexity: 'O(N), N members given',
  flags: ['readonly'],
  args: [key('key', 'RO access'), optional(int64('count', RANDOM_COUNT)), once(flag('WITHSCORES'))],
  reply: when(nullable(bulk), { count: arrayOf(bulk), withscores: pairsOf(bulk, dbl) }),
  tips: ['nondeterministic_output'],
  run: ({ db, random }, { key, count, withscores }): Reply => {
    if (withscores && count !== undefined && (count > MOST_PAIRS || count < -MOST_PAIRS)) throw OUT_OF_RANGE
    const set = db.find(key, ZSET)
    if (count === undefined) return set?.random(random)?.member ?? null
    if (set === undefined || count === 0) return []
    const ranks =
      count < 0 ? drawn(set.size, random, repeatsOf(Number(count))) : distinct(set.size, random, Number(count))
    return withscores ? withScores(set, ranks) : ranks.map((rank) => set.memberAt(rank))
  },
})

function withScores(set: Sorted, ranks: readonly number[]): Pairs {
  const items: (Bytes | Double)[] = []
  for (const rank of ranks) items.push(set.memberAt(rank), new Double(set.scoreAt(rank)))
  return new Pairs(items)
}

function drawn(size: number, random: Random, count: number): number[] {
  const ranks: number[] = []
  for (let i = 0; i < count; i++) ranks.push(random.below(size))
  return ranks
}

/** Distinct ranks by chance; all of them, from the highest, when as many are wanted. */
function distinct(size: number, random: Random, count: number): number[] {
  if (count >= size) return Array.from({ length: size }, (_, i) => size - 1 - i)
  // A third of all or more: drawing would often meet what was drawn before, so shuffle.
  if (count * 3 > size) return shuffled(size, random, count)
  const ranks = new Set<number>()
  while (ranks.size < count) ranks.add(random.below(size))
  return [...ranks]
}

/** The first `count` of a shuffle of all ranks. */
function shuffled(size: number, random: Random, count: number): number[] {
  const ranks = Array.from({ length: size }, (_, i) => i)
  for (let i = 0; i < count; i++) {
    const other = i + random.below(size - i)
    const taken = ranks[other]!
    ranks[other] = ranks[i]!
    ranks[i] = taken
  }
  return ranks.slice(0, count)
}
