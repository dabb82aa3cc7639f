/** ZUNIONSTORE, ZINTERSTORE and ZDIFFSTORE: keeping what several sorted sets give together. */
import type { Bytes } from '../../base/bytes.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { SortedSet } from '../../structures/sorted-set.ts'
import { key } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { int } from '../shape.ts'
import { type Aggregate, intersect, type Operation, ordered, sourcesOf, subtract, unite } from './algebra.ts'
import { MIXING, overSets } from './algebra-read.ts'

interface Request {
  readonly destination: Bytes
  readonly keys: readonly Bytes[]
  readonly weights?: readonly number[] | undefined
  readonly aggregate?: Aggregate | undefined
}

/** Stores the result, or removes the destination when the result is empty; answers its size. */
const keeping =
  (operation: Operation, event: string) =>
  ({ db }: Context, { destination, keys, weights, aggregate = 'SUM' }: Request): number => {
    const result = ordered(operation(sourcesOf(db, keys, weights), aggregate))
    if (result.length === 0) db.answered()
    if (result.length > 0) {
      db.put(destination, SortedSet.of(result))
      db.answered()
      db.touched(destination)
      db.event(EVENT.zset, event, destination)
    } else if (db.remove(destination)) {
      db.touched(destination)
      db.event(EVENT.generic, 'del', destination)
    }
    return result.length
  }

const storing = (name: string) => {
  const sets = overSets(name, 2)
  return {
    ...sets,
    flags: ['write', 'denyoom', 'movablekeys'],
    keys: [key('destination', 'OW update'), sets.keys],
    reply: int,
  } as const
}

const ofUnion = storing('ZUNIONSTORE')

/** ZUNIONSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>] */
export const zunionstore = command({
  ...ofUnion,
  since: '2.0.0',
  summary: 'Stores the members of all sorted sets, with their scores combined; answers how many they are.',
  complexity: 'O(N)+O(M*log(M)), N members of all sets, M in the result',
  args: [...ofUnion.keys, ...MIXING],
  run: keeping(unite, 'zunionstore'),
})

const ofInter = storing('ZINTERSTORE')

/** ZINTERSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>] */
export const zinterstore = command({
  ...ofInter,
  since: '2.0.0',
  summary: 'Stores the members that all sorted sets share, with their scores combined; answers how many they are.',
  complexity: 'O(N*K)+O(M*log(M)) at worst, N members of the smallest of K sets, M in the result',
  args: [...ofInter.keys, ...MIXING],
  run: keeping(intersect, 'zinterstore'),
})

const ofDiff = storing('ZDIFFSTORE')

/** ZDIFFSTORE destination numkeys key [key ...] */
export const zdiffstore = command({
  ...ofDiff,
  since: '6.2.0',
  summary: 'Stores the members of the first sorted set that no other has; answers how many they are.',
  complexity: 'O(N*K)+O(M*log(M)) at worst, N members of the first of K sets, M in the result',
  args: ofDiff.keys,
  run: keeping(subtract, 'zdiffstore'),
})
