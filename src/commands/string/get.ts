/** GET and its relatives that also change the key, and parts and lengths of strings. */
import type { Bytes } from '../../base/bytes.ts'
import { EMPTY } from '../../base/bytes.ts'
import type { Reply } from '../../base/reply.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { STRING } from '../../keyspace/value.ts'
import { flag, integer, key, oneOf } from '../args/nodes.ts'
import { argvOf, command } from '../command.ts'
import type { Context } from '../context.ts'
import { bulk, int, nullable } from '../shape.ts'
import { deadlineOf, deadlineOptions, invalidExpire, pexpireatEffect } from './deadline.ts'
import { bytesOf, lengthOf, rangeOf } from './string-value.ts'

const GETEX_INVALID = invalidExpire('getex')

function read({ db }: Context, key: Bytes): Bytes | null {
  const value = db.find(key, STRING)
  return value === undefined ? null : bytesOf(value)
}

/** GET key */
export const get = command({
  name: 'GET',
  group: 'string',
  since: '1.0.0',
  summary: 'Gives the string at a key.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: [key('key', 'RO access')],
  reply: nullable(bulk),
  run: (ctx, { key }) => read(ctx, key),
  fast: (ctx, argv) => read(ctx, argv[1]!),
})

/** GETDEL key */
export const getdel = command({
  name: 'GETDEL',
  group: 'string',
  since: '6.2.0',
  summary: 'Gives the string at a key and removes the key.',
  complexity: 'O(1)',
  flags: ['write', 'fast'],
  args: [key('key', 'RW access delete')],
  reply: nullable(bulk),
  run: (ctx, { key }) => {
    const old = read(ctx, key)
    if (old === null) return null
    ctx.db.answered()
    ctx.db.remove(key)
    ctx.db.touched(key)
    ctx.db.event(EVENT.generic, 'del', key)
    return old
  },
  effects: (_ctx, argv) => [argvOf('DEL', argv[1]!)],
})

/** Gives a key the deadline that was asked for; one in the past, if named as an instant, removes it at once. */
function expire({ db, now, keyspace }: Context, key: Bytes, deadline: number): void {
  const past = deadline <= now && !keyspace.loading
  if (past) db.remove(key)
  else db.expireAt(key, deadline)
  db.touched(key)
  db.event(EVENT.generic, past ? 'del' : 'expire', key)
}

/** GETEX key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST] */
export const getex = command({
  name: 'GETEX',
  group: 'string',
  since: '6.2.0',
  summary: 'Gives the string at a key and sets or takes away its deadline.',
  complexity: 'O(1)',
  flags: ['write', 'fast'],
  args: [key('key', 'RW access update'), ...oneOf('expiration', ...deadlineOptions, flag('PERSIST'))],
  reply: nullable(bulk),
  run: (ctx, args) => {
    const { key } = args
    const value = read(ctx, key)
    if (value === null) return null
    ctx.db.answered()
    const deadline = deadlineOf(args, ctx.now, GETEX_INVALID)
    if (deadline !== undefined) expire(ctx, key, deadline)
    else if (args.persist && ctx.db.persist(key)) {
      ctx.db.touched(key)
      ctx.db.event(EVENT.generic, 'persist', key)
    }
    return value
  },
  effects: ({ db }, argv) => {
    const key = argv[1]!
    if (!db.has(key)) return [argvOf('DEL', key)]
    const deadline = db.deadline(key)
    return [deadline === undefined ? argvOf('PERSIST', key) : pexpireatEffect(key, deadline)]
  },
})

/** STRLEN key */
export const strlen = command({
  name: 'STRLEN',
  group: 'string',
  since: '2.2.0',
  summary: 'Gives the length of the string at a key in bytes, 0 when there is none.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: [key('key', 'RO')],
  reply: int,
  run: ({ db }, { key }) => {
    const value = db.find(key, STRING)
    return value === undefined ? 0 : lengthOf(value)
  },
})

/** The bytes from `start` to `end`, both counted from the end when negative. */
function range({ db }: Context, key: Bytes, start: number, end: number): Reply {
  const value = db.find(key, STRING)
  if (value === undefined || (start < 0 && end < 0 && start > end)) return EMPTY
  const length = lengthOf(value)
  const first = Math.max(start < 0 ? length + start : start, 0)
  const last = Math.min(Math.max(end < 0 ? length + end : end, 0), length - 1)
  return first > last ? EMPTY : rangeOf(value, first, last + 1)
}

const ranges = {
  group: 'string',
  complexity: 'O(N), N bytes given',
  flags: ['readonly'],
  args: [key('key', 'RO access'), integer('start'), integer('end')],
  reply: bulk,
} as const

/** GETRANGE key start end */
export const getrange = command({
  ...ranges,
  name: 'GETRANGE',
  since: '2.4.0',
  summary: 'Gives the part of a string between two offsets, both included.',
  run: (ctx, { key, start, end }) => range(ctx, key, start, end),
})

/** SUBSTR key start end */
export const substr = command({
  ...ranges,
  name: 'SUBSTR',
  since: '1.0.0',
  summary: 'Gives the part of a string between two offsets, both included.',
  deprecated: { since: '2.0.0', use: 'GETRANGE' },
  run: (ctx, { key, start, end }) => range(ctx, key, start, end),
})
