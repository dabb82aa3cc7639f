/**
 * Union, intersection and difference of sorted sets and sets: what ZUNION and its kin compute.
 *
 * The one idea: a source is a value with a weight; a set is a sorted set whose scores are all 1. Sums of doubles depend
 * on their order, so sources are added from the smallest to the largest, as Redis does.
 */
import type { Argv, Bytes } from '../../base/bytes.ts'
import { err, SYNTAX, WRONGTYPE } from '../../base/errors.ts'
import type { Database } from '../../keyspace/database.ts'
import type { Reading, Value } from '../../keyspace/value.ts'
import { ScoreMap } from '../../structures/score-map.ts'
import type { ScoredMember, SortedSet } from '../../structures/sorted-set.ts'
import type { StringSet } from '../../structures/string-set.ts'
import type { NumberRule } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'

type Members = Reading<SortedSet> | Reading<StringSet>

/** How scores of the same member become one. */
export type Aggregate = 'SUM' | 'MIN' | 'MAX'

/** What a command works on: the value at a key, if there is one, and what its scores are multiplied by. */
export interface Source {
  readonly members: Members | undefined
  readonly weight: number
}

/** What computes the result of sources, in no order. */
export type Operation = (sources: readonly Source[], aggregate: Aggregate) => ScoredMember[]

function isMembers(value: Reading<Value>): value is Members {
  return typeof value === 'object' && 'type' in value && (value.type === 'zset' || value.type === 'set')
}

/** The values at these keys, which `lookUpKeys` has found to be of the right types. */
export function sourcesOf(db: Database, keys: readonly Bytes[], weights?: readonly number[]): Source[] {
  return keys.map((key, i) => {
    const members = db.editAny(key)
    return { members: members !== undefined && isMembers(members) ? members : undefined, weight: weights?.[i] ?? 1 }
  })
}

/** The rule of `numkeys` for a command. */
export const numkeysRule = (name: string): NumberRule => ({
  min: 1,
  outside: err(`at least 1 input key is needed for '${name.toLowerCase()}' command`),
})

/**
 * Looks up every key, in order; throws when one holds neither a sorted set nor a set. Redis does so before it reads the
 * options, and hits and misses are counted even where those are wrong: so this stands in `fast`, and `sourcesOf`, which
 * counts nothing, in `run`.
 */
export function lookUpKeys(db: Database, argv: Argv, numkeysAt: number, rule: NumberRule): undefined {
  const count = readInteger(argv[numkeysAt]!, rule)
  if (count > argv.length - numkeysAt - 1) throw SYNTAX
  for (let i = numkeysAt + 1; i <= numkeysAt + count; i++) {
    const value = db.findAny(argv[i]!)
    if (value !== undefined && !isMembers(value)) throw WRONGTYPE
  }
}

const sizeOf = ({ members }: Source): number => members?.size ?? 0

function scoreIn(members: Members, member: Bytes): number | undefined {
  if (members.type === 'zset') return members.score(member)
  return members.has(member) ? 1 : undefined
}

function each(members: Members, visit: (member: Bytes, score: number) => void): void {
  if (members.type === 'zset') {
    members.forEach(visit)
    return
  }
  members.forEach((member) => {
    visit(member, 1)
  })
}

/** A score times a weight; infinity times 0 counts as 0. */
function weighted(score: number, weight: number): number {
  const product = score * weight
  return Number.isNaN(product) ? 0 : product
}

function combined(a: number, b: number, aggregate: Aggregate): number {
  if (aggregate === 'SUM') {
    const sum = a + b
    return Number.isNaN(sum) ? 0 : sum
  }
  // Comparisons with NaN are false: the score before stays.
  return (aggregate === 'MIN' ? b < a : b > a) ? b : a
}

const fromSmallest = (sources: readonly Source[]): Source[] => sources.toSorted((a, b) => sizeOf(a) - sizeOf(b))

/** The members of all sources. */
export const unite: Operation = (sources, aggregate) => {
  const scores = new ScoreMap()
  for (const { members, weight } of fromSmallest(sources)) {
    if (members === undefined) continue
    each(members, (member, plain) => {
      const score = weighted(plain, weight)
      const before = scores.get(member)
      scores.set(member, Number.isNaN(before) ? score : combined(before, score, aggregate))
    })
  }
  const result: ScoredMember[] = []
  for (const [member, score] of scores.entries()) result.push({ member, score })
  return result
}

/** Visits what all sources share, with its score, until `visit` answers false. */
function eachShared(
  sources: readonly Source[],
  aggregate: Aggregate,
  visit: (member: Bytes, score: number) => boolean,
): void {
  const [first, ...others] = fromSmallest(sources)
  const smallest = first?.members
  if (first === undefined || smallest === undefined) return
  let wanted = true
  // A set's own walk can't be stopped, so members beyond the limit are met and passed over.
  each(smallest, (member, plain) => {
    if (!wanted) return
    let score = weighted(plain, first.weight)
    for (const other of others) {
      const found = scoreIn(other.members!, member)
      if (found === undefined) return
      // Not `weighted`: here Redis looks for NaN only after it has added.
      score = combined(score, found * other.weight, aggregate)
    }
    wanted = visit(member, score)
  })
}

/** The members that all sources share. */
export const intersect: Operation = (sources, aggregate) => {
  const result: ScoredMember[] = []
  eachShared(sources, aggregate, (member, score) => result.push({ member, score }) > 0)
  return result
}

/** How many members all sources share, at most `limit`; 0 is no limit. */
export function countShared(sources: readonly Source[], limit: number): number {
  let count = 0
  eachShared(sources, 'SUM', () => ++count !== limit)
  return count
}

/** The members of the first source that no other has. */
export const subtract: Operation = ([first, ...others]) => {
  const result: ScoredMember[] = []
  if (first?.members === undefined) return result
  const present = others.flatMap(({ members }) => members ?? [])
  // The largest is the likeliest to have a member.
  present.sort((a, b) => b.size - a.size)
  each(first.members, (member, score) => {
    if (!present.some((other) => scoreIn(other, member) !== undefined)) result.push({ member, score })
  })
  return result
}

/** Brings a result into a sorted set's order. */
export function ordered(pairs: ScoredMember[]): ScoredMember[] {
  return pairs.sort((a, b) => a.score - b.score || (a.member < b.member ? -1 : 1))
}
