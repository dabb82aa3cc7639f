/** LPOS, LREM and LINSERT: elements by value. */
import { err } from '../../base/errors.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { LIST } from '../../keyspace/value.ts'
import { bytes, choice, integer, key, option } from '../args/nodes.ts'
import { command } from '../command.ts'
import { arrayOf, int, nullable, when } from '../shape.ts'

const RANK_ZERO = err(
  "RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list",
)
const COUNT_NEGATIVE = err("COUNT can't be negative")
const MAXLEN_NEGATIVE = err("MAXLEN can't be negative")

/** LPOS key element [RANK rank] [COUNT count] [MAXLEN maxlen] */
export const lpos = command({
  name: 'LPOS',
  group: 'list',
  since: '6.0.6',
  summary: 'Gives the indexes of elements equal to a value.',
  complexity: 'O(N), N elements compared',
  flags: ['readonly'],
  args: [
    key('key', 'RO access'),
    bytes('element'),
    option('RANK', integer('rank', { zero: RANK_ZERO })),
    option('COUNT', integer('count', { min: 0, invalid: COUNT_NEGATIVE, outside: COUNT_NEGATIVE })),
    option('MAXLEN', integer('maxlen', { min: 0, invalid: MAXLEN_NEGATIVE, outside: MAXLEN_NEGATIVE })),
  ],
  reply: when(nullable(int), { count: arrayOf(int) }),
  run: ({ db }, { key, element, rank = 1, count, maxlen = 0 }) => {
    const found = db.find(key, LIST)?.positions(element, rank, count ?? 1, maxlen) ?? []
    return count === undefined ? (found[0] ?? null) : found
  },
})

/** LREM key count element */
export const lrem = command({
  name: 'LREM',
  group: 'list',
  since: '1.0.0',
  summary: 'Removes elements equal to a value: the first ones, the last ones when the count is negative, all for 0.',
  complexity: 'O(N+M), N elements compared, M removed',
  flags: ['write'],
  args: [key('key', 'RW delete'), integer('count'), bytes('element')],
  reply: int,
  run: ({ db }, { key, count, element }) => {
    const list = db.edit(key, LIST)
    if (list === undefined) return 0
    const removed = list.removeValue(element, count)
    if (removed === 0) return 0
    db.event(EVENT.list, 'lrem', key)
    db.dropIfEmpty(key, list)
    db.touched(key)
    return removed
  },
})

/** LINSERT key <BEFORE | AFTER> pivot element */
export const linsert = command({
  name: 'LINSERT',
  group: 'list',
  since: '2.2.0',
  summary: 'Puts an element before or after the first one equal to a pivot.',
  complexity: 'O(N), N elements before the pivot',
  flags: ['write', 'denyoom'],
  args: [key('key', 'RW insert'), choice('where', ['BEFORE', 'AFTER']), bytes('pivot'), bytes('element')],
  reply: int,
  run: ({ db }, { key, where, pivot, element }) => {
    const list = db.edit(key, LIST)
    if (list === undefined) return 0
    const at = list.indexOf(pivot)
    if (at < 0) return -1
    list.insert(where === 'BEFORE' ? at : at + 1, element)
    db.touched(key)
    db.event(EVENT.list, 'linsert', key)
    return list.size
  },
})
