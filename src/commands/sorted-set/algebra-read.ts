/** ZUNION, ZINTER, ZDIFF and ZINTERCARD: answering what several sorted sets give together. */
import type { Bytes } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { Double, Pairs, type Reply } from '../../base/reply.ts'
import { choice, double, flag, integer, numkeys, option, perKey } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { arrayOf, bulk, dbl, int, pairsOf, when } from '../shape.ts'
import {
  type Aggregate,
  countShared,
  intersect,
  lookUpKeys,
  numkeysRule,
  type Operation,
  ordered,
  sourcesOf,
  subtract,
  unite,
} from './algebra.ts'

/** WEIGHTS and AGGREGATE, of unions and intersections. */
export const MIXING = [
  perKey('WEIGHTS', 'weights', double('weight', { invalid: err('weight value is not a float') })),
  option('AGGREGATE', choice('aggregate', ['SUM', 'MIN', 'MAX'])),
] as const

/** The parts of a command's description that tell its keys' errors before its options' ones; `at` is where keys are counted. */
export const overSets = (name: string, at: number) => {
  const rule = numkeysRule(name)
  return {
    name,
    group: 'sorted-set',
    keys: numkeys('keys', 'RO access', rule),
    fast: ({ db }: Context, argv: readonly Bytes[]) => lookUpKeys(db, argv, at, rule),
  } as const
}

const reading = (name: string) => {
  const sets = overSets(name, 1)
  return { ...sets, flags: ['readonly', 'movablekeys'] } as const
}

interface Request {
  readonly keys: readonly Bytes[]
  readonly weights?: readonly number[] | undefined
  readonly aggregate?: Aggregate | undefined
  readonly withscores?: true | undefined
}

const giving =
  (operation: Operation) =>
  ({ db }: Context, { keys, weights, aggregate = 'SUM', withscores }: Request): Reply => {
    const result = ordered(operation(sourcesOf(db, keys, weights), aggregate))
    if (!withscores) return result.map(({ member }) => member)
    return new Pairs(result.flatMap(({ member, score }) => [member, new Double(score)]))
  }

const members = when(arrayOf(bulk), { withscores: pairsOf(bulk, dbl) })

const ofUnion = reading('ZUNION')

/** ZUNION numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>] [WITHSCORES] */
export const zunion = command({
  ...ofUnion,
  since: '6.2.0',
  summary: 'Gives the members of all sorted sets, with their scores combined.',
  complexity: 'O(N)+O(M*log(M)), N members of all sets, M in the result',
  args: [ofUnion.keys, ...MIXING, flag('WITHSCORES')],
  reply: members,
  run: giving(unite),
})

const ofInter = reading('ZINTER')

/** ZINTER numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>] [WITHSCORES] */
export const zinter = command({
  ...ofInter,
  since: '6.2.0',
  summary: 'Gives the members that all sorted sets share, with their scores combined.',
  complexity: 'O(N*K)+O(M*log(M)) at worst, N members of the smallest of K sets, M in the result',
  args: [ofInter.keys, ...MIXING, flag('WITHSCORES')],
  reply: members,
  run: giving(intersect),
})

const ofDiff = reading('ZDIFF')

/** ZDIFF numkeys key [key ...] [WITHSCORES] */
export const zdiff = command({
  ...ofDiff,
  since: '6.2.0',
  summary: 'Gives the members of the first sorted set that no other has.',
  complexity: 'O(N*K)+O(M*log(M)) at worst, N members of the first of K sets, M in the result',
  args: [ofDiff.keys, flag('WITHSCORES')],
  reply: members,
  run: giving(subtract),
})

const ofCard = reading('ZINTERCARD')
const LIMIT_NEGATIVE = err("LIMIT can't be negative")

/** ZINTERCARD numkeys key [key ...] [LIMIT limit] */
export const zintercard = command({
  ...ofCard,
  since: '7.0.0',
  summary: 'Counts the members that all sorted sets share, up to a limit.',
  complexity: 'O(N*K) at worst, N members of the smallest of K sets',
  args: [ofCard.keys, option('LIMIT', integer('limit', { min: 0, invalid: LIMIT_NEGATIVE, outside: LIMIT_NEGATIVE }))],
  reply: int,
  run: ({ db }, { keys, limit = 0 }) => countShared(sourcesOf(db, keys), limit),
})
