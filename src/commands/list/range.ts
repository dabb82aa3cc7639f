/** LLEN, LINDEX, LSET, LRANGE and LTRIM: elements by index. */
import { INDEX_OUT_OF_RANGE, NO_SUCH_KEY } from '../../base/errors.ts'
import { OK } from '../../base/reply.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { LIST } from '../../keyspace/value.ts'
import { bytes, integer, key } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'
import { command } from '../command.ts'
import { arrayOf, bulk, int, nullable, ok } from '../shape.ts'

/** An index from the head: negative ones count from the tail. */
const fromHead = (index: number, size: number): number => (index < 0 ? size + index : index)

/** LLEN key */
export const llen = command({
  name: 'LLEN',
  group: 'list',
  since: '1.0.0',
  summary: 'Tells how many elements a list has.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: [key('key', 'RO')],
  reply: int,
  run: ({ db }, { key }) => db.find(key, LIST)?.size ?? 0,
})

/** LINDEX key index */
export const lindex = command({
  name: 'LINDEX',
  group: 'list',
  since: '1.0.0',
  summary: 'Gives the element at an index; negative ones count from the tail.',
  complexity: 'O(N), N elements between the index and the nearer end',
  flags: ['readonly'],
  args: [key('key', 'RO access'), bytes('index', 'integer')],
  reply: nullable(bulk),
  run: ({ db }, { key, index }) => {
    const list = db.find(key, LIST)
    if (list === undefined) return null
    return list.get(fromHead(readInteger(index), list.size)) ?? null
  },
})

/** LSET key index element */
export const lset = command({
  name: 'LSET',
  group: 'list',
  since: '1.0.0',
  summary: 'Replaces the element at an index.',
  complexity: 'O(N), N elements between the index and the nearer end',
  flags: ['write', 'denyoom'],
  args: [key('key', 'RW update'), bytes('index', 'integer'), bytes('element')],
  reply: ok,
  run: ({ db }, { key, index, element }) => {
    const list = db.edit(key, LIST)
    if (list === undefined) throw NO_SUCH_KEY
    const at = fromHead(readInteger(index), list.size)
    if (at < 0 || at >= list.size) throw INDEX_OUT_OF_RANGE
    list.set(at, element)
    db.answered()
    db.touched(key)
    db.event(EVENT.list, 'lset', key)
    return OK
  },
})

/** LRANGE key start stop */
export const lrange = command({
  name: 'LRANGE',
  group: 'list',
  since: '1.0.0',
  summary: 'Gives the elements between two indexes, both included.',
  complexity: 'O(S+N), S elements skipped, N given',
  flags: ['readonly'],
  args: [key('key', 'RO access'), integer('start'), integer('stop')],
  reply: arrayOf(bulk),
  run: ({ db }, { key, start, stop }) => {
    const list = db.find(key, LIST)
    if (list === undefined) return []
    const { size } = list
    return list.slice(Math.max(fromHead(start, size), 0), Math.min(fromHead(stop, size), size - 1))
  },
})

/** LTRIM key start stop */
export const ltrim = command({
  name: 'LTRIM',
  group: 'list',
  since: '1.0.0',
  summary: 'Removes all elements but those between two indexes.',
  complexity: 'O(N), N elements removed',
  flags: ['write'],
  args: [key('key', 'RW delete'), integer('start'), integer('stop')],
  reply: ok,
  run: ({ db }, { key, start, stop }) => {
    const list = db.edit(key, LIST)
    if (list === undefined) return OK
    const { size } = list
    list.trim(Math.max(fromHead(start, size), 0), Math.min(fromHead(stop, size), size - 1))
    db.event(EVENT.list, 'ltrim', key)
    db.dropIfEmpty(key, list)
    // Said even when nothing went, as Redis does: a watcher sees every LTRIM.
    db.touched(key)
    return OK
  },
})
