/**
 * What COMMAND INFO says of a command beyond its arity: flags, ACL categories and the key range of old clients.
 *
 * The one idea: categories follow from flags and group; the order of all lists is Redis' own.
 */
import type { Command, Flag, Group } from '../command.ts'
import type { KeySpec } from './key-specs.ts'

const FLAGS: readonly Flag[] = [
  'write',
  'readonly',
  'denyoom',
  'admin',
  'pubsub',
  'noscript',
  'blocking',
  'loading',
  'stale',
  'skip_monitor',
  'skip_slowlog',
  'asking',
  'fast',
  'no_auth',
  'may_replicate',
  'no_mandatory_keys',
  'no_async_loading',
  'no_multi',
  'movablekeys',
  'allow_busy',
]

/** A command's flags in Redis' order. Keys that stand in no fixed place make it `movablekeys`, whatever it says itself. */
export function flagsOf(command: Command): readonly Flag[] {
  const moving = command.keySpecs.some((spec) => !isRange(spec))
  return FLAGS.filter((flag) => command.flags.has(flag) || (moving && flag === 'movablekeys'))
}

/** Every ACL category, in Redis' order. */
export const CATEGORIES = [
  'keyspace',
  'read',
  'write',
  'set',
  'sortedset',
  'list',
  'hash',
  'string',
  'bitmap',
  'hyperloglog',
  'geo',
  'stream',
  'pubsub',
  'admin',
  'fast',
  'slow',
  'blocking',
  'dangerous',
  'connection',
  'transaction',
  'scripting',
] as const

/** The category that a group's commands are in; generic, server and cluster have none of their own. */
const OF_GROUP: Readonly<Partial<Record<Group, string>>> = {
  string: 'string',
  hash: 'hash',
  list: 'list',
  set: 'set',
  'sorted-set': 'sortedset',
  stream: 'stream',
  transactions: 'transaction',
  pubsub: 'pubsub',
  connection: 'connection',
  scripting: 'scripting',
  bitmap: 'bitmap',
  hyperloglog: 'hyperloglog',
  geo: 'geo',
}

/** A command's ACL categories without their `@`, in Redis' order. */
export function categoriesOf(command: Command): readonly string[] {
  const { flags, spec } = command
  const group = OF_GROUP[spec.group]
  const found = new Set([...(spec.acl ?? []), ...(spec.override?.groupAcl ?? (group === undefined ? [] : [group]))])
  if (flags.has('write')) found.add('write')
  // Scripts may read; that makes none of the commands that run them a reading one.
  if (flags.has('readonly') && spec.group !== 'scripting') found.add('read')
  if (flags.has('admin')) found.add('admin').add('dangerous')
  if (flags.has('pubsub')) found.add('pubsub')
  if (flags.has('blocking')) found.add('blocking')
  found.add(flags.has('fast') ? 'fast' : 'slow')
  return CATEGORIES.filter((category) => found.has(category))
}

/** First key, last key and step, as clients knew them before key specs; zeros when there are none. */
export interface KeyRange {
  readonly first: number
  readonly last: number
  readonly step: number
}

const NO_KEYS: KeyRange = { first: 0, last: 0, step: 0 }

type RangeSpec = KeySpec & {
  readonly begin: { readonly index: number }
  readonly find: { readonly lastKey: number; readonly step: number; readonly limit: number }
}

const isRange = (spec: KeySpec): spec is RangeSpec =>
  'index' in spec.begin && spec.find !== undefined && 'lastKey' in spec.find

const lastOf = ({ begin, find }: RangeSpec): number => (find.lastKey < 0 ? find.lastKey : begin.index + find.lastKey)

/** One range that covers the specs of fixed place, if they stand one after the other. */
export function keyRangeOf(specs: readonly KeySpec[]): KeyRange {
  const ranges = specs.filter(isRange)
  const [only] = ranges
  if (only === undefined) return NO_KEYS
  if (specs.length === 1) return { first: only.begin.index, last: lastOf(only), step: only.find.step }
  let first = Number.POSITIVE_INFINITY
  let last = 0
  for (const range of ranges) {
    if (range.find.step !== 1) return NO_KEYS
    if (last !== 0 && last !== range.begin.index - 1) return NO_KEYS
    first = Math.min(first, range.begin.index)
    last = later(last, lastOf(range))
  }
  return { first, last, step: 1 }
}

/** The later of two ends, where a negative one counts from the end of the line. */
const later = (a: number, b: number): number => (a < 0 === b < 0 ? Math.max(a, b) : Math.min(a, b))
