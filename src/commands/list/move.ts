/** LMOVE and its family: taking an element from one list and putting it into another, or the same. */
import type { Bytes } from '../../base/bytes.ts'
import { NIL_ARRAY } from '../../base/reply.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { LIST } from '../../keyspace/value.ts'
import { List } from '../../structures/list.ts'
import { choice, key, timeout } from '../args/nodes.ts'
import { argvOf, command } from '../command.ts'
import type { Context } from '../context.ts'
import { Block, type Outcome } from '../outcome.ts'
import { bulk, nullable } from '../shape.ts'
import { type End, taken } from './pop.ts'

/** Moves one element; undefined when the source is missing. */
function move({ db }: Context, source: Bytes, destination: Bytes, from: End, to: End): Bytes | undefined {
  const list = db.edit(source, LIST)
  if (list === undefined) return undefined
  // Looked up before the source is touched: a destination of another type leaves the source as it was.
  const found = db.edit(destination, LIST)
  const element = (from === 'LEFT' ? list.popHead() : list.popTail())!
  const target = found ?? db.obtain(destination, LIST, () => new List())
  if (to === 'LEFT') target.pushHead(element)
  else target.pushTail(element)
  db.touched(destination)
  db.event(EVENT.list, to === 'LEFT' ? 'lpush' : 'rpush', destination)
  db.answered()
  taken(db, source, list, from)
  return element
}

function moveOrWait(ctx: Context, source: Bytes, destination: Bytes, from: End, to: End, timeoutMs: number): Outcome {
  const element = move(ctx, source, destination, from, to)
  if (element !== undefined) return element
  // Redis answers a time-out with the null array, and where waiting is refused with the null bulk.
  return ctx.denyBlocking ? null : new Block([source], 'list', timeoutMs, NIL_ARRAY)
}

const ENDS = ['LEFT', 'RIGHT'] as const
const SOURCE = key('source', 'RW access delete')
const DESTINATION = key('destination', 'RW insert')

/** LMOVE source destination <LEFT | RIGHT> <LEFT | RIGHT> */
export const lmove = command({
  name: 'LMOVE',
  group: 'list',
  since: '6.2.0',
  summary: 'Moves an element from an end of one list to an end of another.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  args: [SOURCE, DESTINATION, choice('whereFrom', ENDS), choice('whereTo', ENDS)],
  reply: nullable(bulk),
  run: (ctx, { source, destination, whereFrom, whereTo }) => move(ctx, source, destination, whereFrom, whereTo) ?? null,
})

/** BLMOVE source destination <LEFT | RIGHT> <LEFT | RIGHT> timeout */
export const blmove = command({
  name: 'BLMOVE',
  group: 'list',
  since: '6.2.0',
  summary: 'Moves an element from an end of one list to an end of another, waiting for one.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'noscript', 'blocking'],
  args: [SOURCE, DESTINATION, choice('whereFrom', ENDS), choice('whereTo', ENDS), timeout('timeout')],
  reply: nullable(bulk),
  run: (ctx, { source, destination, whereFrom, whereTo, timeout }) =>
    moveOrWait(ctx, source, destination, whereFrom, whereTo, timeout),
  effects: (_ctx, argv) => [argvOf('LMOVE', argv[1]!, argv[2]!, argv[3]!, argv[4]!)],
})

/** RPOPLPUSH source destination */
export const rpoplpush = command({
  name: 'RPOPLPUSH',
  group: 'list',
  since: '1.2.0',
  summary: 'Moves the last element of one list to the head of another.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  deprecated: { since: '6.2.0', use: 'LMOVE with RIGHT and LEFT' },
  args: [SOURCE, DESTINATION],
  reply: nullable(bulk),
  run: (ctx, { source, destination }) => move(ctx, source, destination, 'RIGHT', 'LEFT') ?? null,
})

/** BRPOPLPUSH source destination timeout */
export const brpoplpush = command({
  name: 'BRPOPLPUSH',
  group: 'list',
  since: '2.2.0',
  summary: 'Moves the last element of one list to the head of another, waiting for one.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'noscript', 'blocking'],
  deprecated: { since: '6.2.0', use: 'BLMOVE with RIGHT and LEFT' },
  args: [SOURCE, DESTINATION, timeout('timeout')],
  reply: nullable(bulk),
  run: (ctx, { source, destination, timeout }) => moveOrWait(ctx, source, destination, 'RIGHT', 'LEFT', timeout),
  effects: (_ctx, argv) => [argvOf('RPOPLPUSH', argv[1]!, argv[2]!)],
})
