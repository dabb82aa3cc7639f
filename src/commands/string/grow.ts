/** APPEND and SETRANGE: strings written in place. */
import { err } from '../../base/errors.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { STRING } from '../../keyspace/value.ts'
import { bytes, integer, key } from '../args/nodes.ts'
import { command } from '../command.ts'
import { int } from '../shape.ts'
import { checkLength, growing, lengthOf, stored } from './string-value.ts'

const OFFSET_OUTSIDE = err('offset is out of range')

/** APPEND key value */
export const append = command({
  name: 'APPEND',
  group: 'string',
  since: '2.0.0',
  summary: 'Adds bytes to the end of a string, made when it is missing, and gives its new length.',
  complexity: 'O(1) amortized, for short additions',
  flags: ['write', 'denyoom', 'fast'],
  args: [key('key', 'RW insert'), bytes('value')],
  reply: int,
  run: (ctx, { key, value }) => {
    const { db } = ctx
    const old = db.edit(key, STRING)
    let length = value.length
    if (old === undefined) db.put(key, stored(value))
    else {
      length += lengthOf(old)
      checkLength(ctx, length)
      growing(db, key, old).append(value)
    }
    db.touched(key)
    db.event(EVENT.string, 'append', key)
    return length
  },
})

/** SETRANGE key offset value */
export const setrange = command({
  name: 'SETRANGE',
  group: 'string',
  since: '2.2.0',
  summary: 'Writes bytes into a string from an offset on, filling a gap with zero bytes, and gives its length.',
  complexity: 'O(N), N bytes written',
  flags: ['write', 'denyoom'],
  args: [key('key', 'RW update'), integer('offset', { min: 0, outside: OFFSET_OUTSIDE }), bytes('value')],
  reply: int,
  run: (ctx, { key, offset, value }) => {
    const { db } = ctx
    const old = db.edit(key, STRING)
    if (value.length === 0) return old === undefined ? 0 : lengthOf(old)
    checkLength(ctx, offset + value.length)
    const growable = growing(db, key, old)
    growable.setRange(offset, value)
    db.touched(key)
    db.event(EVENT.string, 'setrange', key)
    return growable.length
  },
})
