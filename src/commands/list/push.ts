/** LPUSH and its family: adding elements at either end. */
import type { Argv, Bytes } from '../../base/bytes.ts'
import type { Reply } from '../../base/reply.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { LIST } from '../../keyspace/value.ts'
import { List } from '../../structures/list.ts'
import { bytes, key, many } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { int } from '../shape.ts'

const newList = (): List => new List()

/** Pushes the words from `from` on, one by one; gives the new length, or 0 when `only` wants a list that is not there. */
function push({ db }: Context, key: Bytes, words: Argv, from: number, head: boolean, only: boolean): Reply {
  const list = only ? db.edit(key, LIST) : db.obtain(key, LIST, newList)
  if (list === undefined) return 0
  for (let i = from; i < words.length; i++) {
    if (head) list.pushHead(words[i]!)
    else list.pushTail(words[i]!)
  }
  db.answered()
  db.touched(key)
  db.event(EVENT.list, head ? 'lpush' : 'rpush', key)
  return list.size
}

const common = {
  group: 'list',
  complexity: 'O(N), N elements pushed',
  flags: ['write', 'denyoom', 'fast'],
  args: [key('key', 'RW insert'), many('elements', bytes('element'))],
  reply: int,
} as const

/** LPUSH key element [element ...] */
export const lpush = command({
  ...common,
  name: 'LPUSH',
  since: '1.0.0',
  summary: 'Puts elements at the head of a list, made when it is missing.',
  run: (ctx, { key, elements }) => push(ctx, key, elements, 0, true, false),
  fast: (ctx, argv) => push(ctx, argv[1]!, argv, 2, true, false),
})

/** RPUSH key element [element ...] */
export const rpush = command({
  ...common,
  name: 'RPUSH',
  since: '1.0.0',
  summary: 'Puts elements at the tail of a list, made when it is missing.',
  run: (ctx, { key, elements }) => push(ctx, key, elements, 0, false, false),
  fast: (ctx, argv) => push(ctx, argv[1]!, argv, 2, false, false),
})

/** LPUSHX key element [element ...] */
export const lpushx = command({
  ...common,
  name: 'LPUSHX',
  since: '2.2.0',
  summary: 'Puts elements at the head of a list that exists.',
  run: (ctx, { key, elements }) => push(ctx, key, elements, 0, true, true),
})

/** RPUSHX key element [element ...] */
export const rpushx = command({
  ...common,
  name: 'RPUSHX',
  since: '2.2.0',
  summary: 'Puts elements at the tail of a list that exists.',
  run: (ctx, { key, elements }) => push(ctx, key, elements, 0, false, true),
})
