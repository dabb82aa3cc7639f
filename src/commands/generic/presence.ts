/** Whether keys are there, what they hold, and taking them away: DEL, UNLINK, EXISTS, TYPE, TOUCH. */
import type { Bytes } from '../../base/bytes.ts'
import { Status } from '../../base/reply.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { type TypeName, typeOf, type Value } from '../../keyspace/value.ts'
import { key, many } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { int, status } from '../shape.ts'

const NONE = new Status('none')
const TYPES: Readonly<Record<TypeName, Status>> = {
  string: new Status('string'),
  list: new Status('list'),
  set: new Status('set'),
  zset: new Status('zset'),
  hash: new Status('hash'),
  stream: new Status('stream'),
}

/** Removes the keys at words[from] and on; gives how many were there. */
function remove({ db }: Context, words: readonly Bytes[], from: number): number {
  let removed = 0
  for (let i = from; i < words.length; i++) {
    const key = words[i]!
    if (!db.remove(key)) continue
    db.touched(key)
    db.event(EVENT.generic, 'del', key)
    removed++
  }
  return removed
}

function count({ db }: Context, words: readonly Bytes[], from: number): number {
  let there = 0
  for (let i = from; i < words.length; i++) if (db.peek(words[i]!) !== undefined) there++
  return there
}

const removal = {
  group: 'generic',
  acl: ['keyspace'],
  args: [many('keys', key('key', 'RM delete'))],
  reply: int,
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
} as const

/** DEL key [key ...] */
export const del = command({
  ...removal,
  name: 'DEL',
  since: '1.0.0',
  summary: 'Removes keys and gives how many were there.',
  complexity: 'O(N), N keys',
  flags: ['write'],
  run: (ctx, { keys }) => remove(ctx, keys, 0),
  fast: (ctx, argv) => remove(ctx, argv, 1),
})

/** UNLINK key [key ...] */
export const unlink = command({
  ...removal,
  name: 'UNLINK',
  since: '4.0.0',
  summary: 'Removes keys and gives how many were there; the same as DEL here, since memory is collected aside anyway.',
  complexity: 'O(N), N keys',
  flags: ['write', 'fast'],
  run: (ctx, { keys }) => remove(ctx, keys, 0),
  fast: (ctx, argv) => remove(ctx, argv, 1),
})

const presence = {
  group: 'generic',
  acl: ['keyspace'],
  flags: ['readonly', 'fast'],
  args: [many('keys', key('key', 'RO'))],
  reply: int,
  complexity: 'O(N), N keys',
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
} as const

/** EXISTS key [key ...] */
export const exists = command({
  ...presence,
  name: 'EXISTS',
  since: '1.0.0',
  summary: 'Counts the keys that are there; one named twice counts twice.',
  run: (ctx, { keys }) => count(ctx, keys, 0),
  fast: (ctx, argv) => count(ctx, argv, 1),
})

/** TOUCH key [key ...] */
export const touch = command({
  ...presence,
  name: 'TOUCH',
  since: '3.2.1',
  summary: 'Marks keys as used now and counts those that are there.',
  run: ({ db }, { keys }) => {
    let there = 0
    for (const key of keys) if (db.findAny(key) !== undefined) there++
    return there
  },
})

/** TYPE key */
export const type = command({
  name: 'TYPE',
  group: 'generic',
  since: '1.0.0',
  summary: 'Names the type of the value at a key.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  acl: ['keyspace'],
  args: [key('key', 'RO')],
  reply: status('string', 'list', 'set', 'zset', 'hash', 'stream', 'none'),
  run: ({ db }, { key }) => {
    const value = db.peek(key)
    return value === undefined ? NONE : TYPES[typeOf(value as Value)]
  },
})
