/**
 * SINTER, SUNION, SDIFF, their STORE forms, and SINTERCARD.
 *
 * The one idea: results are sets of our own, filled in Redis' order of work. That order shows: a result that ever held
 * a member that is no integer stays a hashtable, so SDIFFSTORE must choose between Redis' two algorithms as Redis does.
 */
import type { Bytes } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { SetReply } from '../../base/reply.ts'
import type { Database } from '../../keyspace/database.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { type Reading, SET } from '../../keyspace/value.ts'
import { StringSet } from '../../structures/string-set.ts'
import { integer, key, many, numkeys, option } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { bulk, int, setOf } from '../shape.ts'

type Source = Reading<StringSet> | undefined
type Operation = (sources: readonly Source[]) => StringSet

/** Looks up every key, in order; throws when one holds another type. */
const sourcesOf = (db: Database, keys: readonly Bytes[]): Source[] => keys.map((key) => db.find(key, SET))

/** Visits what all sources share, walking the smallest, until `visit` answers false. */
function eachShared(sources: readonly Source[], visit: (member: Bytes) => boolean): void {
  const sets: Reading<StringSet>[] = []
  for (const source of sources) {
    if (source === undefined) return
    sets.push(source)
  }
  sets.sort((a, b) => a.size - b.size)
  const [smallest, ...others] = sets
  for (const member of smallest!.members()) {
    if (others.every((other) => other === smallest || other.has(member)) && !visit(member)) return
  }
}

function intersect(sources: readonly Source[]): StringSet {
  const result = new StringSet()
  eachShared(sources, (member) => {
    result.add(member)
    return true
  })
  return result
}

function unite(sources: readonly Source[]): StringSet {
  const result = new StringSet()
  for (const source of sources) for (const member of source?.members() ?? []) result.add(member)
  return result
}

function subtract(sources: readonly Source[]): StringSet {
  const result = new StringSet()
  const [first, ...others] = sources
  if (first === undefined || others.includes(first)) return result
  const present = others.filter((other) => other !== undefined)
  // Redis' estimate of both ways' work: looking up each member in each set, or taking out all members of all sets.
  const lookingUp = Math.floor((first.size * (present.length + 1)) / 2)
  const takingOut = present.reduce((sum, other) => sum + other.size, first.size)
  if (lookingUp <= takingOut) {
    present.sort((a, b) => b.size - a.size)
    first.forEach((member) => {
      if (!present.some((other) => other.has(member))) result.add(member)
    })
    return result
  }
  for (const member of first.members()) result.add(member)
  for (const other of present) {
    if (result.size === 0) break
    for (const member of other.members()) result.delete(member)
  }
  return result
}

/** Stores a result under a key, or removes the key when the result is empty; answers its size. */
function store({ db }: Context, destination: Bytes, result: StringSet, event: string): number {
  if (result.size > 0) {
    db.put(destination, result)
    db.answered()
    db.touched(destination)
    db.event(EVENT.set, event, destination)
    return result.size
  }
  // A source that is missing lets SINTERSTORE answer last; that is how its results are mostly empty.
  if (event !== 'sinterstore') db.answered()
  if (db.remove(destination)) {
    db.touched(destination)
    db.event(EVENT.generic, 'del', destination)
  }
  return 0
}

const keys = many('keys', key('key', 'RO access'))

const reading = {
  group: 'set',
  since: '1.0.0',
  flags: ['readonly'],
  args: [keys],
  reply: setOf(bulk),
  tips: ['nondeterministic_output_order'],
} as const

const storing = { group: 'set', since: '1.0.0', flags: ['write', 'denyoom'], reply: int } as const

const INTERSECTING = 'O(N*M) at worst, N members of the smallest set, M sets'
const WALKING = 'O(N), N members of all sets'

const giving =
  (operation: Operation) =>
  ({ db }: Context, args: { readonly keys: readonly Bytes[] }): SetReply =>
    new SetReply(operation(sourcesOf(db, args.keys)).members())

const keeping =
  (operation: Operation, event: string) =>
  (ctx: Context, args: { readonly destination: Bytes; readonly keys: readonly Bytes[] }): number =>
    store(ctx, args.destination, operation(sourcesOf(ctx.db, args.keys)), event)

/** SINTER key [key ...] */
export const sinter = command({
  ...reading,
  name: 'SINTER',
  summary: 'Gives the members that all sets share.',
  complexity: INTERSECTING,
  run: ({ db }, { keys }) => {
    const shared: Bytes[] = []
    eachShared(sourcesOf(db, keys), (member) => shared.push(member) > 0)
    return new SetReply(shared)
  },
})

/** SUNION key [key ...] */
export const sunion = command({
  ...reading,
  name: 'SUNION',
  summary: 'Gives the members of all sets, each once.',
  complexity: WALKING,
  run: giving(unite),
})

/** SDIFF key [key ...] */
export const sdiff = command({
  ...reading,
  name: 'SDIFF',
  summary: 'Gives the members of the first set that no other set has.',
  complexity: WALKING,
  run: giving(subtract),
})

/** SINTERSTORE destination key [key ...] */
export const sinterstore = command({
  ...storing,
  name: 'SINTERSTORE',
  summary: 'Stores the members that all sets share; answers how many they are.',
  complexity: INTERSECTING,
  args: [key('destination', 'RW update'), keys],
  run: keeping(intersect, 'sinterstore'),
})

/** SUNIONSTORE destination key [key ...] */
export const sunionstore = command({
  ...storing,
  name: 'SUNIONSTORE',
  summary: 'Stores the members of all sets; answers how many they are.',
  complexity: WALKING,
  args: [key('destination', 'OW update'), keys],
  run: keeping(unite, 'sunionstore'),
})

/** SDIFFSTORE destination key [key ...] */
export const sdiffstore = command({
  ...storing,
  name: 'SDIFFSTORE',
  summary: 'Stores the members of the first set that no other set has; answers how many they are.',
  complexity: WALKING,
  args: [key('destination', 'OW update'), keys],
  run: keeping(subtract, 'sdiffstore'),
})

const NUMKEYS_NOT_POSITIVE = err('numkeys should be greater than 0')
const LIMIT_NEGATIVE = err("LIMIT can't be negative")

/** SINTERCARD numkeys key [key ...] [LIMIT limit] */
export const sintercard = command({
  name: 'SINTERCARD',
  group: 'set',
  since: '7.0.0',
  summary: 'Counts the members that all sets share, up to a limit.',
  complexity: INTERSECTING,
  flags: ['readonly', 'movablekeys'],
  args: [
    numkeys(
      'keys',
      'RO access',
      { invalid: NUMKEYS_NOT_POSITIVE },
      err("Number of keys can't be greater than number of args"),
    ),
    option('LIMIT', integer('limit', { min: 0, invalid: LIMIT_NEGATIVE, outside: LIMIT_NEGATIVE })),
  ],
  reply: int,
  run: ({ db }, { keys, limit }) => {
    let count = 0
    eachShared(sourcesOf(db, keys), () => ++count !== limit)
    return count
  },
})
