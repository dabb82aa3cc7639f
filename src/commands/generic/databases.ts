/** Whole databases: DBSIZE, FLUSHDB, FLUSHALL, SWAPDB. */
import { DB_OUT_OF_RANGE, err } from '../../base/errors.ts'
import { OK } from '../../base/reply.ts'
import type { Database } from '../../keyspace/database.ts'
import { flag, integer, oneOf } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { int, ok } from '../shape.ts'

const C_INT = { min: -2147483648, max: 2147483647 } as const
const FIRST_INVALID = err('invalid first DB index')
const SECOND_INVALID = err('invalid second DB index')

/** DBSIZE */
export const dbsize = command({
  name: 'DBSIZE',
  group: 'server',
  since: '1.0.0',
  summary: 'Counts the keys of the selected database, expired ones that are not yet removed included.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  acl: ['keyspace'],
  args: [],
  reply: int,
  tips: ['request_policy:all_shards', 'response_policy:agg_sum'],
  run: ({ db }) => db.size,
})

function flush({ server }: Context, db: Database): void {
  server.flushing(db.index)
  db.clear()
}

const flushing = {
  group: 'server',
  complexity: 'O(1); the memory is collected aside',
  flags: ['write'],
  acl: ['keyspace', 'dangerous'],
  // Twice the same word is refused too.
  args: oneOf('mode', { ...flag('ASYNC'), repeat: 'error' }, { ...flag('SYNC'), repeat: 'error' }),
  reply: ok,
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
} as const

/** FLUSHDB [ASYNC | SYNC] */
export const flushdb = command({
  ...flushing,
  name: 'FLUSHDB',
  since: '1.0.0',
  summary: 'Removes every key of the selected database.',
  run: (ctx) => {
    ctx.server.flushed()
    flush(ctx, ctx.db)
    // Also when there was nothing: the command itself is what replicas and the log get.
    ctx.db.changed()
    return OK
  },
})

/** FLUSHALL [ASYNC | SYNC] */
export const flushall = command({
  ...flushing,
  name: 'FLUSHALL',
  since: '1.0.0',
  summary: 'Removes every key of every database.',
  run: (ctx) => {
    ctx.server.flushed()
    for (const db of ctx.keyspace.databases) flush(ctx, db)
    ctx.db.changed()
    return OK
  },
})

/** SWAPDB index1 index2 */
export const swapdb = command({
  name: 'SWAPDB',
  group: 'server',
  since: '4.0.0',
  summary: 'Exchanges the keys of two databases.',
  complexity: 'O(N), N clients that watch or wait for keys of the two',
  flags: ['write', 'fast'],
  acl: ['keyspace', 'dangerous'],
  args: [
    integer('index1', { ...C_INT, invalid: FIRST_INVALID, outside: FIRST_INVALID }),
    integer('index2', { ...C_INT, invalid: SECOND_INVALID, outside: SECOND_INVALID }),
  ],
  reply: ok,
  run: ({ db, keyspace, server }, { index1, index2 }) => {
    const first = keyspace.databases[index1]
    const second = keyspace.databases[index2]
    if (first === undefined || second === undefined) throw DB_OUT_OF_RANGE
    if (first !== second) {
      first.swap(second)
      server.swapped(index1, index2)
    }
    db.changed()
    return OK
  },
})
