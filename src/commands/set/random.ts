/** SPOP and SRANDMEMBER: members by chance. */
import type { Bytes } from '../../base/bytes.ts'
import { NOT_POSITIVE } from '../../base/errors.ts'
import type { Random } from '../../base/random.ts'
import { type Reply, SetReply } from '../../base/reply.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { type Reading, SET } from '../../keyspace/value.ts'
import { StringSet } from '../../structures/string-set.ts'
import { integer, key, optional } from '../args/nodes.ts'
import { RANDOM_COUNT, repeatsOf } from '../args/random-count.ts'
import { argvOf, command } from '../command.ts'
import type { Context } from '../context.ts'
import { arrayOf, bulk, nullable, setOf, when } from '../shape.ts'

const EMPTY_SET = new SetReply([])

/** SPOP key [count] */
export const spop = command({
  name: 'SPOP',
  group: 'set',
  since: '1.0.0',
  summary: 'Removes and gives a member by chance, or several distinct ones.',
  complexity: 'O(N), N members taken',
  flags: ['write', 'fast'],
  args: [key('key', 'RW access delete'), optional(integer('count', { min: 0, invalid: NOT_POSITIVE, read: 'end' }))],
  reply: when(nullable(bulk), { count: setOf(bulk) }),
  tips: ['nondeterministic_output'],
  run: (ctx, { key, count }) => (count === undefined ? popOne(ctx, key) : popSome(ctx, key, count)),
  // Redis logs one SREM per member; one for all says the same.
  effects: ({ db }, argv, reply) => {
    const key = argv[1]!
    if (!db.has(key)) return [argvOf('DEL', key)]
    const popped = reply instanceof SetReply ? (reply.items as readonly Bytes[]) : [reply as Bytes]
    // Spread into an array, not into a call: a call ends at some 100,000 arguments.
    return [[...argvOf('SREM', key), ...popped]]
  },
})

function popOne({ db, random }: Context, key: Bytes): Reply {
  const set = db.edit(key, SET)
  if (set === undefined) return null
  const member = set.pop(random)!
  db.event(EVENT.set, 'spop', key)
  db.answered()
  db.dropIfEmpty(key, set)
  db.touched(key)
  return member
}

function popSome({ db, random }: Context, key: Bytes, count: number): Reply {
  const set = db.edit(key, SET)
  if (set === undefined || count === 0) return EMPTY_SET
  db.event(EVENT.set, 'spop', key)
  if (count >= set.size) {
    const all = set.members()
    db.answered()
    db.remove(key)
    db.event(EVENT.generic, 'del', key)
    db.touched(key)
    return new SetReply(all)
  }
  const popped: Bytes[] = []
  for (let i = 0; i < count; i++) popped.push(set.pop(random)!)
  db.touched(key)
  return new SetReply(popped)
}

/** SRANDMEMBER key [count] */
export const srandmember = command({
  name: 'SRANDMEMBER',
  group: 'set',
  since: '1.0.0',
  summary: 'Gives a member by chance; with a count several: distinct ones, or with repeats when it is negative.',
  complexity: 'O(N), N members given',
  flags: ['readonly'],
  args: [key('key', 'RO access'), optional(integer('count', { ...RANDOM_COUNT, read: 'end' }))],
  reply: when(nullable(bulk), { count: arrayOf(bulk) }),
  tips: ['nondeterministic_output'],
  run: ({ db, random }, { key, count }): Reply => {
    const set = db.find(key, SET)
    if (count === undefined) return set?.random(random) ?? null
    if (set === undefined || count === 0) return []
    return count < 0 ? draw(set, random, repeatsOf(count)) : drawDistinct(set, random, count)
  },
})

function draw(set: Reading<StringSet>, random: Random, count: number): Bytes[] {
  const drawn: Bytes[] = []
  for (let i = 0; i < count; i++) drawn.push(set.random(random)!)
  return drawn
}

function drawDistinct(set: Reading<StringSet>, random: Random, count: number): Bytes[] {
  const { size } = set
  if (count >= size) return set.members()
  // A third of all or more: drawing would often meet what was drawn before, so shuffle a copy.
  if (count * 3 > size) return shuffled(set.members(), random, count)
  const drawn = new StringSet()
  while (drawn.size < count) drawn.add(set.random(random)!)
  return drawn.members()
}

/** The first `count` members of a shuffle. */
function shuffled(members: Bytes[], random: Random, count: number): Bytes[] {
  for (let i = 0; i < count; i++) {
    const other = i + random.below(members.length - i)
    const taken = members[other]!
    members[other] = members[i]!
    members[i] = taken
  }
  return members.slice(0, count)
}
