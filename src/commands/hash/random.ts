/** HRANDFIELD: fields by chance. */
import type { Bytes } from '../../base/bytes.ts'
import { OUT_OF_RANGE } from '../../base/errors.ts'
import type { Random } from '../../base/random.ts'
import { Pairs, type Reply } from '../../base/reply.ts'
import { HASH, type Reading } from '../../keyspace/value.ts'
import type { FieldHash } from '../../structures/field-hash.ts'
import { StringSet } from '../../structures/string-set.ts'
import { flag, int64, key, once, optional } from '../args/nodes.ts'
import { RANDOM_COUNT, repeatsOf } from '../args/random-count.ts'
import { command } from '../command.ts'
import { arrayOf, bulk, nullable, pairsOf, when } from '../shape.ts'

type Hash = Reading<FieldHash>

/** With values a reply has twice as many elements, so Redis halves the range. */
const MOST_PAIRS = 4611686018427387903n

/** HRANDFIELD key [count [WITHVALUES]] */
export const hrandfield = command({
  name: 'HRANDFIELD',
  group: 'hash',
  since: '6.2.0',
  summary: 'Gives a field by chance; with a count several: distinct ones, or with repeats when it is negative.',
  complexity: 'O(N), N fields given',
  flags: ['readonly'],
  args: [key('key', 'RO access'), optional(int64('count', RANDOM_COUNT)), once(flag('WITHVALUES'))],
  reply: when(nullable(bulk), { count: arrayOf(bulk), withvalues: pairsOf(bulk, bulk) }),
  tips: ['nondeterministic_output'],
  run: ({ db, random }, { key, count, withvalues }): Reply => {
    if (withvalues && count !== undefined && (count > MOST_PAIRS || count < -MOST_PAIRS)) throw OUT_OF_RANGE
    const hash = db.find(key, HASH)
    if (count === undefined) return hash === undefined ? null : draw(hash, random, 1)[0]!
    if (hash === undefined || count === 0) return []
    const drawn = count < 0 ? draw(hash, random, repeatsOf(Number(count))) : drawDistinct(hash, random, Number(count))
    return withvalues ? new Pairs(drawn) : drawn.filter((_, i) => i % 2 === 0)
  },
})

/** Fields and values in turn, each drawn from all. */
function draw(hash: Hash, random: Random, count: number): Bytes[] {
  const drawn: Bytes[] = []
  for (let i = 0; i < count; i++) hash.random(random, (field, value) => drawn.push(field, value))
  return drawn
}

function drawDistinct(hash: Hash, random: Random, count: number): Bytes[] {
  const { size } = hash
  if (count >= size) return hash.entries()
  // A third of all or more: drawing would often meet what was drawn before, so shuffle a copy.
  if (count * 3 > size) return shuffled(hash.entries(), random, count)
  const seen = new StringSet()
  const drawn: Bytes[] = []
  while (seen.size < count) {
    hash.random(random, (field, value) => {
      if (seen.add(field)) drawn.push(field, value)
    })
  }
  return drawn
}

/** The first `count` pairs of a shuffle. */
function shuffled(pairs: Bytes[], random: Random, count: number): Bytes[] {
  for (let i = 0; i < count; i++) {
    const other = i + random.below(pairs.length / 2 - i)
    for (const half of [0, 1]) {
      const taken = pairs[other * 2 + half]!
      pairs[other * 2 + half] = pairs[i * 2 + half]!
      pairs[i * 2 + half] = taken
    }
  }
  return pairs.slice(0, count * 2)
}
