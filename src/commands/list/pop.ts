/** LPOP and RPOP, and what every popping command reports. */
import type { Bytes } from '../../base/bytes.ts'
import { NOT_POSITIVE, wrongArity } from '../../base/errors.ts'
import { NIL_ARRAY, type Reply } from '../../base/reply.ts'
import type { Database } from '../../keyspace/database.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { LIST } from '../../keyspace/value.ts'
import type { List } from '../../structures/list.ts'
import { integer, key, optional } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { arrayOf, bulk, nullable, when } from '../shape.ts'

/** Which end of a list. */
export type End = 'LEFT' | 'RIGHT'

/** Takes up to `count` elements from an end, in the order in which they leave. */
export function take(list: List, end: End, count: number): Bytes[] {
  const taken: Bytes[] = []
  while (taken.length < count && list.size > 0) taken.push((end === 'LEFT' ? list.popHead() : list.popTail())!)
  return taken
}

/** Reports that elements left a list by an end, and removes the list when it is empty. */
export function taken(db: Database, key: Bytes, list: List, end: End): void {
  db.event(EVENT.list, end === 'LEFT' ? 'lpop' : 'rpop', key)
  db.dropIfEmpty(key, list)
  db.touched(key)
}

function popOne({ db }: Context, key: Bytes, end: End): Reply {
  const list = db.edit(key, LIST)
  if (list === undefined) return null
  const element = end === 'LEFT' ? list.popHead() : list.popTail()
  db.answered()
  taken(db, key, list, end)
  return element!
}

function popMany({ db }: Context, key: Bytes, end: End, count: number): Reply {
  const list = db.edit(key, LIST)
  if (list === undefined) return NIL_ARRAY
  if (count === 0) return []
  const popped = take(list, end, count)
  db.answered()
  taken(db, key, list, end)
  return popped
}

const LPOP_ARITY = wrongArity('lpop')
const RPOP_ARITY = wrongArity('rpop')

const common = {
  group: 'list',
  since: '1.0.0',
  complexity: 'O(N), N elements popped',
  flags: ['write', 'fast'],
  args: [key('key', 'RW access delete'), optional(integer('count', { min: 0, invalid: NOT_POSITIVE }))],
  reply: when(nullable(bulk), { count: nullable(arrayOf(bulk)) }),
} as const

/** LPOP key [count] */
export const lpop = command({
  ...common,
  name: 'LPOP',
  summary: 'Takes elements from the head of a list.',
  run: (ctx, { key, count }) => (count === undefined ? popOne(ctx, key, 'LEFT') : popMany(ctx, key, 'LEFT', count)),
  fast: (ctx, argv) => {
    if (argv.length === 2) return popOne(ctx, argv[1]!, 'LEFT')
    // Its arity has no upper end, yet Redis calls too many words an arity error.
    if (argv.length > 3) throw LPOP_ARITY
    return undefined
  },
})

/** RPOP key [count] */
export const rpop = command({
  ...common,
  name: 'RPOP',
  summary: 'Takes elements from the tail of a list.',
  run: (ctx, { key, count }) => (count === undefined ? popOne(ctx, key, 'RIGHT') : popMany(ctx, key, 'RIGHT', count)),
  fast: (ctx, argv) => {
    if (argv.length === 2) return popOne(ctx, argv[1]!, 'RIGHT')
    if (argv.length > 3) throw RPOP_ARITY
    return undefined
  },
})
